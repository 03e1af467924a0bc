import type { CaptchaChallenge, CodePurpose, CodeSent, SendCode } from '../../contract/session.ts'
import type { Language } from '../language/language.ts'
import { solveCaptcha } from './captcha.ts'
import { request } from './request.ts'

/** A fresh proof of work, as every unauthenticated request that costs us something needs. */
export async function captchaPayload(): Promise<string> {
  return solveCaptcha(await request<CaptchaChallenge>('/v1/captcha'))
}

/** Has a six-digit code sent to a phone number or an e-mail address. */
export async function sendCode(purpose: CodePurpose, to: string, locale: Language): Promise<CodeSent> {
  const body: SendCode = { purpose, to, captcha: await captchaPayload(), locale }
  return request<CodeSent>('/v1/codes', { method: 'POST', body })
}
