import { type Static, Type } from 'typebox'
import { Instant } from './line.ts'
import { MoneyWire } from './money.ts'

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

const orNull = (example: string, description: string) =>
  Type.Union([Type.String({ examples: [example] }), Type.Null()], { description })

/** Where to send a bank transfer and what to write on it. Of the account only what its country uses is there. */
export const TransferView = Type.Object(
  {
    holder: Type.String({ examples: ['莱卡通信有限公司'] }),
    bank: Type.String({ examples: ['中国工商银行北京海淀支行'] }),
    accountNumber: orNull('0200049609200123456', 'null: the account is named by its IBAN'),
    sortCode: orNull('20-00-00', 'In the United Kingdom'),
    iban: orNull('DE89370400440532013000', 'Where accounts have one'),
    bic: orNull('COBADEFFXXX', 'For transfers from abroad'),
    reference: Type.String({
      description:
        'To be written on the transfer: nine signs of 23456789ACEFHJKMNPRTWXY, the last of which proves the others; blanks, case and punctuation do not matter',
      examples: ['MR7937A83'],
    }),
    amount: MoneyWire,
    until: Instant,
  },
  { additionalProperties: false },
)
export type TransferView = Static<typeof TransferView>

/** `GET /v1/payment-ways`: by what people can pay here, in the order in which to show it. */
export const PaymentWays = Type.Object(
  {
    ways: Type.Array(
      Type.Object(
        {
          provider: Provider,
          currency: Type.String({
            pattern: '^[A-Z]{3}$',
            description:
              'What is paid in. Where it is not the brand’s own, an order is quoted in it first: `POST /v1/top-ups/{id}/quotes`',
            examples: ['CNY'],
          }),
          inApp: Type.Optional(
            Type.Literal(true, { description: 'Inside its own app it is paid by a script: scene `jsapi`' }),
          ),
          /** Null: it can be used. */
          off: Type.Union([
            Type.Null(),
            Type.Object(
              {
                why: Type.Union(
                  [Type.Literal('switched-off'), Type.Literal('not-answering'), Type.Literal('no-rate')],
                  {
                    description:
                      '`switched-off`: by the operator, with a notice; `not-answering`: the provider has not answered lately, for a moment; `no-rate`: no exchange rate is recent enough',
                  },
                ),
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
