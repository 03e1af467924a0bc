import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { type Decline, readCard, testCards } from './card-number.ts'
import type { Events } from './events.ts'
import type { CardMerchants } from './merchants.ts'
import { newDisputeId, newId, newSessionId } from './numbers.ts'
import {
  type Charge,
  type Dispute,
  type Refund,
  refundedMinor,
  type Session,
  type SessionOrder,
} from './payment.ts'
import { Refusal } from './refusal.ts'
import type { CardState, Entry } from './state.ts'

/** What a try with a card comes to. `challenge`: the payer's bank wants a word first (3-D Secure). */
export type Tried =
  | { kind: 'paid'; sent: Promise<void> }
  | { kind: 'challenge' }
  | { kind: 'declined'; decline: Decline }
  /** Paid or expired before. */
  | { kind: 'over' }

/** How a session's life goes on. Every act is in the book before its promise resolves; what cannot be done is a Refusal. */
export interface Checkout {
  create(order: SessionOrder): Promise<Session>
  /** The session as it stands, its deadline judged. */
  look(session: Session): Promise<Session>
  expire(session: Session): Promise<void>
  /** The payer's card, as typed; the number goes no further. */
  pay(session: Session, number: string): Promise<Tried>
  answerChallenge(session: Session, passed: boolean): Promise<Tried>
  /** Paid with a card that works, and told, before the merchant has its answer. */
  payUnseen(session: Session): Promise<void>
  refund(charge: Charge, ask: RefundAsk): Promise<Refund>
  settleRefund(refund: Refund, status: 'succeeded' | 'failed'): Promise<void>
  /** Of all that was paid, or of so much. */
  dispute(charge: Charge, reason: string, amountMinor?: bigint): Promise<Dispute>
  closeDispute(dispute: Dispute, status: 'won' | 'lost'): Promise<void>
  /** After a restart: sets the deadlines of all that waits. */
  resume(): void
}

export interface RefundAsk {
  /** Undefined: all that is left. */
  amountMinor: bigint | undefined
  reason: string | null
  metadata: Record<string, string>
}

export interface CheckoutDeps {
  clock: Clock
  merchants: CardMerchants
  events: Events
  book: Book<Entry>
  state: CardState
  retryScale(): number
  nowFor(account: string): number
}

/** How long, at the scale of the retry clock, a dispute or a refund's later turn lets itself be awaited. */
const laterMs = 10_000

export function createCheckout(deps: CheckoutDeps): Checkout {
  return {
    create: (order) => create(deps, order),
    look: async (session) => {
      await expireIfDue(deps, session)
      return session
    },
    expire: (session) => expire(deps, session),
    pay: (session, number) => pay(deps, session, number),
    answerChallenge: (session, passed) => answerChallenge(deps, session, passed),
    payUnseen: async (session) => {
      const tried = await pay(deps, session, testCards[0]?.number ?? '')
      if (tried.kind === 'paid') await tried.sent
    },
    refund: (charge, ask) => refund(deps, charge, ask),
    settleRefund: (made, status) => settleRefund(deps, made, status),
    dispute: (charge, reason, amountMinor) => dispute(deps, charge, reason, amountMinor),
    closeDispute: (opened, status) => closeDispute(deps, opened, status),
    resume: () => {
      for (const session of deps.state.sessions.values()) if (session.status === 'open') watch(deps, session)
      for (const charge of deps.state.charges.values()) disputeLater(deps, charge)
      for (const made of deps.state.refunds.values()) settleLater(deps, made)
    },
  }
}

async function create(deps: CheckoutDeps, order: SessionOrder): Promise<Session> {
  const id = newSessionId()
  await deps.book.record({ kind: 'session-created', at: deps.nowFor(order.account), id, order })
  const session = present(deps.state.sessions.get(id))
  watch(deps, session)
  if (deps.merchants.knobs(order.account).forge) await deps.events.forge(session)
  return session
}

function watch(deps: CheckoutDeps, session: Session): void {
  const left = () => session.order.expiresAt - deps.nowFor(session.order.account)
  deps.clock.after(left(), () => {
    // A timer may ring a millisecond before the clock shows its hour, and the clock itself can be skewed by a knob.
    if (left() > 0) watch(deps, session)
    else complain(expireIfDue(deps, session))
  })
}

async function expireIfDue(deps: CheckoutDeps, session: Session): Promise<void> {
  const { account, expiresAt } = session.order
  if (session.status === 'open' && expiresAt <= deps.nowFor(account)) await shut(deps, session, 'time-out')
}

