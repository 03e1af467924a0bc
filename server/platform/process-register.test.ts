import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { enter, exclusively, fromPs, liveProcess, present } from './process-register.ts'

const directory = mkdtempSync(join(tmpdir(), 'baohao-register-'))
afterAll(() => rmSync(directory, { recursive: true }))

let count = 0
function fresh(): string {
  count += 1
  return join(directory, String(count))
}

/** A process of its own that runs `work` with the register's functions in reach. */
function elsewhere(work: string): ReturnType<typeof spawn> {
  const file = join(import.meta.dirname, 'process-register.ts')
  const program = `const { enter, exclusively, present } = await import(${JSON.stringify(file)}); ${work}`
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

test('a register counts its tickets until they are withdrawn', () => {
  const register = fresh()
  expect(present(register)).toEqual([])
  const one = enter(register)
  const two = enter(register)
  expect(present(register)).toEqual([process.pid, process.pid])
  expect(present(register, one)).toEqual([process.pid])
  two.withdraw()
  two.withdraw()
  expect(present(register, one)).toEqual([])
  one.withdraw()
  expect(readdirSync(register)).toEqual([])
})

test('the ticket of a killed process is dead, even while nobody has reaped it', async () => {
  const register = fresh()
  const child = elsewhere(`enter(${JSON.stringify(register)}); console.log('in'); process.stdin.resume()`)
  if (child.stdout) await once(child.stdout, 'data')
  expect(present(register)).toEqual([child.pid])
  process.kill(child.pid ?? 0, 'SIGKILL')
  // Until this function waits, this process cannot reap the child.
  while (present(register).length > 0);
  expect(readdirSync(register)).toEqual([])
  await once(child, 'exit')
})

test('a ticket of an earlier process under our id is dead', () => {
  const register = fresh()
  const { name } = enter(register)
  renameSync(join(register, name), join(register, name.replace(/-\w+-/, '-1-')))
  expect(present(register)).toEqual([])
  expect(readdirSync(register)).toEqual([])
})

test('a copied register is empty, a moved one is not', () => {
  const register = fresh()
  enter(register)
  const copy = fresh()
  cpSync(register, copy, { recursive: true })
  expect(present(copy)).toEqual([])
  expect(readdirSync(copy)).toEqual([])
  const moved = fresh()
  renameSync(register, moved)
  expect(present(moved)).toEqual([process.pid])
})

test('only one at a time, here and in other processes', async () => {
  const register = fresh()
  const inside = fresh()
  writeFileSync(inside.concat('.overlaps'), '')
  const work = `
    const { appendFileSync, mkdirSync, rmdirSync } = await import('node:fs')
    const { setTimeout: sleep } = await import('node:timers/promises')
    const [register, inside] = ${JSON.stringify([register, inside])}
    for (let round = 0; round < 15; round += 1) {
      await exclusively(register, 60_000, async () => {
        try { mkdirSync(inside) } catch { appendFileSync(inside + '.overlaps', 'x') }
        await sleep(1)
        rmdirSync(inside)
        appendFileSync(inside + '.turns', '.')
      })
    }`
  const children = [1, 2, 3].map(() => elsewhere(work))
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
  expect(codes).toEqual([0, 0, 0])
  expect(readFileSync(`${inside}.overlaps`, 'utf8')).toBe('')
  expect(readFileSync(`${inside}.turns`, 'utf8')).toHaveLength(45)
})

test('waiting ends with the patience, and a failure gives the turn back', async () => {
  const register = fresh()
  const holder = exclusively(register, 1_000, () => sleep(200))
  await sleep(20)
  await expect(exclusively(register, 50, async () => 'mine')).rejects.toThrow(
    `Process ${process.pid} has held`,
  )
  await holder
  const failing = exclusively(register, 50, () => Promise.reject(new Error('failed inside')))
  await expect(failing).rejects.toThrow('failed inside')
  expect(await exclusively(register, 50, async () => 'mine')).toBe('mine')
})

test('a process is known by its start and its arguments; an id nobody has is not', () => {
  const self = liveProcess(process.pid)
  expect(self?.mark).toMatch(/^\w+$/)
  expect(self?.commandLine).toContain('node')
  expect(liveProcess(process.pid)).toEqual(self)
  expect(liveProcess(2 ** 22 + 1)).toBeUndefined()
})

// A small Linux image has no ps, and needs none: there /proc answers.
if (spawnSync('ps', ['-V']).error === undefined) {
  test('ps tells of a process what /proc does', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    expect(fromPs(pid)).toEqual({ mark: expect.stringMatching(/^[A-Z]\w{20,}$/), commandLine: 'sleep 60' })
    expect(fromPs(pid)).toEqual(fromPs(pid))
    process.kill(pid, 'SIGKILL')
    // This process cannot reap the child before this function waits.
    while (fromPs(pid));
    await once(child, 'exit')
    expect(fromPs(pid)).toBeUndefined()
  })
}
