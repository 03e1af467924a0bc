import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { Identities } from './deps.ts'
import { type Device, NO_DEVICE } from './device.ts'
import { type LogIn, phoneStillTheirs } from './log-in.ts'
import type { Assurance } from './principal.ts'
import { newToken, PAYER_PROOF_MS, SESSION_LIMITS, type Session, tokenHash } from './session.ts'
import { deleteSession, insertSession, renewSession } from './store.ts'

/** A session and its token, which is told to the browser once and kept nowhere. */
export interface OpenedSession {
  readonly session: Session
  readonly token: string
}

/** The browser that logs in: what it is, and whom it spoke for until now. */
export interface Opener {
  readonly device: Device
  /** The session the browser had: it ends, so that nobody who knew its token is logged in by it. */
  readonly replaces: string | null
  /** The guest whose session that was. */
  readonly guest: string | null
}

interface NewSession {
  readonly logIn: string | null
  readonly assurance: Assurance
  /** A phone that a code has just proved. */
  readonly provedPhone: string | null
  readonly device: Device
}

/** A session of an account. What the browser's guest paid for from the account's own phone is the account's from now on. */
export async function openLogInSession(
  tx: Tx,
  { claimGuest, lineEpoch }: Pick<Identities, 'claimGuest' | 'lineEpoch'>,
  logIn: LogIn,
  opening: Pick<NewSession, 'assurance' | 'provedPhone'> & Opener,
  nowMs: number,
): Promise<OpenedSession> {
  const { guest, replaces } = opening
  // A number that has passed on is no longer the account's, nor is what a guest paid for from it.
  if (guest !== null && logIn.phone !== null && (await phoneStillTheirs(tx, logIn, lineEpoch))) {
    await claimGuest(tx, { guest, logIn: logIn.id, phone: logIn.phone })
  }
  const opened = await insertNew(tx, { ...opening, logIn: logIn.id }, nowMs)
  if (replaces !== null) await deleteSession(tx, replaces)
  return opened
}

/** A session of a guest, who has just proved the payer's phone. */
export function openGuestSession(tx: Tx, provedPhone: string, nowMs: number): Promise<OpenedSession> {
  return insertNew(tx, { logIn: null, assurance: 'guest', provedPhone, device: NO_DEVICE }, nowMs)
}

async function insertNew(tx: Tx, opening: NewSession, nowMs: number): Promise<OpenedSession> {
  const { logIn, assurance, provedPhone, device } = opening
  const session: Session = {
    id: newId(nowMs),
    logIn,
    assurance,
    payer: provedPhone === null ? null : proof(provedPhone, nowMs),
    device,
    openedAtMs: nowMs,
    seenAtMs: nowMs,
    endsAtMs: nowMs + SESSION_LIMITS[logIn === null ? 'guest' : 'login'].absoluteMs,
  }
  const token = newToken()
  await insertSession(tx, session, tokenHash(token) as Buffer)
  return { session, token }
}

/** Notes a proved phone in a session, under a new token: what may pay must not be reachable by a token known before. */
export async function proveInSession(
  tx: Tx,
  id: string,
  provedPhone: string,
  nowMs: number,
): Promise<OpenedSession | null> {
  const token = newToken()
  const session = await renewSession(tx, id, tokenHash(token) as Buffer, proof(provedPhone, nowMs))
  return session && { session, token }
}

function proof(msisdn: string, nowMs: number) {
  return { msisdn, verifiedUntilMs: nowMs + PAYER_PROOF_MS }
}
