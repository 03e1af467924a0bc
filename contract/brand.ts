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

const Words = Type.Object({ 'zh-CN': Type.String(), en: Type.String() }, { additionalProperties: false })

/** `GET /v1/channels`: everywhere the brand speaks from, and whether somebody answers the hotline at this moment. */
export const ChannelsView = Type.Object(
  {
    hotline: Type.Object(
      {
        number: Type.String({ examples: ['10154'] }),
        hours: Words,
        zone: Type.String({ examples: ['Asia/Shanghai'] }),
        open: Type.Boolean({ description: 'By the brand’s business clock' }),
        changesAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
          description: 'When it closes, or opens next; null: it is open day and night',
        }),
      },
      { additionalProperties: false },
    ),
    email: Type.String({ examples: ['help@laika.example'] }),
    sites: Type.Array(
      Type.Object(
        { host: Type.String({ examples: ['www.laika.example'] }), name: Words },
        { additionalProperties: false },
      ),
    ),
    apps: Type.Array(
      Type.Object({ name: Words, publisher: Words, store: Words }, { additionalProperties: false }),
    ),
    accounts: Type.Array(Type.Object({ name: Words, where: Words }, { additionalProperties: false })),
    smsSenders: Type.Array(Type.String({ examples: ['10154'] })),
    emailDomains: Type.Array(Type.String({ examples: ['laika.example'] })),
  },
  { additionalProperties: false },
)
export type ChannelsView = Static<typeof ChannelsView>
