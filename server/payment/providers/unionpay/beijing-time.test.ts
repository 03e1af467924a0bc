import { expect, test } from 'vitest'
import { beijingTime, madeAtMs, parseBeijingTime, timeOf, traceInstant } from './beijing-time.ts'
import { NOW, NUMBER, REFUND } from './stand-in-fixture.ts'

test('an instant is written in Beijing time and read back', () => {
  expect(beijingTime(NOW + 999)).toBe('20261122140000')
  expect(parseBeijingTime('20261122140000')).toBe(NOW)
  expect(beijingTime(Date.UTC(2026, 11, 31, 16))).toBe('20270101000000')
})

test.each([
  '',
  '2026112214000',
  '20261122140060',
  '20260231000000',
  '20261122240000',
  20261122140000,
  undefined,
])('%j is no time', (text) => expect(parseBeijingTime(text)).toBeNull())

test('the time of a number is the one it was made at', () => {
  expect([madeAtMs(NUMBER), timeOf(NUMBER)]).toEqual([NOW, '20261122140000'])
  expect(timeOf(REFUND)).toBe('20261122140500')
  expect(() => timeOf('ORDER')).toThrow('none of our numbers')
})

test('a trace time takes its year from the sending', () => {
  expect(traceInstant('1122140005', '20261122140000')).toBe(NOW + 5_000)
  expect(traceInstant('0101000003', '20261231235959')).toBe(Date.UTC(2026, 11, 31, 16, 0, 3))
  // UnionPay's clock a little behind ours at New Year.
  expect(traceInstant('0229000000', '20280228235959')).toBe(Date.UTC(2028, 1, 28, 16))
  expect([traceInstant('0230000000', '20261122140000'), traceInstant('1122140005', 'x')]).toEqual([
    null,
    null,
  ])
})
