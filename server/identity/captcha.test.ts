import { expect, test } from 'vitest'
import type { CaptchaChallenge } from '../../contract/session.ts'
import { solveCaptcha } from '../../test/support/visitor.ts'
import { CAPTCHA_VALID_SECONDS, CAPTCHA_WORK, createCaptcha } from './captcha.ts'

const NOW = Date.UTC(2026, 10, 22, 6)
const masterKey = Buffer.alloc(32, 7)
const work = { cost: 1, leastCounter: 5, mostCounter: 10 }
const captcha = createCaptcha(masterKey, 'laika', work)

type Payload = { challenge: CaptchaChallenge; solution: { counter: number; derivedKey: string } }
const decode = (payload: string): Payload => JSON.parse(Buffer.from(payload, 'base64').toString())
const encode = (payload: unknown) => Buffer.from(JSON.stringify(payload)).toString('base64')

test('a solved challenge is taken until five minutes later', async () => {
  const challenge = await captcha.challenge(NOW)
  const payload = await solveCaptcha(challenge)
  const endsMs = NOW + CAPTCHA_VALID_SECONDS * 1000
  expect(await captcha.read(payload, endsMs)).toEqual({
    is: 'solved',
    nonce: Buffer.from(challenge.parameters.nonce, 'hex'),
    notAfterMs: endsMs,
  })
  expect(await captcha.read(payload, endsMs + 1)).toEqual({ is: 'expired' })
})

test('anything altered, or of another brand or key, is wrong', async () => {
  const payload = await solveCaptcha(await captcha.challenge(NOW))
  const { challenge, solution } = decode(payload)
  const { parameters } = challenge
  const altered = [
    {
      challenge,
      solution: {
        ...solution,
        derivedKey: solution.derivedKey.replace(/^./, (d) => (d === '0' ? '1' : '0')),
      },
    },
    { challenge, solution: { ...solution, derivedKey: '' } },
    { challenge: { ...challenge, parameters: { ...parameters, data: { notAfter: 2e9 } } }, solution },
    {
      challenge: { ...challenge, parameters: { ...parameters, nonce: `00${parameters.nonce.slice(2)}` } },
      solution,
    },
    { challenge: { ...challenge, signature: '' }, solution },
    {
      challenge: {
        ...challenge,
        signature: challenge.signature.replace(/.$/, (d) => (d === '0' ? '1' : '0')),
      },
      solution,
    },
    { challenge },
    { challenge, solution, more: 1 },
    null,
    [],
    'text',
  ]
  for (const wrong of altered) expect(await captcha.read(encode(wrong), NOW)).toEqual({ is: 'wrong' })
  for (const wrong of ['', '%%%', 'bm90IGpzb24='])
    expect(await captcha.read(wrong, NOW)).toEqual({ is: 'wrong' })
  expect(await createCaptcha(masterKey, 'harbour', work).read(payload, NOW)).toEqual({ is: 'wrong' })
  expect(await createCaptcha(Buffer.alloc(32, 8), 'laika', work).read(payload, NOW)).toEqual({ is: 'wrong' })
  expect((await captcha.read(payload, NOW)).is).toBe('solved')
})

test('the work in earnest takes at least the least number of steps', async () => {
  const earnest = createCaptcha(masterKey, 'laika', CAPTCHA_WORK)
  const { solution, challenge } = decode(await solveCaptcha(await earnest.challenge(NOW)))
  expect(solution.counter).toBeGreaterThanOrEqual(CAPTCHA_WORK.leastCounter)
  expect(solution.counter).toBeLessThan(CAPTCHA_WORK.mostCounter)
  expect(challenge.parameters).toMatchObject({ algorithm: 'PBKDF2/SHA-256', cost: 2_000, keyLength: 32 })
  // Sixteen bytes: no other counter is a solution by chance.
  expect(challenge.parameters.keyPrefix).toHaveLength(32)
})
