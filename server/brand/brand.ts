import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const text = Type.Object({ 'zh-CN': Type.String(), en: Type.String() }, { additionalProperties: false })
const minor = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })

/** One block of numbers a brand may give out. A number exists for the brand only when a block's pattern matches it. */
const NumberBlock = Type.Object(
  {
    countryCode: Type.String({ pattern: '^[1-9][0-9]{0,2}$' }),
    /** Dialled before a national number inside the country (0 in the UK), never part of E.164. */
    trunkPrefix: Type.String({ pattern: '^[0-9]{0,2}$' }),
    /** Of the national significant number, anchored. */
    pattern: Type.String(),
  },
  { additionalProperties: false },
)

/** Minutes of the day as people write them; 24:00 ends a day. */
const clockTime = Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' })

/** When a hotline answers: `from` until `to` on these days of the week (1 is Monday), in the hotline's own zone. */
const OpenHours = Type.Object(
  {
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, uniqueItems: true }),
    from: clockTime,
    to: clockTime,
  },
  { additionalProperties: false },
)

/** Where a brand speaks from, besides hotline, e-mail address and SMS sender: whatever is not listed is not the brand. */
const Channels = Type.Object(
  {
    /** Host names, without scheme. */
    sites: Type.Array(Type.Object({ host: Type.String(), name: text }, { additionalProperties: false })),
    apps: Type.Array(
      Type.Object({ name: text, publisher: text, store: text }, { additionalProperties: false }),
    ),
    accounts: Type.Array(Type.Object({ name: text, where: text }, { additionalProperties: false })),
    /** All numbers and names that its SMS come from, the usual one first. */
    smsSenders: Type.Array(Type.String(), { minItems: 1 }),
    emailDomains: Type.Array(Type.String(), { minItems: 1 }),
  },
  { additionalProperties: false },
)

/** A brand's facts, kept as JSON in `platform.brand`; amounts are minor units of `currency`. */
export const BrandFacts = Type.Object(
  {
    name: text,
    locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    zone: Type.String(),
    accent: Type.String({ pattern: '^#[0-9a-f]{6}$' }),
    hotline: Type.Object(
      {
        number: Type.String(),
        /** The hours in words. */
        hours: text,
        zone: Type.String(),
        open: Type.Array(OpenHours, { minItems: 1 }),
      },
      { additionalProperties: false },
    ),
    email: Type.String({ format: 'email' }),
    /** Put before every SMS as 【sign】 in Chinese, as `sign: ` in English. */
    smsSign: text,
    smsSender: Type.String(),
    channels: Channels,
    receiptPrefix: Type.String({ pattern: '^[A-Z]{2}$' }),
    numberPlan: Type.Array(NumberBlock, { minItems: 1 }),
    numberExample: Type.String(),
    policy: Type.Object({ preset: Type.String(), version: Type.Integer() }, { additionalProperties: false }),
    limits: Type.Object(
      {
        perOrderMinor: minor,
        perLineDayMinor: minor,
        perLineMonthMinor: minor,
        /** From this price a signed-in payer proves the phone by a code too. */
        codeFromMinor: minor,
      },
      { additionalProperties: false },
    ),
    /** Refunds that one person may have made alone; what is above needs a second. Left out, every one does. */
    refunds: Type.Optional(
      Type.Object(
        {
          /** The payer of the order, without staff. */
          payerUpToMinor: minor,
          /** One of staff. */
          staffUpToMinor: minor,
        },
        { additionalProperties: false },
      ),
    ),
    /** What follows once a payer's bank has taken a card payment back for good. Left out, nothing does. */
    disputes: Type.Optional(
      Type.Object(
        {
          /** Days for which cards are not taken online for the number and the payer; 0: they are. */
          cardOffDays: Type.Integer({ minimum: 0, maximum: 3650 }),
        },
        { additionalProperties: false },
      ),
    ),
    /** Orders may be paid in other currencies, at a rate with a margin. Left out, they are paid in the brand's own alone. */
    quotes: Type.Optional(
      Type.Object(
        {
          /** Parts per ten thousand on top of the rate. */
          marginBp: Type.Integer({ minimum: 0, maximum: 2000 }),
          /** How long a quote is frozen. */
          validSeconds: Type.Integer({ minimum: 120, maximum: 3600 }),
          /** For how many TARGET days after its own a reference rate is used; 1 is until it has a successor. */
          maxAgeDays: Type.Integer({ minimum: 1, maximum: 5 }),
        },
        { additionalProperties: false },
      ),
    ),
    order: Type.Object(
      {
        payWithinSeconds: Type.Integer({ minimum: 60 }),
        holdSeconds: Type.Integer({ minimum: 0 }),
        /** How long a paid order for a number that is new to its payer can be recalled before it is credited. Left out: not at all. */
        recallSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type BrandFacts = Static<typeof BrandFacts>

export interface Brand extends Omit<BrandFacts, 'limits' | 'refunds' | 'order' | 'disputes'> {
  readonly key: string
  readonly order: Required<BrandFacts['order']>
  readonly disputes: { readonly cardOffDays: number }
  readonly refunds: { readonly payerUpToMinor: bigint; readonly staffUpToMinor: bigint }
  readonly limits: {
    readonly perOrderMinor: bigint
    readonly perLineDayMinor: bigint
    readonly perLineMonthMinor: bigint
    readonly codeFromMinor: bigint
  }
}

const RESERVED = new Set([
  'platform',
  'public',
  'worker',
  'graphile',
  'information',
  'postgres',
  'admin',
  'api',
])

/** What is wrong with a brand key that is to be made, as a sentence; null when nothing is. It becomes a schema's name. */
export function brandKeyProblem(key: string): string | null {
  if (!/^[a-z][a-z0-9]{1,20}$/.test(key))
    return 'a brand key is 2 to 21 lower-case letters and digits, a letter first'
  if (RESERVED.has(key) || key.startsWith('pg')) return `"${key}" is a reserved word`
  return null
}

/** Checks facts read from a file or the database; throws naming every problem. */
export function readBrand(key: string, facts: unknown): Brand {
  if (!Value.Check(BrandFacts, facts)) {
    const problems = Value.Errors(BrandFacts, facts).map((e) => `${e.instancePath || '/'} ${e.message}`)
    throw new Error(`the facts of brand ${key} are wrong:\n  ${problems.join('\n  ')}`)
  }
  const { limits, refunds, order } = facts
  return {
    ...facts,
    key,
    order: { recallSeconds: 0, ...order },
    disputes: facts.disputes ?? { cardOffDays: 0 },
    refunds: {
      payerUpToMinor: BigInt(refunds?.payerUpToMinor ?? 0),
      staffUpToMinor: BigInt(refunds?.staffUpToMinor ?? 0),
    },
    limits: {
      perOrderMinor: BigInt(limits.perOrderMinor),
      perLineDayMinor: BigInt(limits.perLineDayMinor),
      perLineMonthMinor: BigInt(limits.perLineMonthMinor),
      codeFromMinor: BigInt(limits.codeFromMinor),
    },
  }
}
