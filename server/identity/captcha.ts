import { randomInt } from 'node:crypto'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { CaptchaChallenge } from '../../contract/session.ts'
import { derivedKey } from './code.ts'

/** How much work a challenge is: the counter to find lies in [leastCounter, mostCounter), each step costs `cost` iterations. */
export interface CaptchaWork {
  readonly cost: number
  readonly leastCounter: number
  readonly mostCounter: number
}

/** About a thousand steps: measured at 0.3 ms a step in Chromium on a desktop, a second or so on a phone. */
export const CAPTCHA_WORK: CaptchaWork = { cost: 2_000, leastCounter: 500, mostCounter: 1_500 }
export const CAPTCHA_VALID_SECONDS = 300

/** One that was solved and may be spent once, by its nonce. */
export interface SolvedCaptcha {
  readonly is: 'solved'
  readonly nonce: Buffer
  readonly notAfterMs: number
}

export type CaptchaReading = SolvedCaptcha | { readonly is: 'wrong' } | { readonly is: 'expired' }

const Solved = Type.Object(
  {
    challenge: CaptchaChallenge,
    solution: Type.Object({
      counter: Type.Integer({ minimum: 0 }),
      derivedKey: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  },
  { additionalProperties: false },
)

/** A brand's challenges: the keys are the brand's own, so that a solution found for one is nothing at another. */
export interface Captcha {
  challenge(nowMs: number): Promise<CaptchaChallenge>
  /** Reads what a browser handed in. That it is handed in once only is the caller's to see to, by the nonce. */
  read(payload: string, nowMs: number): Promise<CaptchaReading>
}

/**
 * Proof of work as ALTCHA v2 defines it (altcha.org, "Proof-of-Work v2"), deterministic mode: we choose the counter, so
 * checking a solution is one HMAC. The time it ends is in the signed `data`, not in ALTCHA's own `expiresAt`, because
 * the library would compare that with the machine's clock.
 */
export function createCaptcha(masterKey: Buffer, brandKey: string, work: CaptchaWork): Captcha {
  const secrets = {
    hmacSignatureSecret: derivedKey(masterKey, `captcha/${brandKey}`).toString('hex'),
    hmacKeySignatureSecret: derivedKey(masterKey, `captcha-key/${brandKey}`).toString('hex'),
  }
  return {
    async challenge(nowMs) {
      const made = await createChallenge({
        ...secrets,
        algorithm: 'PBKDF2/SHA-256',
        cost: work.cost,
        counter: randomInt(work.leastCounter, work.mostCounter),
        data: { notAfter: Math.floor(nowMs / 1000) + CAPTCHA_VALID_SECONDS },
        deriveKey,
      })
      return Value.Parse(CaptchaChallenge, made)
    },
    async read(payload, nowMs) {
      const solved = parse(payload)
      if (!Value.Check(Solved, solved)) return { is: 'wrong' }
      const { challenge, solution } = solved
      const { verified } = await verifySolution({ ...secrets, challenge, solution, deriveKey })
      if (!verified) return { is: 'wrong' }
      const notAfterMs = challenge.parameters.data.notAfter * 1000
      if (nowMs > notAfterMs) return { is: 'expired' }
      return { is: 'solved', nonce: Buffer.from(challenge.parameters.nonce, 'hex'), notAfterMs }
    },
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
  } catch {
    return null
  }
}
