import type { OpenCase } from '../../contract/support.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { hostOf, type Identity, identityErrors, type Principal, readAddress } from '../identity/index.ts'
import type { Messaging } from '../messaging/index.ts'
import type { Clock } from '../platform/clock.ts'
import { brokenConstraint, type Db, type Reader, type Tx } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { takePoints } from '../platform/rate-limit.ts'
import { requestHash, topUpErrors } from '../topup/index.ts'
import { type Case, type CaseOrder, newCaseNumber } from './case.ts'
import { supportErrors } from './errors.ts'
import { caseByKey, insertCase } from './store.ts'

export interface SupportDeps {
  readonly db: Db
  readonly clock: Clock
  readonly messaging: Pick<Messaging, 'enqueue'>
  readonly identity: Pick<Identity, 'readCaptcha' | 'spendCaptcha' | 'provedAddresses'>
  /** An order of the caller's own; throws `order-not-found`. */
  readonly orderOf: (db: Reader, brand: Brand, caller: Principal | null, wireId: string) => Promise<CaseOrder>
}

/** A request, and where it came from. */
export interface CaseRequest {
  readonly caller: Principal | null
  readonly ip: string
  readonly key: string
  readonly body: OpenCase
}

const HOUR_SECONDS = 3600
const CONFIRM_WITHIN_MS = 24 * HOUR_SECONDS * 1000

/**
 * Opens a case; the same key with the same request answers the case it opened. Whoever has no account solves a captcha. A
 * confirmation goes only to an address that a code has proved: else the form would write to anybody.
 */
export async function openCase(deps: SupportDeps, brand: Brand, request: CaseRequest): Promise<Case> {
  const { caller, key, body } = request
  const db = deps.db.of(brand.key)
  // A captcha is another at every try; it is no part of what is asked.
  const { captcha, ...asked } = body
  const hash = Buffer.from(requestHash('POST', '/v1/cases', asked), 'hex')
  const known = await caseByKey(db, key)
  if (known) return same(known, hash)
  const order = body.order === undefined ? null : await deps.orderOf(db, brand, caller, body.order)
  const { replyTo } = body
  const to = readAddress(brand, replyTo.by === 'sms' ? replyTo.number : replyTo.email)
  if (to.channel !== replyTo.by) {
    throw refuse(identityErrors[replyTo.by === 'sms' ? 'number-invalid' : 'email-invalid'])
  }
  const proved = await deps.identity.provedAddresses(db, caller)
  const solved = caller?.kind === 'login' ? null : await solvedCaptcha(deps, brand, captcha)
  const nowMs = deps.clock.instant()
  const one: Case = {
    ...{ id: newId(nowMs), number: newCaseNumber(brand.receiptPrefix, brand.zone, nowMs) },
    ...{ caller: caller?.id ?? null, key, hash, order },
    ...{ topic: body.topic, body: body.body, locale: body.locale },
    ...{ replyBy: to.channel, replyTo: to.text, replyProved: proved.includes(to.text) },
    ...{ openedAtMs: nowMs, answer: null, answeredAtMs: null },
  }
  try {
    const refusal = await db.tx(async (tx) => {
      if (solved && !(await deps.identity.spendCaptcha(tx, solved))) {
        return refuse(identityErrors['captcha-spent'])
      }
      const tooMany = await opensTooMany(tx, request, nowMs)
      if (tooMany) return tooMany
      await insertCase(tx, one)
      confirm(tx, deps, one)
      return null
    })
    if (refusal) throw refusal
  } catch (error) {
    const first = brokenConstraint(error) === 'support_case_key' ? await caseByKey(db, key) : null
    if (!first) throw error
    return same(first, hash)
  }
  return one
}

function same(known: Case, hash: Buffer): Case {
  if (!known.hash.equals(hash)) throw refuse(topUpErrors['idempotency-key-reused'])
  return known
}

async function solvedCaptcha({ identity }: SupportDeps, brand: Brand, captcha: string | undefined) {
  if (captcha === undefined) throw refuse(supportErrors['captcha-needed'])
  return await identity.readCaptcha(brand, captcha)
}

/** Each case is a person's work: few by one person, not many from one network, and an end to a flood. */
async function opensTooMany(tx: Tx, { caller, ip }: CaseRequest, nowMs: number): Promise<Refusal | null> {
  const of = (whose: string, points: number, windowSeconds: number) => ({
    key: `case/${tx.brand}/${whose}`,
    ...{ points, windowSeconds },
  })
  const limits = [
    ...(caller ? [of(`caller/${caller.id}`, 5, 24 * HOUR_SECONDS)] : []),
    of(`host/${hostOf(ip)}`, 20, HOUR_SECONDS),
    of('all', 1_000, HOUR_SECONDS),
  ]
  const reached = await takePoints(tx, limits, nowMs)
  if (!reached) return null
  return refuse(supportErrors['cases-too-many'], { retryAfterSeconds: reached.retryAfterSeconds })
}

function confirm(tx: Tx, { messaging }: SupportDeps, one: Case): void {
  if (!one.replyProved || one.replyTo === null) return
  messaging.enqueue(tx, [
    {
      ...{ id: newId(one.openedAtMs), channel: one.replyBy, to: one.replyTo, template: 'case-opened' },
      ...{ locale: one.locale, values: { number: one.number }, subject: one.id, sealed: null },
      notAfterMs: one.openedAtMs + CONFIRM_WITHIN_MS,
    },
  ])
}

/** Where an answer goes, as its asker may see it. */
export function maskedReply(brand: Brand, { replyBy, replyTo }: Case): string | null {
  if (replyTo === null) return null
  return replyBy === 'sms'
    ? maskNumber(brand, replyTo)
    : `${replyTo.slice(0, 1)}****${replyTo.slice(replyTo.indexOf('@'))}`
}
