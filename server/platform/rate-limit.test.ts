import { expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { forgetEndedLimits, takePoints } from './rate-limit.ts'

const { db, clock } = await testDatabase()
const laika = db.of('laika')
const limit = (key: string, points: number, windowSeconds = 60) => ({ key, points, windowSeconds })
const take = (...limits: ReturnType<typeof limit>[]) =>
  laika.tx((tx) => takePoints(tx, limits, clock.instant()))

async function points(key: string): Promise<number | undefined> {
  const [row] = await db.platform.query<{ points: number }>(
    'select points from platform.rate_limit where key = $1',
    [key],
  )
  return row?.points
}

test('points are taken until none are left, and again when the window is over', async () => {
  const two = limit('two', 2)
  expect(await take(two)).toBeNull()
  clock.advance(20_000)
  expect(await take(two)).toBeNull()
  expect(await take(two)).toEqual({ limit: two, retryAfterSeconds: 40 })
  clock.advance(39_999)
  expect(await take(two)).toEqual({ limit: two, retryAfterSeconds: 1 })
  clock.advance(1)
  expect(await take(two)).toBeNull()
})

test('all or none: what one limit refuses is not counted by the others', async () => {
  await take(limit('narrow', 1))
  expect(await take(limit('wide', 9), limit('narrow', 1))).toMatchObject({ limit: { key: 'narrow' } })
  expect(await points('wide')).toBe(0)
  expect(await take(limit('wide', 9))).toBeNull()
  expect(await points('wide')).toBe(1)
})

test('of several exhausted limits the first one given is named', async () => {
  await take(limit('b-first', 1), limit('a-second', 1))
  expect(await take(limit('b-first', 1), limit('a-second', 1))).toMatchObject({ limit: { key: 'b-first' } })
})

test('forty at once, from two sides, share exactly the points there are', async () => {
  const hot = limit('hot', 7)
  const cold = limit('cold', 1_000)
  const all = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? take(hot, cold) : take(cold, hot))),
  )
  expect(all.filter((reached) => reached === null)).toHaveLength(7)
  expect(await points('cold')).toBe(7)
})

test('a caller that rolls back has taken nothing', async () => {
  const work = laika.tx(async (tx) => {
    await takePoints(tx, [limit('undone', 1)], clock.instant())
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(await take(limit('undone', 1))).toBeNull()
})

test('counters whose window is over are forgotten, others kept', async () => {
  await take(limit('ending', 5, 1), limit('staying', 5, 3600))
  clock.advance(1_000)
  await laika.tx((tx) => forgetEndedLimits(tx, clock.instant()))
  expect(await points('ending')).toBeUndefined()
  expect(await points('staying')).toBe(1)
})
