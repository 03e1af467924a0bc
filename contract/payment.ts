import { type Static, Type } from 'typebox'

/** What an operator tells the public, by language. */
export const NoticeView = Type.Object(
  {
    'zh-CN': Type.String({ examples: ['支付宝正在维护，请改用其他方式。'] }),
    en: Type.String({ examples: ['Alipay is under maintenance. Please pay another way.'] }),
  },
  { additionalProperties: false },
)
export type NoticeView = Static<typeof NoticeView>

/** Rails by which an order can be paid. */
export const Provider = Type.Union([
  Type.Literal('alipay'),
  Type.Literal('wechat'),
  Type.Literal('card'),
  Type.Literal('unionpay'),
  Type.Literal('bank'),
])

/** `GET /v1/payment-ways`: by what people can pay here, in the order in which to show it. */
export const PaymentWays = Type.Object(
  {
    ways: Type.Array(
      Type.Object(
        {
          provider: Provider,
          /** Null: it can be used. */
          off: Type.Union([
            Type.Null(),
            Type.Object(
              {
                why: Type.Union([Type.Literal('switched-off'), Type.Literal('not-answering')], {
                  description:
                    '`switched-off`: by the operator, with a notice; `not-answering`: the provider has not answered lately, for a moment',
                }),
                notice: Type.Union([NoticeView, Type.Null()]),
              },
              { additionalProperties: false },
            ),
          ]),
        },
        { additionalProperties: false },
      ),
    ),
    /** The whole brand sells nothing new for now; what is paid is still seen to. */
    maintenance: Type.Union([NoticeView, Type.Null()]),
  },
  { additionalProperties: false },
)
export type PaymentWays = Static<typeof PaymentWays>
