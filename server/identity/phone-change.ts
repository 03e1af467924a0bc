/**
 * A change of an account's phone that waits, because the old phone could not be asked. It ends `done` when its time has come,
 * `stopped` by anybody who is signed in to the account, `replaced` by a later wish, or `lapsed` when by its time the
 * new number was another account's or had passed to somebody else.
 */
export interface PhoneChange {
  readonly id: string
  readonly logIn: string
  /** The new one: E.164 digits. */
  readonly phone: string
  /** Ownership epoch of its line when a code proved it; null: no line of the brand. */
  readonly epoch: number | null
  readonly askedAtMs: number
  readonly dueAtMs: number
}

const HOUR_MS = 3_600_000

/** How long the holders of the old phone and of the mailbox have to stop a change. */
export const PHONE_CHANGE_WAIT_MS = 24 * HOUR_MS

/** How long an e-mail address must have been the account's before it helps to take the phone away. */
export const EMAIL_SETTLED_MS = 7 * 24 * HOUR_MS
