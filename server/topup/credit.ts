import type { OfferTerms } from '../catalog/index.ts'
import {
  type Account,
  type AllowanceKind,
  type LineAccount,
  least,
  type PostOutcome,
} from '../ledger/index.ts'
import { assert } from '../platform/error.ts'
import { addLength } from '../policy/index.ts'
import type { Creditable } from './creditable.ts'
import { positionParties } from './quoted.ts'
import type { Work } from './work.ts'

/** Where the money of a sale comes from. */
export type Source =
  | { readonly from: 'provider'; readonly clearing: Account }
  | { readonly from: 'suspense'; readonly held: string }
  /** Paid in another currency: out of the position of the brand's own. */
  | { readonly from: 'quote'; readonly marginMinor: bigint }
  /** Taken from a wrong number; `corrects` is the transfer that credited it. */
  | { readonly from: 'wrong-number'; readonly held: string; readonly corrects: string }
  | { readonly from: 'float'; readonly float: Account; readonly commissionMinor: bigint }

/** A package's price to deferred revenue. */
function postPackage(work: Work, cause: string, price: bigint, source: Source): PostOutcome {
  const revenue = { 'deferred-revenue': work.systemAccount('deferred-revenue') }
  switch (source.from) {
    case 'provider':
      return work.book.post('online-package', {
        amounts: { price },
        parties: { ...revenue, 'provider-clearing': source.clearing },
        cause,
      })
    case 'suspense':
      return work.book.post('held-then-package', {
        amounts: { price },
        parties: { ...revenue, 'topup-suspense': work.systemAccount('topup-suspense') },
        cause,
        pendingOf: source.held,
      })
    case 'quote':
      return work.book.post('fx-package', {
        amounts: { price, margin: source.marginMinor },
        parties: { ...revenue, ...positionParties(work) },
        cause,
      })
    case 'wrong-number':
      throw new Error('a package is not moved to another number')
    case 'float':
      return work.book.post('dealer-package', {
        amounts: { price, commission: source.commissionMinor },
        parties: { ...revenue, 'dealer-float': source.float, commission: work.systemAccount('commission') },
        cause,
      })
  }
}

/**
 * Posts a sale to the ledger: credit to the line, or a package's price to deferred revenue. Refused only when the
 * source is a float that does not cover it.
 */
function postSale(
  work: Work,
  cause: string,
  offer: OfferTerms,
  account: LineAccount,
  source: Source,
): PostOutcome {
  const { priceMinor: price, discountMinor: discount, bonusMinor: bonus } = offer
  const system = (kind: Account['kind']) => work.systemAccount(kind)
  if (offer.kind === 'package') return postPackage(work, cause, price, source)
  const amounts = { price, discount, bonus }
  const parties = {
    'line-balance': account,
    discount: system('discount'),
    'promotion-bonus': system('promotion-bonus'),
  }
  switch (source.from) {
    case 'provider':
      return work.book.post('online-top-up', {
        amounts,
        parties: { ...parties, 'provider-clearing': source.clearing },
        cause,
      })
    case 'suspense':
      return work.book.post('held-then-credited', {
        amounts,
        parties: { ...parties, 'topup-suspense': system('topup-suspense') },
        cause,
        pendingOf: source.held,
      })
    case 'quote':
      return work.book.post('fx-credited', {
        amounts: { ...amounts, margin: source.marginMinor },
        parties: { ...parties, ...positionParties(work) },
        cause,
      })
    case 'wrong-number':
      return work.book.post('wrong-number-given', {
        amounts: { cost: price, discount, bonus },
        parties: { ...parties, 'topup-suspense': system('topup-suspense') },
        cause,
        pendingOf: source.held,
        corrects: source.corrects,
      })
    case 'float':
      return work.book.post('dealer-top-up', {
        amounts: { ...amounts, commission: source.commissionMinor },
        parties: { ...parties, 'dealer-float': source.float, commission: system('commission') },
        cause,
      })
  }
}