async function expire(deps: CheckoutDeps, session: Session): Promise<void> {
  await expireIfDue(deps, session)
  if (session.status !== 'open') {
    throw new Refusal({
      message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    })
  }
  await shut(deps, session, 'merchant')
}

async function shut(deps: CheckoutDeps, session: Session, by: 'merchant' | 'time-out'): Promise<void> {
  const at = deps.nowFor(session.order.account)
  const recorded = deps.book.record({ kind: 'session-expired', at, id: session.id, by })
  await Promise.all([recorded, deps.events.announce('checkout.session.expired', session)])
}

function payable({ merchants }: CheckoutDeps, { status, order }: Session): boolean {
  return status === 'open' || (status === 'expired' && merchants.knobs(order.account).paidAfterClose)
}

async function pay(deps: CheckoutDeps, session: Session, number: string): Promise<Tried> {
  await expireIfDue(deps, session)
  if (!payable(deps, session)) return { kind: 'over' }
  const read = readCard(number)
  if ('decline' in read) return await declined(deps, session, read.decline)
  const { card, issuer } = read
  if (issuer.challenge) {
    const at = deps.nowFor(session.order.account)
    const intent = session.intent?.id ?? newId('pi')
    await deps.book.record({ kind: 'challenge-begun', at, id: session.id, intent, card, issuer })
    return { kind: 'challenge' }
  }
  if (issuer.decline) return await declined(deps, session, issuer.decline)
  return await settle(deps, session, { card, after: issuer.after })
}

async function answerChallenge(deps: CheckoutDeps, session: Session, passed: boolean): Promise<Tried> {
  await expireIfDue(deps, session)
  if (!session.challenge || !payable(deps, session)) return { kind: 'over' }
  const { card, issuer } = session.challenge
  if (!passed) {
    const message =
      'We are unable to authenticate your payment method. Please choose another one and try again.'
    return await declined(deps, session, { code: 'payment_intent_authentication_failure', message })
  }
  if (issuer.decline) return await declined(deps, session, issuer.decline)
  return await settle(deps, session, { card, after: issuer.after })
}

async function declined(deps: CheckoutDeps, session: Session, decline: Decline): Promise<Tried> {
  const at = deps.nowFor(session.order.account)
  const intent = session.intent?.id ?? newId('pi')
  await deps.book.record({ kind: 'try-declined', at, id: session.id, intent, decline })
  return { kind: 'declined', decline }
}

type Means = Pick<Charge, 'card' | 'after'>

async function settle(deps: CheckoutDeps, session: Session, means: Means): Promise<Tried> {
  const told = [await take(deps, session, means)]
  if (deps.merchants.knobs(session.order.account).paidTwice) {
    const second = newSessionId()
    const at = deps.nowFor(session.order.account)
    await deps.book.record({ kind: 'session-created', at, id: second, order: session.order })
    told.push(await take(deps, present(deps.state.sessions.get(second)), means))
  }
  return { kind: 'paid', sent: Promise.all(told.map(({ sent }) => sent)).then(() => undefined) }
}

async function take(deps: CheckoutDeps, session: Session, means: Means): Promise<{ sent: Promise<void> }> {
  const { account, amountMinor } = session.order
  const { paidAmount } = deps.merchants.knobs(account)
  const charge = newId('ch')
  const recorded = deps.book.record({
    kind: 'session-paid',
    at: deps.nowFor(account),
    id: session.id,
    intent: session.intent?.id ?? newId('pi'),
    charge,
    transaction: newId('txn'),
    amountMinor: paidAmount === '' ? amountMinor : paidAmount,
    card: means.card,
    after: means.after,
  })
  const [told] = await Promise.all([deps.events.announce('checkout.session.completed', session), recorded])
  disputeLater(deps, present(deps.state.charges.get(charge)))
  return told
}

async function refund(deps: CheckoutDeps, charge: Charge, ask: RefundAsk): Promise<Refund> {
  const { session } = charge.intent
  const left = charge.amountMinor - refundedMinor(charge)
  const amountMinor = ask.amountMinor ?? left
  refuseRefund(charge, amountMinor, left)
  const id = newId('re')
  const recorded = deps.book.record({
    kind: 'refund-made',
    at: deps.nowFor(session.order.account),
    id,
    charge: charge.id,
    transaction: newId('txn'),
    amountMinor: `${amountMinor}`,
    reason: ask.reason,
    metadata: ask.metadata,
    ...prospect(charge, deps.merchants.knobs(session.order.account).refund),
  })
  const made = present(deps.state.refunds.get(id))
  await Promise.all([recorded, deps.events.announce('charge.refunded', session, made)])
  settleLater(deps, made)
  return made
}

