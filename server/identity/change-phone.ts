import type { ChangePhone } from '../../contract/session.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { brokenConstraint, type Tx } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { takePoints } from '../platform/rate-limit.ts'
import { endPhoneChange, insertPhoneChange, storePhone } from './account-store.ts'
import { readPhone } from './address.ts'
import { enqueueChangeNotice, localMinute } from './change-notice.ts'
import { codeRefusal } from './code.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { type LogIn, phoneStillTheirs } from './log-in.ts'
import { EMAIL_SETTLED_MS, PHONE_CHANGE_WAIT_MS, type PhoneChange } from './phone-change.ts'
import type { Principal } from './principal.ts'
import { detachFormerHolder } from './register.ts'
import { accountOf, demandCurrent } from './set-password.ts'
import { checkCode, markSpent, type TypedCode } from './spend-code.ts'
import { deleteSessionsOf, lockLogIn, logInByAddress } from './store.ts'

const ASKED_AT_MOST = { points: 3, windowSeconds: 7 * 24 * 3600 }

interface Wish {
  readonly to: string
  /** The code to the account's phone, or to its mailbox where the phone is lost. */
  readonly proof: TypedCode
  /** The code to the new phone. */
  readonly news: TypedCode
  readonly logIn: LogIn
  readonly session: string
}

/**
 * Changes the phone of an account, for a session by password. Proved by the old phone: at once, answers null. Proved by
 * the mailbox and the password: answers the change that waits. Throws before anything is spent, but counts wrong guesses.
 */
export async function changePhone(
  identities: Identities,
  brand: Brand,
  request: ChangePhone,
  principal: Principal,
): Promise<PhoneChange | null> {
  const { proof } = request
  const db = identities.db.of(brand.key)
  const to = readPhone(brand, request.number).text
  const { session, logIn } = await accountOf(db, principal)
  if (to === logIn.phone) throw refuse(identityErrors['phone-same'])
  const isAtHand = proof.by === 'phone'
  const asked = isAtHand
    ? await ownPhone(identities, brand, logIn)
    : settledMailbox(logIn, identities.clock.instant())
  if (!isAtHand) await demandCurrent(identities, brand, logIn, proof.password)
  const asker = logIn.id
  const wish: Wish = {
    ...{ to, logIn, session: session.id },
    proof: { purpose: 'change-phone', address: asked, code: proof.code, asker },
    news: { purpose: 'new-phone', address: to, code: request.code, asker },
  }
  const make = async (tx: Tx): Promise<PhoneChange | null | Refusal> => {
    const refusal =
      (await refusalOf(tx, identities, wish)) ?? (isAtHand ? null : await askedTooOften(tx, identities, wish))
    if (refusal) return refusal
    await markSpent(tx, wish.proof)
    await markSpent(tx, wish.news)
    return isAtHand
      ? await changeNow(tx, identities, brand, wish)
      : await beginWait(tx, identities, brand, wish)
  }
  const made = await db.tx(make).catch((error: unknown) => {
    // Somebody registered with the number at this very moment.
    if (brokenConstraint(error) === 'log_in_phone_key') return refuse(identityErrors['phone-taken'])
    throw error
  })
  if (made instanceof Error) throw made
  return made
}

/** The account's phone, when a code to it still speaks for the account. */
async function ownPhone(
  { db, lineEpoch }: Pick<Identities, 'db' | 'lineEpoch'>,
  brand: Brand,
  logIn: LogIn,
): Promise<string> {
  if (logIn.phone === null) throw refuse(identityErrors['phone-missing'])
  if (!(await phoneStillTheirs(db.of(brand.key), logIn, lineEpoch))) {
    throw refuse(identityErrors['epoch-changed'])
  }
  return logIn.phone
}

/** Whoever has come by the password could set a mailbox of their own first; such a one proves nothing yet. */
function settledMailbox({ email, emailSinceMs, createdAtMs }: LogIn, nowMs: number): string {
  if (email === null) throw refuse(identityErrors['email-missing'])
  const settledAtMs = (emailSinceMs ?? createdAtMs) + EMAIL_SETTLED_MS
  if (nowMs < settledAtMs) {
    throw refuse(identityErrors['email-too-new'], { daysLeft: Math.ceil((settledAtMs - nowMs) / 86_400_000) })
  }
  return email
}

