import type { Brand } from '../brand/index.ts'
import { insertAccounts, readLineAccount, readLotsOf, readTerms } from '../ledger/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { brokenConstraint, type Reader, type Tx } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { dayAt } from '../policy/index.ts'
import { type Assessed, askedPart, assessRefund, type NotRefundable } from './assess-refund.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { payerOf, type RefundRequest, takenSoFar } from './refund-request.ts'
import { insertRequest, readGrants, readRequests, requestByKey } from './refund-request-store.ts'
import { lockOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

type AskDeps = Pick<TopUpsDeps, 'db' | 'clock'>

/** What is asked for, and by whom. */
export interface Asked {
  readonly order: string
  /** Null: all there is. */
  readonly amountMinor: bigint | null
  readonly reason: string
  readonly mayEnd: boolean
  readonly by:
    | { readonly channel: 'payer'; readonly actor: string; readonly key: string; readonly hash: string }
    | { readonly channel: 'staff'; readonly actor: string }
}

/** What can go back of an order at this moment. */
export async function assessNow(
  { clock }: Pick<AskDeps, 'clock'>,
  db: Reader,
  brand: Brand,
  order: TopUp,
  requests: readonly RefundRequest[],
): Promise<Assessed | NotRefundable> {
  const sold = order.offerKind === 'package' ? [order.id] : []
  const [account, [term], grants, lots] = await Promise.all([
    readLineAccount(db, order.line, order.epoch),
    readTerms(db, sold),
    readGrants(db, sold),
    readLotsOf(db, sold.length > 0 ? [order.line] : []),
  ])
  assert(account, `line ${order.line} has an account at epoch ${order.epoch}`)
  const left = (kind: string) =>
    lots.find((lot) => lot.kind === kind && lot.epoch === order.epoch && lot.until === term?.until)?.amount
  return assessRefund(order, {
    money: { paid: account.paidMinor, bonus: account.bonusMinor, paidCost: account.paidCostMinor },
    taken: takenSoFar(requests),
    today: dayAt(clock.business(brand.key), brand.zone),
    term: term ?? null,
    allowances: grants.map((grant) => ({ ...grant, left: left(grant.kind) ?? 0n })),
  })
}

/**
 * Writes down that a refund is asked for; below the brand's limit it is approved by that, above a second person is asked. Settle
 * takes it up from there. The payer's same key answers the same request. Throws `refund-not-possible`, `refund-in-progress`,
 * `refund-nothing-left`, `refund-exceeds`, `refund-package-used`, `refund-package-whole`, `idempotency-key-reused`.
 */
export async function askRefund(
  deps: AskDeps,
  brand: Brand,
  asked: Asked,
): Promise<{ readonly request: RefundRequest; readonly replayed: boolean }> {
  const db = deps.db.of(brand.key)
  const known = await sameRequest(db, asked)
  if (known) return { request: known, replayed: true }
  try {
    const request = await db.tx((tx) => write(tx, deps, brand, asked))
    await failpoint('refund.asked')
    return { request, replayed: false }
  } catch (error) {
    const broken = brokenConstraint(error)
    if (broken === 'refund_request_open') throw refuse(topUpErrors['refund-in-progress'])
    const first = broken === 'refund_request_key' ? await sameRequest(db, asked) : null
    if (!first) throw error
    return { request: first, replayed: true }
  }
}

async function sameRequest(db: Reader, { by }: Asked): Promise<RefundRequest | null> {
  if (by.channel === 'staff') return null
  const known = await requestByKey(db, by.actor, by.key)
  if (known && known.hash !== by.hash) throw refuse(topUpErrors['idempotency-key-reused'])
  return known ?? null
}

/** Under the order's lock, so that it is not refunded meanwhile. */
async function write(tx: Tx, deps: AskDeps, brand: Brand, asked: Asked): Promise<RefundRequest> {
  const { by } = asked
  const [order] = await lockOrders(tx, [asked.order])
  assert(order, `order ${asked.order} is still there`)
  const requests = await readRequests(tx, [order.id])
  if (requests.some(({ state }) => state === 'waiting' || state === 'approved'))
    throw refuse(topUpErrors['refund-in-progress'])
  const assessed = await assessNow(deps, tx, brand, order, requests)
  if (!assessed.can) throw refuse(assessed.entry, assessed.members)
  const part = askedPart(order, assessed, asked.amountMinor, brand.currency)
  if (!part.can) throw refuse(part.entry, part.members)
  const nowMs = deps.clock.instant()
  const { amountMinor } = part
  const needsChecker = needsCheckerFor(brand, by.channel, amountMinor)
  const request: RefundRequest = {
    ...{ id: newId(nowMs), order: order.id, channel: by.channel, amountMinor },
    whole: amountMinor === assessed.amountMinor,
    ...{ mayEnd: asked.mayEnd, reason: asked.reason, requestedBy: by.actor, beneficiary: payerOf(order) },
    ...{ needsChecker, state: needsChecker ? 'waiting' : 'approved', requestedAtMs: nowMs },
    ...{ checkedBy: null, checkedAtMs: null, decidedAtMs: null, refusedCode: null },
    ...{ refundedMinor: 0n, faceTakenMinor: 0n, bonusTakenMinor: 0n, commissionTakenMinor: 0n },
    ...{ toLine: null, toEpoch: null, proof: null },
    ...(by.channel === 'payer' ? { key: by.key, hash: by.hash } : { key: null, hash: null }),
  }
  await insertRequest(tx, request)
  if (order.dealer !== null) await openReceivable(tx, order.dealer, brand, nowMs)
  const detail = { order: order.id, amountMinor: amountMinor.toString(), channel: by.channel, needsChecker }
  await writeAudit(
    tx,
    { actor: by.actor, act: 'refund asked for', subject: request.id, reason: asked.reason, detail },
    nowMs,
  )
  return request
}

/** Whether a second person must say yes to this much. */
export function needsCheckerFor(
  { refunds }: Brand,
  channel: RefundRequest['channel'],
  amountMinor: bigint,
): boolean {
  return amountMinor > (channel === 'payer' ? refunds.payerUpToMinor : refunds.staffUpToMinor)
}

/** Where what a dealer owes is kept: commission that its float no longer covers. */
async function openReceivable(tx: Tx, dealer: string, { currency }: Brand, atMs: number): Promise<void> {
  const account = { kind: 'dealer-receivable', subject: dealer } as const
  await insertAccounts(tx, [{ ...account, id: newId(atMs), currency }], atMs)
}