/** Posts the sale and, when the source bears it, everything that follows from it on the line. */
export function creditLine(
  work: Work,
  cause: string,
  offer: OfferTerms,
  can: Creditable,
  source: Source,
): PostOutcome {
  const account = work.lineAccount(can.clock.line, can.clock.epoch)
  const old = work.book.lineMoney(account)
  const sale = postSale(work, cause, offer, account, source)
  if (!sale.posted) return sale
  if (can.extension.oldBalance === 'forfeited') forfeitOldCredit(work, cause, account, old)
  if (can.extension.reclaimFeeMinor > 0n) takeReclaimFee(work, cause, account, can.extension.reclaimFeeMinor)
  settleOwed(work, cause, account, offer)
  work.setClock(can.clock)
  if (offer.kind === 'package') grantPackage(work, cause, offer, can)
  return sale
}

/** What the line's holder owes is paid first, from the credit just bought; a package brings none. */
function settleOwed(work: Work, cause: string, account: LineAccount, offer: OfferTerms): void {
  const owed = work.book.owedMinor(account)
  if (owed === 0n || offer.kind === 'package') return
  const outcome = work.book.post('owed-settled', {
    amounts: { settled: least(owed, least(offer.faceMinor, work.book.lineMoney(account).paid)) },
    parties: {
      'line-balance': account,
      'subscriber-receivable': work.systemAccount('subscriber-receivable'),
    },
    cause,
    owing: account,
  })
  assert(outcome.posted, 'credit pays what is owed, as far as there is any')
}

/** A package's allowances, and the term over which its price is earned. */
function grantPackage(work: Work, cause: string, offer: OfferTerms, can: Creditable): void {
  const { line, epoch } = can.clock
  const firstDay = work.state.today
  const until = addLength(firstDay, { months: offer.validityMonths, days: offer.validityDays })
  work.packageTerms.push({
    id: work.state.newId(),
    cause,
    line,
    epoch,
    priceMinor: offer.priceMinor,
    firstDay,
    until,
  })
  for (const { kind, amount } of allowances(offer)) work.lots.push({ line, epoch, kind, until, amount })
}

function allowances(offer: OfferTerms): { readonly kind: AllowanceKind; readonly amount: bigint }[] {
  const { voiceSeconds, sms, dataBytes } = offer.allowances
  const prefix = offer.roaming ? 'roaming-' : ''
  return [
    { kind: `${prefix}voice-seconds` as AllowanceKind, amount: BigInt(voiceSeconds) },
    { kind: `${prefix}sms` as AllowanceKind, amount: BigInt(sms) },
    { kind: `${prefix}data-bytes` as AllowanceKind, amount: dataBytes },
  ].filter((grant) => grant.amount > 0n)
}

/** What a policy may do to old credit when a top-up revives a line: paid goes to breakage, bonus back to promotion. */
function forfeitOldCredit(
  work: Work,
  cause: string,
  account: LineAccount,
  old: { readonly paid: bigint; readonly bonus: bigint },
): void {
  const outcome = work.book.post('breakage', {
    amounts: old,
    parties: {
      'line-balance': account,
      breakage: work.systemAccount('breakage'),
      'promotion-bonus': work.systemAccount('promotion-bonus'),
    },
    cause,
  })
  assert(outcome.posted, 'what a line had can be forfeited')
}

/** Taking a number back from quarantine may cost a fee, taken from the credit just given. */
function takeReclaimFee(work: Work, cause: string, account: LineAccount, fee: bigint): void {
  const { paid } = work.book.lineMoney(account)
  const fromPaid = paid < fee ? paid : fee
  const outcome = work.book.post('retention-fee', {
    amounts: { paid: fromPaid, bonus: fee - fromPaid },
    parties: {
      'line-balance': account,
      'retention-fee-revenue': work.systemAccount('retention-fee-revenue'),
    },
    cause,
  })
  assert(outcome.posted, 'the least top-up of a stage covers its reclaim fee')
}
