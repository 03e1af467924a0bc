import type { LineAccount } from '../ledger/index.ts'
import type { RefundRow } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import type { Dispute } from './dispute.ts'
import { attemptOf, type PartOfOrder } from './dispute-share.ts'
import { clearingOf, positionParties, quoteOf } from './quoted.ts'
import type { Work } from './work.ts'

/*
 * What a dispute moves. Where the payment was in the order's own currency, money and credit meet in one posting; else there are two, one in
 * each currency, that meet in the positions, as the payment itself did.
 */

/** What the bank took has left the provider; of the order's part the unspent credit has left the line, and the rest waits. */
export function postTaken(work: Work, dispute: Dispute, account: LineAccount): void {
  const attempt = attemptOf(work, dispute)
  const { id: cause, costTakenMinor: cost, marginTakenMinor: margin } = dispute
  const amounts = { cost, discount: dispute.faceTakenMinor - cost, open: dispute.undecidedMinor }
  const parties = {
    'line-balance': account,
    discount: work.systemAccount('discount'),
    'dispute-clearing': work.systemAccount('dispute-clearing'),
  }
  if (!quoteOf(work, attempt)) {
    const clearing = { 'provider-clearing': clearingOf(work, attempt) }
    const taken = work.book.post('payment-disputed', { amounts, parties: { ...parties, ...clearing }, cause })
    assert(taken.posted, 'unspent credit can be taken back')
    return
  }
  const abroad = work.book.post('fx-disputed', abroadOf(work, dispute))
  const taken = work.book.post('fx-payment-disputed', {
    amounts: { ...amounts, margin },
    parties: { ...parties, ...positionParties(work) },
    cause,
  })
  assert(abroad.posted && taken.posted, 'unspent credit of a quoted order can be taken back')
}

/** In the currency that was paid: between what the provider owes and the position. */
function abroadOf(work: Work, dispute: Dispute) {
  const attempt = attemptOf(work, dispute)
  return {
    amounts: { disputed: dispute.amountMinor },
    parties: {
      'fx-position': work.systemAccount('fx-position', '', attempt.currency),
      'provider-clearing': clearingOf(work, attempt),
    },
    cause: dispute.id,
  }
}

/** What a refund holds that the provider refused goes towards the loss. */
export function postCovered(
  work: Work,
  { id: cause, attempt }: Dispute,
  { amountMinor, hold: pendingOf }: RefundRow,
  { orderMinor: held, marginTakenMinor: margin }: PartOfOrder,
): void {
  const { quote, currency } = attemptOf(work, { attempt })
  const holding = { 'refund-clearing': work.systemAccount('refund-clearing', '', currency) }
  const waiting = { 'dispute-clearing': work.systemAccount('dispute-clearing') }
  if (quote === null) {
    const parties = { ...holding, ...waiting }
    const covered = work.book.post('refund-charged-back', { amounts: { held }, parties, cause, pendingOf })
    assert(covered.posted, 'what a refund holds can go towards a loss')
    return
  }
  const abroad = work.book.post('fx-refund-covered', {
    amounts: { held: amountMinor },
    parties: { ...holding, 'fx-position': work.systemAccount('fx-position', '', currency) },
    cause,
    pendingOf,
  })
  const covered = work.book.post('fx-refund-charged-back', {
    amounts: { held, margin },
    parties: { ...waiting, ...positionParties(work) },
    cause,
  })
  assert(abroad.posted && covered.posted, 'what a refund holds can be exchanged and go towards a loss')
}

/** What was taken returns, out of the amounts that the dispute keeps; of what is owed `stillOwed` is, and the rest is credit. */
export function postReturned(work: Work, dispute: Dispute, account: LineAccount, stillOwed: bigint): void {
  const attempt = attemptOf(work, dispute)
  const { costTakenMinor, unbegunTakenMinor, coveredMinor, owedMinor } = dispute
  const amounts = {
    cost: costTakenMinor + unbegunTakenMinor + coveredMinor + owedMinor - stillOwed,
    discount: dispute.faceTakenMinor - costTakenMinor,
    bonus: dispute.bonusTakenMinor,
    open: dispute.undecidedMinor,
    owed: stillOwed,
  }
  const parties = {
    'line-balance': account,
    'dispute-clearing': work.systemAccount('dispute-clearing'),
    'subscriber-receivable': work.systemAccount('subscriber-receivable'),
    discount: work.systemAccount('discount'),
    'promotion-bonus': work.systemAccount('promotion-bonus'),
  }
  const common = { cause: dispute.id, owing: account }
  if (!quoteOf(work, attempt)) {
    const clearing = { 'provider-clearing': clearingOf(work, attempt) }
    const given = { amounts, parties: { ...parties, ...clearing }, ...common }
    assert(work.book.post('dispute-returned', given).posted, 'what was taken can be given back')
    return
  }
  const abroad = work.book.post('fx-reinstated', abroadOf(work, dispute))
  const given = work.book.post('fx-dispute-returned', {
    amounts: { ...amounts, margin: dispute.marginTakenMinor },
    parties: { ...parties, ...positionParties(work) },
    ...common,
  })
  assert(abroad.posted && given.posted, 'what was taken of a quoted order can be given back')
}
