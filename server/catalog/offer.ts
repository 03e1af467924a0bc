import type { Term } from '../../contract/offer.ts'

/** Whole days since 1970-01-01: a local date in the brand's zone. */
export type EpochDay = number

export interface OfferName {
  readonly 'zh-CN': string
  readonly en: string
}

export interface Allowances {
  readonly voiceSeconds: number
  readonly sms: number
  readonly dataBytes: bigint
}

export const noAllowances: Allowances = { voiceSeconds: 0, sms: 0, dataBytes: 0n }

/** What one sale gives and costs: copied into the order when it is placed. No amount is negative. */
export interface OfferTerms {
  readonly id: string
  readonly kind: 'package' | 'denomination' | 'free-amount'
  readonly name: OfferName
  /** Of a package; null for the others. */
  readonly term: Term | null
  readonly priceMinor: bigint
  /** Paid credit for the line's balance: zero for a package, which gives allowances instead. */
  readonly faceMinor: bigint
  readonly bonusMinor: bigint
  /** Below the face, or below a package's list price (which is price + discount). */
  readonly discountMinor: bigint
  readonly allowances: Allowances
  /** The allowances are for use abroad. */
  readonly roaming: boolean
  /** Validity of the offer's own: months, then days. Both zero: the policy alone says what the sale extends. */
  readonly validityMonths: number
  readonly validityDays: number
  readonly recommended: boolean
}

interface Sale {
  /** The first day on which it is no longer on sale; null: as long as its price table is in force. */
  readonly onSaleUntil: EpochDay | null
}

export interface PackageOffer extends OfferTerms, Sale {
  readonly kind: 'package'
  readonly term: Term
}

export interface DenominationOffer extends OfferTerms, Sale {
  readonly kind: 'denomination'
  readonly term: null
}

/** Any amount from `minMinor` to `maxMinor` in steps counted from `minMinor`; its price is its face. */
export interface FreeAmountOffer extends Sale {
  readonly id: string
  readonly kind: 'free-amount'
  readonly name: OfferName
  readonly minMinor: bigint
  readonly maxMinor: bigint
  readonly stepMinor: bigint
  readonly validityMonths: number
  readonly validityDays: number
}

export type Offer = PackageOffer | DenominationOffer | FreeAmountOffer

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never
/** An offer before its version is published, which gives it its id. */
export type NewOffer = WithoutId<Offer>

/** A price table that `readPriceTable` found to hold together, ready to publish. */
export interface NewPriceTable {
  readonly currency: string
  readonly validFrom: EpochDay
  /** In the order in which pages show them. */
  readonly offers: readonly NewOffer[]
}
