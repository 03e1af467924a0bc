import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BatcherOptions, createBatcher } from './batcher.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A batcher over numbers that answers each with its double, and the batches it ran. */
function doubling(options: Partial<BatcherOptions<number, number>> = {}) {
  const batches: (readonly number[])[] = []
  const batcher = createBatcher<number, number>({
    name: 'test',
    maxBatch: 1000,
    maxQueue: 4000,
    isOutage: () => false,
    ...options,
    async run(commands) {
      batches.push(commands)
      await turn()
      return options.run ? await options.run(commands) : commands.map((command) => command * 2)
    },
  })
  return { batcher, batches }
}

const range = (length: number) => Array.from({ length }, (_, i) => i)

/** A `run` that fails every batch with a poison command in it. */
const poisonedBy =
  (...poison: number[]) =>
  async (commands: readonly number[]) => {
    const found = commands.find((command) => poison.includes(command))
    if (found !== undefined) throw new Error(`poison ${found}`)
    return commands.map((command) => command * 2)
  }

async function settle(promises: readonly Promise<number>[]): Promise<(number | string)[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))
}

describe('a batcher', () => {
  it('runs alone what comes alone, at once', async () => {
    const { batcher, batches } = doubling()
    expect(await batcher.submit(21)).toBe(42)
    expect(batches).toEqual([[21]])
    expect(batcher.queued).toBe(0)
  })

  it('takes together what comes in one turn, and answers each with its own, in order', async () => {
    const { batcher, batches } = doubling()
    expect(await Promise.all(range(5).map(batcher.submit))).toEqual([0, 2, 4, 6, 8])
    expect(batches).toEqual([[0, 1, 2, 3, 4]])
  })

  it('fills the next batch while one is under way', async () => {
    const { batcher, batches } = doubling()
    const first = batcher.submit(0)
    await Promise.resolve()
    await Promise.resolve()
    const rest = range(4).map((i) => batcher.submit(i + 1))
    expect(batches).toEqual([[0]])
    expect(batcher.queued).toBe(4)
    await Promise.all([first, ...rest])
    expect(batches).toEqual([[0], [1, 2, 3, 4]])
  })

  it('never takes more than the largest batch, in the order they came', async () => {
    const { batcher, batches } = doubling({ maxBatch: 3 })
    await Promise.all(range(8).map(batcher.submit))
    expect(batches).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ])
  })

  it('answers whoever submits when the last batch has just been answered, however soon or late', async () => {
    for (const lanes of [1, 2]) {
      for (let hops = 0; hops < 30; hops++) {
        const { batcher } = doubling({ lanes })
        const again = batcher.submit(1).then(async () => {
          for (let hop = 0; hop < hops; hop++) await null
          return await batcher.submit(2)
        })
        expect(await Promise.race([again, turn().then(turn).then(turn).then(turn)])).toBe(4)
      }
    }
  })

  it('is drained when all it took is answered', async () => {
    const { batcher, batches } = doubling({ maxBatch: 2 })
    await batcher.drained()
    const answered: number[] = []
    for (const i of range(5)) void batcher.submit(i).then((answer) => answered.push(answer))
    await batcher.drained()
    expect(batches).toHaveLength(3)
    expect(answered).toEqual([0, 2, 4, 6, 8])
  })
})

describe('a full queue', () => {
  it('refuses at once and takes again when there is room', async () => {
    const { batcher, batches } = doubling({ maxBatch: 1000, maxQueue: 4000 })
    const first = batcher.submit(-1)
    await Promise.resolve()
    await Promise.resolve()
    const taken = range(4000).map(batcher.submit)
    await expect(batcher.submit(4000)).rejects.toMatchObject({
      entry: { code: 'overloaded', kind: 'unavailable' },
      members: { retryAfterSeconds: 1 },
    })
    await first
    // The next batch begins a turn after the answer, and not before anybody else in line for that turn.
    await turn()
    await turn()
    expect(await batcher.submit(4001)).toBe(8002)
    expect((await Promise.all(taken))[3999]).toBe(7998)
    expect(batches.flat()).not.toContain(4000)
  })
})

