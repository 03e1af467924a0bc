import { noAllowances, type OfferTerms } from '../catalog/index.ts'
import { assert, type ErrorEntry } from '../platform/error.ts'
import { creditLine } from './credit.ts'
import { type Creditable, creditable, policyDay, purchase } from './creditable.ts'
import type { Share } from './decide-refund.ts'
import { topUpErrors } from './errors.ts'
import type { RefundRequest } from './refund-request.ts'
import type { TopUp } from './top-up.ts'
import type { Work } from './work.ts'

/** The right line can take what is unspent of the order, as a top-up of that much. */
export interface Correctable {
  readonly can: true
  readonly terms: OfferTerms
  readonly creditable: Creditable
}

/** Asked before anything is taken: stage and limits of the right line hold, and its holder is the one who was named. */
export function correctable(
  work: Work,
  request: RefundRequest,
  share: Share,
): Correctable | { readonly can: false; readonly entry: ErrorEntry } {
  const clock = work.clock(request.toLine ?? '')
  assert(clock, `line ${request.toLine} is locked`)
  if (clock.epoch !== request.toEpoch) return { can: false, entry: topUpErrors['correction-line-changed'] }
  const terms = termsOf(share)
  const can = creditable(work, clock, terms)
  return can.can ? { can: true, terms, creditable: can } : { can: false, entry: can.entry }
}

/** A top-up of the credit that moves, at what it was bought for, with the bonus that moves; no offer's own length comes with it. */
function termsOf({ amountMinor, faceMinor, bonusMinor }: Share): OfferTerms {
  return {
    ...{ id: '', kind: 'free-amount', name: { 'zh-CN': '', en: '' }, term: null, recommended: false },
    ...{ priceMinor: amountMinor, faceMinor, bonusMinor, discountMinor: faceMinor - amountMinor },
    ...{ allowances: noAllowances, roaming: false, validityMonths: 0, validityDays: 0 },
  }
}

/**
 * The credit leaves the wrong line and comes to the right one, through suspense: both postings name the transfer they correct. The
 * event of the right line is the cause of the second, and what its clocks are replayed from.
 */
export function moveCredit(
  work: Work,
  request: RefundRequest,
  order: TopUp,
  { amountMinor, faceMinor, bonusMinor }: Share,
  { terms, creditable: can }: Correctable,
): void {
  const { state } = work
  const corrects = state.refunding.credits.get(order.id)
  assert(corrects, `order ${order.id} was credited by a transfer`)
  const account = work.lineAccount(order.line, order.epoch)
  const taken = work.book.post('wrong-number-taken', {
    amounts: { cost: amountMinor, discount: faceMinor - amountMinor },
    parties: {
      'line-balance': account,
      'topup-suspense': work.systemAccount('topup-suspense'),
      discount: work.systemAccount('discount'),
    },
    ...{ cause: request.id, holdId: request.id, corrects },
  })
  const bonus = work.book.post('bonus-taken-back', {
    amounts: { bonus: bonusMinor },
    parties: { 'line-balance': account, 'promotion-bonus': work.systemAccount('promotion-bonus') },
    ...{ cause: request.id, corrects },
  })
  assert(taken.posted && bonus.posted, 'unspent credit can be taken back')
  const event = state.newId()
  const detail = { amountMinor: faceMinor.toString(), balanceAfterMinor: balanceAfter(work, can, terms) }
  const given = creditLine(work, event, terms, can, { from: 'wrong-number', held: request.id, corrects })
  assert(given.posted, 'what was taken can be given')
  const { line, epoch, policy, policyVersion } = can.clock
  const onDay = policyDay(state, state.policyOf(policy, policyVersion))
  work.lineEvents.push({
    ...{ id: event, line, epoch, kind: 'credit-received', onDay, detail, cause: request.id },
  })
}

/** What the right line has afterwards, as its policy asks; reckoned before anything is posted to it. */
function balanceAfter(work: Work, { clock }: Creditable, terms: OfferTerms): string {
  const policy = work.state.policyOf(clock.policy, clock.policyVersion)
  const before = work.clock(clock.line)
  assert(before, `line ${clock.line} is locked`)
  const balanceMinor = work.book.balanceMinor(work.lineAccount(clock.line, clock.epoch))
  const event = purchase(policy, before.state, terms, policyDay(work.state, policy), balanceMinor)
  assert(event.kind === 'top-up', 'credit is topped up')
  return event.balanceAfterMinor.toString()
}
