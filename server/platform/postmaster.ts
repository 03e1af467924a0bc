import { spawn } from 'node:child_process'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './clock.ts'
import {
  EmbeddedPostgresError,
  explainOutput,
  explainUnrunnable,
  SERVER_ENV,
  type ServerUser,
} from './embedded-postgres-host.ts'
import { liveProcess } from './process-register.ts'

/**
 * The first process of a running server. It is found by the file `postmaster.pid`, whose eight lines are: process
 * id, data directory, start, port, directory of the socket, address it listens on, shared memory key, status
 * (source: PostgreSQL's src/include/utils/pidfile.h).
 */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  readonly socketDir: string
  readonly listensOnTcp: boolean
  readonly status: 'starting' | 'ready' | 'stopping'
}

const POLL_MS = 10
/** A fast shutdown writes out all shared buffers; a server that takes longer is cut off and recovers when started. */
const STOP_PATIENCE_MS = 60_000
const RECOVERY_NOTICE_MS = 5_000

export function socketPath(socketDir: string, port: number): string {
  return join(socketDir, `.s.PGSQL.${port}`)
}

/**
 * The live postmaster of a cluster, whose path has no symbolic links. The file alone proves nothing: its process may be gone, the id may be another
 * program's by now, and a directory copied with it names the server of the original.
 */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const [pid, directory, , port, socketDir, address, , status] = linesOf(join(cluster, 'postmaster.pid'))
  if (!pid || !directory) return undefined
  const commandLine = liveProcess(Number.parseInt(pid, 10))?.commandLine
  if (!commandLine || !`${commandLine} `.includes(` -D ${directory} `)) return undefined
  // A directory that is gone was moved here under its running server.
  if (existsSync(directory) && realpathSync(directory) !== cluster) return undefined
  return {
    pid: Number.parseInt(pid, 10),
    port: Number.parseInt(port ?? '', 10),
    socketDir: socketDir ?? '',
    listensOnTcp: (address ?? '') !== '',
    status: status === 'ready' || status === 'stopping' ? status : 'starting',
  }
}

function linesOf(lockFile: string): string[] {
  try {
    return readFileSync(lockFile, 'utf8')
      .split('\n')
      .map((line) => line.trim())
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export interface Launch {
  readonly postgres: string
  readonly user: ServerUser | undefined
  readonly cluster: string
  readonly socketDir: string
  /** Names the socket; the server listens there on 127.0.0.1 too when `tcp` is true. */
  readonly port: number
  readonly tcp: boolean
  readonly logFile: string
  readonly settings: Readonly<Record<string, string>>
  readonly log: (line: string) => void
}

/**
 * Starts a server that outlives us and returns its postmaster when it takes connections. Undefined when processes
 * of an earlier server still hold the cluster: look again in a moment. The caller holds the register `starting`.
 */
export async function launch(launch: Launch): Promise<Postmaster | undefined> {
  removeFalseLocks(launch)
  const logFile = openSync(launch.logFile, 'a', 0o600)
  const logBegin = fstatSync(logFile).size
  const address = {
    port: String(launch.port),
    listen_addresses: launch.tcp ? '127.0.0.1' : '',
    unix_socket_directories: `"${launch.socketDir.replaceAll('"', '""')}"`,
  }
  const settings = Object.entries({ ...launch.settings, ...address }).map(
    ([name, value]) => `--${name}=${value}`,
  )
  const child = spawn(launch.postgres, ['-D', launch.cluster, ...settings], {
    ...launch.user,
    cwd: '/',
    env: SERVER_ENV,
    detached: true,
    stdio: ['ignore', logFile, logFile],
  })
  closeSync(logFile)
  let ended: string | undefined
  child.on('error', (error) => {
    ended = error.message
  })
  child.on('exit', () => {
    ended ??= ''
  })
  child.unref()
  let noticeAt = monotonicMs() + RECOVERY_NOTICE_MS
  while (ended === undefined) {
    const found = findPostmaster(launch.cluster)
    if (found?.pid === child.pid && found?.status === 'ready') return found
    if (monotonicMs() > noticeAt) {
      launch.log('the database recovers what was committed before it was cut off; this can take some minutes')
      noticeAt = Number.POSITIVE_INFINITY
    }
    await sleep(POLL_MS)
  }
  if (ended !== '') throw explainUnrunnable(launch.postgres, ended)
  const output = readFileSync(launch.logFile).subarray(logBegin).toString('utf8')
  if (/lock file ".*" already exists|pre-existing shared memory block/.test(output)) return undefined
  throw explainOutput(output, launch.cluster)
}

/**
 * PostgreSQL believes in a left lock file as long as the process id in it answers to its user. That may be another
 * program by now (daily, in containers, where ids are low), the server of the directory this one was copied from,
 * or a dead server that nobody reaps. We know better: none of these is a live server of this cluster. What is left
 * of a killed server's other processes PostgreSQL finds by their shared memory, not by these files.
 */
function removeFalseLocks({ cluster, socketDir, port }: Launch): void {
  if (findPostmaster(cluster)) return
  for (const lock of [join(cluster, 'postmaster.pid'), `${socketPath(socketDir, port)}.lock`]) {
    const [pid = ''] = linesOf(lock)
    // A negative id is a single-user server's, started by hand: not ours to judge.
    if (/^\d+$/.test(pid) && answers(Number.parseInt(pid, 10))) rmSync(lock)
  }
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Ends a server: politely at first, so that it need not recover; committed work survives either way. */
export async function shutDown(postmaster: Postmaster): Promise<void> {
  const mark = liveProcess(postmaster.pid)?.mark
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (liveProcess(postmaster.pid)?.mark !== mark || mark === undefined) return
    try {
      process.kill(postmaster.pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
    const deadline = monotonicMs() + STOP_PATIENCE_MS
    while (monotonicMs() < deadline) {
      if (liveProcess(postmaster.pid)?.mark !== mark) return
      await sleep(POLL_MS)
    }
  }
  throw new EmbeddedPostgresError(
    'in-use',
    `The database server (process ${postmaster.pid}) does not stop. End it with "kill -9 ${postmaster.pid}"; nothing committed is lost.`,
  )
}
