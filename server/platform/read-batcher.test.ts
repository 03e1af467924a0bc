import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createReadBatcher } from './read-batcher.ts'

/** A source that answers when it is told to, and remembers what it was asked in one go. */
function source(bounds = { maxBatch: 100, maxQueue: 100 }) {
  const batches: (readonly string[])[] = []
  const open: { answer(): void; fail(): void }[] = []
  const read = createReadBatcher<string>({
    ...bounds,
    read: (keys) => {
      batches.push(keys)
      return new Promise((resolve, reject) => {
        const known = keys.filter((key) => key !== 'nobody').map((key) => [key, `${key}!`] as const)
        open.push({
          answer: () => resolve(new Map(known)),
          fail: () => reject(new Error('the database is away')),
        })
      })
    },
  })
  return { read, batches, open }
}

test('what is asked in one turn is read in one go, each key once', async () => {
  const { read, batches, open } = source()
  const answers = ['a', 'b', 'a', 'nobody'].map(read)
  await turn()
  expect(batches).toEqual([['a', 'b', 'nobody']])
  open[0]?.answer()
  expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'a!', undefined])
})

test('what is asked while a read is under way waits for the next: no answer is older than its question', async () => {
  const { read, batches, open } = source()
  const first = read('a')
  await turn()
  const later = [read('a'), read('c')]
  await turn()
  expect(batches).toEqual([['a']])
  open[0]?.answer()
  expect(await first).toBe('a!')
  await turn()
  expect(batches).toEqual([['a'], ['a', 'c']])
  open[1]?.answer()
  expect(await Promise.all(later)).toEqual(['a!', 'c!'])
})

test('a read that fails fails for its own askers alone', async () => {
  const { read, open } = source()
  const failing = Promise.allSettled([read('a'), read('b')])
  await turn()
  const next = read('a')
  open[0]?.fail()
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  await turn()
  open[1]?.answer()
  expect(await next).toBe('a!')
  const again = read('b')
  await turn()
  open[2]?.answer()
  expect(await again).toBe('b!')
})

test('no read takes more keys than it may; the rest come next', async () => {
  const { read, batches, open } = source({ maxBatch: 2, maxQueue: 100 })
  const answers = ['a', 'b', 'c'].map(read)
  await turn()
  open[0]?.answer()
  await turn()
  await turn()
  open[1]?.answer()
  expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'c!'])
  expect(batches).toEqual([['a', 'b'], ['c']])
})

test('more askers than may wait are turned away, and let in once others are answered', async () => {
  const { read, open } = source({ maxBatch: 100, maxQueue: 2 })
  const waiting = [read('a'), read('a')]
  await expect(read('b')).rejects.toMatchObject({
    entry: { code: 'overloaded' },
    members: { retryAfterSeconds: 1 },
  })
  await turn()
  open[0]?.answer()
  await Promise.all(waiting)
  const after = read('b')
  await turn()
  open[1]?.answer()
  expect(await after).toBe('b!')
})
