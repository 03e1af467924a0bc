import { type Static, Type } from 'typebox'
import { Locale } from './brand.ts'
import { IdWire } from './id.ts'
import { Instant, NumberInput } from './line.ts'
import { MoneyWire } from './money.ts'

export const CaseTopic = Type.Union([
  Type.Literal('top-up'),
  Type.Literal('refund'),
  Type.Literal('number'),
  Type.Literal('account'),
  Type.Literal('other'),
])
export type CaseTopic = Static<typeof CaseTopic>

/** `POST /v1/cases`: asks the brand for help, about an order of one's own where one is named. */
export const OpenCase = Type.Object(
  {
    topic: CaseTopic,
    order: Type.Optional(IdWire),
    body: Type.String({ minLength: 5, maxLength: 1000, examples: ['充值成功了，但是余额没有变化。'] }),
    /** Where the answer goes. */
    replyTo: Type.Union([
      Type.Object({ by: Type.Literal('sms'), number: NumberInput }, { additionalProperties: false }),
      Type.Object(
        { by: Type.Literal('email'), email: Type.String({ maxLength: 254, examples: ['lin@example.com'] }) },
        { additionalProperties: false },
      ),
    ]),
    /** From whoever is not signed in to an account. */
    captcha: Type.Optional(Type.String({ maxLength: 4096, examples: ['eyJjaGFsbGVuZ2UiOnt9fQ=='] })),
    locale: Locale,
  },
  { additionalProperties: false },
)
export type OpenCase = Static<typeof OpenCase>

export const CaseState = Type.Union([Type.Literal('open'), Type.Literal('answered')])
export type CaseState = Static<typeof CaseState>

export const CaseView = Type.Object(
  {
    number: Type.String({ examples: ['LK-261122-7Q4W2V'] }),
    state: CaseState,
    topic: CaseTopic,
    body: Type.String({ examples: ['充值成功了，但是余额没有变化。'] }),
    order: Type.Union([
      Type.Object(
        {
          id: IdWire,
          msisdn: Type.String({ description: 'Masked', examples: ['154****1234'] }),
          price: MoneyWire,
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    reply: Type.Object(
      {
        by: Type.Union([Type.Literal('sms'), Type.Literal('email')]),
        to: Type.Union([Type.String(), Type.Null()], { description: 'Masked', examples: ['154****1234'] }),
        /** A confirmation with the number was sent there; only to addresses that a code has proved. */
        confirmed: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
    openedAt: Instant,
    answer: Type.Union([Type.String({ examples: ['余额已更新，请重新查询。'] }), Type.Null()]),
    answeredAt: Type.Union([Instant, Type.Null()]),
  },
  { additionalProperties: false },
)
export type CaseView = Static<typeof CaseView>

/** `GET /v1/me/cases`: one's own, newest first. */
export const CasesView = Type.Object({ cases: Type.Array(CaseView) }, { additionalProperties: false })
export type CasesView = Static<typeof CasesView>
