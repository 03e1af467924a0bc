import { expect, it } from 'vitest'
import { secondsBetween } from './use-seconds-left.ts'

it('secondsBetween never begins above what was promised, though our idea of the server’s time lags by up to a second', () => {
  for (const lagMs of [0, 1, 500, 999]) expect(secondsBetween(-lagMs, 1_800_000)).toBe(1800)
})

it('secondsBetween counts whole seconds down to zero and not below', () => {
  expect([1999, 1000, 999, 0, -5].map((ms) => secondsBetween(0, ms))).toEqual([1, 1, 0, 0, 0])
})
