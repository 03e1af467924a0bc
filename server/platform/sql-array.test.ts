import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { bytesArray, plainArray, textArray } from './sql-array.ts'

const { db } = await testDatabase()
const laika = db.of('laika')

/** What PostgreSQL makes of an array parameter of this type, element by element. */
async function elements(type: string, array: string): Promise<unknown[]> {
  const rows = await laika.query<{ value: unknown }>(
    `select value from unnest($1::${type}[]) with ordinality as u (value, place) order by place`,
    [array],
  )
  return rows.map((row) => row.value)
}

const aText = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((text) => !text.includes('\0') && text.isWellFormed())
const nasty = fc.constantFrom(
  '',
  ' ',
  'null',
  'NULL',
  'Null',
  '{}',
  '{a,b}',
  ',',
  '"',
  '\\',
  '\\"',
  "'",
  '\n',
  '\t',
  '\\x00',
  '保号',
  '😀',
)

it('any texts arrive as they are, and absent ones as null', async () => {
  const texts = fc.array(fc.option(fc.oneof(aText, nasty)), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      expect(await elements('text', textArray(values))).toEqual(values)
    }),
    { numRuns: 150 },
  )
})

it('any bytes arrive as they are', async () => {
  const bytes = fc.array(fc.option(fc.uint8Array({ maxLength: 20 })), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(bytes, async (values) => {
      const expected = values.map((value) => (value === null ? null : Buffer.from(value)))
      expect(await elements('bytea', bytesArray(values))).toEqual(expected)
    }),
    { numRuns: 50 },
  )
})

it('whole numbers, ids and truths arrive as they are', async () => {
  const numbers = fc.array(fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)))
  const ids = fc.array(fc.option(fc.uuid()))
  const truths = fc.array(fc.option(fc.boolean()))
  await fc.assert(
    fc.asyncProperty(numbers, ids, truths, async (minor, uuids, flags) => {
      expect(await elements('bigint', plainArray(minor))).toEqual(minor)
      expect(await elements('uuid', plainArray(uuids))).toEqual(uuids)
      expect(await elements('boolean', plainArray(flags))).toEqual(flags)
    }),
    { numRuns: 50 },
  )
})

it('what needs no quotes gets none', () => {
  expect(textArray(['LK-W', 'voice-seconds', '2026-11-22T06:00:00.123Z', 'a b', null])).toBe(
    '{LK-W,voice-seconds,2026-11-22T06:00:00.123Z,"a b",NULL}',
  )
  expect(plainArray([])).toBe('{}')
})
