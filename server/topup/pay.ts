import { idFromWire, idToWire } from '../../contract/id.ts'
import type { PaymentStarted, StartPayment } from '../../contract/top-up.ts'
import { type Brand, maskNumber, WHOLE_BRAND } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { flaggedUntil, readNumbers } from '../line/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert, never, refuse } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { quoteErrors } from '../quote/index.ts'
import { offeringAnother, type QuoteDeps, quoteToPay } from './ask-quote.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { requestHash } from './idempotency.ts'
import { prolong } from './prolong-store.ts'
import { ownOrder } from './shown-order.ts'
import { lockOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

type PayDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'payments' | 'originOf' | 'switches'> & QuoteDeps

export interface PayOutcome {
  readonly started: PaymentStarted
  readonly replayed: boolean
}

const ASK_AGAIN_SECONDS = 2
const REST_SECONDS = 30

/**
 * Begins a payment of an order: writes the attempt, then calls the provider, outside any transaction. The same key gives the
 * same way on while the order awaits payment; afterwards there is nothing to pay.
 */
export async function pay(
  deps: PayDeps,
  brand: Brand,
  caller: Principal,
  order: TopUp,
  key: string,
  body: StartPayment,
  ip: string,
): Promise<PayOutcome> {
  await deps.switches.demandOn(brand.key, 'brand', WHOLE_BRAND)
  await deps.switches.demandOn(brand.key, 'rail', body.provider)
  const { authorisation } = body
  const asker = { session: caller.session ?? '', order: order.id }
  // A code that was slipped in by a link is another payer's.
  if (body.scene === 'jsapi' && !deps.payments.authorisations.isOwn(asker, authorisation?.state ?? ''))
    throw refuse(topUpErrors['payment-payer-unknown'])
  const opening = openAttempt(deps, brand, caller, order, key, body)
  const { attempt, replayed } = await offeringAnother(deps, brand, order, opening)
  await failpoint('pay.opened')
  const db = deps.db.of(brand.key)
  const msisdn = (await readNumbers(db, [order.line])).get(order.line)
  assert(msisdn && order.terms, `order ${order.id} has its line and terms`)
  const outcome = await deps.payments.start(brand.key, attempt, {
    subject: `${brand.name[body.locale]} ${order.terms.name[body.locale]} ${maskNumber(brand, msisdn)}`,
    returnUrl: `${deps.originOf(brand.key)}${returnPath(body.provider, idToWire(order.id))}`,
    locale: body.locale,
    payer: { ip, ...(authorisation && { authorisation: authorisation.code }) },
  })
  switch (outcome.kind) {
    case 'started':
      return { started: outcome.started, replayed }
    case 'in-progress':
      throw refuse(topUpErrors['payment-in-progress'], { retryAfterSeconds: ASK_AGAIN_SECONDS })
    case 'no':
      throw refuse(topUpErrors['payment-declined'])
    case 'taken':
    case 'unknown':
      throw refuse(topUpErrors['payment-unknown'], { retryAfterSeconds: ASK_AGAIN_SECONDS })
    case 'over':
      throw refuse(topUpErrors['order-not-payable'])
    default:
      return never(outcome)
  }
}

/** UnionPay brings the payer back by a form. */
function returnPath(provider: StartPayment['provider'], order: string): string {
  return provider === 'unionpay' ? `/v1/top-ups/${order}/front-return` : `/orders/${order}?returned=1`
}

/** Writes the attempt under the order's lock, so that it cannot expire or be credited meanwhile. */
async function openAttempt(
  { db, clock, payments }: PayDeps,
  brand: Brand,
  caller: Principal,
  { id }: TopUp,
  key: string,
  body: StartPayment,
): Promise<{ readonly attempt: string; readonly replayed: boolean }> {
  const nowMs = clock.instant()
  const { provider, scene } = body
  const hash = requestHash('POST', `/v1/top-ups/${idToWire(id)}/payments`, body)
  const outcome = await db.of(brand.key).tx(async (tx) => {
    const [order] = await lockOrders(tx, [id])
    assert(order, `order ${id} is still there`)
    if (order.state !== 'awaiting-payment' || order.payByMs === null || order.payByMs <= nowMs)
      throw refuse(topUpErrors['order-not-payable'])
    await demandUnflagged(tx, order, caller, provider, nowMs)
    await failpoint('pay.locked')
    const quote = body.quote === undefined ? null : await quoteToPay(tx, order, idFromWire(body.quote))
    // A transfer takes days and a quote stands for minutes.
    if (quote && provider === 'bank') throw refuse(topUpErrors['payment-not-offered'])
    const opened = await payments.open(tx, {
      ...{ id: newId(nowMs), order: id, provider, scene, caller: caller.id, key, hash, nowMs },
      amountMinor: quote?.amountMinor ?? order.priceMinor,
      currency: quote?.payCurrency ?? brand.currency,
      quote: quote?.id ?? null,
      // An order that waits for a transfer waits for days; a wallet is still given its own time.
      expiresAtMs: Math.min(
        order.payByMs,
        nowMs + brand.order.payWithinSeconds * 1000,
        quote?.untilMs ?? order.payByMs,
      ),
    })
    // One that was begun while its quote stood is told again what it was told then.
    if (opened.kind === 'opened' && quote && quote.untilMs <= nowMs)
      throw refuse(quoteErrors['quote-expired'], { currency: quote.payCurrency })
    if (opened.kind === 'opened' && opened.expiresAtMs > order.payByMs)
      await prolong(tx, order.id, opened.expiresAtMs)
    return opened
  })
  switch (outcome.kind) {
    case 'opened':
      return { attempt: outcome.attempt, replayed: false }
    case 'replay':
      return { attempt: outcome.attempt, replayed: true }
    case 'key-reused':
      throw refuse(topUpErrors['idempotency-key-reused'])
    case 'not-offered':
      throw refuse(topUpErrors['payment-not-offered'])
    case 'not-answering':
      throw refuse(topUpErrors['payment-way-down'], { retryAfterSeconds: REST_SECONDS })
    default:
      return never(outcome)
  }
}

/** A card payment that was taken back keeps cards from the number and from whoever paid it, for as long as the brand says. */
async function demandUnflagged(
  tx: Tx,
  { line, epoch }: TopUp,
  { id: payer }: Principal,
  provider: StartPayment['provider'],
  nowMs: number,
): Promise<void> {
  if (provider !== 'card') return
  const untilMs = await flaggedUntil(tx, 'card-refused', { line, epoch, payer }, nowMs)
  if (untilMs !== null) throw refuse(topUpErrors['payment-way-refused'], { until: isoInstant(untilMs) })
}

/** The payer is back from the provider, who is now asked at short intervals. */
export async function payerReturned(
  { db, payments }: Pick<TopUpsDeps, 'db' | 'payments'>,
  brand: Brand,
  caller: Principal,
  id: string | null,
): Promise<void> {
  const order = await ownOrder(db.of(brand.key), caller, id)
  const { attempts } = await payments.read(db.of(brand.key), [order.id])
  const open = attempts.filter(isOpen).map((attempt) => attempt.id)
  if (open.length > 0) await payments.watch(brand.key, open, 'returned')
}

export function isOpen({ state }: { readonly state: string }): boolean {
  return state === 'created' || state === 'pending' || state === 'unknown'
}
