import { type Static, Type } from 'typebox'

export const Locale = Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])
export type Locale = Static<typeof Locale>

/** `GET /v1/brand`: what a page must know of the brand before anything else. */
export const BrandView = Type.Object(
  {
    key: Type.String({ examples: ['laika'] }),
    name: Type.Object({
      'zh-CN': Type.String({ examples: ['莱卡保号'] }),
      en: Type.String({ examples: ['Laika'] }),
    }),
    locale: Locale,
    currency: Type.String({ examples: ['CNY'] }),
    zone: Type.String({ examples: ['Asia/Shanghai'] }),
    accent: Type.String({ description: 'Accent colour of the pages', examples: ['#0b6e4f'] }),
    hotline: Type.Object({
      number: Type.String({ examples: ['10154'] }),
      hours: Type.Object({
        'zh-CN': Type.String({ examples: ['每日 8:00–22:00'] }),
        en: Type.String({ examples: ['8:00–22:00 daily'] }),
      }),
    }),
    email: Type.String({ examples: ['help@laika.example'] }),
    smsSender: Type.String({
      description: 'The number or name official messages come from',
      examples: ['10154'],
    }),
    numberExample: Type.String({
      description: 'A national number in this brand’s plan',
      examples: ['15400001234'],
    }),
    countryCode: Type.String({ examples: ['86'] }),
    demo: Type.Boolean(),
    today: Type.String({ description: 'Business date in the brand’s zone', examples: ['2026-11-22'] }),
  },
  { additionalProperties: false },
)
export type BrandView = Static<typeof BrandView>

/** A text in both languages. */
const words = (zhCN: string, en: string) =>
  Type.Object(
    { 'zh-CN': Type.String({ examples: [zhCN] }), en: Type.String({ examples: [en] }) },
    { additionalProperties: false },
  )

/** `GET /v1/channels`: everywhere the brand speaks from, and whether somebody answers the hotline at this moment. */
export const ChannelsView = Type.Object(
  {
    hotline: Type.Object(
      {
        number: Type.String({ examples: ['10154'] }),
        hours: words('每日 8:00–22:00', '8:00–22:00 daily'),
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
        { host: Type.String({ examples: ['www.laika.example'] }), name: words('官方网站', 'Official site') },
        { additionalProperties: false },
      ),
    ),
    apps: Type.Array(
      Type.Object(
        {
          name: words('莱卡保号', 'Laika'),
          publisher: words('莱卡通信', 'Laika Telecom'),
          store: words('应用市场', 'App stores'),
        },
        { additionalProperties: false },
      ),
    ),
    accounts: Type.Array(
      Type.Object(
        { name: words('莱卡保号', 'Laika'), where: words('微信公众号', 'WeChat') },
        { additionalProperties: false },
      ),
    ),
    smsSenders: Type.Array(Type.String({ examples: ['10154'] })),
    /** Stands before every text: 【sign】 in Chinese, `sign: ` in English. */
    smsSign: words('莱卡保号', 'Laika'),
    emailDomains: Type.Array(Type.String({ examples: ['laika.example'] })),
  },
  { additionalProperties: false },
)
export type ChannelsView = Static<typeof ChannelsView>
