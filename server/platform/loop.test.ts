import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { figures } from './figures.ts'
import { loopsTurned, startLoop } from './loop.ts'

function memoryLog() {
  const stream = new PassThrough()
  const lines: Record<string, unknown>[] = []
  stream.on('data', (line) => lines.push(JSON.parse(line)))
  return { log: pino(stream), lines }
}

it('a loop goes round until it is stopped, and a round that fails is logged', async () => {
  const { log, lines } = memoryLog()
  let rounds = 0
  const loop = startLoop(
    'sweep',
    1,
    async () => {
      if (++rounds === 2) throw new Error('the second')
    },
    log,
  )
  await vi.waitFor(() => expect(rounds).toBeGreaterThan(3))
  await loop.stop()
  const stoppedAt = rounds
  await sleep(20)
  expect(rounds).toBe(stoppedAt)
  expect(lines).toMatchObject([{ level: 50, loop: 'sweep', err: { message: 'the second' } }])
})

it('stopping waits for the round under way and cuts the pause short', async () => {
  const { log } = memoryLog()
  let finished = false
  const loop = startLoop(
    'slow',
    60_000,
    async () => {
      await sleep(30)
      finished = true
    },
    log,
  )
  await loop.stop()
  expect(finished).toBe(true)
  const idle = startLoop('idle', 60_000, async () => {}, log)
  await sleep(5)
  await idle.stop()
})

it('a round that finds the database away is told in a line, without a stack', async () => {
  const { log, lines } = memoryLog()
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const loop = startLoop('sweep', 60_000, () => Promise.reject(away), log)
  await vi.waitFor(() => expect(lines).toHaveLength(1))
  await loop.stop()
  expect(lines).toMatchObject([{ level: 40, loop: 'sweep', msg: 'a round found the database away' }])
  expect(lines[0]).not.toHaveProperty('err')
})

it('which loops turned since last asked is known by name', async () => {
  const { log } = memoryLog()
  loopsTurned()
  const loops = [
    startLoop('turns', 60_000, async () => {}, log),
    startLoop('fails', 60_000, () => Promise.reject(new Error('always')), log),
  ]
  await vi.waitFor(() => expect(figures.text()).toContain('baohao_loop_failures_total{loop="fails"} 1'))
  await Promise.all(loops.map((loop) => loop.stop()))
  expect(loopsTurned()).toEqual(['turns'])
  expect(loopsTurned()).toEqual([])
})
