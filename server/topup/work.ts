import type { Brand } from '../brand/index.ts'
import type { PriceTable } from '../catalog/index.ts'
import type { Dealer } from '../dealer/index.ts'
import {
  type Account,
  type AccountKind,
  type AllowanceGrant,
  Book,
  type LedgerWrites,
  type LineAccount,
  type NewPackageTerm,
  type SoldTerm,
  type TakenLot,
  type TermEnd,
} from '../ledger/index.ts'
import type { ClockWrite, LineClock, LineEvent, NewFlag, Past } from '../line/index.ts'
import type { AttemptChange, AttemptRow, NewRefund, RefundChange, RefundRow } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import type { Policy } from '../policy/index.ts'
import type { Quote } from '../quote/index.ts'
import type { Taken } from '../receipt/index.ts'
import type { Credited, RecallCommand, Refused } from './command.ts'
import { type Dispute, disputeStates } from './dispute.ts'
import { type RefundRequest, type RefundRequestChange, refundRequestStates } from './refund-request.ts'
import type { Grant } from './refund-request-store.ts'
import type { TopUp } from './top-up.ts'

/** A dealer that is held, and its float as it was read: others of its sales may move it meanwhile. */
export interface HeldDealer extends Dealer {
  readonly float: Account
}

/** What a (caller, key) pair has led to already. */
export interface KnownKey {
  readonly hash: string
  readonly outcome: Credited | Refused
}

/** What refunds that were asked for are decided by; empty in a batch without one. */
export interface RefundSide {
  /** The instant, read under the locks of the lines, at which what was taken back of them is taken. */
  readonly lockedAtMs: number
  readonly requests: ReadonlyMap<string, RefundRequest>
  /** By line. */
  readonly pasts: ReadonlyMap<string, Past>
  /** By order. */
  readonly terms: ReadonlyMap<string, SoldTerm>
  readonly grants: ReadonlyMap<string, readonly Grant[]>
  /** By order to be corrected: the transfer that credited it. */
  readonly credits: ReadonlyMap<string, string>
  /** What is left, by `line epoch kind until`. */
  readonly lots: ReadonlyMap<string, bigint>
}

/** Everything a batch was locked and read with. Nothing in here is changed. */
export interface State {
  readonly brand: Brand
  /** Business date in the brand's zone, as an epoch day. */
  readonly today: number
  readonly nowMs: number
  readonly businessMs: number
  readonly newId: () => string
  readonly priceTable: PriceTable
  readonly policyOf: (policy: string, version: number) => Policy
  /** By `caller key`. */
  readonly known: ReadonlyMap<string, KnownKey>
  /** Line by number. */
  readonly numbers: ReadonlyMap<string, string>
  readonly lines: ReadonlyMap<string, LineClock>
  /** By `line epoch`. */
  readonly lineAccounts: ReadonlyMap<string, LineAccount>
  readonly dealers: ReadonlyMap<string, HeldDealer>
  /** Callers whose API key still stands. */
  readonly activeKeys: ReadonlySet<string>
  /** By `kind subject currency`. */
  readonly accounts: ReadonlyMap<string, Account>
  /** Top-ups of the last two minutes, as `caller line amount`. */
  readonly recent: ReadonlySet<string>
  readonly orders: ReadonlyMap<string, TopUp>
  readonly attempts: ReadonlyMap<string, AttemptRow>
  readonly refunds: ReadonlyMap<string, RefundRow>
  /** Those that attempts were begun under. */
  readonly quotes: ReadonlyMap<string, Quote>
  readonly refunding: RefundSide
  /** Of the orders that something is said or asked about. */
  readonly disputes: ReadonlyMap<string, Dispute>
}

