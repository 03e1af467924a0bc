import { type Account, type LineAccount, least, partOf } from '../ledger/index.ts'
import { dueAfter, type LineClock, lately, withoutOrder } from '../line/index.ts'
import { assert, type ErrorEntry } from '../platform/error.ts'
import { dayAt } from '../policy/index.ts'
import type { Quote } from '../quote/index.ts'
import { type Assessed, askedPart, assessRefund, type Surroundings } from './assess-refund.ts'
import type { Applied, RefundAgainCommand, RefundCommand } from './command.ts'
import { policyDay, sameMonth } from './creditable.ts'
import { correctable, moveCredit } from './decide-correction.ts'
import { setOrder } from './decide-evidence.ts'
import { topUpErrors } from './errors.ts'
import { type Back, backOf, positionParties, postBack, quoteOf } from './quoted.ts'
import { type RefundRequest, takenSoFar } from './refund-request.ts'
import type { TopUp } from './top-up.ts'
import type { Work } from './work.ts'

/**
 * An approved request: what it asks for leaves the line and is on its way to where it came from, or is refused because by now there
 * is less. `busy`: the batch has moved the line already, or the order still owes the message about its credit; asked again.
 */
export function decideRefund(work: Work, command: RefundCommand): Applied {
  const request = work.request(command.request)
  const order = work.order(command.order)
  assert(request && order && request.order === order.id, `request ${command.request} is of its order`)
  if (request.state !== 'approved') return applied('nothing')
  if (order.state === 'credited' && (order.messageState === 1 || work.isMoved(order.line)))
    return applied('busy')
  const assessed = assessRefund(order, surroundingsOf(work, order))
  if (!assessed.can) return refuse(work, request, assessed.entry)
  const asked = request.whole ? least(request.amountMinor, assessed.amountMinor) : request.amountMinor
  const part = askedPart(order, assessed, asked, work.state.brand.currency)
  if (!part.can) return refuse(work, request, part.entry)
  const whole = shareOf(assessed, part.amountMinor)
  if (request.toLine !== null) return correct(work, request, order, whole)
  const share = atQuote(work, order, whole)
  if (share.quoted?.back.amountMinor === 0n) return refuse(work, request, topUpErrors['refund-too-small'])
  return begin(work, request, order, share)
}

/** A refund that the provider refused, sent once more by a person under the number it always had. */
export function decideRefundAgain(work: Work, command: RefundAgainCommand): Applied {
  const refund = work.refund(command.refund)
  const order = work.order(command.order)
  assert(refund && order && refund.order === order.id, `refund ${command.refund} is of its order`)
  if (refund.state !== 'abnormal') return applied('nothing')
  work.setRefund({ id: refund.id, state: 'requested', atMs: work.state.nowMs, note: null })
  if (refund.reason !== 'paid-twice') setOrder(work, { ...order, ...work.refundFlags(order.id) })
  return applied('refunding')
}

/** What went to a wrong number leaves it and comes to the right one; nothing goes back to anybody. */
function correct(work: Work, request: RefundRequest, order: TopUp, share: Share): Applied {
  const target = correctable(work, request, share)
  if (!target.can) return refuse(work, request, target.entry)
  moveCredit(work, request, order, share, target)
  takeValidity(work, takingOf(work, request, order, share), order, share)
  work.setRequest({
    ...{ id: request.id, state: 'begun', refusedCode: null, refundedMinor: share.amountMinor },
    ...{ faceTakenMinor: share.faceMinor, bonusTakenMinor: share.bonusMinor, commissionTakenMinor: 0n },
  })
  return applied('corrected')
}

function applied(to: Applied['to']): Applied {
  return { outcome: 'applied', to }
}

