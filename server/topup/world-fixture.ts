import type { Brand } from '../brand/index.ts'
import type { OfferTerms, PriceTable } from '../catalog/index.ts'
import {
  type Account,
  type AccountKind,
  type AllowanceGrant,
  accountKinds,
  type LedgerWrites,
  type LineAccount,
  type SoldTerm,
  type Transfer,
} from '../ledger/index.ts'
import type { LineClock, Past } from '../line/index.ts'
import type { AttemptRow, EvidenceRow, RefundRow } from '../payment/index.ts'
import { dayAt, type PolicyState, presetOf, validUntil } from '../policy/index.ts'
import type { Quote } from '../quote/index.ts'
import { requestFor } from './asked-fixture.ts'
import type { AgentTopUpCommand, Command, Outcome } from './command.ts'
import { decide } from './decide.ts'
import type { Dispute } from './dispute.ts'
import type { RefundRequest } from './refund-request.ts'
import type { Grant } from './refund-request-store.ts'
import { justPlaced, type TopUp, withState } from './top-up.ts'
import type { HeldDealer, KnownKey, State, Writes } from './work.ts'
import { presetBrand, presetTable } from './world-presets-fixture.ts'

type Move = Past['moves'][number]

export const MERCHANT = '2021000000000001'

/** A world in memory: batches are decided against it and their writes applied, as the store would. No SQL. */
export class World {
  readonly brand: Brand
  readonly priceTable: PriceTable
  nowMs = Date.UTC(2026, 10, 22, 6)
  readonly lines = new Map<string, LineClock>()
  readonly lineAccounts = new Map<string, LineAccount>()
  readonly accounts = new Map<string, Account>()
  readonly dealers = new Map<string, Omit<HeldDealer, 'float'>>()
  readonly activeKeys = new Set<string>()
  readonly orders = new Map<string, TopUp>()
  readonly attempts = new Map<string, AttemptRow>()
  readonly refunds = new Map<string, RefundRow>()
  readonly quotes = new Map<string, Quote>()
  readonly requests = new Map<string, RefundRequest>()
  readonly pasts = new Map<string, Past>()
  readonly terms = new Map<string, SoldTerm>()
  readonly grants = new Map<string, Grant[]>()
  readonly lots = new Map<string, bigint>()
  readonly disputes = new Map<string, Dispute>()
  readonly known = new Map<string, KnownKey>()
  readonly series = new Map<string, bigint>()
  readonly transfers: Transfer[] = []
  readonly written: Writes[] = []
  #ids = 0

  constructor(facts: (brand: Brand) => Brand = (brand) => brand) {
    this.brand = facts(presetBrand('laika'))
    this.priceTable = presetTable('laika', this.brand.currency)
    for (const kind of Object.keys(accountKinds) as AccountKind[]) this.#account(kind, '')
    this.#account('provider-clearing', `alipay:${MERCHANT}`)
    this.series.set(`${this.brand.receiptPrefix}-W`, 0n)
  }

  newId = (): string => `00000000-0000-7000-8000-${(++this.#ids).toString(16).padStart(12, '0')}`

