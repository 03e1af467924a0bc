import { idToWire } from '../../contract/id.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { notifyUrlOf } from './notify-url.ts'
import type { PaymentProvider, RefundCall, RefundOutcome } from './port.ts'
import type { QueryDeps } from './query.ts'
import { isAsked, ladderMs } from './query-schedule.ts'
import { type DueRefund, markRefundUnknown, takeRefunds } from './refund-store.ts'

const BATCH = 20
/** Longer than the two calls a sending may make and the settling of their answer. */
const LEASE_MS = 60_000
/** Alipay asks for ten seconds between a refund and the query about it, so the ladder begins at its second rung. */
const FIRST_RUNG = 1

/** A sender also says where providers reach the brand. */
export interface SendDeps extends QueryDeps {
  readonly originOf: (brand: string) => string
}

/** Sends refunds that are due, and asks about those not answered; results go to the inbox. Answers how many it took. */
export async function sendRefunds(deps: SendDeps, brand: string): Promise<number> {
  const nowMs = deps.clock.instant()
  const due = await deps.db.of(brand).tx((tx) => takeRefunds(tx, BATCH, nowMs, nowMs + LEASE_MS))
  await failpoint('payment.refund-taken')
  await Promise.all(
    due.map((refund) =>
      sendOne(deps, brand, refund).catch((error: unknown) =>
        deps.log.error({ err: error, brand, refund: refund.id }, 'a refund was not sent'),
      ),
    ),
  )
  return due.length
}

async function sendOne(deps: SendDeps, brand: string, refund: DueRefund): Promise<void> {
  const provider = await deps.merchants.provider(brand, refund.provider, refund.merchant)
  assert(provider, 'a refund has a merchant')
  const outcome = await call(provider, refund, notifyUrlOf(deps.originOf(brand), brand, refund))
  await failpoint('payment.refund-answered')
  if (outcome.kind === 'unknown') return await askLater(deps, brand, refund, outcome.reason)
  if (outcome.kind === 'pending') return await askLater(deps, brand, refund, null)
  await deps.recorder.record(brand, {
    provider: refund.provider,
    merchant: refund.merchant,
    kind: 'refund',
    // A refusal may follow a refusal, when a person has tried again; done is done once.
    providerId: `${idToWire(refund.id)}/${outcome.kind === 'done' ? 'done' : `no/${refund.tries}`}`,
    attempt: refund.attempt,
    refund: refund.id,
    said: outcome.kind === 'done' ? 'refunded' : 'refund-refused',
    transaction: refund.transaction,
    amountMinor: refund.amountMinor,
    currency: refund.currency,
    happenedAtMs: outcome.kind === 'done' ? outcome.atMs : null,
    note: outcome.kind === 'no' ? outcome.reason : null,
    raw: outcome.raw,
    fields: outcome.fields,
  })
  await failpoint('payment.refund-recorded')
}

/** The number never changes. After a first sending the provider is asked first, and sent to again only if it never heard. */
async function call(provider: PaymentProvider, refund: DueRefund, notifyUrl: string): Promise<RefundOutcome> {
  const request: RefundCall = {
    number: idToWire(refund.id),
    paid: { number: idToWire(refund.attempt), reference: refund.reference },
    transaction: refund.transaction,
    amountMinor: refund.amountMinor,
    paidMinor: refund.paidMinor,
    sentAtMs: refund.sentAtMs,
    currency: refund.currency,
    reason: refund.reason,
    notifyUrl,
  }
  if (refund.tries > 0) {
    const asked = await provider.queryRefund(request)
    await failpoint('payment.refund-asked')
    if (asked.kind !== 'not-found') return asked
  }
  return await provider.refund(request)
}

/** `reason`: why we do not know; null: the provider took it and is at it. */
async function askLater(
  { db, clock, log, random }: QueryDeps,
  brand: string,
  refund: DueRefund,
  reason: string | null,
): Promise<void> {
  // People make it, from the list of refunds to transfer, and a statement tells when.
  if (!isAsked(refund.provider)) return await db.of(brand).tx((tx) => markRefundUnknown(tx, refund.id, null))
  const pauseMs = ladderMs[refund.tries + FIRST_RUNG]
  const atMs = pauseMs === undefined ? null : clock.instant() + Math.round(pauseMs * (0.9 + 0.2 * random()))
  const says = { brand, refund: refund.id, reason }
  if (atMs === null) log.error(says, 'a refund is left for a person')
  else if (reason !== null) log.warn(says, 'a refund was not answered')
  await db.of(brand).tx((tx) => markRefundUnknown(tx, refund.id, atMs))
}
