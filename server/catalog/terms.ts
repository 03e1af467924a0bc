import { type Money, wire } from '../../contract/money.ts'
import type { RefusalMembers } from '../platform/error.ts'
import { type FreeAmountOffer, noAllowances, type OfferTerms } from './offer.ts'
import type { PriceTable } from './price-table.ts'

/** Why an offer cannot be had as asked: a code of `catalogErrors` and the members of its problem document. */
export interface OfferRefusal {
  readonly kind: 'refused'
  readonly code:
    | 'offer-not-found'
    | 'offer-not-on-sale'
    | 'amount-missing'
    | 'amount-not-allowed'
    | 'currency-mismatch'
  readonly members: RefusalMembers
}

/**
 * What a sale of this offer gives and costs today. An amount goes with a free-amount offer and with no other: packages
 * and denominations say their own.
 */
export function terms(
  table: PriceTable,
  offerId: string,
  amount: Money | null = null,
): OfferTerms | OfferRefusal {
  const offer = table.find(offerId)
  if (!offer) return refused(table.knows(offerId) ? 'offer-not-on-sale' : 'offer-not-found')
  if (amount && amount.currency !== table.currency)
    return refused('currency-mismatch', { currency: table.currency })
  if (offer.kind !== 'free-amount') return amount ? notAllowed(table) : offer
  if (!amount) return refused('amount-missing', allowedAmounts(table))
  return mayBe(offer, amount.amountMinor) ? freeAmountTerms(offer, amount.amountMinor) : notAllowed(table)
}

function mayBe({ minMinor, maxMinor, stepMinor }: FreeAmountOffer, amountMinor: bigint): boolean {
  return amountMinor >= minMinor && amountMinor <= maxMinor && (amountMinor - minMinor) % stepMinor === 0n
}

function freeAmountTerms(offer: FreeAmountOffer, amountMinor: bigint): OfferTerms {
  const { id, kind, name, validityMonths, validityDays } = offer
  return {
    id,
    kind,
    name,
    term: null,
    priceMinor: amountMinor,
    faceMinor: amountMinor,
    bonusMinor: 0n,
    discountMinor: 0n,
    allowances: noAllowances,
    roaming: false,
    validityMonths,
    validityDays,
    recommended: false,
  }
}

/** What a page offers instead: the tiles' face values, and the limits of a free amount where one is on sale. */
function allowedAmounts({ currency, denominations, freeAmount }: PriceTable): RefusalMembers {
  return {
    denominations: denominations.map((offer) => wire(offer.faceMinor, currency)),
    ...(freeAmount && {
      min: wire(freeAmount.minMinor, currency),
      max: wire(freeAmount.maxMinor, currency),
      step: wire(freeAmount.stepMinor, currency),
    }),
  }
}

function notAllowed(table: PriceTable): OfferRefusal {
  return refused('amount-not-allowed', allowedAmounts(table))
}

function refused(code: OfferRefusal['code'], members: RefusalMembers = {}): OfferRefusal {
  return { kind: 'refused', code, members }
}
