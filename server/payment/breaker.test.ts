import { describe, expect, test } from 'vitest'
import { createBreaker } from './breaker.ts'

const RAIL = 'laika alipay 1'
const REST = 30_000
function unanswered(times: number, nowMs = 0) {
  const breaker = createBreaker()
  for (let i = 0; i < times; i++) breaker.unanswered(RAIL, nowMs)
  return breaker
}

describe('a rail that does not answer', () => {
  test('is left alone after five calls in a row, and no other with it', () => {
    expect(unanswered(4).mayCall(RAIL, 1)).toBe(true)
    const breaker = unanswered(5)
    expect(breaker.mayCall(RAIL, 1)).toBe(false)
    expect(breaker.isOpen(RAIL, 1)).toBe(true)
    expect(breaker.mayCall('laika alipay 2', 1)).toBe(true)
  })

  test('is tried by one call after its rest', () => {
    const breaker = unanswered(5)
    expect(breaker.isOpen(RAIL, REST)).toBe(false)
    expect(breaker.mayCall(RAIL, REST)).toBe(true)
    expect(breaker.mayCall(RAIL, REST + 1)).toBe(false)
    expect(breaker.mayCall(RAIL, 2 * REST)).toBe(true)
  })

  test('rests again when that one is not answered either', () => {
    const breaker = unanswered(5)
    expect(breaker.mayCall(RAIL, REST)).toBe(true)
    breaker.unanswered(RAIL, REST + 10_000)
    expect(breaker.mayCall(RAIL, 2 * REST + 9_999)).toBe(false)
  })

  test('is used again once a call is answered, and the count begins anew', () => {
    const breaker = unanswered(5)
    breaker.answered(RAIL)
    expect(breaker.mayCall(RAIL, 1)).toBe(true)
    for (let i = 0; i < 4; i++) breaker.unanswered(RAIL, 2)
    expect(breaker.mayCall(RAIL, 3)).toBe(true)
  })
})
