import { type Static, Type } from 'typebox'
import { IdWire } from './id.ts'
import { Instant, LocalDate } from './line.ts'
import { MoneyWire } from './money.ts'

export const Term = Type.Union([Type.Literal('month'), Type.Literal('quarter'), Type.Literal('year')])
export type Term = Static<typeof Term>

/** A text in both languages. */
const words = (zhCN: string, en: string) =>
  Type.Object({ 'zh-CN': Type.String({ examples: [zhCN] }), en: Type.String({ examples: [en] }) })

/** What choosing an offer does to the number's date. For a stranger's number only the days are told. */
export const OfferEffect = Type.Object(
  {
    lastSafeDay: Type.Union([LocalDate, Type.Null()]),
    addedDays: Type.Union([Type.Integer(), Type.Null()], {
      description:
        'null: the date does not move or never ends; of a stranger’s number, what it gains at least',
    }),
    /** What to show, and what is kept with the order once it is placed. */
    validityText: words('号码保留至 2027-05-20', 'Number kept until 20 May 2027'),
  },
  { additionalProperties: false },
)

// What each kind of offer is, whoever it is for.
const ofPackage = {
  kind: Type.Literal('package'),
  id: IdWire,
  name: words('季度保号套餐', 'Quarterly keep-alive'),
  term: Term,
  price: MoneyWire,
  listPrice: MoneyWire,
  allowances: Type.Object({
    voiceSeconds: Type.Integer(),
    sms: Type.Integer(),
    dataBytes: Type.String({ pattern: '^[0-9]{1,18}$', examples: ['1073741824'] }),
  }),
  roaming: Type.Boolean(),
  validityMonths: Type.Integer(),
  validityDays: Type.Integer(),
  recommended: Type.Boolean(),
}
const ofDenomination = {
  kind: Type.Literal('denomination'),
  id: IdWire,
  face: MoneyWire,
  price: MoneyWire,
  bonus: MoneyWire,
  recommended: Type.Boolean(),
}
/** Any amount within limits; price equals face. */
const ofFreeAmount = {
  kind: Type.Literal('free-amount'),
  id: IdWire,
  min: MoneyWire,
  max: MoneyWire,
  step: MoneyWire,
}

export const PackageOffer = Type.Object(
  { ...ofPackage, effect: OfferEffect },
  { additionalProperties: false },
)
export type PackageOffer = Static<typeof PackageOffer>

export const DenominationOffer = Type.Object(
  { ...ofDenomination, effect: OfferEffect },
  { additionalProperties: false },
)
export type DenominationOffer = Static<typeof DenominationOffer>

/** `effects` give the date at each tier so that the page need not ask again. */
export const FreeAmountOffer = Type.Object(
  {
    ...ofFreeAmount,
    effects: Type.Array(
      Type.Object({ from: MoneyWire, effect: OfferEffect }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
)
export type FreeAmountOffer = Static<typeof FreeAmountOffer>

export const ListedPackage = Type.Object(ofPackage, { additionalProperties: false })
export type ListedPackage = Static<typeof ListedPackage>
export const ListedDenomination = Type.Object(ofDenomination, { additionalProperties: false })
export type ListedDenomination = Static<typeof ListedDenomination>
export const ListedFreeAmount = Type.Object(ofFreeAmount, { additionalProperties: false })
export type ListedFreeAmount = Static<typeof ListedFreeAmount>

/** What the holder of an own number owes, since a payment of theirs was taken back: the next credit bought pays it first. */
export const Owed = Type.Object({ amount: MoneyWire, since: Instant }, { additionalProperties: false })
export type Owed = Static<typeof Owed>

/** `GET /v1/lines/{number}/offers`: the price table of today for this line. */
export const OffersView = Type.Object(
  {
    packages: Type.Array(PackageOffer),
    denominations: Type.Array(DenominationOffer),
    freeAmount: Type.Union([FreeAmountOffer, Type.Null()]),
    priceTable: Type.Object(
      { version: Type.String({ examples: ['2026-11'] }), validFrom: LocalDate },
      { additionalProperties: false },
    ),
    /** Of an own number; absent: nothing. */
    owed: Type.Optional(Owed),
  },
  { additionalProperties: false },
)
export type OffersView = Static<typeof OffersView>

/** `GET /v1/price-table`: what the brand sells on a day, for no number in particular; so it says nothing of dates. */
export const PriceTableView = Type.Object(
  {
    day: Type.String({
      format: 'date',
      description: 'The brand’s business date on which this is on sale',
      examples: ['2026-11-22'],
    }),
    version: Type.String({ examples: ['1'] }),
    validFrom: LocalDate,
    packages: Type.Array(ListedPackage),
    denominations: Type.Array(ListedDenomination),
    freeAmount: Type.Union([ListedFreeAmount, Type.Null()]),
  },
  { additionalProperties: false },
)
export type PriceTableView = Static<typeof PriceTableView>
