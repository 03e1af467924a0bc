import { expect, test } from 'vitest'
import type { Refusal } from '../platform/error.ts'
import { checkNewPassword, createPasswords } from './password.ts'

const KNOWN = ['莱卡保号卡（演示）', 'Laika Keep (demo)', 'laika', '8615400001234', 'wang.li@example.com']

function problemOf(password: string): string | null {
  try {
    checkNewPassword(password, KNOWN)
    return null
  } catch (error) {
    return (error as Refusal).entry.code
  }
}

test.each([
  ['short of fifteen', 'kX9#vTq2&mLp5w', 'password-too-short'],
  ['fourteen signs of two code units each', '🐎'.repeat(14), 'password-too-short'],
  ['one letter', 'aaaaaaaaaaaaaaaaaaaa', 'password-common'],
  ['a word twice', 'passwordpassword', 'password-common'],
  ['look-alike digits', 'P@55w0rdP@55w0rd!', 'password-common'],
  ['counting', '123456789012345', 'password-common'],
  ['counting down', '9876543210987654', 'password-common'],
  ['the alphabet', 'abcdefghijklmnop', 'password-common'],
  ['a keyboard row', 'qwertyuiopasdfgh', 'password-common'],
  ['a keyboard zigzag', '1qaz2wsx3edc4rfv', 'password-common'],
  ['a short thing again and again', 'xK9$xK9$xK9$xK9$', 'password-common'],
  ['the famous passphrase', 'correct horse battery staple', 'password-common'],
  ['the brand and a count', 'LaikaKeep12345678', 'password-common'],
  ['one’s own number', '15400001234 laika', 'password-common'],
  ['love in pinyin and numbers', 'woaini5201314woaini', 'password-common'],
  ['a phrase of one’s own', 'seven giraffes knit quietly', null],
  ['random', 'kX9#vTq2&mLp5wZ', null],
  ['Chinese', '窗前明月光疑是地上霜举头望明月', null],
  ['a hundred characters', 'kX9#vTq2&m'.repeat(3) + 'r8Yd!0cN'.repeat(9), null],
])('%s: %s', (_, password, problem) => {
  expect(problemOf(password)).toBe(problem)
})

test('a password opens its own hash only, however the keyboard composed it', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('cafe\u0301 au lait twice')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwords.verify(stored, 'caf\u00e9 au lait twice')).toBe(true)
  expect(await passwords.verify(stored, 'cafe au lait twice')).toBe(false)
  expect(await passwords.verify(null, 'caf\u00e9 au lait twice')).toBe(false)
  expect(await passwords.hash('cafe\u0301 au lait twice')).not.toBe(stored)
})

test('an unknown name costs as much time as a known one', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('seven giraffes knit quietly')
  // Of the processor, whose others may be busy: what a caller can measure follows from it.
  const spentUs = async (on: string | null) => {
    const before = process.cpuUsage()
    await passwords.verify(on, 'six giraffes knit quietly')
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const least = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
  for (let i = 0; i < 11; i++) {
    least.known = Math.min(least.known, await spentUs(stored))
    least.unknown = Math.min(least.unknown, await spentUs(null))
  }
  const ratio = least.unknown / least.known
  expect(ratio).toBeGreaterThan(0.7)
  expect(ratio).toBeLessThan(1.4)
})

test('a flood of passwords is turned away before it starves the process', async () => {
  const passwords = createPasswords()
  const all = await Promise.allSettled(Array.from({ length: 70 }, () => passwords.verify(null, 'x')))
  const refused = all.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(70 - 2 - 64)
  for (const one of refused) expect((one as PromiseRejectedResult).reason.entry.code).toBe('log-in-busy')
  expect(await passwords.verify(null, 'x')).toBe(false)
})