function refuseRefund(charge: Charge, amountMinor: bigint, left: bigint): void {
  if (left === 0n) {
    const message = `Charge ${charge.id} has already been refunded.`
    throw new Refusal({ message, code: 'charge_already_refunded' })
  }
  if (charge.dispute && charge.dispute.status !== 'won') {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`
    throw new Refusal({ message, code: 'charge_disputed' })
  }
  if (amountMinor === 0n) throw new Refusal({ message: 'Invalid positive integer', param: 'amount' })
  if (amountMinor <= left) return
  throw new Refusal({
    message: `Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${left})`,
    param: 'amount',
  })
}

/** How a refund begins and what becomes of it by itself: by the merchant's knob, else by the card it goes back to. */
function prospect({ after }: Charge, knob: string): Pick<Refund, 'status' | 'settles'> {
  if (knob === 'pending') return { status: 'pending', settles: null }
  if (knob === 'failed') return { status: 'pending', settles: 'failed' }
  if (after === 'refund-pending') return { status: 'pending', settles: 'succeeded' }
  return { status: 'succeeded', settles: after === 'refund-fails' ? 'failed' : null }
}

function settleLater(deps: CheckoutDeps, made: Refund): void {
  if (made.settles === null) return
  deps.clock.after(laterMs * deps.retryScale(), () => {
    if (made.settles !== null) complain(settleRefund(deps, made, made.settles))
  })
}

async function settleRefund(deps: CheckoutDeps, made: Refund, status: 'succeeded' | 'failed'): Promise<void> {
  if (made.status === 'failed' || (made.status === status && made.settles === null)) {
    throw new Refusal({ message: `Refund ${made.id} has a status of ${made.status}.` })
  }
  const { session } = made.charge.intent
  const at = deps.nowFor(session.order.account)
  const entry = { kind: 'refund-settled' as const, at, id: made.id, status, transaction: newId('txn') }
  const recorded = deps.book.record(entry)
  const told = status === 'failed' ? 'refund.failed' : 'refund.updated'
  await Promise.all([recorded, deps.events.announce(told, session, made)])
}

function disputeLater(deps: CheckoutDeps, charge: Charge): void {
  if (charge.after !== 'dispute' || charge.dispute) return
  deps.clock.after(laterMs * deps.retryScale(), () => {
    if (!charge.dispute) complain(dispute(deps, charge, 'fraudulent'))
  })
}

async function dispute(
  deps: CheckoutDeps,
  charge: Charge,
  reason: string,
  amountMinor = charge.amountMinor,
): Promise<Dispute> {
  if (charge.dispute) throw new Refusal({ message: `Charge ${charge.id} is disputed already.` })
  const { session } = charge.intent
  const at = deps.nowFor(session.order.account)
  const id = newDisputeId()
  const recorded = deps.book.record({
    kind: 'dispute-opened',
    at,
    id,
    charge: charge.id,
    reason,
    transaction: newId('txn'),
    amountMinor: `${amountMinor}`,
  })
  const opened = present(deps.state.disputes.get(id))
  await Promise.all([
    recorded,
    deps.events.announce('charge.dispute.created', session, opened),
    deps.events.announce('charge.dispute.funds_withdrawn', session, opened),
  ])
  return opened
}

async function closeDispute(deps: CheckoutDeps, opened: Dispute, status: 'won' | 'lost'): Promise<void> {
  if (opened.status !== 'needs_response') {
    throw new Refusal({ message: `Dispute ${opened.id} has a status of ${opened.status}.` })
  }
  const { session } = opened.charge.intent
  const at = deps.nowFor(session.order.account)
  const entry = { kind: 'dispute-closed' as const, at, id: opened.id, status, transaction: newId('txn') }
  const recorded = deps.book.record(entry)
  await Promise.all([
    recorded,
    deps.events.announce('charge.dispute.closed', session, opened),
    status === 'won' && deps.events.announce('charge.dispute.funds_reinstated', session, opened),
  ])
}

function complain(work: Promise<unknown>): void {
  work.catch((error: unknown) => console.error('sandbox: the card gateway failed:', error))
}

/** What was just recorded is there: the book applies at once. */
function present<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('Something just recorded is missing.')
  return item
}
