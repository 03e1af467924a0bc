import type { Register } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Tx } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { type Address, readPhone } from './address.ts'
import { codeRefusal } from './code.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { holderOf } from './log-in-by-code.ts'
import { type OpenedSession, type Opener, openLogInSession } from './open-session.ts'
import { checkNewPassword } from './password.ts'
import { checkCode, markSpent } from './spend-code.ts'
import { deleteSessionsOf, detachPhone, insertLogIn, logInByAddress } from './store.ts'

const WELCOME_WITHIN_MS = 24 * 3_600_000

/** Makes an account for who holds the number, with the terms they accepted, and logs them in. */
export async function register(
  identities: Identities,
  brand: Brand,
  request: Register,
  opener: Opener,
): Promise<OpenedSession> {
  const phone = readPhone(brand, request.number)
  if (request.termsVersion !== identities.termsVersion) {
    throw refuse(identityErrors['terms-outdated'], { inForce: identities.termsVersion })
  }
  const passwordHash =
    request.password === undefined
      ? null
      : await hashOnceProved(identities, brand, phone, request.code, request.password)
  const { db, clock } = identities
  const opened = await db.of(brand.key).tx(async (tx): Promise<OpenedSession | Refusal> => {
    const nowMs = clock.instant()
    const refusal = await refusalOfCode(tx, identities, phone, request.code)
    if (refusal) return refusal
    await markSpent(tx, { purpose: 'log-in', address: phone.text })
    await detachFormerHolder(tx, phone.text, nowMs)
    const logIn = {
      id: newId(nowMs),
      phone: phone.text,
      phoneEpoch: await identities.lineEpoch(tx, phone.text),
      email: null,
      passwordHash,
      locale: request.locale,
      disabled: false,
      displayName: null,
      createdAtMs: nowMs,
      emailSinceMs: null,
    }
    await insertLogIn(tx, logIn, request.termsVersion)
    if (logIn.phoneEpoch !== null) await identities.bindOwnLine(tx, logIn.id, phone.text)
    const actor = `log-in ${logIn.id}`
    await writeAudit(tx, { actor, act: 'account registered', subject: logIn.id }, nowMs)
    identities.messaging.enqueue(tx, [
      {
        id: newId(nowMs),
        channel: 'sms',
        to: phone.text,
        template: 'welcome',
        locale: request.locale,
        values: {},
        subject: logIn.id,
        sealed: null,
        notAfterMs: nowMs + WELCOME_WITHIN_MS,
      },
    ])
    const opening = { ...opener, assurance: 'sms', provedPhone: phone.text } as const
    return await openLogInSession(tx, identities, logIn, opening, nowMs)
  })
  if (opened instanceof Error) throw opened
  return opened
}

/** Hashing takes a slot that log-ins wait for, so it is done only for who has a right code, and outside transactions. */
async function hashOnceProved(
  identities: Identities,
  brand: Brand,
  phone: Address,
  code: string,
  password: string,
): Promise<string> {
  checkNewPassword(password, [...Object.values(brand.name), brand.key, phone.text])
  const refusal = await identities.db.of(brand.key).tx((tx) => refusalOfCode(tx, identities, phone, code))
  if (refusal) throw refusal
  return await identities.passwords.hash(password)
}

async function refusalOfCode(
  tx: Tx,
  identities: Identities,
  phone: Address,
  code: string,
): Promise<Refusal | null> {
  const typed = { purpose: 'log-in', address: phone.text, code, asker: null } as const
  const outcome = await checkCode(tx, identities, typed)
  if (outcome.is !== 'right') return codeRefusal(outcome)
  return (await holderOf(tx, identities, phone)) ? refuse(identityErrors['already-registered']) : null
}

/** A number that was given to somebody new: the account it opened before keeps whatever else opens it, and loses its sessions. */
export async function detachFormerHolder(tx: Tx, phone: string, nowMs: number): Promise<void> {
  const former = await logInByAddress(tx, phone)
  if (!former) return
  await detachPhone(tx, former.id, nowMs)
  await deleteSessionsOf(tx, former.id, null)
  await writeAudit(
    tx,
    { actor: 'system', act: 'phone detached', subject: former.id, reason: 'the number has a new holder' },
    nowMs,
  )
}
