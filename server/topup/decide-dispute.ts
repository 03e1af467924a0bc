import { least } from '../ledger/index.ts'
import { assert } from '../platform/error.ts'
import { assessUnspent } from './assess-refund.ts'
import type { Applied, DisputeCommand } from './command.ts'
import { policyDay } from './creditable.ts'
import { setOrder } from './decide-evidence.ts'
import { endTerm, shareOf, surroundingsOf, takeValidity } from './decide-refund.ts'
import type { Dispute } from './dispute.ts'
import { postCovered, postReturned, postTaken } from './dispute-postings.ts'
import { attemptOf, heldOf, isCounted, partOfOrder } from './dispute-share.ts'
import type { TopUp } from './top-up.ts'
import type { Work } from './work.ts'

/**
 * Lets the ledger follow what the payer's bank does: while it has the money and has not decided, unspent credit leaves the line; once it
 * has decided for the payer, the rest is owed; given back, all is as it was. `busy`: the payment is not known yet, waits for its own
 * decision, for a refund's answer or for a message, or the batch has moved the line already; asked again.
 */
export function decideDispute(work: Work, command: DisputeCommand): Applied {
  const dispute = work.dispute(command.dispute)
  const order = work.order(command.order)
  assert(dispute && order && dispute.order === order.id, `dispute ${command.dispute} is of its order`)
  if (dispute.posted === dispute.said) return applied('nothing')
  if (mustWait(work, dispute, order)) return applied('busy')
  if (dispute.said === 'reinstated') {
    giveBack(work, dispute, order)
    return applied('reinstated')
  }
  const open = dispute.posted === 'none' ? takeUnspent(work, dispute, order) : dispute
  if (dispute.said === 'disputed') return applied('disputed')
  settleLoss(work, open, orderOf(work, order.id))
  return applied('reversed')
}

function applied(to: Applied['to']): Applied {
  return { outcome: 'applied', to }
}

function orderOf(work: Work, id: string): TopUp {
  const order = work.order(id)
  assert(order, `order ${id} is locked`)
  return order
}

function mustWait(work: Work, dispute: Dispute, order: TopUp): boolean {
  const known = isCounted(work, dispute, order) || work.isRefunded(dispute.attempt, dispute.transaction)
  const undecided = order.state === 'held' || order.state === 'paid' || order.refundsOpen
  // What the bank counts in another currency than was paid has no rate: it is a person's.
  const foreign = attemptOf(work, dispute).currency !== dispute.currency
  return !known || undecided || foreign || order.messageState === 1 || work.isMoved(order.line)
}

/** What is unspent of the order's credit leaves the line, its bonus with it; the rest of its part waits for the bank to decide. */
function takeUnspent(work: Work, dispute: Dispute, order: TopUp): Dispute {
  const account = work.lineAccount(order.line, order.epoch)
  const unspent = unspentOf(work, dispute, order)
  const part = partOfOrder(work, dispute, order)
  const cost = least(part.orderMinor, unspent.amountMinor)
  const share = cost === 0n ? { faceMinor: 0n, bonusMinor: 0n } : shareOf(unspent, cost)
  const taken: Dispute = {
    ...dispute,
    ...part,
    ...{ posted: 'disputed', postedAtMs: work.state.nowMs, costTakenMinor: cost },
    ...{ faceTakenMinor: share.faceMinor, bonusTakenMinor: share.bonusMinor },
    undecidedMinor: part.orderMinor - cost,
  }
  postTaken(work, taken, account)
  const bonus = work.book.post('bonus-taken-back', {
    amounts: { bonus: share.bonusMinor },
    parties: { 'line-balance': account, 'promotion-bonus': work.systemAccount('promotion-bonus') },
    cause: dispute.id,
  })
  assert(bonus.posted, 'unspent bonus can be taken back')
  work.setDispute(taken)
  // In a coarser currency a part may come to nothing, of which nothing is to be said.
  if (isCounted(work, dispute, order) && part.orderMinor > 0n)
    setOrder(work, { ...order, reversedMinor: order.reversedMinor + part.orderMinor, messageState: 1 })
  return taken
}

const NOTHING = { can: true, amountMinor: 0n, faceMinor: 0n, bonusMinor: 0n } as const

/** Of credit what a refund would give back; what other disputes of the order took is gone already. */
function unspentOf(work: Work, dispute: Dispute, order: TopUp) {
  if (order.creditedAtMs === null || order.offerKind === 'package' || !isCounted(work, dispute, order))
    return NOTHING
  const assessed = assessUnspent(order, surroundingsOf(work, order))
  return assessed.can ? assessed : NOTHING
}

