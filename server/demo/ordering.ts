import { hash } from 'node:crypto'
import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { Principal } from '../identity/index.ts'
import type { Evidence } from '../payment/index.ts'
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

const BETWEEN_ORDERS_MS = 6_000
const TO_WALLET_MS = 4_000
const IN_WALLET_MS = 15_000
const BETWEEN_PAYMENTS_MS = 900
const NOTIFIED_AFTER_MS = 1_200
const REFUNDED_AFTER_MS = 90_000
const FEWER_MINOR = 1_00n
const PROOF_HOLDS_MS = 600_000

interface Begun {
  readonly order: TopUp
  readonly fate: Fate
  readonly attempt: string
}

export function createOrdering(past: Past): Ordering {
  const { tx, brand, clock, catalog, payments, topUps, db, lines } = past
  let placed = 0

  async function begin({ msisdn, bought, fate, logIn, payer }: PlannedOrder): Promise<Begun | null> {
    const nowMs = clock.instant()
    const table = await catalog.priceTable(brand.key, dayAt(clock.business(brand.key), brand.zone))
    const { offer, amountMinor, priceMinor } = offerFor(table, bought)
    const caller = principal(logIn ?? newId(nowMs), logIn !== null, payer, nowMs)
    const amount = amountMinor === null ? {} : { amount: wire(amountMinor, brand.currency) }
    const key = `year-${idToWire(newId(nowMs))}`
    const outcome = await place({ db, clock, catalog, lines, policyOf: past.policyOf }, brand, caller, key, {
      items: [{ number: `+${msisdn}`, offerId: idToWire(offer), ...amount }],
      expected: wire(priceMinor, brand.currency),
      locale: brand.locale,
    })
    assert(
      outcome.outcome === 'placed',
      `an order of the past is placed: ${outcome.outcome === 'refused' ? outcome.refusal.entry.code : ''}`,
    )
    placed++
    past.orders.add(outcome.order.id)
    if (fate === 'left') return null
    clock.goTo(nowMs + TO_WALLET_MS)
    const { order } = outcome
    const opened = await payments.open(tx, {
      ...{
        id: newId(clock.instant()),
        order: order.id,
        provider: 'alipay',
        scene: 'wap',
        caller: caller.id,
        key,
      },
      amountMinor: priceMinor,
      currency: brand.currency,
      hash: hash('sha256', key),
      expiresAtMs: order.payByMs as number,
      nowMs: clock.instant(),
    })
    assert(opened.kind === 'opened', 'a payment of the past is opened')
    return { order, fate, attempt: opened.attempt }
  }

  /** Each pays what the order costs, or what they should not have. */
  async function pay(begun: readonly Begun[]): Promise<void> {
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
    await settle(said)
  }

  async function settle(evidence: readonly Evidence[]): Promise<void> {
    await Promise.all(evidence.map((one) => payments.record(brand.key, one)))
    const taken = await topUps.sweep(brand.key)
    assert(taken === evidence.length, 'all that was said is settled')
    await topUps.handOverMessages(brand.key, past.endsAtMs)
  }

  /** What could not stay goes back, and the provider says so. */
  async function takeBack(begun: readonly Begun[]): Promise<void> {
    const wrong = begun.filter(({ fate }) => fate !== 'paid')
    if (wrong.length === 0) return
    clock.goTo(clock.instant() + REFUNDED_AFTER_MS)
    const { refunds, attempts } = await payments.read(
      tx,
      wrong.map(({ order }) => order.id),
    )
    await settle(
      refunds.map((refund): Evidence => {
        const merchant = attempts.find(({ id }) => id === refund.attempt)?.merchant as string
        const fields = { out_request_no: idToWire(refund.id), fund_change: 'Y' }
        return {
          ...{ provider: 'alipay', merchant, kind: 'refund', attempt: refund.attempt, refund: refund.id },
          ...{ said: 'refunded', transaction: refund.transaction, note: null, fields },
          ...{ amountMinor: refund.amountMinor, currency: refund.currency, happenedAtMs: clock.instant() },
          providerId: `${idToWire(refund.id)}/done`,
          raw: Buffer.from(JSON.stringify(fields)),
        }
      }),
    )
  }

  return {
    async order(orders, atMs) {
      if (orders.length === 0) return
      const begun: Begun[] = []
      for (const [i, order] of orders.entries()) {
        clock.goTo(atMs + i * BETWEEN_ORDERS_MS)
        const one = await begin(order)
        if (one) begun.push(one)
      }
      if (begun.length > 0) {
        await pay(begun)
        await takeBack(begun)
      }
      if (begun.length < orders.length) {
        clock.goTo(clock.instant() + (brand.order.payWithinSeconds + 20) * 1000)
        await topUps.expireDue(brand.key)
      }
    },
    placed: () => placed,
  }
}

function principal(id: string, isLogIn: boolean, msisdn: string, nowMs: number): Principal {
  return {
    ...{ kind: isLogIn ? 'login' : 'guest', id, assurance: isLogIn ? 'password' : 'guest' },
    ...{ scopes: [], dealer: null, session: id },
    payer: { msisdn, verifiedUntilMs: nowMs + PROOF_HOLDS_MS },
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