describe('a batch that fails', () => {
  it('is halved until the poison command fails alone; the others stand, in order', async () => {
    const { batcher, batches } = doubling({ run: poisonedBy(5) })
    expect(await settle(range(8).map(batcher.submit))).toEqual([0, 2, 4, 6, 8, 'poison 5', 12, 14])
    expect(batches).toEqual([range(8), [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]])
  })

  it('isolates any poison in any batch, and runs no command again that stands', async () => {
    const batch = fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        batch,
        fc.array(fc.nat(500)),
        fc.integer({ min: 1, max: 64 }),
        async (commands, poison, maxBatch) => {
          const stood: number[] = []
          const run = poisonedBy(...poison)
          const { batcher } = doubling({
            maxBatch,
            async run(some) {
              const outcomes = await run(some)
              stood.push(...some)
              return outcomes
            },
          })
          const expected = commands.map((command) =>
            poison.includes(command) ? `poison ${command}` : command * 2,
          )
          expect(await settle(commands.map(batcher.submit))).toEqual(expected)
          expect(stood).toEqual(commands.filter((command) => !poison.includes(command)))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('of a thousand finds one poison in some twenty runs', async () => {
    const { batcher, batches } = doubling({ run: poisonedBy(637) })
    const outcomes = await settle(range(1000).map(batcher.submit))
    expect(outcomes.filter((outcome) => typeof outcome === 'string')).toEqual(['poison 637'])
    expect(batches.length).toBeLessThan(24)
  })

  it('for want of a database fails whole and at once', async () => {
    const outage = new Error('the database is gone')
    const { batcher, batches } = doubling({
      isOutage: (error) => error === outage,
      run: () => Promise.reject(outage),
    })
    const outcomes = await Promise.allSettled(range(100).map(batcher.submit))
    expect(new Set(outcomes.map((each) => each.status === 'rejected' && each.reason))).toEqual(
      new Set([outage]),
    )
    expect(batches).toHaveLength(1)
  })

  it('leaves the batcher working', async () => {
    let gone = true
    const { batcher } = doubling({
      isOutage: () => gone,
      run: async (commands) => {
        if (gone) throw new Error('gone')
        return commands.map((command) => command + 1)
      },
    })
    await expect(batcher.submit(1)).rejects.toThrow('gone')
    gone = false
    expect(await batcher.submit(1)).toBe(2)
  })

  it('also when it throws before its first await', async () => {
    const batcher = createBatcher<number, number>({
      name: 'test',
      maxBatch: 10,
      maxQueue: 10,
      isOutage: () => false,
      run: () => {
        throw new Error('at once')
      },
    })
    expect(await settle([batcher.submit(1), batcher.submit(2)])).toEqual(['at once', 'at once'])
  })

  it('to answer every command is never run again: it stands', async () => {
    const { batcher, batches } = doubling({ run: async (commands) => commands.slice(1) })
    const outcomes = await settle(range(4).map(batcher.submit))
    expect(new Set(outcomes)).toEqual(new Set(['a batch must answer every command']))
    expect(batches).toEqual([range(4)])
  })
})

describe('several lanes', () => {
  it('share a queue worth sharing, and no more run at once than there are', async () => {
    let most = 0
    let now = 0
    const { batcher, batches } = doubling({
      lanes: 2,
      maxBatch: 50,
      async run(commands) {
        most = Math.max(most, ++now)
        await turn()
        now--
        return commands.map((command) => command * 2)
      },
    })
    const answers = await Promise.all(range(400).map(batcher.submit))
    expect(answers).toEqual(range(400).map((i) => i * 2))
    expect(most).toBe(2)
    expect(batches.flat()).toEqual(range(400))
    await batcher.drained()
  })

  it('take their own shards first, what came first of them first, and others’ rather than nothing', async () => {
    const shardOf = (command: number) => command
    const mixed = doubling({ lanes: 2, maxBatch: 30, shardOf })
    const answers = await Promise.all(range(200).map(mixed.batcher.submit))
    expect(answers).toEqual(range(200).map((i) => i * 2))
    const shared = mixed.batches.filter((batch) => new Set(batch.map((command) => command % 2)).size > 1)
    expect(shared.flat().length).toBeLessThan(32)
    for (const shard of [0, 1]) {
      const own = mixed.batches.flat().filter((command) => command % 2 === shard)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
    const hot = doubling({ lanes: 2, maxBatch: 30, shardOf: () => 1 })
    await Promise.all(range(200).map(hot.batcher.submit))
    expect(hot.batches.flat()).toEqual(range(200))
  })

  it('do not split a handful', async () => {
    const { batcher, batches } = doubling({ lanes: 2 })
    await Promise.all(range(10).map(batcher.submit))
    expect(batches).toEqual([range(10)])
  })
})