/** The bank has decided for the payer: an unused package ends, what is left of the amount is owed, and the days go with the money. */
function settleLoss(work: Work, dispute: Dispute, order: TopUp): void {
  const counted = isCounted(work, dispute, order) && order.creditedAtMs !== null
  const unbegun = counted && order.offerKind === 'package' ? unbegunOf(work, dispute, order) : 0n
  const covered = coverRefunds(work, dispute, order, dispute.undecidedMinor - unbegun)
  const owed = dispute.undecidedMinor - unbegun - covered
  const outcome = work.book.post('charge-back', {
    amounts: { unbegun, owed },
    parties: {
      'deferred-revenue': work.systemAccount('deferred-revenue'),
      'dispute-clearing': work.systemAccount('dispute-clearing'),
      'subscriber-receivable': work.systemAccount('subscriber-receivable'),
    },
    cause: dispute.id,
    owing: work.lineAccount(order.line, order.epoch),
  })
  assert(outcome.posted, 'what waits can be owed')
  if (unbegun > 0n) endTerm(work, order, unbegun)
  work.setDispute({
    ...dispute,
    ...{ posted: 'reversed', postedAtMs: work.state.nowMs, undecidedMinor: 0n },
    ...{ unbegunTakenMinor: unbegun, owedMinor: owed, coveredMinor: covered },
  })
  // A refund that was abnormal is so no longer: paid after all, it passes through refunding.
  const flags = work.refundFlags(order.id)
  if (order.refundAbnormal && !flags.refundAbnormal)
    setOrder(work, { ...orderOf(work, order.id), refundsOpen: true, refundAbnormal: false })
  setOrder(work, { ...orderOf(work, order.id), ...flags })
  if (!counted) return
  const { faceMinor, keptMinor } = loadOf(order, dispute)
  takeValidity(work, { cause: dispute.id, mayEnd: false, keptMinor }, order, {
    amountMinor: dispute.orderMinor,
    faceMinor,
  })
  flag(work, dispute, order)
}

/**
 * Refunds of the payment that the provider refused, mostly because it was disputed: the payer's bank has paid them by now, so what they
 * hold goes towards the loss. Answers how much.
 */
function coverRefunds(work: Work, dispute: Dispute, order: TopUp, mostMinor: bigint): bigint {
  let covered = 0n
  for (const refund of work.refundsOf(dispute.order)) {
    const same = refund.attempt === dispute.attempt && refund.transaction === dispute.transaction
    if (refund.state !== 'abnormal' || !same) continue
    const held = heldOf(work, dispute, order, refund)
    if (covered + held.orderMinor > mostMinor) continue
    postCovered(work, dispute, refund, held)
    work.setRefund({ id: refund.id, state: 'covered', atMs: work.state.nowMs, note: null })
    covered += held.orderMinor
  }
  return covered
}

/** As a refund: whole or not at all, and only unused. A dispute about less leaves the package as it is. */
function unbegunOf(work: Work, dispute: Dispute, order: TopUp): bigint {
  const before = { ...order, reversedMinor: order.reversedMinor - dispute.orderMinor }
  const assessed = assessUnspent(before, surroundingsOf(work, order))
  return assessed.can && assessed.amountMinor <= dispute.undecidedMinor ? assessed.amountMinor : 0n
}

/** Of the credit that the order gave, the disputed share, and what is left paid for. */
function loadOf(
  order: TopUp,
  { orderMinor }: Dispute,
): { readonly faceMinor: bigint; readonly keptMinor: bigint } {
  const { faceMinor: face, capturedMinor: captured, refundedMinor, reversedMinor } = order
  const kept = captured - least(captured, refundedMinor + reversedMinor)
  const keptMinor = (face * kept) / captured
  return { faceMinor: (face * least(orderMinor, captured)) / captured, keptMinor }
}

const DAY_MS = 86_400_000

/** Cards are not taken online for the number and its payer for as long as the brand says. */
function flag(work: Work, { id: cause }: Dispute, order: TopUp): void {
  const { state } = work
  const days = state.brand.disputes.cardOffDays
  const clock = work.clock(order.line)
  assert(clock, `line ${order.line} is locked`)
  if (days === 0) return
  const { line, epoch, caller: payer } = order
  const untilMs = state.nowMs + days * DAY_MS
  work.flags.push({
    id: state.newId(),
    line,
    epoch,
    payer,
    kind: 'card-refused',
    cause,
    sinceMs: state.nowMs,
    untilMs,
  })
  const onDay = policyDay(state, state.policyOf(clock.policy, clock.policyVersion))
  work.lineEvents.push({
    ...{ id: state.newId(), line, epoch, kind: 'flagged', onDay, cause },
    detail: { flag: 'card-refused', days },
  })
}

/** What was taken returns: credit and bonus as they were, what is still owed is owed no more, and what was paid for it is credit. */
function giveBack(work: Work, dispute: Dispute, order: TopUp): void {
  work.setDispute({ ...dispute, posted: 'reinstated', postedAtMs: work.state.nowMs, undecidedMinor: 0n })
  if (dispute.posted === 'none') return
  const account = work.lineAccount(order.line, order.epoch)
  const owed = least(dispute.owedMinor, work.book.owedMinor(account))
  postReturned(work, dispute, account, owed)
  if (isCounted(work, dispute, order))
    setOrder(work, { ...order, reversedMinor: order.reversedMinor - dispute.orderMinor })
  if (dispute.posted === 'reversed') work.flagsLifted.push(dispute.id)
}