/** What is known around an order, with what requests and disputes have taken back of it already. */
export function surroundingsOf(work: Work, order: TopUp): Surroundings {
  const { refunding, today } = work.state
  const term = refunding.terms.get(order.id) ?? null
  const left = (kind: string) =>
    refunding.lots.get(`${order.line} ${order.epoch} ${kind} ${term?.until}`) ?? 0n
  return {
    money: work.book.lineMoney(work.lineAccount(order.line, order.epoch)),
    taken: takenSoFar(work.requestsOf(order.id), work.disputesOf(order.id)),
    today,
    term,
    allowances: (refunding.grants.get(order.id) ?? []).map((grant) => ({ ...grant, left: left(grant.kind) })),
  }
}

function refuse(work: Work, request: RefundRequest, entry: ErrorEntry): Applied {
  work.setRequest({
    ...{ id: request.id, state: 'refused', refusedCode: entry.code, refundedMinor: 0n },
    ...{ faceTakenMinor: 0n, bonusTakenMinor: 0n, commissionTakenMinor: 0n },
  })
  return { outcome: 'applied', to: 'refused', code: entry.code }
}

export interface Share {
  readonly amountMinor: bigint
  readonly faceMinor: bigint
  readonly bonusMinor: bigint
}

/** With what it comes to in the currency that was paid, where that is not the order's. */
interface PaidShare extends Share {
  readonly quoted: { readonly quote: Quote; readonly back: Back } | null
}

function atQuote(work: Work, order: TopUp, share: Share): PaidShare {
  const attempt = order.attempt === null ? undefined : work.attempt(order.attempt)
  const quote = attempt ? quoteOf(work, attempt) : null
  return { ...share, quoted: quote && { quote, back: backOf(quote, order, share.amountMinor) } }
}

/** Of the bonus as much as of the money, rounded up: who takes all back leaves none of it. */
export function shareOf(whole: Assessed, amountMinor: bigint): Share {
  const discountMinor = whole.faceMinor - whole.amountMinor
  const { faceMinor } = partOf({ ...whole, costMinor: whole.amountMinor, discountMinor }, amountMinor)
  const bonusMinor = (whole.bonusMinor * amountMinor + whole.amountMinor - 1n) / whole.amountMinor
  return { amountMinor, faceMinor, bonusMinor }
}

function begin(work: Work, request: RefundRequest, order: TopUp, share: PaidShare): Applied {
  const account = work.lineAccount(order.line, order.epoch)
  if (order.offerKind === 'package') endPackage(work, request, order, share)
  else takeCredit(work, request, order, share, account)
  const commissionTakenMinor =
    order.dealer === null ? 0n : clawBack(work, request, order, order.dealer, share)
  if (share.quoted) postBack(work, request.id, share.quoted.quote, share.quoted.back)
  takeValidity(work, takingOf(work, request, order, share), order, share)
  work.setRequest({
    ...{ id: request.id, state: 'begun', refusedCode: null, refundedMinor: share.amountMinor },
    ...{ faceTakenMinor: share.faceMinor, bonusTakenMinor: share.bonusMinor, commissionTakenMinor },
  })
  return order.dealer === null ? sendBack(work, request, order, share) : paidByDealer(work, order, share)
}

/** From here on it is a refund like any other: the sender sends it and evidence ends it. */
function sendBack(
  work: Work,
  request: RefundRequest,
  order: TopUp,
  { amountMinor, quoted }: PaidShare,
): Applied {
  const attempt = order.attempt === null ? undefined : work.attempt(order.attempt)
  assert(attempt?.captured, `the payment of order ${order.id} was captured`)
  work.newRefunds.push({
    ...{ id: request.id, order: order.id, attempt: attempt.id },
    ...(quoted ? { amountMinor: quoted.back.amountMinor, orderMinor: amountMinor } : { amountMinor }),
    transaction: attempt.captured.transaction,
    currency: attempt.captured.currency,
    reason: request.channel === 'payer' ? 'asked-by-payer' : 'asked-by-staff',
    automatic: false,
    atMs: work.state.nowMs,
  })
  setOrder(work, { ...order, refundsOpen: true })
  return applied('refunding')
}

