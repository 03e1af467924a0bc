/** What a session has proved, in rising order; `strong` is a passkey or a second factor. */
export const ASSURANCES = ['guest', 'sms', 'password', 'strong'] as const
export type Assurance = (typeof ASSURANCES)[number]

/** Who a request speaks for. */
export interface Principal {
  readonly kind: 'guest' | 'login' | 'api-key'
  /** The scope of idempotency keys: the guest session's id, the log-in's id, the API key's principal. */
  readonly id: string
  /** Null for API keys. */
  readonly assurance: Assurance | null
  /** Of an API key; empty otherwise. */
  readonly scopes: readonly string[]
  /** The dealer an API key sells for. */
  readonly dealer: string | null
  /** The phone this session proved by a code, while the proof lasts. */
  readonly payer: { readonly msisdn: string; readonly verifiedUntilMs: number } | null
  /** The session's id; null for API keys. */
  readonly session: string | null
}

export function reaches(assurance: Assurance | null, needed: Assurance): boolean {
  return assurance !== null && ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(needed)
}