  #account(kind: AccountKind, subject: string, currency = this.brand.currency): Account {
    const floorMinor = accountKinds[kind].mayGoBelowZero ? null : 0n
    const account = { id: this.newId(), kind, subject, balanceMinor: 0n, floorMinor }
    this.accounts.set(`${kind} ${subject} ${currency}`, account)
    return account
  }

  get today(): number {
    return dayAt(this.nowMs, this.brand.zone)
  }

  /** A line in service for 90 more days, or as told; its money is there without a journal. */
  line(
    given: { readonly state?: PolicyState; readonly policy?: string; readonly paidMinor?: bigint } = {},
  ): LineClock {
    const line = this.newId()
    const { policy = this.brand.policy.preset, paidMinor = 0n } = given
    const clock: LineClock = {
      line,
      msisdn: `86154${this.lines.size.toString().padStart(8, '0')}`,
      epoch: 1,
      policy,
      policyVersion: 1,
      state: given.state ?? inService(this.today + 90),
      stageTold: 'active',
      nextDueOn: null,
      limitDay: 0,
      limitDayMinor: 0n,
      limitMonthMinor: 0n,
    }
    this.lines.set(line, clock)
    this.pasts.set(line, { opening: clock.state, moves: [] })
    this.lineAccounts.set(`${line} 1`, {
      ...{ id: this.newId(), kind: 'line-balance', line, epoch: 1, floorMinor: 0n },
      ...{ balanceMinor: paidMinor, paidMinor, bonusMinor: 0n, paidCostMinor: paidMinor, owedMinor: 0n },
    })
    return clock
  }

  dealer(floatMinor: bigint): { readonly dealer: string; readonly caller: string } {
    const [dealer, caller] = [this.newId(), this.newId()]
    const receiptSeries = `LK-${this.dealers.size + 1}`
    this.dealers.set(dealer, { id: dealer, name: 'd', status: 'active', commissionBp: 200, receiptSeries })
    this.activeKeys.add(caller)
    this.series.set(receiptSeries, 0n)
    const float = this.#account('dealer-float', dealer)
    this.accounts.set(this.#key('dealer-float', dealer), { ...float, balanceMinor: floatMinor })
    this.#account('dealer-receivable', dealer)
    return { dealer, caller }
  }

  changeDealer(id: string, change: Partial<Pick<HeldDealer, 'status' | 'commissionBp'>>): void {
    this.dealers.set(id, { ...(this.dealers.get(id) as HeldDealer), ...change })
  }

  /** The number passes to somebody else: a new epoch with an account of its own. */
  reissue(clock: LineClock): LineClock {
    const reissued = { ...clock, epoch: clock.epoch + 1 }
    const old = this.lineAccounts.get(`${clock.line} ${clock.epoch}`) as LineAccount
    this.lines.set(clock.line, reissued)
    this.lineAccounts.set(`${clock.line} ${reissued.epoch}`, {
      ...old,
      id: this.newId(),
      epoch: reissued.epoch,
    })
    return reissued
  }

  tile(faceMinor: bigint): OfferTerms {
    const found = this.priceTable.denominations.find((offer) => offer.faceMinor === faceMinor)
    if (!found) throw new Error(`no tile of ${faceMinor}`)
    return found
  }

  /** An order awaiting payment. */
  order(clock: LineClock, terms: OfferTerms): TopUp {
    const order: TopUp = withState({
      ...justPlaced,
      ...{
        id: this.newId(),
        caller: this.newId(),
        key: this.newId(),
        hash: 'aa',
        line: clock.line,
        epoch: clock.epoch,
      },
      ...{ offer: terms.id, offerKind: terms.kind, terms, priceMinor: terms.priceMinor },
      ...{ faceMinor: terms.faceMinor, bonusMinor: terms.bonusMinor, placedAtMs: this.nowMs },
      ...{ payByMs: this.nowMs + 1_800_000, untilBefore: null, locale: 'zh-CN', payerMsisdn: null },
      ...{ validityText: '', validityDays: null },
    })
    this.orders.set(order.id, order)
    return order
  }

  attempt(order: TopUp): AttemptRow {
    const attempt: AttemptRow = {
      ...{
        id: this.newId(),
        order: order.id,
        provider: 'alipay',
        merchant: MERCHANT,
        scene: 'page',
        state: 'pending',
      },
      ...{ amountMinor: order.priceMinor, currency: this.brand.currency, quote: null, captured: null },
      ...{ createdAtMs: this.nowMs, expiresAtMs: this.nowMs + 1_800_000 },
    }
    this.attempts.set(attempt.id, attempt)
    return attempt
  }

  says(attempt: AttemptRow, said: EvidenceRow['said'], more: Partial<EvidenceRow> = {}): Command {
    const money = said === 'closed' ? { transaction: null, amountMinor: null, currency: null } : null
    return {
      kind: 'evidence',
      evidence: {
        ...{ id: this.newId(), provider: 'alipay', merchant: MERCHANT, kind: 'notify', said },
        ...{ attempt: attempt.id, order: attempt.order, refund: null, note: null },
        ...{ dispute: null, feeMinor: null },
        ...(money ?? {
          transaction: `T-${attempt.id}`,
          amountMinor: attempt.amountMinor,
          currency: attempt.currency,
        }),
        ...{ happenedAtMs: this.nowMs, receivedAtMs: this.nowMs },
        ...more,
      },
    }
  }

  sale(
    by: { readonly dealer: string; readonly caller: string },
    more: Partial<AgentTopUpCommand> = {},
  ): AgentTopUpCommand {
    return {
      ...{ kind: 'agent-top-up', id: this.newId(), key: this.newId(), hash: 'aa', ...by },
      ...{ msisdn: [...this.lines.values()][0]?.msisdn ?? '', offerId: null },
      ...{ amountMinor: 5000n, currency: 'CNY' },
      ...{ confirmDuplicate: true, reference: null },
      ...more,
    }
  }

  /** Decides one batch and applies what it writes; keys and recent sales are remembered as the tables would. */
  run(commands: readonly Command[]): Outcome[] {
    const { outcomes, writes } = decide(this.#state(), commands)
    this.#apply(writes)
    for (const [i, command] of commands.entries()) this.#remember(command, outcomes[i] as Outcome)
    return outcomes
  }

  #state(): State {
    const dealers = new Map(
      [...this.dealers].map(([id, dealer]) => {
        const float = this.accounts.get(this.#key('dealer-float', id)) as Account
        return [id, { ...dealer, float }]
      }),
    )
    const since = this.nowMs - 120_000
    const lately = [...this.orders.values()].filter((o) => o.placedAtMs >= since && o.state !== 'expired')
    return {
      ...{ brand: this.brand, today: this.today, nowMs: this.nowMs, businessMs: this.nowMs },
      newId: this.newId,
      ...{
        priceTable: this.priceTable,
        policyOf: presetOf,
        known: this.known,
        dealers,
        activeKeys: this.activeKeys,
      },
      ...{ lines: this.lines, lineAccounts: this.lineAccounts, accounts: this.accounts },
      ...{ orders: this.orders, attempts: this.attempts, refunds: this.refunds, quotes: this.quotes },
      refunding: {
        lockedAtMs: this.nowMs,
        requests: this.requests,
        pasts: this.pasts,
        terms: this.terms,
        grants: this.grants,
        lots: this.lots,
        credits: new Map(this.transfers.map(({ cause, id }) => [cause, id] as const).toReversed()),
      },
      disputes: this.disputes,
      numbers: new Map([...this.lines.values()].map((clock) => [clock.msisdn, clock.line])),
      recent: new Set(
        lately.map((o) => `${o.caller} ${o.line} ${o.offerKind === 'package' ? o.priceMinor : o.faceMinor}`),
      ),
    }
  }

  #apply(writes: Writes): void {
    this.written.push(writes)
    this.transfers.push(...writes.ledger.transfers)
    this.applyLedger(writes.ledger)
    for (const order of [...writes.newOrders, ...writes.changedOrders]) {
      const { receiptSeries: key, receiptNo } = order
      const taken =
        key !== null && receiptNo !== null && (this.orders.get(order.id)?.receiptNo ?? null) === null
      const before = taken ? this.series.get(key) : undefined
      this.orders.set(
        order.id,
        before === undefined || receiptNo === null ? order : { ...order, receiptNo: before + receiptNo },
      )
      if (taken) this.#credited(order)
    }
    for (const write of writes.clocks)
      this.lines.set(write.line, { ...(this.lines.get(write.line) as LineClock), ...write })
    for (const { key, count } of writes.taken) this.series.set(key, (this.series.get(key) ?? 0n) + count)
    for (const change of writes.attempts) {
      const attempt = this.attempts.get(change.id) as AttemptRow
      if (attempt.state === 'captured') throw new Error('a captured attempt changes no more')
      const captured = change.state === 'captured' ? change.capture : null
      this.attempts.set(change.id, { ...attempt, state: change.state, captured })
    }
    for (const refund of writes.newRefunds) {
      const same = [...this.refunds.values()].some(
        (r) =>
          refund.automatic &&
          r.attempt === refund.attempt &&
          r.transaction === refund.transaction &&
          r.reason === refund.reason,
      )
      if (same) throw new Error('unique (attempt, transaction, reason)')
      const { atMs: requestedAtMs, orderMinor = refund.amountMinor, ...rest } = refund
      this.refunds.set(refund.id, {
        ...{ ...rest, orderMinor, state: 'requested', requestedAtMs },
        ...{ doneAtMs: null, hold: rest.id },
      })
    }
    for (const change of writes.requestChanges)
      this.requests.set(change.id, { ...(this.requests.get(change.id) as RefundRequest), ...change })
    // A flag moves no clock.
    for (const { id, line, kind, onDay, detail } of writes.lineEvents.filter(
      ({ kind }) => kind !== 'flagged',
    ))
      this.#moved(line, { id, atMs: this.nowMs, event: [id, this.nowMs, kind, onDay, detail] } as Move)
    for (const { id, earnedMinor, refundedMinor } of writes.termsEnded)
      for (const [order, term] of this.terms)
        if (term.id === id) this.terms.set(order, { ...term, earnedMinor, refundedMinor })
    for (const taken of writes.lotsTaken) this.#lot(taken, -taken.amount)
    for (const grant of writes.lots) this.#lot(grant, grant.amount)
    for (const term of writes.packageTerms)
      this.terms.set(term.cause, { ...term, earnedMinor: 0n, refundedMinor: 0n })
    for (const { id, state, hold, atMs } of writes.refundChanges) {
      const doneAtMs = state === 'requested' ? null : atMs
      this.refunds.set(id, { ...(this.refunds.get(id) as RefundRow), state, doneAtMs, ...(hold && { hold }) })
    }
    for (const dispute of writes.disputes) this.disputes.set(dispute.id, dispute)
  }

  #credited(order: TopUp): void {
    const offer = [...this.priceTable.denominations, ...this.priceTable.packages].find(
      ({ id }) => id === order.offer,
    )
    const { validityMonths: months = 0, validityDays: days = 0 } = offer ?? {}
    const { id, offerKind, faceMinor, line, untilBefore, until } = order
    const balance = this.lineAccounts.get(`${line} ${order.epoch}`)?.balanceMinor ?? 0n
    const at = [this.nowMs, offerKind, this.nowMs, faceMinor.toString(), months, days] as const
    const read = [id, ...at, untilBefore, until, balance.toString()] as const
    this.#moved(line, { id, atMs: this.nowMs, order: read })
  }

  #moved(line: string, move: Move): void {
    const past = this.pasts.get(line) as Past
    this.pasts.set(line, { ...past, moves: [...past.moves, move] })
  }

  #lot({ line, epoch, kind, until }: AllowanceGrant, amount: bigint): void {
    const key = `${line} ${epoch} ${kind} ${until}`
    const left = (this.lots.get(key) ?? 0n) + amount
    if (left < 0n) throw new Error(`lot ${key} below zero`)
    this.lots.set(key, left)
  }

  /** A refund that was asked for and approved; all there is, unless an amount is given. */
  asksBack(order: TopUp, more: Partial<RefundRequest> = {}): Command {
    const request = requestFor(order, this.newId(), this.nowMs, more)
    this.requests.set(request.id, request)
    return { kind: 'refund', request: request.id, order: order.id }
  }

  /** The messages that orders owe are told. */
  tell(): void {
    for (const order of this.orders.values()) this.orders.set(order.id, { ...order, messageState: 2 })
  }

  applyLedger(ledger: LedgerWrites): void {
    for (const { id, balanceMinor } of ledger.accounts) {
      const [key, account] = [...this.accounts].find(([, a]) => a.id === id) as [string, Account]
      if (account.floorMinor !== null && balanceMinor < account.floorMinor)
        throw new Error(`${key} below its floor`)
      this.accounts.set(key, { ...account, balanceMinor })
    }
    for (const { id, ...money } of ledger.lineAccounts) {
      const [key, account] = [...this.lineAccounts].find(([, a]) => a.id === id) as [string, LineAccount]
      this.lineAccounts.set(key, { ...account, ...money })
    }
  }

  #remember(command: Command, outcome: Outcome): void {
    if (command.kind !== 'agent-top-up' || outcome.outcome === 'applied' || outcome.replayed) return
    const kept =
      outcome.outcome === 'credited' ||
      this.written.at(-1)?.refusals.some((refusal) => refusal.key === command.key)
    if (kept) this.known.set(`${command.caller} ${command.key}`, { hash: command.hash, outcome })
  }

  #key(kind: AccountKind, subject: string): string {
    return `${kind} ${subject} ${this.brand.currency}`
  }

  balance(kind: AccountKind, subject = '', currency = this.brand.currency): bigint {
    return this.accounts.get(`${kind} ${subject} ${currency}`)?.balanceMinor ?? 0n
  }

  lineBalance({ line, epoch }: LineClock): bigint {
    return this.lineAccounts.get(`${line} ${epoch}`)?.balanceMinor ?? 0n
  }

  /** Debit balances less credit balances; as it was at the start, for money put there without a journal. */
  imbalance(): bigint {
    const all = [...this.accounts.values(), ...this.lineAccounts.values()]
    return all.reduce(
      (sum, { kind, balanceMinor }) =>
        sum + (accountKinds[kind].nature === 'debit' ? balanceMinor : -balanceMinor),
      0n,
    )
  }
}

export function inService(until: number): PolicyState {
  return { standing: 'in-service', ceasedOn: null, service: validUntil(until), credit: null, number: null }
}