/** The dealer has the money back in its float, and the customer has it from the dealer: refunding is passed through at once. */
function paidByDealer(work: Work, order: TopUp, { amountMinor }: Share): Applied {
  setOrder(work, { ...order, refundsOpen: true })
  setOrder(work, { ...order, refundedMinor: order.refundedMinor + amountMinor })
  return applied('refunded')
}

function floatOf(work: Work, dealer: string): Account {
  const held = work.state.dealers.get(dealer)
  assert(held, `dealer ${dealer} is held`)
  return held.float
}

function takeCredit(
  work: Work,
  request: RefundRequest,
  order: TopUp,
  { amountMinor, faceMinor, bonusMinor, quoted }: PaidShare,
  account: LineAccount,
): void {
  const common = {
    amounts: { cost: amountMinor, discount: faceMinor - amountMinor },
    cause: request.id,
  }
  const parties = { 'line-balance': account, discount: work.systemAccount('discount') }
  const taken = quoted
    ? work.book.post('fx-credit-refunding', {
        ...common,
        amounts: { ...common.amounts, margin: quoted.back.marginMinor },
        parties: { ...parties, ...positionParties(work) },
      })
    : order.dealer === null
      ? work.book.post('credit-refunding', {
          ...common,
          parties: { ...parties, 'refund-clearing': work.systemAccount('refund-clearing') },
          holdId: request.id,
        })
      : work.book.post('credit-refunded-to-float', {
          ...common,
          parties: { ...parties, 'dealer-float': floatOf(work, order.dealer) },
        })
  assert(taken.posted, 'unspent credit can be taken back')
  const bonus = work.book.post('bonus-taken-back', {
    amounts: { bonus: bonusMinor },
    parties: { 'line-balance': account, 'promotion-bonus': work.systemAccount('promotion-bonus') },
    cause: request.id,
  })
  assert(bonus.posted, 'unspent bonus can be taken back')
}

/** The days that have not begun go back, those that have are earned at once, and the allowances end. */
function endPackage(work: Work, request: RefundRequest, order: TopUp, share: PaidShare): void {
  const { amountMinor: refund, quoted } = share
  const deferred = work.systemAccount('deferred-revenue')
  const back = quoted
    ? work.book.post('fx-package-refunding', {
        amounts: { refund, margin: quoted.back.marginMinor },
        parties: { 'deferred-revenue': deferred, ...positionParties(work) },
        cause: request.id,
      })
    : order.dealer === null
      ? work.book.post('package-refunding', {
          amounts: { refund },
          parties: {
            'deferred-revenue': deferred,
            'refund-clearing': work.systemAccount('refund-clearing'),
          },
          cause: request.id,
          holdId: request.id,
        })
      : work.book.post('package-refunded-to-float', {
          amounts: { refund },
          parties: { 'deferred-revenue': deferred, 'dealer-float': floatOf(work, order.dealer) },
          cause: request.id,
        })
  assert(back.posted, 'what is deferred can go back')
  endTerm(work, order, refund)
}

/** A package of which this much has gone back: the rest of its price is earned at once, and its allowances end. */
export function endTerm(work: Work, order: TopUp, refund: bigint): void {
  const { terms, grants } = work.state.refunding
  const term = terms.get(order.id)
  assert(term, `package ${order.id} has its term`)
  const earnedMinor = term.priceMinor - refund
  const earned = work.book.post('package-earned', {
    amounts: { earned: earnedMinor - term.earnedMinor },
    parties: {
      'deferred-revenue': work.systemAccount('deferred-revenue'),
      'package-revenue': work.systemAccount('package-revenue'),
    },
    cause: term.id,
  })
  assert(earned.posted, 'what is deferred can be earned')
  work.termsEnded.push({ id: term.id, earnedMinor, refundedMinor: refund })
  for (const { kind, amount } of grants.get(order.id) ?? [])
    work.lotsTaken.push({ line: order.line, epoch: order.epoch, kind, until: term.until, amount })
}

