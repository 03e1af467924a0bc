import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../platform/error.ts'
import { readKey, requestHash } from './idempotency.ts'

const codeOf = (header: string | undefined): string => {
  try {
    return readKey(header)
  } catch (error) {
    return (error as Refusal).entry.code
  }
}

describe('an Idempotency-Key', () => {
  it.each([
    ['"abcd-1234_X"', 'abcd-1234_X'],
    ['abcd-1234_X', 'abcd-1234_X'],
    [undefined, 'idempotency-key-missing'],
    ['', 'idempotency-key-malformed'],
    ['"abcd1234', 'idempotency-key-malformed'],
    ['short-1', 'idempotency-key-malformed'],
    ['x'.repeat(65), 'idempotency-key-malformed'],
    ['"abcd1234", "abcd1235"', 'idempotency-key-malformed'],
    ['with space', 'idempotency-key-malformed'],
  ])('%s is read as %s', (header, expected) => {
    expect(codeOf(header)).toBe(expected)
  })

  it('is refused as a Refusal', () => {
    expect(() => readKey('short')).toThrow(Refusal)
  })
})

describe('the hash of a request', () => {
  const body = { items: [{ number: '1', offerId: 'A' }], expected: { amountMinor: '1', currency: 'CNY' } }

  it('does not depend on the order of fields, nor on fields that are not there', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 })
    fc.assert(
      fc.property(object, (fields) => {
        const backwards = Object.fromEntries([...Object.entries(fields), ['none', undefined]].reverse())
        expect(requestHash('POST', '/a', backwards)).toBe(
          requestHash('POST', '/a', { ...fields, none: undefined }),
        )
      }),
    )
  })

  it('differs with every other body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b)
        fc.pre(!same && !/[{]/.test(JSON.stringify(a)))
        expect(requestHash('POST', '/a', a)).not.toBe(requestHash('POST', '/a', b))
      }),
    )
  })

  it('differs by method, path, items’ order and type', () => {
    const hashes = [
      requestHash('POST', '/v1/top-ups', body),
      requestHash('PUT', '/v1/top-ups', body),
      requestHash('POST', '/v1/top-ups/1', body),
      requestHash('POST', '/v1/top-ups', { ...body, confirmDuplicate: true }),
      requestHash('POST', '/v1/top-ups', { ...body, confirmDuplicate: 'true' }),
      requestHash('POST', '/v1/top-ups', [1, 2]),
      requestHash('POST', '/v1/top-ups', [2, 1]),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})
