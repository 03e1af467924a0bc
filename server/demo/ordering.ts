import { hash, randomUUID } from 'node:crypto'
import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { Principal } from '../identity/index.ts'
import type { Evidence, RefundRow } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { dayAt } from '../policy/index.ts'
import { place, type TopUp } from '../topup/index.ts'
import { type Bought, offerFor } from './habits.ts'
import type { Fate } from './life.ts'
import type { Past } from './past.ts'

export interface PlannedOrder {
  readonly msisdn: string
  readonly bought: Bought
  readonly fate: Fate
  /** Null: a guest. */
  readonly logIn: string | null
  /** The phone that whoever pays has proved. */
  readonly payer: string
}

/** People who order on the pages and pay by Alipay. */
export interface Ordering {
  /** These orders, one after the other from an instant on, each to its end. */
  order(orders: readonly PlannedOrder[], atMs: number): Promise<void>
  /** How many were placed. */
  placed(): number
}

const BETWEEN_ORDERS_MS = 700
const TO_WALLET_MS = 4_000
const IN_WALLET_MS = 15_000
const BETWEEN_PAYMENTS_MS = 900
const NOTIFIED_AFTER_MS = 1_200
const REFUNDED_AFTER_MS = 90_000
/** An order that nobody pays is found some seconds after its time. */
const SWEPT_AFTER_MS = 20_000
const FEWER_MINOR = 1_00n
const PROOF_HOLDS_MS = 600_000

interface Begun {
  readonly order: TopUp
  readonly fate: Fate
  readonly attempt: string
}

export function createOrdering(past: Past): Ordering {
  const { brand, clock, topUps } = past
  return {
    async order(orders, atMs) {
      if (orders.length === 0) return
      const placed = await placeAll(past, orders, atMs)
      const begun = await beginAll(past, placed)
      if (begun.length > 0) await pay(past, begun)
      await decideHeld(past, begun)
      await takeBack(past, begun)
      if (begun.length === orders.length) return
      clock.goTo(clock.instant() + brand.order.payWithinSeconds * 1000 + SWEPT_AFTER_MS)
      await topUps.expireDue(brand.key)
    },
    placed: () => past.orders.size,
  }
}

interface Placed {
  readonly order: TopUp
  readonly fate: Fate
  readonly caller: Principal
  readonly key: string
}

/** All at once, as their statements then travel together; each at an instant of its own, in turn. */
async function placeAll(past: Past, orders: readonly PlannedOrder[], atMs: number): Promise<Placed[]> {
  const placed = await Promise.all(
    orders.map(async (planned, i): Promise<Placed> => {
      const nowMs = atMs + i * BETWEEN_ORDERS_MS
      const caller = principalOf(planned, nowMs)
      // Not made of the instant: ids are made in order, and the first order's is yet to be made.
      const key = `year-${randomUUID()}`
      return { order: await placeOne(past, caller, key, planned, nowMs), fate: planned.fate, caller, key }
    }),
  )
  for (const { order } of placed) past.orders.add(order.id)
  past.clock.goTo(atMs + orders.length * BETWEEN_ORDERS_MS)
  return placed
}

/** Those that are not left begin to be paid. */
async function beginAll({ tx, brand, clock, payments }: Past, placed: readonly Placed[]): Promise<Begun[]> {
  const fromMs = clock.instant() + TO_WALLET_MS
  const going = placed.filter(({ fate }) => fate !== 'left')
  const begun = await Promise.all(
    going.map(async ({ order, fate, caller, key }, i): Promise<Begun> => {
      const nowMs = fromMs + i * BETWEEN_ORDERS_MS
      const opened = await payments.open(tx, {
        ...{ id: newId(nowMs), order: order.id, provider: 'alipay', scene: 'wap' },
        ...{ caller: caller.id, key, hash: hash('sha256', key), nowMs },
        amountMinor: order.priceMinor,
        currency: brand.currency,
        expiresAtMs: order.payByMs as number,
      })
      assert(opened.kind === 'opened', 'a payment of the past is opened')
      return { order, fate, attempt: opened.attempt }
    }),
  )
  clock.goTo(fromMs + going.length * BETWEEN_ORDERS_MS)
  return begun
}

async function placeOne(
  { db, brand, clock: past, catalog, lines, policyOf }: Past,
  caller: Principal,
  key: string,
  { msisdn, bought, fate }: PlannedOrder,
  nowMs: number,
): Promise<TopUp> {
  const aheadMs = past.business(brand.key) - past.instant()
  const clock = { ...past, instant: () => nowMs, business: () => nowMs + aheadMs }
  const table = await catalog.priceTable(brand.key, dayAt(clock.business(), brand.zone))
  const { offer, amountMinor, priceMinor } = offerFor(table, bought)
  const amount = amountMinor === null ? {} : { amount: wire(amountMinor, brand.currency) }
  // Nothing is switched off in the past.
  const switches = { demandOn: async () => {} }
  const outcome = await place({ db, clock, catalog, lines, policyOf, switches }, brand, caller, key, {
    items: [{ number: `+${msisdn}`, offerId: idToWire(offer), ...amount }],
    expected: wire(priceMinor, brand.currency),
    locale: brand.locale,
    ...(fate === 'over-limit' ? { confirmDuplicate: true } : {}),
  })
  const refusal = outcome.outcome === 'refused' ? outcome.refusal.entry.code : ''
  assert(outcome.outcome === 'placed', `an order of the past is placed, not refused: ${refusal}`)
  return outcome.order
}

