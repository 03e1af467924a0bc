import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from './error.ts'
import { parseJsonBody } from './json-body.ts'

/** The value read, or the code of the refusal. */
function read(body: string | Buffer): unknown {
  try {
    return parseJsonBody(Buffer.from(body))
  } catch (error) {
    if (error instanceof Refusal) return error.entry.code
    throw error
  }
}

/** An object as it is written: its names may repeat. */
type Written = null | boolean | number | string | Written[] | { entries: [string, Written][] }

const aName = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\u00e9',
    '\\u0041',
    '保号',
    'a"b',
    '\n',
    '',
  ),
  fc.string({ maxLength: 3 }),
)
const { value: anyValue } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    aName,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(aName, tie('value')), { maxLength: 4 }).map((entries) => ({ entries })),
  ),
}))

/** Any way to write a string that JSON knows. */
function quote(text: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(text)
  const units = Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  )
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`
}

function write(value: Written, escaped: boolean): string {
  if (typeof value === 'string') return quote(value, escaped)
  if (Array.isArray(value)) return `[${value.map((each) => write(each, !escaped)).join(' , ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = value.entries.map(
    ([name, member], i) => `${quote(name, i % 2 === 1)} :${write(member, escaped)}`,
  )
  return `{ ${members.join(',')} }`
}

function repeats(value: Written): boolean {
  if (Array.isArray(value)) return value.some(repeats)
  if (typeof value !== 'object' || value === null) return false
  const names = value.entries.map(([name]) => name)
  return new Set(names).size < names.length || value.entries.some(([, member]) => repeats(member))
}

const holds = (value: Written, bad: (text: string) => boolean): boolean => {
  if (typeof value === 'string') return bad(value)
  if (Array.isArray(value)) return value.some((each) => holds(each, bad))
  if (typeof value !== 'object' || value === null) return false
  return value.entries.some(([name, member]) => bad(name) || holds(member, bad))
}

describe('a JSON body', () => {
  it('is read as it was written, unless an object in it repeats a name', () => {
    fc.assert(
      fc.property(anyValue, fc.boolean(), (value, escaped) => {
        fc.pre(!holds(value, (text) => text.includes('\0') || !text.isWellFormed()))
        const text = write(value, escaped)
        expect(read(text)).toEqual(repeats(value) ? 'field-repeated' : JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['{"a":1,"a":1}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"x":[1,{"y":{"z":0},"y":2}]}'],
    ['{"a":{"b":1},"c":"}{\\",","a":0}'],
    ['[{"a":1},{"b":1,"b":2}]'],
  ])('%s repeats a name', (text) => {
    expect(read(text)).toBe('field-repeated')
  })

  it.each([
    ['{"a":{"a":1},"b":[{"a":1},{"a":1}]}'],
    ['["a","a"]'],
    ['{"a":"a","b":"b:","c":"{\\"a\\":1,\\"a\\":2}"}'],
    ['{"a":1,"A":2}'],
    ['"a"'],
    [' \n[ ]\t'],
  ])('%s does not', (text) => {
    expect(read(text)).toEqual(JSON.parse(text))
  })

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half an object', '{"a":'],
    ['two values', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a comment', '{}//'],
    ['no number', '[NaN]'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a cut character', Buffer.from([0x22, 0xe4, 0xbf, 0x22])],
    ['a way into prototypes', '{"__proto__":{"admin":true}}'],
    ['an escaped way into prototypes', '{"a":[{"\\u005f_proto__":1}]}'],
    ['a constructor', '{"constructor":{"prototype":{}}}'],
    ['a NUL in a value', '{"a":"x\\u0000y"}'],
    ['a NUL in a name', '{"\\u0000":1}'],
  ])('of %s is malformed', (_, body) => {
    expect(read(body)).toBe('body-malformed')
  })

  it('may begin with a byte order mark, and may say what only looks like a NUL', () => {
    expect(read('\ufeff{"a":1}')).toEqual({ a: 1 })
    expect(read('{"a":"\\\\u0000"}')).toEqual({ a: '\\u0000' })
  })

  it('as deep as it may be long is read without harm', () => {
    const depth = 32_000
    expect(Array.isArray(read('['.repeat(depth) + ']'.repeat(depth)))).toBe(true)
    expect(typeof read(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toBe('object')
  })
})
