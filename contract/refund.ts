import { type Static, Type } from 'typebox'
import { IdWire } from './id.ts'
import { Instant, LocalDate } from './line.ts'
import { MoneyWire } from './money.ts'

/** Money above zero. */
const SomeMoney = Type.Object(
  {
    ...MoneyWire.properties,
    amountMinor: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['2988'] }),
  },
  { additionalProperties: false },
)

/** `POST /v1/top-ups/{id}/refunds`: the payer of a credited order asks for money back. */
export const AskRefund = Type.Object(
  {
    /** Left out: all that can go back. */
    amount: Type.Optional(SomeMoney),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200, examples: ['充错号码了'] })),
  },
  { additionalProperties: false },
)
export type AskRefund = Static<typeof AskRefund>

/** `GET /v1/top-ups/{id}/refunds`: which part of what could go back the answer speaks of. */
export const RefundsQuery = Type.Object(
  {
    amountMinor: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{0,14}$',
        description: 'In the brand’s currency. Left out: all that can go back',
        examples: ['1000'],
      }),
    ),
  },
  { additionalProperties: false },
)
export type RefundsQuery = Static<typeof RefundsQuery>

const inPaidCurrency = Type.Object(MoneyWire.properties, {
  additionalProperties: false,
  description:
    'An order paid in another currency: the same in that, at the rate it was paid by. Of a refund, once it is begun',
})

/**
 * How far a refund that was asked for is. `waiting`: staff look at it; `approved`: it begins within a second; `sending`: the credit
 * has left the line and the provider is paying back; `delayed`: the provider refused, and staff see to it; `refused`: by the time it
 * was approved nothing was left; `declined`: staff said no.
 */
export const RefundProgress = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('approved'),
  Type.Literal('sending'),
  Type.Literal('delayed'),
  Type.Literal('done'),
  Type.Literal('refused'),
  Type.Literal('declined'),
])
export type RefundProgress = Static<typeof RefundProgress>

export const RefundView = Type.Object(
  {
    id: IdWire,
    progress: RefundProgress,
    amount: Type.Object(MoneyWire.properties, {
      additionalProperties: false,
      description: 'What goes back; before it is begun, at most this',
    }),
    paidBack: Type.Optional(inPaidCurrency),
    requestedAt: Instant,
    checkedAt: Type.Union([Instant, Type.Null()], { description: 'When staff said yes or no' }),
    begunAt: Type.Union([Instant, Type.Null()], { description: 'When the credit left the line' }),
    doneAt: Type.Union([Instant, Type.Null()]),
    refusedCode: Type.Union([Type.String({ examples: ['refund-nothing-left'] }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type RefundView = Static<typeof RefundView>

/** `GET /v1/top-ups/{id}/refunds`: what would go back today, and what was asked for before. */
export const RefundsView = Type.Object(
  {
    /** Null: nothing, for the reason in `refusedCode`. */
    offer: Type.Union([
      Type.Object(
        {
          most: MoneyWire,
          /** What all below speaks of: the part that was asked about, else all there is. */
          amount: MoneyWire,
          paidBack: Type.Optional(inPaidCurrency),
          /** Credit and bonus that leave the line for it. */
          credit: MoneyWire,
          bonus: MoneyWire,
          /** A package goes back whole or not at all. */
          partly: Type.Boolean(),
          /** Staff look at it first. */
          looked: Type.Boolean(),
          lastSafeDayBefore: Type.Union([LocalDate, Type.Null()], { description: 'Own number only' }),
          lastSafeDay: Type.Union([LocalDate, Type.Null()], {
            description: 'Own number only: once it has gone back',
          }),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    refusedCode: Type.Union([Type.String({ examples: ['refund-nothing-left'] }), Type.Null()]),
    refunds: Type.Array(RefundView),
  },
  { additionalProperties: false },
)
export type RefundsView = Static<typeof RefundsView>
