import { type Money, wire } from '../../contract/money.ts'
import type { Brand } from '../brand/index.ts'
import { catalogErrors, type OfferTerms, terms } from '../catalog/index.ts'
import { Book } from '../ledger/index.ts'
import type { ErrorEntry, RefusalMembers } from '../platform/error.ts'
import type { AskedLine, SalesDay } from './asked-line.ts'
import { type Creditable, creditable, loadMinor, refusedByStage } from './creditable.ts'
import { topUpErrors } from './errors.ts'

/** What a payer asks for, as far as it can be judged without knowing who asks. */
export interface Wish {
  readonly offerId: string
  readonly amount: Money | null
  /** The sum the page showed. */
  readonly expected: Money
  readonly confirmDuplicate: boolean
}

/** What was read of the line and the asker. */
export interface Placing extends SalesDay {
  readonly line: Pick<AskedLine, 'clock' | 'account'>
  /** What the asker placed for this line in the last two minutes and did not let expire: loads. */
  readonly recent: readonly bigint[]
  readonly payer: Payer
}

/** What is known of who pays. */
export interface Payer {
  readonly isLogIn: boolean
  /** The number is bound to the account, or the account has paid for it before. */
  readonly knowsLine: boolean
  /** The payer's phone is proved by a code, and the proof still holds. */
  readonly isProved: boolean
}

export interface Placeable {
  readonly may: true
  readonly offer: OfferTerms
  readonly can: Creditable
}

export interface NotPlaceable {
  readonly may: false
  readonly entry: ErrorEntry
  readonly members: RefusalMembers
}

/** May this order be placed. Pure; refusals come in this order: stage, offer, amount and price, limits, duplicate, proof. */
export function placeable(placing: Placing, wish: Wish): Placeable | NotPlaceable {
  const { brand, line } = placing
  const { clock, account } = line
  const byStage = refusedByStage(placing, clock)
  if (byStage) return no(byStage.entry, byStage.members)
  const offer = terms(placing.priceTable, wish.offerId, wish.amount)
  if (offer.kind === 'refused') return no(catalogErrors[offer.code], offer.members)
  if (wish.expected.currency !== brand.currency)
    return no(catalogErrors['currency-mismatch'], { currency: brand.currency })
  if (wish.expected.amountMinor !== offer.priceMinor)
    return no(topUpErrors['price-changed'], { price: wire(offer.priceMinor, brand.currency) })
  // A book in which nothing is posted: balances are as they were read.
  const book = new Book(() => '')
  const can = creditable({ state: placing, lineAccount: () => account, book }, clock, offer)
  if (!can.can) return no(can.entry, can.members)
  if (placing.recent.includes(loadMinor(offer)) && !wish.confirmDuplicate)
    return no(topUpErrors['duplicate-recent'])
  if (needsProof(brand, placing.payer, offer) && !placing.payer.isProved)
    return no(topUpErrors['verification-needed'])
  return { may: true, offer, can }
}

/** A guest always; a log-in when the number is new to it, or much is to be paid. */
function needsProof(brand: Brand, payer: Payer, offer: OfferTerms): boolean {
  return !payer.isLogIn || !payer.knowsLine || offer.priceMinor >= brand.limits.codeFromMinor
}

function no(entry: ErrorEntry, members: RefusalMembers = {}): NotPlaceable {
  return { may: false, entry, members }
}
