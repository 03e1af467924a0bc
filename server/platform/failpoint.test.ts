import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { armFailpoints, disarmFailpoints, failpoint } from './failpoint.ts'

afterEach(disarmFailpoints)

const arrive = (name: string) =>
  failpoint(name).then(
    () => 'passed',
    (error: Error) => error.message,
  )

describe('a failpoint', () => {
  it('is passed while nothing is armed', async () => {
    expect(await arrive('a.place')).toBe('passed')
  })

  it('acts at the arrival it was armed for, once', async () => {
    armFailpoints('a.place:3:throw')
    const seen: string[] = []
    for (let i = 0; i < 5; i++) seen.push(await arrive('a.place'))
    expect(seen).toEqual(['passed', 'passed', 'failpoint a.place', 'passed', 'passed'])
  })

  it('counts its own arrivals only, beside others', async () => {
    armFailpoints('a.place:1:throw,other.place:2:throw,')
    expect(await arrive('third.place')).toBe('passed')
    expect(await arrive('other.place')).toBe('passed')
    expect(await arrive('a.place')).toBe('failpoint a.place')
    expect(await arrive('other.place')).toBe('failpoint other.place')
  })

  it('disarmed is passed', async () => {
    armFailpoints('a.place:1:throw')
    disarmFailpoints()
    expect(await arrive('a.place')).toBe('passed')
  })

  it('that hangs does not go on', async () => {
    vi.useFakeTimers()
    try {
      armFailpoints('a.place:1:hang')
      const passed = vi.fn()
      void failpoint('a.place').then(passed)
      await vi.advanceTimersByTimeAsync(30_000)
      expect(passed).not.toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  it('that crashes kills the process at once, without a word', () => {
    const script = `
      import { armFailpoints, failpoint } from ${JSON.stringify(join(import.meta.dirname, 'failpoint.ts'))}
      process.on('exit', () => console.log('exit'))
      armFailpoints('a.place:2:crash')
      await failpoint('a.place')
      console.log('first')
      await failpoint('a.place')
      console.log('second')`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect({ signal: child.signal, stdout: child.stdout }).toEqual({ signal: 'SIGKILL', stdout: 'first\n' })
  })

  it.each([
    'a.place',
    'a.place:1',
    'a.place:0:throw',
    'a.place:x:throw',
    'a.place:1:explode',
    ':1:throw',
    'a:1.5:throw',
  ])('written %j is refused', (text) => {
    expect(() => armFailpoints(text)).toThrow('FAILPOINT is written name:count:crash|throw|hang')
  })
})