/** What the batch's transaction must write, besides answering its callers. */
export interface Writes {
  readonly ledger: LedgerWrites
  readonly newOrders: readonly TopUp[]
  readonly changedOrders: readonly TopUp[]
  readonly refusals: readonly {
    readonly caller: string
    readonly key: string
    readonly hash: string
    readonly refused: Refused
  }[]
  readonly clocks: readonly ClockWrite[]
  /** How many receipt numbers each series gives; orders carry theirs counted from the batch's first. */
  readonly taken: readonly Taken[]
  readonly lots: readonly AllowanceGrant[]
  readonly packageTerms: readonly NewPackageTerm[]
  readonly evidenceApplied: readonly string[]
  readonly attempts: readonly AttemptChange[]
  readonly newRefunds: readonly NewRefund[]
  readonly refundChanges: readonly RefundChange[]
  readonly requestChanges: readonly RefundRequestChange[]
  readonly recalls: readonly RecallCommand[]
  readonly lineEvents: readonly LineEvent[]
  readonly lotsTaken: readonly TakenLot[]
  readonly termsEnded: readonly TermEnd[]
  readonly disputes: readonly Dispute[]
  readonly flags: readonly NewFlag[]
  /** Causes of flags that stand no longer. */
  readonly flagsLifted: readonly string[]
}

/** The state as the batch has left it so far: a later command sees what an earlier one did. */
export class Work {
  readonly state: State
  readonly book: Book
  readonly known: Map<string, KnownKey>
  readonly recent: Set<string>
  readonly #clocks = new Map<string, LineClock>()
  readonly #taken = new Map<string, bigint>()
  readonly #orders = new Map<string, TopUp>()
  readonly #attempts = new Map<string, AttemptChange>()
  readonly newOrders: TopUp[] = []
  readonly refusals: Writes['refusals'][number][] = []
  readonly lots: AllowanceGrant[] = []
  readonly packageTerms: NewPackageTerm[] = []
  readonly evidenceApplied: string[] = []
  readonly newRefunds: NewRefund[] = []
  readonly #refunds = new Map<string, RefundChange>()
  readonly #requests = new Map<string, RefundRequestChange>()
  readonly recalls: RecallCommand[] = []
  readonly lineEvents: LineEvent[] = []
  readonly lotsTaken: TakenLot[] = []
  readonly termsEnded: TermEnd[] = []
  readonly #disputes = new Map<string, Dispute>()
  readonly flags: NewFlag[] = []
  readonly flagsLifted: string[] = []

  constructor(state: State) {
    this.state = state
    this.book = new Book(state.newId)
    this.known = new Map(state.known)
    this.recent = new Set(state.recent)
  }

  clock(line: string): LineClock | undefined {
    return this.#clocks.get(line) ?? this.state.lines.get(line)
  }

  /** Whether an earlier command of the batch has moved this line: what was read of its past says less by now. */
  isMoved(line: string): boolean {
    return this.#clocks.has(line)
  }

  setClock(clock: LineClock): void {
    this.#clocks.set(clock.line, clock)
  }

  lineAccount(line: string, epoch: number): LineAccount {
    const account = this.state.lineAccounts.get(`${line} ${epoch}`)
    assert(account, `line ${line} has an account at epoch ${epoch}`)
    return account
  }

  systemAccount<K extends AccountKind>(kind: K, subject = '', currency = this.state.brand.currency): Account {
    const account = this.state.accounts.get(`${kind} ${subject} ${currency}`)
    assert(account, `the system account ${kind} ${subject} is open in ${currency}`)
    return account
  }

