import { type Static, Type } from 'typebox'

/** The JSON form of a price table. What it cannot say (a price above its face) `read-price-table.ts` checks. */

const closed = { additionalProperties: false } as const

const Positive = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })
const ZeroOrMore = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const Count = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
const DateJson = Type.String({ format: 'date' })
const Text = Type.String({ minLength: 1, maxLength: 60 })
const Name = Type.Object({ 'zh-CN': Text, en: Text }, closed)

const ValidityJson = Type.Object(
  {
    months: Type.Optional(Type.Integer({ minimum: 0, maximum: 1200 })),
    days: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
  },
  closed,
)
export type ValidityJson = Static<typeof ValidityJson>

const PackageJson = Type.Object(
  {
    name: Name,
    term: Type.Enum(['month', 'quarter', 'year']),
    listPriceMinor: Positive,
    priceMinor: Positive,
    allowances: Type.Object({ voiceSeconds: Count, sms: Count, dataBytes: ZeroOrMore }, closed),
    roaming: Type.Boolean(),
    validity: ValidityJson,
    recommended: Type.Boolean(),
    onSaleUntil: Type.Optional(DateJson),
  },
  closed,
)
export type PackageJson = Static<typeof PackageJson>

const DenominationJson = Type.Object(
  {
    name: Name,
    faceMinor: Positive,
    priceMinor: Positive,
    bonusMinor: ZeroOrMore,
    validity: Type.Optional(ValidityJson),
    recommended: Type.Boolean(),
    onSaleUntil: Type.Optional(DateJson),
  },
  closed,
)
export type DenominationJson = Static<typeof DenominationJson>

const FreeAmountJson = Type.Object(
  {
    name: Name,
    minMinor: Positive,
    maxMinor: Positive,
    stepMinor: Positive,
    validity: Type.Optional(ValidityJson),
    onSaleUntil: Type.Optional(DateJson),
  },
  closed,
)
export type FreeAmountJson = Static<typeof FreeAmountJson>

export const PriceTableJson = Type.Object(
  {
    /** Of every amount in the table; it must be the brand's. */
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    validFrom: DateJson,
    packages: Type.Array(PackageJson),
    denominations: Type.Array(DenominationJson),
    freeAmount: Type.Optional(FreeAmountJson),
  },
  closed,
)
export type PriceTableJson = Static<typeof PriceTableJson>
