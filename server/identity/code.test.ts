import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CODE_VALID_MS,
  type Code,
  closedFor,
  codeHash,
  codeRefusal,
  type GuessCounter,
  judge,
  MAX_FAILURES,
  MAX_TRIES,
  NO_GUESSES,
  newCode,
  sameHash,
} from './code.ts'

const NOW = Date.UTC(2026, 10, 22, 6)
const HASH = Buffer.alloc(32, 1)
const live: Code = { id: 'a', hash: HASH, askedBy: null, expiresAtMs: NOW + CODE_VALID_MS, ended: null }
const counter = (failures: number, tries: number, agoMs = 0): GuessCounter => ({
  failures,
  tries,
  lastFailedAtMs: NOW - agoMs,
})

test.each([
  ['a right code', live, NO_GUESSES, true, { is: 'right' }],
  ['the first wrong code', live, NO_GUESSES, false, { is: 'wrong', triesLeft: 4 }],
  ['the fourth', live, counter(3, 3), false, { is: 'wrong', triesLeft: 1 }],
  ['the fifth', live, counter(4, 4), false, { is: 'tries-used-up', retryAfterSeconds: 600 }],
  [
    'a right code after five wrong',
    live,
    counter(5, 5, 1000),
    true,
    { is: 'tries-used-up', retryAfterSeconds: 599 },
  ],
  ['tries rest for ten minutes', live, counter(5, 5, CODE_VALID_MS), false, { is: 'wrong', triesLeft: 4 }],
  ['the hundredth wrong code', live, counter(99, 0), false, { is: 'locked' }],
  ['a right code after a hundred', live, counter(100, 0, CODE_VALID_MS), true, { is: 'locked' }],
  ['no code was sent', null, NO_GUESSES, true, { is: 'expired' }],
  ['the last moment is over', { ...live, expiresAtMs: NOW }, NO_GUESSES, true, { is: 'expired' }],
  ['the last moment', { ...live, expiresAtMs: NOW + 1 }, NO_GUESSES, true, { is: 'right' }],
  ['a code another log-in asked for', { ...live, askedBy: 'x' }, NO_GUESSES, true, { is: 'expired' }],
  ['a code this log-in asked for', { ...live, askedBy: 'me' }, NO_GUESSES, true, { is: 'right' }],
  ['a spent code', { ...live, hash: null, ended: 'spent' }, NO_GUESSES, true, { is: 'spent' }],
] as const)('%s', (_, code, before, matches, outcome) => {
  expect(judge(code, before, 'me', () => matches, NOW).outcome).toEqual(outcome)
})

test('only a wrong code changes the count', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.nat(5),
      fc.nat(2 * CODE_VALID_MS),
      fc.boolean(),
      (failures, tries, agoMs, matches) => {
        const before = counter(failures, tries, agoMs)
        const { outcome, counter: after } = judge(live, before, null, () => matches, NOW)
        const failed = !matches && closedFor(before, NOW) === null
        expect(after.failures - before.failures).toBe(failed ? 1 : 0)
        expect(outcome.is === 'right').toBe(matches && closedFor(before, NOW) === null)
      },
    ),
  )
})

/** Days of an attacker who never has the right code: new codes, guesses and waiting, in any order. */
test('no code is guessed at more than five times, no account more than a hundred', () => {
  const act = fc.oneof(
    fc.constant({ kind: 'ask' as const }),
    fc.constant({ kind: 'guess' as const }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(CODE_VALID_MS) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 800, size: 'max' }), (acts) => {
      let nowMs = NOW
      let code: Code | null = null
      let count = NO_GUESSES
      let looks = 0
      const looksAt = new Map<Code, number>()
      for (const step of acts) {
        if (step.kind === 'wait') nowMs += step.ms
        else if (step.kind === 'ask') {
          if (closedFor(count, nowMs) === null) code = { ...live, expiresAtMs: nowMs + CODE_VALID_MS }
        } else {
          const target: Code | null = code
          count = judge(
            target,
            count,
            null,
            () => {
              looks++
              if (target) looksAt.set(target, (looksAt.get(target) ?? 0) + 1)
              return false
            },
            nowMs,
          ).counter
        }
      }
      expect(Math.max(0, ...looksAt.values())).toBeLessThanOrEqual(MAX_TRIES)
      expect(looks).toBeLessThanOrEqual(MAX_FAILURES)
      expect(count.failures).toBe(looks)
    }),
    { numRuns: 300 },
  )
})

test.each([
  [{ is: 'wrong', triesLeft: 2 }, 'code-wrong', { triesLeft: 2 }],
  [{ is: 'tries-used-up', retryAfterSeconds: 9 }, 'code-tries-used-up', { retryAfterSeconds: 9 }],
  [{ is: 'locked' }, 'account-locked', {}],
  [{ is: 'expired' }, 'code-expired', {}],
  [{ is: 'spent' }, 'code-spent', {}],
] as const)('%j is shown as %s', (fault, code, members) => {
  const refusal = codeRefusal(fault)
  expect(refusal.entry.code).toBe(code)
  expect(refusal.members).toEqual(members)
})

describe('making and keeping codes', () => {
  test('codes have six digits, all of them, evenly', () => {
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 20_000; i++) {
      const code = newCode()
      expect(code).toMatch(/^[0-9]{6}$/)
      const digit = Number.parseInt(code.charAt(0), 10)
      counts[digit] = (counts[digit] ?? 0) + 1
    }
    // Each first digit is expected 2,000 times; five standard deviations are 212.
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(212)
  })

  test('a hash is of one code, brand, purpose, address, row and key', () => {
    const key = randomBytes(32)
    const row = { brand: 'laika', purpose: 'payer', address: '8615400001234', id: 'a' } as const
    const hash = codeHash(key, '123456', row)
    expect(sameHash(hash, codeHash(key, '123456', row))).toBe(true)
    const others = [
      codeHash(key, '123457', row),
      codeHash(randomBytes(32), '123456', row),
      ...[
        { brand: 'harbour' },
        { purpose: 'log-in' as const },
        { address: '8615400001235' },
        { id: 'b' },
      ].map((part) => codeHash(key, '123456', { ...row, ...part })),
    ]
    for (const other of others) expect(sameHash(hash, other)).toBe(false)
    expect(hash.toString('latin1')).not.toContain('123456')
  })
})
