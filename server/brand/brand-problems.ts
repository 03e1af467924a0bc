import { Value } from 'typebox/value'
import { BrandFacts, brandKeyProblem } from './brand.ts'
import { readNumber } from './number-plan.ts'

const MOST_PATTERN = 200
/** WCAG 2.2, 1.4.3: white text on a button of the accent. */
const LEAST_CONTRAST = 4.5
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/

/** What a pattern of the schema asks for, in words, by the field's name. */
const FORMS: Readonly<Record<string, string>> = {
  currency: 'is an ISO 4217 code such as CNY',
  accent: 'is a colour such as #0b6e4f, in small letters',
  receiptPrefix: 'is two capital letters, such as LK',
  countryCode: 'is the digits of a country code, such as 86',
  trunkPrefix: 'is what is dialled before a national number, such as 0, or nothing',
  from: 'is a time such as 09:00',
  to: 'is a time such as 18:00, or 24:00',
  email: 'is an e-mail address',
}
const MINOR = 'is a whole number of minor units in quotes, such as "5000"'

/**
 * Everything that is wrong with a brand that is to be made, each as `/path: sentence`; empty when nothing is. What other rooms must
 * say of it (its policy) is theirs to add.
 */
export function brandProblems(key: unknown, facts: unknown): string[] {
  const named = typeof key === 'string' ? brandKeyProblem(key) : 'is missing: a short name such as "acme"'
  const ofKey = named === null ? [] : [`/key: ${named}`]
  if (!Value.Check(BrandFacts, facts)) return [...ofKey, ...formProblems(facts)]
  return [...ofKey, ...meaningProblems(facts)]
}

function formProblems(facts: unknown): string[] {
  const problems = Value.Errors(BrandFacts, facts)
    // Each unknown field has an error of its own.
    .filter((error) => error.keyword !== 'additionalProperties')
    .map(({ keyword, instancePath, message }) => {
      const field = instancePath.split('/').at(-1) ?? ''
      if (keyword === 'boolean') return `${instancePath}: is not known here`
      if (keyword !== 'pattern' && keyword !== 'format') return `${instancePath || '/'}: ${message}`
      return `${instancePath}: ${FORMS[field] ?? (field.endsWith('Minor') ? MINOR : message)}`
    })
  return [...new Set(problems)]
}

function meaningProblems(facts: BrandFacts): string[] {
  const patterns = facts.numberPlan.flatMap(({ pattern }, i) => {
    const problem = patternProblem(pattern)
    return problem ? [`/numberPlan/${i}/pattern: ${problem}`] : []
  })
  return [
    ...(Intl.supportedValuesOf('currency').includes(facts.currency)
      ? []
      : [`/currency: ${facts.currency} is no currency of ISO 4217`]),
    ...zoneProblems(facts.zone, '/zone'),
    ...zoneProblems(facts.hotline.zone, '/hotline/zone'),
    ...contrastProblems(facts.accent),
    ...patterns,
    ...(patterns.length === 0 && 'problem' in readNumber(facts, facts.numberExample)
      ? [`/numberExample: ${facts.numberExample} is not in the number plan`]
      : []),
    ...limitProblems(facts.limits),
    ...refundProblems(facts.refunds),
    ...facts.channels.sites.flatMap(({ host }, i) =>
      isHost(host) ? [] : [`/channels/sites/${i}/host: is no host name`],
    ),
  ]
}

function patternProblem(pattern: string): string | null {
  if (pattern.length > MOST_PATTERN) return `is longer than ${MOST_PATTERN} characters`
  try {
    return new RegExp(`^(?:${pattern})$`).test('') ? 'lets an empty number through' : null
  } catch (error) {
    return `is no regular expression: ${(error as Error).message}`
  }
}

function zoneProblems(zone: string, path: string): string[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return []
  } catch {
    return [`${path}: ${zone} is no zone of the IANA database, such as Asia/Shanghai`]
  }
}

function contrastProblems(accent: string): string[] {
  const contrast = 1.05 / (luminance(accent) + 0.05)
  if (contrast >= LEAST_CONTRAST) return []
  const found = contrast.toLocaleString('en', { maximumFractionDigits: 1 })
  return [
    `/accent: white text on ${accent} has a contrast of ${found}, and ${LEAST_CONTRAST} is asked: take a darker one`,
  ]
}

/** Relative luminance (WCAG 2.2) of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function limitProblems(limits: BrandFacts['limits']): string[] {
  const rising = ['perOrderMinor', 'perLineDayMinor', 'perLineMonthMinor'] as const
  return rising.slice(1).flatMap((name, i) => {
    const below = rising[i] as (typeof rising)[number]
    return BigInt(limits[name]) < BigInt(limits[below]) ? [`/limits/${name}: is below ${below}`] : []
  })
}

/** Staff look at what a payer asks for, so a payer alone may not have more than one of staff. */
function refundProblems(refunds: BrandFacts['refunds']): string[] {
  if (!refunds || BigInt(refunds.payerUpToMinor) <= BigInt(refunds.staffUpToMinor)) return []
  return ['/refunds/payerUpToMinor: is above staffUpToMinor']
}

/** Lower case, without scheme and port. */
export function isHost(host: string): boolean {
  return HOST.test(host)
}

/** Facts that orders, receipts, money and lines were made by: they stay as they are. */
const FIXED: readonly (keyof BrandFacts)[] = ['currency', 'zone', 'receiptPrefix', 'policy']

export interface FactChange {
  /** `/limits/perOrderMinor`. */
  readonly path: string
  /** As JSON; undefined where there is none. */
  readonly was: string | undefined
  readonly is: string | undefined
  readonly mayChange: boolean
}

/**
 * Where two sets of facts differ, by path; the order of fields says nothing, and the database keeps another than the file. A number
 * plan may only grow: a number once given out must be read for ever.
 */
export function factChanges(was: unknown, is: unknown, path = ''): FactChange[] {
  if (isRecord(was) && isRecord(is)) {
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    return names.flatMap((name) => factChanges(was[name], is[name], `${path}/${name}`))
  }
  const [before, after] = [inOrder(was), inOrder(is)]
  if (before === after) return []
  const fixed = FIXED.some((name) => path === `/${name}` || path.startsWith(`/${name}/`))
  const shrinks = path === '/numberPlan' && !grows(was, is)
  return [{ path, was: before, is: after, mayChange: !fixed && !shrinks }]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON with the fields of each object in one order. */
function inOrder(value: unknown): string | undefined {
  return JSON.stringify(value, (_, each: unknown) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  )
}

function grows(was: unknown, is: unknown): boolean {
  const kept = new Set(Array.isArray(is) ? is.map(inOrder) : [])
  return Array.isArray(was) && was.every((block) => kept.has(inOrder(block)))
}
