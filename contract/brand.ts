import { type Static, Type } from 'typebox'

export const Locale = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])
export type Locale = Static<typeof Locale>

/** `GET /v1/brand`: what a page must know of the brand before anything else. */
export const BrandView = Type.Object(
  {
    key: Type.String({ examples: ['laika'] }),
    name: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }),
    locale: Locale,
    currency: Type.String({ examples: ['CNY'] }),
    zone: Type.String({ examples: ['Asia/Shanghai'] }),
    accent: Type.String({ description: 'Accent colour of the pages', examples: ['#0b6e4f'] }),
    hotline: Type.Object({
      number: Type.String(),
      hours: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }),
    }),
    email: Type.String(),
    smsSender: Type.String({ description: 'The number or name official messages come from' }),
    numberExample: Type.String({
      description: 'A national number in this brand’s plan',
      examples: ['15400001234'],
    }),
    countryCode: Type.String({ examples: ['86'] }),
    paymentMethods: Type.Array(Type.Union([Type.Literal('alipay')])),
    demo: Type.Boolean(),
    today: Type.String({ description: 'Business date in the brand’s zone', examples: ['2026-11-22'] }),
  },
  { additionalProperties: false },
)
export type BrandView = Static<typeof BrandView>
