import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { Assurance } from './principal.ts'
import { newToken, PAYER_PROOF_MS, SESSION_LIMITS, type Session, tokenHash } from './session.ts'
import { deleteSession, insertSession, renewSession } from './store.ts'

/** A session and its token, which is told to the browser once and kept nowhere. */
export interface OpenedSession {
  readonly session: Session
  readonly token: string
}

interface NewSession {
  readonly logIn: string | null
  readonly assurance: Assurance
  /** A phone that a code has just proved. */
  readonly provedPhone: string | null
  /** The session the browser had: it ends, so that nobody who knew its token is logged in by it. */
  readonly replaces: string | null
}

export async function openSession(tx: Tx, opening: NewSession, nowMs: number): Promise<OpenedSession> {
  const { logIn, assurance, provedPhone } = opening
  const session: Session = {
    id: newId(nowMs),
    logIn,
    assurance,
    payer: provedPhone === null ? null : proof(provedPhone, nowMs),
    openedAtMs: nowMs,
    seenAtMs: nowMs,
    endsAtMs: nowMs + SESSION_LIMITS[logIn === null ? 'guest' : 'login'].absoluteMs,
  }
  const token = newToken()
  await insertSession(tx, session, tokenHash(token) as Buffer)
  if (opening.replaces !== null) await deleteSession(tx, opening.replaces)
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