/** Each pays what the order costs, or what they should not have. */
async function pay(past: Past, begun: readonly Begun[]): Promise<void> {
  const { tx, brand, clock, payments } = past
  const fromMs = clock.instant() + IN_WALLET_MS
  const { attempts } = await payments.read(
    tx,
    begun.map(({ order }) => order.id),
  )
  const merchantOf = new Map(attempts.map(({ id, merchant }) => [id, merchant]))
  const said = begun.flatMap(({ order, fate, attempt }, i): Evidence[] => {
    const happenedAtMs = fromMs + i * BETWEEN_PAYMENTS_MS
    const merchant = merchantOf.get(attempt) as string
    const amountMinor = fate === 'short' ? order.priceMinor - FEWER_MINOR : order.priceMinor
    const one = { attempt, merchant, amountMinor, currency: brand.currency, happenedAtMs }
    return fate === 'twice' ? [paidEvidence(one, 1), paidEvidence(one, 2)] : [paidEvidence(one, 1)]
  })
  clock.goTo(fromMs + begun.length * BETWEEN_PAYMENTS_MS + NOTIFIED_AFTER_MS)
  await settle(past, said)
}

/** What the day's limit did not let through waits for its time, in vain. */
async function decideHeld({ brand, clock, topUps }: Past, begun: readonly Begun[]): Promise<void> {
  if (begun.every(({ fate }) => fate !== 'over-limit')) return
  clock.goTo(clock.instant() + brand.order.holdSeconds * 1000 + SWEPT_AFTER_MS)
  await topUps.decideHeld(brand.key)
}

/** What could not stay goes back, and the provider says so. */
async function takeBack(past: Past, begun: readonly Begun[]): Promise<void> {
  const { tx, clock, payments } = past
  const wrong = begun.filter(({ fate }) => fate !== 'paid')
  if (wrong.length === 0) return
  clock.goTo(clock.instant() + REFUNDED_AFTER_MS)
  const { refunds, attempts } = await payments.read(
    tx,
    wrong.map(({ order }) => order.id),
  )
  const merchantOf = new Map(attempts.map(({ id, merchant }) => [id, merchant]))
  await settle(
    past,
    refunds.map((refund) =>
      refundedEvidence(refund, merchantOf.get(refund.attempt) as string, clock.instant()),
    ),
  )
}

/** Through the inbox and the settler, as any evidence. */
async function settle({ brand, payments, topUps, endsAtMs }: Past, said: readonly Evidence[]): Promise<void> {
  await Promise.all(said.map((evidence) => payments.record(brand.key, evidence)))
  const taken = await topUps.sweep(brand.key)
  assert(taken === said.length, 'all that was said is settled')
  await topUps.handOverMessages(brand.key, endsAtMs)
}

function principalOf({ logIn, payer }: PlannedOrder, nowMs: number): Principal {
  const id = logIn ?? randomUUID()
  return {
    ...{ kind: logIn ? 'login' : 'guest', id, assurance: logIn ? 'password' : 'guest' },
    ...{ scopes: [], dealer: null, session: id },
    payer: { msisdn: payer, verifiedUntilMs: nowMs + PROOF_HOLDS_MS },
  }
}

interface Paid {
  readonly attempt: string
  readonly merchant: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly happenedAtMs: number
}

/** What Alipay would have notified; nobody signed it, as it was verified before it came into the inbox. */
function paidEvidence(paid: Paid, scan: 1 | 2): Evidence {
  const { attempt, merchant, amountMinor, currency, happenedAtMs } = paid
  const number = idToWire(attempt)
  const transaction = `2088${happenedAtMs}${number.slice(-12)}${scan}`
  const fields = {
    out_trade_no: number,
    trade_no: transaction,
    trade_status: 'TRADE_SUCCESS',
    app_id: merchant,
  }
  return {
    ...{ provider: 'alipay', merchant, kind: 'notify', attempt, refund: null, said: 'paid' },
    ...{ transaction, amountMinor, currency, happenedAtMs, note: null, fields },
    providerId: hash('md5', transaction),
    raw: Buffer.from(new URLSearchParams(fields).toString()),
  }
}

function refundedEvidence(refund: RefundRow, merchant: string, happenedAtMs: number): Evidence {
  const { attempt, transaction, amountMinor, currency } = refund
  const number = idToWire(refund.id)
  const fields = { out_request_no: number, fund_change: 'Y' }
  return {
    ...{ provider: 'alipay', merchant, kind: 'refund', attempt, refund: refund.id, said: 'refunded' },
    ...{ transaction, amountMinor, currency, happenedAtMs, note: null, fields },
    providerId: `${number}/done`,
    raw: Buffer.from(JSON.stringify(fields)),
  }
}