/** Both codes are right, the account is as it was when it was asked, and the new number is nobody else's. */
async function refusalOf(tx: Tx, identities: Identities, wish: Wish): Promise<Refusal | null> {
  const { to, logIn, proof, news } = wish
  const ofOld = await checkCode(tx, identities, proof)
  if (ofOld.is !== 'right') return pointed(codeRefusal(ofOld), '/proof/code')
  const ofNew = await checkCode(tx, identities, news)
  if (ofNew.is !== 'right') return pointed(codeRefusal(ofNew), '/code')
  const now = await lockLogIn(tx, logIn.id)
  if (!now || now.disabled || !isSameAs(logIn, now)) return refuse(identityErrors['code-spent'])
  const holder = await logInByAddress(tx, to)
  if (holder && (await phoneStillTheirs(tx, holder, identities.lineEpoch))) {
    return refuse(identityErrors['phone-taken'])
  }
  return null
}

/** What was checked before the account was locked still opens it. */
function isSameAs(before: LogIn, now: LogIn): boolean {
  return (['phone', 'email', 'passwordHash'] as const).every((what) => before[what] === now[what])
}

/** Each asking is a text to the old phone and the mailbox, and a day of waiting for whoever must stop it. */
async function askedTooOften(tx: Tx, { clock }: Identities, { logIn }: Wish): Promise<Refusal | null> {
  const limit = { key: `phone-change/${tx.brand}/${logIn.id}`, ...ASKED_AT_MOST }
  const reached = await takePoints(tx, [limit], clock.instant())
  if (!reached) return null
  return refuse(identityErrors['phone-change-too-many'], { retryAfterSeconds: reached.retryAfterSeconds })
}

/** Says which of the two codes it is about. */
function pointed({ entry, members }: Refusal, pointer: string): Refusal {
  return refuse(entry, { ...members, pointer })
}

async function changeNow(tx: Tx, identities: Identities, brand: Brand, wish: Wish): Promise<null> {
  const { to, logIn, session } = wish
  const epoch = await identities.lineEpoch(tx, to)
  await endPhoneChange(tx, logIn.id, 'replaced', identities.clock.instant())
  await takePhone(tx, identities, brand, { before: logIn, phone: to, epoch, keep: session })
  return null
}

async function beginWait(
  tx: Tx,
  identities: Identities,
  brand: Brand,
  { to, logIn }: Wish,
): Promise<PhoneChange> {
  const { clock, lineEpoch } = identities
  const nowMs = clock.instant()
  await endPhoneChange(tx, logIn.id, 'replaced', nowMs)
  const change: PhoneChange = {
    id: newId(nowMs),
    logIn: logIn.id,
    phone: to,
    epoch: await lineEpoch(tx, to),
    askedAtMs: nowMs,
    dueAtMs: nowMs + PHONE_CHANGE_WAIT_MS,
  }
  await insertPhoneChange(tx, change)
  const actor = `log-in ${logIn.id}`
  const detail = { to: maskNumber(brand, to) }
  await writeAudit(tx, { actor, act: 'phone change asked', subject: logIn.id, detail }, nowMs)
  const values = { number: maskNumber(brand, to), due: localMinute(change.dueAtMs, brand.zone) }
  const phonePassedOn = !(await phoneStillTheirs(tx, logIn, lineEpoch))
  const notice = { template: 'phone-change-asked', before: logIn, values, phonePassedOn } as const
  enqueueChangeNotice(tx, identities, brand, notice, nowMs)
  return change
}

interface Taking {
  readonly before: LogIn
  readonly phone: string
  readonly epoch: number | null
  /** The session that may stay. */
  readonly keep: string | null
}

/** Gives a locked account its new phone: other sessions end, and whoever could be reached before is told. */
export async function takePhone(
  tx: Tx,
  identities: Identities,
  brand: Brand,
  { before, phone, epoch, keep }: Taking,
): Promise<void> {
  const nowMs = identities.clock.instant()
  await detachFormerHolder(tx, phone, nowMs)
  await storePhone(tx, before.id, { phone, epoch })
  if (epoch !== null) await identities.bindOwnLine(tx, before.id, phone)
  await deleteSessionsOf(tx, before.id, keep)
  const detail = { to: maskNumber(brand, phone) }
  const actor = `log-in ${before.id}`
  await writeAudit(tx, { actor, act: 'phone changed', subject: before.id, detail }, nowMs)
  const values = { number: maskNumber(brand, phone) }
  const phonePassedOn = !(await phoneStillTheirs(tx, before, identities.lineEpoch))
  const notice = { template: 'phone-changed', before, values, phonePassedOn } as const
  enqueueChangeNotice(tx, identities, brand, notice, nowMs)
}
