import { randomBytes, randomInt } from 'node:crypto'
import type { Book } from '../book.ts'
import { type Clock, compactChinaTime } from '../clock.ts'
import { type ReturnRequest, settleDay } from './fields.ts'
import type { UnionPayKnobs } from './knobs.ts'
import type { Notices } from './notices.ts'
import {
  type Card,
  type Entry,
  type Kind,
  type Order,
  orderNumbered,
  returnedMinor,
  type Transaction,
  transactionNumbered,
  transactionsNumbered,
  type UnionPayState,
} from './transaction.ts'

/** Why something could not be done, as UnionPay's answer code. */
export interface Refused {
  refused: string
}

/** How money moves. Every act is in the book before its promise resolves. */
export interface Cashier {
  /** The payer stands at the cashier: the order is taken, or found again. */
  open(order: Order): Promise<{ cashierId: string } | Refused>
  /** One try to pay. A bank's no is a transaction like any other; `sent` resolves when the first sending is over. */
  pay(cashierId: string, card: Card): Promise<{ transaction: Transaction; sent: Promise<void> } | Refused>
  /** Takes on a refund or a void; it is done after the answer. */
  giveBack(kind: '04' | '31', merId: string, ask: ReturnRequest): Promise<Transaction | Refused>
  /** After a restart: goes on with what was taken on. */
  resume(): void
  /** Waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface CashierDeps {
  clock: Clock
  book: Book<Entry>
  state: UnionPayState
  notices: Notices
  knobsOf(merId: string): UnionPayKnobs
  nowFor(merId: string): number
}

interface Desk extends CashierDeps {
  underWay: Set<Promise<unknown>>
}

export function createCashier(deps: CashierDeps): Cashier {
  const desk: Desk = { ...deps, underWay: new Set() }
  return {
    open: (order) => open(desk, order),
    pay: (cashierId, card) => pay(desk, cashierId, card),
    giveBack: (kind, merId, ask) => giveBack(desk, kind, merId, ask),
    resume: () => {
      for (const one of desk.state.transactions.values()) if (one.respCode === '05') finishLater(desk, one)
    },
    stop: async () => {
      await Promise.all(desk.underWay)
    },
  }
}

async function open(desk: Desk, order: Order): Promise<{ cashierId: string } | Refused> {
  const { state, book, notices, nowFor, knobsOf } = desk
  const known = orderNumbered(state, order.merId, order.orderId)
  if (known) {
    const same =
      known.order.txnTime === order.txnTime &&
      known.order.amountMinor === order.amountMinor &&
      !isPaid(desk, order)
    return same ? { cashierId: known.cashierId } : { refused: '12' }
  }
  if (transactionsNumbered(state, order.merId, order.orderId).length > 0) return { refused: '12' }
  const at = nowFor(order.merId)
  if (order.expiresAt <= at) return { refused: '39' }
  const cashierId = randomBytes(16).toString('hex')
  await book.record({ kind: 'order-opened', at, cashierId, order })
  if (knobsOf(order.merId).forge) {
    await notices.forge(imagine(order, at), order.backUrl)
  }
  return { cashierId }
}

function isPaid({ state }: Desk, { merId, orderId }: Order): boolean {
  return transactionNumbered(state, merId, orderId)?.respCode === '00'
}

/** A payment that never was, for a forger to talk about. */
export function imagine(order: Order, at: number): Transaction {
  const card = { id: 'none', accNo: '622588******0010', payCardType: '01', payType: '0201', says: '00' }
  return { ...made('01', order, at, card), respCode: '00', backUrl: order.backUrl }
}

function made(
  kind: Kind,
  {
    merId,
    orderId,
    txnTime,
    amountMinor,
  }: { merId: string; orderId: string; txnTime: string; amountMinor: string | bigint },
  at: number,
  card: Card,
): Omit<Transaction, 'backUrl'> {
  const traceNo = `${randomInt(1_000_000)}`.padStart(6, '0')
  // 21 digits: a prefix, the time, the trace number, one more.
  const queryId = `44${compactChinaTime(at).slice(2)}${traceNo}${randomInt(10)}`
  const respCode = kind === '01' ? card.says : '05'
  return {
    queryId,
    kind,
    merId,
    orderId,
    txnTime,
    amountMinor: BigInt(amountMinor),
    traceNo,
    at,
    card,
    respCode,
  }
}

async function record(desk: Desk, transaction: Transaction): Promise<Transaction> {
  const { amountMinor, ...rest } = transaction
  const written = { ...rest, amountMinor: `${amountMinor}` }
  await desk.book.record({ kind: 'transaction', transaction: written })
  const kept = desk.state.transactions.get(transaction.queryId)
  if (!kept) throw new Error('A transaction just recorded is missing.')
  return kept
}

async function pay(
  desk: Desk,
  cashierId: string,
  card: Card,
): Promise<{ transaction: Transaction; sent: Promise<void> } | Refused> {
  const order = desk.state.orders.get(cashierId)
  if (!order) return { refused: '34' }
  if (isPaid(desk, order)) return { refused: '12' }
  const { merId, backUrl, reqReserved } = order
  const knobs = desk.knobsOf(merId)
  const at = desk.nowFor(merId)
  if (order.expiresAt <= at && !knobs.paidAfterClose) return { refused: '39' }
  const amountMinor = card.says === '00' && knobs.paidAmount !== '' ? knobs.paidAmount : order.amountMinor
  const take = async () => {
    const payment = made('01', { ...order, amountMinor }, at, card)
    const kept = record(desk, { ...payment, backUrl, ...(reqReserved ? { reqReserved } : {}) })
    const [transaction, { sent }] = await Promise.all([kept, announce(desk, payment.queryId)])
    return { transaction, sent }
  }
  const taken = await take()
  if (taken.transaction.respCode !== '00' || !knobs.paidTwice) return taken
  const again = await take()
  return { ...taken, sent: Promise.all([taken.sent, again.sent]).then(() => undefined) }
}

/** UnionPay tells of what went well; of a failure there is only the query. */
async function announce({ state, notices }: Desk, queryId: string): Promise<{ sent: Promise<void> }> {
  const told = state.transactions.get(queryId)
  return told?.respCode === '00' ? await notices.announce(told) : { sent: Promise.resolve() }
}

async function giveBack(
  desk: Desk,
  kind: '04' | '31',
  merId: string,
  ask: ReturnRequest,
): Promise<Transaction | Refused> {
  const { state, nowFor } = desk
  if (transactionsNumbered(state, merId, ask.orderId).length > 0) return { refused: '12' }
  const paid = state.transactions.get(ask.origQryId)
  if (paid?.merId !== merId || paid.kind !== '01' || paid.respCode !== '00') return { refused: '35' }
  const back = returnedMinor(state, paid.queryId)
  if (back + ask.amountMinor > paid.amountMinor) return { refused: '36' }
  const at = nowFor(merId)
  // A void takes the whole payment back on the day it is to be settled, before it is.
  const whole = back === 0n && ask.amountMinor === paid.amountMinor
  if (kind === '31' && !whole) return { refused: '36' }
  if (kind === '31' && settleDay(at) !== settleDay(paid.at)) return { refused: '35' }
  const { backUrl, origQryId, reqReserved } = ask
  const transaction = await record(desk, {
    ...made(kind, { merId, ...ask }, at, paid.card),
    backUrl,
    origQryId,
    ...(reqReserved ? { reqReserved } : {}),
  })
  finishLater(desk, transaction)
  return transaction
}

function finishLater(desk: Desk, transaction: Transaction): void {
  const { clock, knobsOf, underWay } = desk
  clock.after(knobsOf(transaction.merId).refundSeconds * 1_000, () => {
    const work = finish(desk, transaction)
      .catch((error: unknown) => console.error('sandbox: a refund at UnionPay failed:', error))
      .finally(() => underWay.delete(work))
    underWay.add(work)
  })
}

async function finish(desk: Desk, { queryId, merId }: Transaction): Promise<void> {
  const respCode = desk.knobsOf(merId).refundFails ? '01' : '00'
  const done = desk.book.record({ kind: 'transaction-done', at: desk.nowFor(merId), queryId, respCode })
  await Promise.all([done, announce(desk, queryId)])
}
