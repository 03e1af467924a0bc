import { applyNotification, type NotificationEntry, type NotificationRecord } from '../notification.ts'
import type { Card, Decline, Issuer } from './card-number.ts'
import type { CardEvent } from './event.ts'
import {
  accountOf,
  type BalanceLine,
  type Charge,
  type Dispute,
  feeOf,
  type Intent,
  type Refund,
  type ReportRun,
  type Session,
  type SessionOrder,
} from './payment.ts'

/** What an idempotency key stands for: the request it was first used with, and the answer every repetition gets. */
export interface UsedKey {
  account: string
  key: string
  /** SHA-256 of method, path and parameters. */
  hash: string
  status: number
  body: string
  requestId: string
}

/** The lines of the card gateway's book. No line holds a card's number: brand and last four digits at most. */
export type Entry =
  | { kind: 'session-created'; at: number; id: string; order: SessionOrder }
  | { kind: 'session-expired'; at: number; id: string; by: 'merchant' | 'time-out' }
  | { kind: 'try-declined'; at: number; id: string; intent: string; decline: Decline }
  | { kind: 'challenge-begun'; at: number; id: string; intent: string; card: Card; issuer: Issuer }
  | {
      kind: 'session-paid'
      at: number
      id: string
      intent: string
      charge: string
      transaction: string
      amountMinor: string
      card: Card
      after?: Issuer['after'] | undefined
    }
  | {
      kind: 'refund-made'
      at: number
      id: string
      charge: string
      transaction: string
      amountMinor: string
      reason: string | null
      metadata: Record<string, string>
      status: Refund['status']
      settles: Refund['settles']
    }
  | { kind: 'refund-settled'; at: number; id: string; status: 'succeeded' | 'failed'; transaction: string }
  | {
      kind: 'dispute-opened'
      at: number
      id: string
      charge: string
      reason: string
      transaction: string
      amountMinor: string
    }
  | { kind: 'dispute-closed'; at: number; id: string; status: 'won' | 'lost'; transaction: string }
  | { kind: 'report-run'; run: ReportRun }
  | { kind: 'key-used'; at: number; used: UsedKey }
  | NotificationEntry<CardEvent>

/** Everything the gateway knows, as the fold of its book; each map by id, in order of creation. */
export interface CardState {
  sessions: Map<string, Session>
  intents: Map<string, Intent>
  charges: Map<string, Charge>
  refunds: Map<string, Refund>
  disputes: Map<string, Dispute>
  balance: Map<string, BalanceLine>
  reports: Map<string, ReportRun>
  keys: Map<string, UsedKey>
  events: Map<string, NotificationRecord<CardEvent>>
}

export function emptyState(): CardState {
  return {
    sessions: new Map(),
    intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    balance: new Map(),
    reports: new Map(),
    keys: new Map(),
    events: new Map(),
  }
}

export function keyName(account: string, key: string): string {
  return `${account} ${key}`
}

export function apply(state: CardState, entry: Entry): void {
  switch (entry.kind) {
    case 'session-created': {
      const { id, at, order } = entry
      state.sessions.set(id, { id, order, createdAt: at, status: 'open' })
      return
    }
    case 'session-expired':
      named(state.sessions, entry.id).status = 'expired'
      return
    case 'try-declined': {
      const session = named(state.sessions, entry.id)
      delete session.challenge
      Object.assign(intentOf(state, session, entry), {
        status: 'requires_payment_method',
        failure: entry.decline,
      })
      return
    }
    case 'challenge-begun': {
      const session = named(state.sessions, entry.id)
      session.challenge = { card: entry.card, issuer: entry.issuer }
      intentOf(state, session, entry).status = 'requires_action'
      return
    }
    case 'session-paid':
      applyPaid(state, entry)
      return
    case 'report-run':
      state.reports.set(entry.run.id, entry.run)
      return
    case 'key-used':
      state.keys.set(keyName(entry.used.account, entry.used.key), entry.used)
      return
    case 'notification-made':
    case 'notification-sent':
    case 'notification-dropped':
      applyNotification(state.events, entry)
      return
    default:
      applyAfterwards(state, entry)
  }
}

/** The first try makes the payment; later tries on the same session find it again. */
function intentOf(state: CardState, session: Session, entry: { intent: string; at: number }): Intent {
  session.intent ??= { id: entry.intent, session, createdAt: entry.at, status: 'requires_payment_method' }
  state.intents.set(session.intent.id, session.intent)
  return session.intent
}

function applyPaid(state: CardState, entry: Extract<Entry, { kind: 'session-paid' }>): void {
  const session = named(state.sessions, entry.id)
  const intent = intentOf(state, session, entry)
  const charge: Charge = {
    id: entry.charge,
    intent,
    createdAt: entry.at,
    card: entry.card,
    amountMinor: BigInt(entry.amountMinor),
    after: entry.after,
    transaction: entry.transaction,
    refunds: [],
  }
  intent.status = 'succeeded'
  intent.charge = charge
  delete intent.failure
  delete session.challenge
  session.status = 'complete'
  state.charges.set(charge.id, charge)
  write(state, charge, entry, 'charge', charge.amountMinor, feeOf(charge.amountMinor), charge.id)
}

type Afterwards = Extract<
  Entry,
  { kind: 'refund-made' | 'refund-settled' | 'dispute-opened' | 'dispute-closed' }
>

function applyAfterwards(state: CardState, entry: Afterwards): void {
  switch (entry.kind) {
    case 'refund-made': {
      const { kind: _, at, ...made } = entry
      const { id } = made
      const charge = named(state.charges, entry.charge)
      const amountMinor = BigInt(entry.amountMinor)
      const refund: Refund = { ...made, charge, createdAt: at, amountMinor }
      charge.refunds.push(refund)
      state.refunds.set(id, refund)
      write(state, charge, entry, 'refund', -amountMinor, 0n, id)
      return
    }
    case 'refund-settled': {
      const refund = named(state.refunds, entry.id)
      refund.status = entry.status
      refund.settles = null
      if (entry.status === 'failed') {
        write(state, refund.charge, entry, 'refund_failure', refund.amountMinor, 0n, refund.id)
      }
      return
    }
    case 'dispute-opened': {
      const { id, at, reason, transaction } = entry
      const charge = named(state.charges, entry.charge)
      const amountMinor = BigInt(entry.amountMinor)
      const status = 'needs_response'
      charge.dispute = { id, charge, createdAt: at, reason, amountMinor, status, transaction }
      state.disputes.set(id, charge.dispute)
      write(state, charge, entry, 'dispute', -amountMinor, disputeFeeMinor, id)
      return
    }
    case 'dispute-closed': {
      const dispute = named(state.disputes, entry.id)
      dispute.status = entry.status
      if (entry.status === 'won') {
        write(state, dispute.charge, entry, 'dispute_reversal', dispute.amountMinor, 0n, dispute.id)
      }
      return
    }
    default:
      entry satisfies never
  }
}

/** Kept whether the dispute is won or lost. */
const disputeFeeMinor = 1_500n

function write(
  state: CardState,
  charge: Charge,
  { transaction: id, at }: { transaction: string; at: number },
  category: BalanceLine['category'],
  amountMinor: bigint,
  feeMinor: bigint,
  source: string,
): void {
  const account = accountOf(charge)
  state.balance.set(id, { id, account, at, category, amountMinor, feeMinor, source, charge })
}

function named<Item>(items: Map<string, Item>, id: string): Item {
  const item = items.get(id)
  if (item === undefined) throw new Error(`The book speaks of ${id} before it was made.`)
  return item
}
