import { type Static, Type } from 'typebox'
import { IdWire } from './id.ts'
import { Instant, LocalDate } from './line.ts'
import { MoneyWire } from './money.ts'

/** `POST /v1/top-ups/{id}/quotes`. */
export const AskQuote = Type.Object(
  { currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['CNY'] }) },
  { additionalProperties: false },
)
export type AskQuote = Static<typeof AskQuote>

/** What an order costs in another currency, frozen until `expiresAt`. */
export const QuoteView = Type.Object(
  {
    id: IdWire,
    price: MoneyWire,
    amount: MoneyWire,
    rate: Type.String({
      description:
        'Units of the amount’s currency for one of the price’s, before the margin, rounded for people',
      examples: ['9.1183'],
    }),
    rateSource: Type.String({ examples: ['European Central Bank'] }),
    rateDate: LocalDate,
    marginBp: Type.Integer({ description: 'Parts per ten thousand on top of the rate', examples: [150] }),
    expiresAt: Instant,
  },
  { additionalProperties: false },
)
export type QuoteView = Static<typeof QuoteView>

/** An order that was paid in another currency: what was taken and what is back, in that, and the quote it went by. */
export const PaidInView = Type.Object(
  { captured: MoneyWire, refunded: MoneyWire, quote: QuoteView },
  { additionalProperties: false },
)
export type PaidInView = Static<typeof PaidInView>
