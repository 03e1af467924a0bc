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

/** A brand's facts, kept as JSON in `platform.brand`; amounts are minor units of `currency`. */
export const BrandFacts = Type.Object(
  {
    name: text,
    locale: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    zone: Type.String(),
    accent: Type.String({ pattern: '^#[0-9a-f]{6}$' }),
    hotline: Type.Object({ number: Type.String(), hours: text }, { additionalProperties: false }),
    email: Type.String({ format: 'email' }),
    /** Put before every SMS as 【sign】 in Chinese, as `sign: ` in English. */
    smsSign: text,
    smsSender: Type.String(),
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
    order: Type.Object(
      { payWithinSeconds: Type.Integer({ minimum: 60 }), holdSeconds: Type.Integer({ minimum: 0 }) },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type BrandFacts = Static<typeof BrandFacts>

export interface Brand extends Omit<BrandFacts, 'limits'> {
  readonly key: string
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
  const { limits } = facts
  return {
    ...facts,
    key,
    limits: {
      perOrderMinor: BigInt(limits.perOrderMinor),
      perLineDayMinor: BigInt(limits.perLineDayMinor),
      perLineMonthMinor: BigInt(limits.perLineMonthMinor),
      codeFromMinor: BigInt(limits.codeFromMinor),
    },
  }
}
