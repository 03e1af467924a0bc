import { expect, test } from 'vitest'
import { testClock } from '../../test/support/database.ts'
import { createSetback } from './setback.ts'

test('waits double from one second to a minute, and begin anew when it works again', () => {
  const clock = testClock()
  const setback = createSetback(clock, () => 1)
  const waits = Array.from({ length: 8 }, () => {
    setback.strike()
    const waitMs = setback.remainingMs()
    clock.advance(waitMs)
    return waitMs / 1_000
  })
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  expect(setback.remainingMs()).toBe(0)
  setback.clear()
  setback.strike()
  expect(setback.remainingMs()).toBe(1_000)
})

test('many strikes at one time are one', () => {
  const clock = testClock()
  const setback = createSetback(clock, () => 0)
  for (let i = 0; i < 50; i++) setback.strike()
  expect(setback.remainingMs()).toBe(500)
  clock.advance(500)
  setback.strike()
  expect(setback.remainingMs()).toBe(1_000)
})
