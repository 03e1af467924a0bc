import { describe, expect, it } from 'vitest'
import { createLog } from '../platform/log.ts'
import { createWaker } from './waker.ts'

const log = createLog('silent')
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A waker whose rounds and pauses end when they are told to. */
function woken() {
  const [rounds, pauses] = [[] as PromiseWithResolvers<void>[], [] as PromiseWithResolvers<void>[]]
  const begin = (begun: PromiseWithResolvers<void>[]) => async () => {
    const one = Promise.withResolvers<void>()
    begun.push(one)
    await one.promise
  }
  return { rounds, pauses, waker: createWaker(begin(rounds), log, begin(pauses)) }
}

describe('a waker', () => {
  it('sees at once to who comes alone, time and again', async () => {
    const { rounds, pauses, waker } = woken()
    for (let i = 0; i < 5; i++) {
      waker.wake('laika')
      expect(rounds).toHaveLength(i + 1)
      rounds[i]?.resolve()
      await waker.drained()
    }
    expect(pauses).toEqual([])
  })

  it('has one more round for all who come during one, and goes on after one that fails', async () => {
    const { rounds, waker } = woken()
    for (let i = 0; i < 3; i++) waker.wake('laika')
    rounds[0]?.reject(new Error('no'))
    await turn()
    expect(rounds).toHaveLength(2)
    rounds[1]?.resolve()
    await waker.drained()
    expect(rounds).toHaveLength(2)
  })

  it('lets those of a throng gather, each key for itself, until nobody has come', async () => {
    const { rounds, pauses, waker } = woken()
    const end = async (round: number, meanwhile: 'one comes' | 'nobody') => {
      if (meanwhile === 'one comes') waker.wake('laika')
      rounds[round]?.resolve()
      await turn()
    }
    waker.wake('laika')
    for (let i = 0; i < 3; i++) await end(i, 'one comes')
    expect([rounds.length, pauses.length]).toEqual([3, 1])
    waker.wake('laika')
    waker.wake('harbour')
    expect(rounds).toHaveLength(4)
    rounds[3]?.resolve()
    pauses[0]?.resolve()
    await turn()
    expect(rounds).toHaveLength(5)
    await end(4, 'nobody')
    await waker.drained()
    waker.wake('laika')
    await end(5, 'one comes')
    expect([rounds.length, pauses.length]).toEqual([7, 1])
    rounds[6]?.resolve()
    await waker.drained()
  })
})
