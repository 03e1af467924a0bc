import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { describe, expect, it } from 'vitest'
import type { CaptchaChallenge } from '../../contract/session.ts'
import { solveCaptcha } from './captcha.ts'

const secrets = { hmacSignatureSecret: 'sign', hmacKeySignatureSecret: 'sign-key' }

/** A challenge as the server makes one: solved at a counter it chose. */
async function challengeAt(counter: number): Promise<CaptchaChallenge> {
  const options = { algorithm: 'PBKDF2/SHA-256', cost: 50, counter, data: { notAfter: 1_795_327_200 } }
  return (await createChallenge({ ...options, ...secrets, deriveKey })) as unknown as CaptchaChallenge
}

describe('the proof of work', () => {
  it.each([0, 1, 255, 256, 700])(
    'is found at counter %d and accepted by the library that made it',
    async (counter) => {
      const challenge = await challengeAt(counter)
      const payload = JSON.parse(atob(await solveCaptcha(challenge)))
      expect(payload.solution.counter).toBe(counter)
      const verdict = await verifySolution({ ...payload, ...secrets, deriveKey })
      expect(verdict.verified).toBe(true)
    },
  )

  it('stops when the page no longer wants it', async () => {
    await expect(solveCaptcha(await challengeAt(5), AbortSignal.abort())).rejects.toThrow()
  })
})
