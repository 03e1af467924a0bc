import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { isoInstant } from './clock.ts'

const { db } = await testDatabase()
const laika = db.of('laika')

async function read(sql: string, ...values: unknown[]): Promise<unknown> {
  const [row] = await laika.query<{ value: unknown }>(`select ${sql} as value`, values)
  return row?.value
}

describe('a column', () => {
  it.each<[string, unknown]>([
    ["date '1970-01-01'", 0],
    ["date '1969-12-31'", -1],
    ["date '1900-03-01'", -25_508],
    ["date '2026-11-22'", 20_779],
    ["date '0001-01-01'", -719_162],
    ["date '9999-12-31'", 2_932_896],
    ["date '1970-01-01' + 20779", 20_779],
    ['null::date', null],
    ["timestamptz '1970-01-01 00:00:00Z'", 0],
    ["timestamptz '1969-12-31 23:59:59.5Z'", -500],
    ["timestamptz '2026-11-22 14:00:00+08'", Date.UTC(2026, 10, 22, 6)],
    ["timestamptz '2026-11-22 06:00:00.123999Z'", Date.UTC(2026, 10, 22, 6, 0, 0, 123)],
    ["timestamptz '0001-01-01 00:00:00Z'", -62_135_596_800_000],
    ['null::timestamptz', null],
    ['9223372036854775807::bigint', 9_223_372_036_854_775_807n],
    ['(-9223372036854775808)::bigint', -9_223_372_036_854_775_808n],
    ['2147483647', 2_147_483_647],
    ['null::bigint', null],
    ["'text'", 'text'],
    [`'{"a": 1}'::jsonb`, { a: 1 }],
    ["'\\x00ff'::bytea", Buffer.from([0, 255])],
  ])('of %s is read as %s', async (sql, value) => {
    expect(await read(sql)).toEqual(value)
  })

  it('of sums beyond a bigint is read whole', async () => {
    expect(await read('9223372036854775807::numeric * 10')).toBe(92_233_720_368_547_758_070n)
  })

  it.each([
    "date 'infinity'",
    "date '-infinity'",
    "date '0044-03-15 BC'",
    "date '10000-01-01'",
    "timestamptz 'infinity'",
    "timestamptz '0044-03-15 00:00:00Z BC'",
    "timestamptz '10000-01-01 00:00:00Z'",
    '1.5::numeric',
    "'NaN'::numeric",
  ])('of %s is refused, not guessed, and the connection goes on', async (sql) => {
    await expect(read(sql)).rejects.toThrow(/not a date|not an instant|BigInt/)
    expect(await read('1')).toBe(1)
  })

  it('comes back as it was written: days, instants and amounts', async () => {
    const day = fc.integer({ min: -719_162, max: 2_932_896 })
    const instant = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
    // `to_timestamp` counts in floating point: exact for the times we live in.
    const nearby = fc.integer({ min: Date.UTC(1900), max: Date.UTC(2200) })
    const amount = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
    await fc.assert(
      fc.asyncProperty(day, instant, nearby, amount, async (epochDay, ms, nearMs, minor) => {
        const [row] = await laika.query(
          `select date '1970-01-01' + $1::int as day, $2::timestamptz as at, to_timestamp($3 / 1000.0) as near, $4::bigint as minor`,
          [epochDay, isoInstant(ms), nearMs, minor],
        )
        expect(row).toEqual({ day: epochDay, at: ms, near: nearMs, minor })
      }),
      { numRuns: 200 },
    )
  })
})
