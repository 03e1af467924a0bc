import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './clock.ts'

/**
 * A register is a directory with one empty file, a ticket, for each process that entered it. A ticket's name
 * carries the process id and the mark of that process, so that a ticket left by a killed process is told from
 * a living one even when its id was given to somebody else, and the inode of the directory, so that a copied
 * register is empty. Tickets are never renamed or reused, therefore anybody may remove a dead one and no removal
 * can hit a living one.
 *
 * Processes see each other only within one kernel: a register on a directory that several machines or
 * containers share does not protect them from each other.
 */

export interface LiveProcess {
  /** When the process started, as the system writes it: a later process under the same id has another mark. */
  readonly mark: string
  /** Arguments joined by one space. */
  readonly commandLine: string
}

/** What the system knows of a process, or undefined when there is none or it only waits to be reaped. */
export function liveProcess(pid: number): LiveProcess | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

/** Source: proc(5); the name in field 2 may hold spaces and brackets, fields 3 and 22 are state and start. */
function fromProc(pid: number): LiveProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return { mark: fields[19] ?? '', commandLine }
  } catch (error) {
    // Without permission (hidepid of proc(5)) it is another user's, never one of ours.
    const absent = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM']
    if (absent.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** Where there is no /proc (macOS): ps of POSIX, whose `lstart` is 24 characters in the C locale. */
export function fromPs(pid: number): LiveProcess | undefined {
  try {
    const columns = ['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)]
    const line = execFileSync('ps', columns, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
    const [, state = '', start = '', command = ''] = /^(\S+)\s+(.{24})\s+(.*)$/m.exec(line.trim()) ?? []
    return state === '' || state.startsWith('Z')
      ? undefined
      : { mark: start.replace(/[^0-9A-Za-z]+/g, '_'), commandLine: command.trim() }
  } catch (error) {
    if ((error as { status?: number }).status === 1) return undefined
    throw error
  }
}

/** A place in a register; a process may hold several. */
export interface Ticket {
  readonly name: string
  withdraw(): void
}

export function enter(register: string): Ticket {
  mkdirSync(register, { recursive: true, mode: 0o700 })
  const mark = liveProcess(process.pid)?.mark
  const name = [process.pid, mark, statSync(register).ino, randomBytes(6).toString('hex')].join('-')
  const path = join(register, name)
  writeFileSync(path, '', { flag: 'wx', mode: 0o600 })
  return { name, withdraw: () => rmSync(path, { force: true }) }
}

/** Ids of the living processes in a register, one for each ticket except `own`; removes dead tickets. */
export function present(register: string, own?: Ticket): number[] {
  const pids: number[] = []
  for (const name of entries(register)) {
    if (name === own?.name) continue
    const [pid = '', mark = '', inode = ''] = name.split('-')
    const isHere = inode === String(statSync(register).ino)
    if (isHere && liveProcess(Number.parseInt(pid, 10))?.mark === mark) pids.push(Number.parseInt(pid, 10))
    else rmSync(join(register, name), { force: true })
  }
  return pids
}

function entries(register: string): string[] {
  try {
    return readdirSync(register).filter((name) => /^\d+-\w+-\d+-[0-9a-f]{12}$/.test(name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * Runs `work` while no other caller on this register does, in this process or another one.
 *
 * Each caller enters first and looks second: of two callers at least one sees the other, and whoever sees
 * somebody steps back for a random moment. A killed holder blocks nobody, its ticket is dead. Throws when
 * the holder is still busy after `patienceMs`.
 */
export async function exclusively<T>(
  register: string,
  patienceMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = monotonicMs() + patienceMs
  for (;;) {
    const ticket = enter(register)
    try {
      const holders = present(register, ticket)
      if (holders.length === 0) return await work()
      if (monotonicMs() > deadline) {
        throw new Error(`Process ${holders[0]} has held ${register} for too long. End it, then try again.`)
      }
    } finally {
      ticket.withdraw()
    }
    await sleep(5 + Math.random() * 30)
  }
}
