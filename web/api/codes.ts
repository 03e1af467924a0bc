import type { CaptchaChallenge, CodePurpose, CodeSent, SendCode } from '../../contract/session.ts'
import { serverNow } from '../device/server-clock.ts'
import type { Language } from '../language/language.ts'
import { solveCaptcha } from './captcha.ts'
import { request } from './request.ts'

interface Solved {
  readonly payload: string
  /** Milliseconds since 1970. */
  readonly notAfter: number
}

async function solve(signal?: AbortSignal): Promise<Solved> {
  const challenge = await request<CaptchaChallenge>('/v1/captcha', signal ? { signal } : {})
  const notAfter = challenge.parameters.data.notAfter * 1000
  return { payload: await solveCaptcha(challenge, signal), notAfter }
}

/** A fresh proof of work, as every unauthenticated request that costs us something needs. */
export async function captchaPayload(): Promise<string> {
  return (await solve()).payload
}

/** A proof of work that is done while the person still types, so that nobody waits for it. */
export interface CaptchaAhead {
  /** Begins, unless one is under way or at hand. */
  prepare(): void
  /** The one prepared if it is still good, else a fresh one; each is good for one request. */
  take(): Promise<string>
  stop(): void
}

/** What is handed in must outlast the way to the server. */
const marginMs = 20_000

export function captchaAhead(): CaptchaAhead {
  let stopping = new AbortController()
  let next: Promise<Solved | null> | null = null
  return {
    prepare() {
      // Nobody waits for it yet, so a failure is nobody's problem until `take` fails itself.
      next ??= solve(stopping.signal).catch(() => null)
    },
    async take() {
      const ready = await next
      next = null
      return ready && ready.notAfter - serverNow() > marginMs ? ready.payload : captchaPayload()
    },
    stop() {
      stopping.abort()
      stopping = new AbortController()
      next = null
    },
  }
}

interface CodeOrder {
  readonly purpose: CodePurpose
  /** A phone number or an e-mail address. */
  readonly to: string
  readonly locale: Language
}

/** Has a six-digit code sent. */
export async function sendCode(order: CodeOrder, captcha: CaptchaAhead): Promise<CodeSent> {
  const body: SendCode = { ...order, captcha: await captcha.take() }
  return request<CodeSent>('/v1/codes', { method: 'POST', body })
}
