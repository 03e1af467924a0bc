import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chinaTime, compactChinaTime, createClock, parseChinaTime } from './clock.ts'

test('writes an instant in GMT+8 whatever the zone of the process', () => {
  const instant = Date.UTC(2026, 10, 22, 16, 5, 1)
  expect(chinaTime(instant)).toBe('2026-11-23 00:05:01')
  expect(compactChinaTime(instant)).toBe('20261123000501')
})

test('reads back every second it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
      expect(parseChinaTime(chinaTime(second * 1_000))).toBe(second * 1_000)
    }),
  )
})

test.each(['2026-02-30 10:00:00', '2026-11-22T10:00:00', '2026-11-22 24:00:00', '2026-11-22', ''])(
  'refuses %s',
  (text) => {
    expect(parseChinaTime(text)).toBeUndefined()
  },
)

test('fires once, in order, and not after being called off', async () => {
  const clock = createClock()
  const fired: string[] = []
  clock.after(20, () => fired.push('late'))
  clock.after(0, () => fired.push('early'))
  clock.after(10, () => fired.push('never'))()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(fired).toEqual(['early', 'late'])
})

test('a wait longer than a timer can hold does not fire at once', async () => {
  const clock = createClock()
  let fired = false
  clock.after(100 * 86_400_000, () => {
    fired = true
  })
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(fired).toBe(false)
  clock.stop()
})

test('a stopped clock fires nothing, not even what is asked of it afterwards', async () => {
  const clock = createClock()
  const fired: string[] = []
  clock.after(10, () => fired.push('before'))
  clock.stop()
  clock.after(0, () => fired.push('after'))
  await new Promise((resolve) => setTimeout(resolve, 40))
  expect(fired).toEqual([])
})