  /**
   * The next receipt number of a series, counted from the batch's first; taken only when the credit it belongs to is certain.
   * Where the series stands is found when the numbers are written.
   */
  takeReceiptNo(series: string): bigint {
    const taken = (this.#taken.get(series) ?? 0n) + 1n
    this.#taken.set(series, taken)
    return taken
  }

  order(id: string): TopUp | undefined {
    return this.#orders.get(id) ?? this.state.orders.get(id)
  }

  setOrder(order: TopUp): void {
    this.#orders.set(order.id, order)
  }

  attempt(id: string): AttemptRow | undefined {
    const read = this.state.attempts.get(id)
    const change = this.#attempts.get(id)
    if (!read || !change) return read
    return {
      ...read,
      state: change.state,
      captured: change.state === 'captured' ? change.capture : read.captured,
    }
  }

  setAttempt(change: AttemptChange): void {
    this.#attempts.set(change.id, change)
  }

  refund(id: string): RefundRow | undefined {
    const read = this.state.refunds.get(id)
    const change = this.#refunds.get(id)
    return read && change ? { ...read, state: change.state, hold: change.hold ?? read.hold } : read
  }

  /** Whether refunds of the order are on their way, and whether one waits for a person; those of second payments apart. */
  refundFlags(order: string): Pick<TopUp, 'refundsOpen' | 'refundAbnormal'> {
    const states = this.refundsOf(order)
      .filter((refund) => refund.reason !== 'paid-twice')
      .map(({ state }) => state)
    return {
      refundsOpen:
        states.some((state) => state === 'requested' || state === 'sent' || state === 'unknown') ||
        this.newRefunds.some((refund) => refund.order === order && refund.reason !== 'paid-twice'),
      refundAbnormal: states.includes('abnormal'),
    }
  }

  /** All refunds of an order that were there before the batch, as it has left them. */
  refundsOf(order: string): RefundRow[] {
    return [...this.state.refunds.keys()].flatMap((id) => {
      const refund = this.refund(id)
      return refund?.order === order ? [refund] : []
    })
  }

  /** Whether this payment is being paid back already, by an earlier batch or in this one. */
  isRefunded(attempt: string, transaction: string): boolean {
    return [...this.state.refunds.values(), ...this.newRefunds].some(
      (refund) => refund.attempt === attempt && refund.transaction === transaction,
    )
  }

  setRefund(change: RefundChange): void {
    this.#refunds.set(change.id, change)
  }

  request(id: string): RefundRequest | undefined {
    const read = this.state.refunding.requests.get(id)
    const change = this.#requests.get(id)
    return read && change ? { ...read, ...change } : read
  }

  requestsOf(order: string): RefundRequest[] {
    return [...this.state.refunding.requests.values()].filter((request) => request.order === order)
  }

  dispute(id: string): Dispute | undefined {
    return this.#disputes.get(id) ?? this.state.disputes.get(id)
  }

  disputesOf(order: string): Dispute[] {
    const all = new Map([...this.state.disputes, ...this.#disputes])
    return [...all.values()].filter((dispute) => dispute.order === order)
  }

  setDispute(dispute: Dispute): void {
    const before = this.dispute(dispute.id)
    const allowed = !before || before.said === dispute.said || disputeStates.may(before.said, dispute.said)
    assert(allowed, `a dispute may go from ${before?.said} to ${dispute.said}`)
    this.#disputes.set(dispute.id, dispute)
  }

  setRequest(change: RefundRequestChange): void {
    const before = this.request(change.id)
    assert(
      before && refundRequestStates.may(before.state, change.state),
      `a refund request may go from ${before?.state} to ${change.state}`,
    )
    this.#requests.set(change.id, change)
  }

  writes(): Writes {
    return {
      ledger: this.book.writes(),
      newOrders: this.newOrders,
      changedOrders: [...this.#orders.values()],
      refusals: this.refusals,
      clocks: [...this.#clocks.values()],
      taken: [...this.#taken].map(([key, count]) => ({ key, count })),
      lots: this.lots,
      packageTerms: this.packageTerms,
      evidenceApplied: this.evidenceApplied,
      attempts: [...this.#attempts.values()],
      newRefunds: this.newRefunds,
      refundChanges: [...this.#refunds.values()],
      requestChanges: [...this.#requests.values()],
      recalls: this.recalls,
      lineEvents: this.lineEvents,
      lotsTaken: this.lotsTaken,
      termsEnded: this.termsEnded,
      disputes: [...this.#disputes.values()],
      flags: this.flags,
      flagsLifted: this.flagsLifted,
    }
  }
}
