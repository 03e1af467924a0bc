import type { Brand } from '../brand/index.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { forgetEndedLimits } from '../platform/rate-limit.ts'
import { createApiKey, endApiKey, type NewApiKey } from './api-key.ts'
import { createAuthHook } from './auth-hook.ts'
import { CAPTCHA_WORK, type Captcha, createCaptcha, type SolvedCaptcha } from './captcha.ts'
import { type CodeOutcome, derivedKey } from './code.ts'
import type { Identities, IdentityDeps } from './deps.ts'
import { endLogIn, type OperatorAct, unlockAddress } from './end-log-in.ts'
import { carryOutPhoneChanges } from './end-phone-change.ts'
import { createPasswords } from './password.ts'
import type { Principal } from './principal.ts'
import { provedAddresses } from './proved-addresses.ts'
import { createRoutes } from './routes.ts'
import { readCaptcha } from './send-code.ts'
import { CODE_LIMITS } from './send-limits.ts'
import { spendCode, type TypedCode } from './spend-code.ts'
import { deleteEnded, spendCaptcha } from './store.ts'

export { addLogIns } from './add-log-ins.ts'
export { readAddress } from './address.ts'
export { createApiKey, endApiKey, type NewApiKey } from './api-key.ts'
export { activeApiKeys, listApiKeys } from './api-key-store.ts'
export { identityChecks } from './checks.ts'
export { type CodeOutcome, codeRefusal } from './code.ts'
export type { GuestClaim, IdentityDeps } from './deps.ts'
export { identityErrors } from './errors.ts'
export { type Principal, reaches } from './principal.ts'
export { hostOf } from './send-limits.ts'

type Plugin = ReturnType<typeof createRoutes>

export interface Identity {
  /** Fastify plugin: sets `request.principal`, enforces every route's `access`. Register after `requestBrand`, before routes. */
  readonly authHook: Plugin
  readonly routes: Plugin
  /**
   * Judges a code and spends a right one. Commit whatever the outcome: return it from the transaction and throw
   * `codeRefusal(outcome)` afterwards, or wrong guesses are free. A caller that rolls back after `right` leaves it usable.
   */
  spendCode(tx: Tx, typed: TypedCode): Promise<CodeOutcome>
  /** Reads a solved captcha, yet to be spent. Throws `captcha-wrong`, `captcha-expired`. */
  readCaptcha(brand: Brand, payload: string): Promise<SolvedCaptcha>
  /** False when it was handed in before. */
  spendCaptcha(tx: Tx, captcha: SolvedCaptcha): Promise<boolean>
  /** The phone and mailbox that a code has proved for this caller: E.164 digits, lower-case addresses. */
  provedAddresses(db: Reader, caller: Principal | null): Promise<readonly string[]>
  /** Answers the key's id and its text, which is told only this once. */
  createApiKey(tx: Tx, request: NewApiKey): Promise<{ readonly id: string; readonly text: string }>
  /** Has effect on the next request. */
  endApiKey(tx: Tx, ending: { readonly id: string } & OperatorAct): Promise<void>
  /** Closes an account and ends its sessions at once. */
  endLogIn(tx: Tx, logIn: string, act: OperatorAct): Promise<void>
  /** `address`: E.164 digits or a lower-case e-mail address. */
  unlockAddress(tx: Tx, address: string, act: OperatorAct): Promise<void>
  /** Carries out the changes of phones that nobody stopped in time; answers how many. Run every minute or so. */
  carryOutPhoneChanges(brand: Brand): Promise<number>
  /** Forgets what has ended; run every hour or so. */
  tidy(brand: string): Promise<void>
}

export function createIdentity(deps: IdentityDeps): Identity {
  const captchas = new Map<string, Captcha>()
  const trippedUntilMs = new Map<string, number>()
  const identities: Identities = {
    codeLimits: CODE_LIMITS,
    captchaWork: CAPTCHA_WORK,
    ...deps,
    codeKey: derivedKey(deps.masterKey, 'one-time-code'),
    passwords: createPasswords(),
    captchaOf(brandKey) {
      const known = captchas.get(brandKey)
      if (known) return known
      const captcha = createCaptcha(deps.masterKey, brandKey, deps.captchaWork ?? CAPTCHA_WORK)
      captchas.set(brandKey, captcha)
      return captcha
    },
    breakerTripped(brand, retryAfterSeconds) {
      const nowMs = deps.clock.instant()
      if (nowMs < (trippedUntilMs.get(brand) ?? 0)) return
      trippedUntilMs.set(brand, nowMs + retryAfterSeconds * 1000)
      deps.log.error(
        { brand, retryAfterSeconds },
        'the budget of codes is used up: none are sent until it renews',
      )
    },
  }
  return {
    authHook: createAuthHook(identities),
    routes: createRoutes(identities),
    spendCode: (tx, typed) => spendCode(tx, identities, typed),
    readCaptcha: (brand, payload) => readCaptcha(identities, brand, payload),
    spendCaptcha: (tx, { nonce, notAfterMs }) => spendCaptcha(tx, nonce, notAfterMs),
    provedAddresses: (reader, caller) => provedAddresses(reader, identities, caller),
    createApiKey: (tx, request) => createApiKey(tx, identities, request),
    endApiKey: (tx, ending) => endApiKey(tx, identities, ending),
    endLogIn: (tx, logIn, act) => endLogIn(tx, identities, logIn, act),
    unlockAddress: (tx, address, act) => unlockAddress(tx, identities, address, act),
    carryOutPhoneChanges: (brand) => carryOutPhoneChanges(identities, brand),
    tidy: (brand) =>
      deps.db.of(brand).tx(async (tx) => {
        const nowMs = deps.clock.instant()
        await deleteEnded(tx, nowMs)
        await forgetEndedLimits(tx, nowMs)
      }),
  }
}