/**
 * The commission on what went back: of all that has, its share rounded down, less what was taken before. Out of the float, which has
 * just been paid; what it lacks the dealer owes.
 */
function clawBack(
  work: Work,
  request: RefundRequest,
  order: TopUp,
  dealer: string,
  { amountMinor }: Share,
): bigint {
  const float = floatOf(work, dealer)
  const before = takenSoFar(work.requestsOf(order.id)).commissionMinor
  const all = (order.commissionMinor * (order.refundedMinor + amountMinor)) / order.capturedMinor
  const due = all - before
  const there = work.book.balanceMinor(float) - (float.floorMinor ?? 0n)
  const taken = least(due, there > 0n ? there : 0n)
  const outcome = work.book.post('commission-claw-back', {
    amounts: { taken, owed: due - taken },
    parties: {
      'dealer-float': float,
      commission: work.systemAccount('commission'),
      'dealer-receivable': work.systemAccount('dealer-receivable', dealer),
    },
    cause: request.id,
  })
  assert(outcome.posted, 'a float gives what it has, and the rest is owed')
  return due
}

function takingOf(work: Work, { id: cause, mayEnd }: RefundRequest, order: TopUp, share: Share): Taking {
  const before = takenSoFar(work.requestsOf(order.id)).faceMinor
  return { cause, mayEnd, keptMinor: order.faceMinor - before - share.faceMinor }
}

/** Why days are taken back, and how much of the order's credit the line keeps and has paid for. */
export interface Taking {
  readonly cause: string
  readonly mayEnd: boolean
  readonly keptMinor: bigint
}

/** The days the order gave go with its money, as far as nothing else gives them; of a number that has passed on, none. */
export function takeValidity(
  work: Work,
  { cause, mayEnd, keptMinor }: Taking,
  order: TopUp,
  share: Pick<Share, 'amountMinor' | 'faceMinor'>,
): void {
  const { state } = work
  const found = work.clock(order.line)
  assert(found, `line ${order.line} is locked`)
  const clock = { ...found, ...limitsGivenBack(work, found, order, share) }
  const past = state.refunding.pasts.get(order.line)
  const over = clock.state.ceasedOn !== null || clock.state.standing !== 'in-service'
  if (clock.epoch !== order.epoch || over || !past) {
    work.setClock(clock)
    return
  }
  const policy = state.policyOf(clock.policy, clock.policyVersion)
  const onDay = policyDay(state, policy)
  const detail = {
    ...{ order: order.id, keptMinor: keptMinor.toString(), mayEnd },
    after: lately(past, state.refunding.lockedAtMs),
  }
  const next = withoutOrder(policy, state.brand.zone, past, clock.state, onDay, detail)
  work.setClock({ ...clock, state: next, nextDueOn: dueAfter(policy, clock, next, onDay) })
  work.lineEvents.push({
    ...{ id: state.newId(), line: order.line, epoch: order.epoch, kind: 'validity-taken-back', onDay },
    ...{ detail, cause },
  })
}

/** What went back of a day's or month's top-ups may be topped up again in it. */
function limitsGivenBack(
  { state }: Work,
  clock: LineClock,
  order: TopUp,
  { amountMinor, faceMinor }: Pick<Share, 'amountMinor' | 'faceMinor'>,
): Pick<LineClock, 'limitDayMinor' | 'limitMonthMinor'> {
  const day = dayAt(order.eventAtMs ?? 0, state.brand.zone)
  const load = order.offerKind === 'package' ? amountMinor : faceMinor
  const less = (counted: bigint) => counted - least(counted, load)
  return {
    limitDayMinor: day === clock.limitDay ? less(clock.limitDayMinor) : clock.limitDayMinor,
    limitMonthMinor: sameMonth(day, clock.limitDay) ? less(clock.limitMonthMinor) : clock.limitMonthMinor,
  }
}
