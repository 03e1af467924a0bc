import type { Messaging } from '../messaging/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import type { Captcha, CaptchaWork } from './captcha.ts'
import type { LineEpoch } from './log-in.ts'
import type { Passwords } from './password.ts'
import type { CodeLimits } from './send-limits.ts'

export interface IdentityDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** 32 bytes. */
  readonly masterKey: Buffer
  readonly messaging: Pick<Messaging, 'enqueue' | 'sealCode'>
  readonly lineEpoch: LineEpoch
  /** Binds the line with this number to a new account, whose registration has just proved it. Supplied by the line room. */
  readonly bindOwnLine: (tx: Tx, logIn: string, msisdn: string) => Promise<void>
  /**
   * Makes what a guest ordered and paid for from this proved phone, in this browser, the account's. Supplied by the rooms
   * that guests have something in.
   */
  readonly claimGuest: (tx: Tx, claim: GuestClaim) => Promise<void>
  /** Whether the account has orders that are not settled yet: such an account cannot be closed. */
  readonly hasOpenOrders: (tx: Tx, logIn: string) => Promise<boolean>
  /** Lets go of what other rooms keep for an account that is being closed. Supplied by them. */
  readonly letGo: (tx: Tx, logIn: string) => Promise<void>
  /** The version of the terms in force, that a registration must accept. */
  readonly termsVersion: string
  /** Defaults: CODE_LIMITS and CAPTCHA_WORK. */
  readonly codeLimits?: CodeLimits
  readonly captchaWork?: CaptchaWork
}

export interface GuestClaim {
  /** The guest's session. */
  readonly guest: string
  readonly logIn: string
  /** E.164 digits, proved for the account. */
  readonly phone: string
}

/** What the room's verbs share. */
export interface Identities extends IdentityDeps {
  readonly codeLimits: CodeLimits
  readonly codeKey: Buffer
  readonly passwords: Passwords
  captchaOf(brandKey: string): Captcha
  /** Tells the operator, once, that nothing is sent for a while. */
  breakerTripped(brandKey: string, retryAfterSeconds: number): void
}
