import { expect, test } from 'vitest'
import { instantOfId, newId } from './id.ts'

test('ids of one process are valid UUIDv7, unique, in order, and carry their instant', () => {
  const at = 1_795_361_000_123
  const ids = Array.from({ length: 20_000 }, () => newId(at))
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
  for (const id of ids.slice(0, 100))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(instantOfId(ids[0] as string)).toBe(at)
})

test('a clock corrected by little keeps the order, one set back by more is believed', () => {
  const at = 1_795_361_200_000
  const ids = [newId(at), newId(at - 900), newId(at - 900)]
  expect([...ids].sort()).toEqual(ids)
  expect(instantOfId(newId(at - 60_000))).toBe(at - 60_000)
})
