import { hash, randomBytes } from 'node:crypto'
import type { Device } from './device.ts'
import type { Assurance, Principal } from './principal.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** How long a session lives without being used, and at all. */
export const SESSION_LIMITS = {
  guest: { idleMs: DAY_MS, absoluteMs: DAY_MS },
  login: { idleMs: 30 * DAY_MS, absoluteMs: 90 * DAY_MS },
} as const

/** A session's use is noted at most this often; reading a page must not cost a write each time. */
export const SEEN_EVERY_MS = 5 * MINUTE_MS

/** How long a phone proved by a code need not be proved again. */
export const PAYER_PROOF_MS = 10 * MINUTE_MS

/** How young an `sms` session must be to set the first password or e-mail address. */
export const FRESH_MS = 10 * MINUTE_MS

export interface Session {
  readonly id: string
  readonly logIn: string | null
  readonly assurance: Assurance
  readonly payer: { readonly msisdn: string; readonly verifiedUntilMs: number } | null
  readonly device: Device
  readonly openedAtMs: number
  readonly seenAtMs: number
  readonly endsAtMs: number
}

/** Realm and brand are in the name because cookies are not separated by port. */
export function cookieName(brandKey: string): string {
  return `__Host-portal-${brandKey}`
}

/** 256 random bits as base64url. Only their hash is ever stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Null for text that no token of ours looks like. */
export function tokenHash(token: string | undefined): Buffer | null {
  if (token === undefined || !/^[A-Za-z0-9_-]{43}$/.test(token)) return null
  return hash('sha256', token, 'buffer')
}

export function isOver(session: Session, nowMs: number): boolean {
  const { idleMs } = SESSION_LIMITS[session.logIn === null ? 'guest' : 'login']
  return nowMs >= session.endsAtMs || nowMs >= session.seenAtMs + idleMs
}

export function isFresh(session: Session, nowMs: number): boolean {
  return nowMs < session.openedAtMs + FRESH_MS
}

export function principalOf(session: Session, nowMs: number): Principal {
  const { id, logIn, assurance, payer } = session
  return {
    kind: logIn === null ? 'guest' : 'login',
    id: logIn ?? id,
    assurance,
    scopes: [],
    dealer: null,
    payer: payer && payer.verifiedUntilMs > nowMs ? payer : null,
    session: id,
  }
}
