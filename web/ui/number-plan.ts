import type { BrandView } from '../../contract/brand.ts'

/**
 * How a brand writes its own numbers. `groups` are the sizes of the groups a person reads, trunk prefix included, so
 * their sum is the length: China is `{ countryCode: '86', trunkPrefix: '', groups: [3, 4, 4] }`, Britain
 * `{ countryCode: '44', trunkPrefix: '0', groups: [5, 6] }`.
 */
export interface NumberPlan {
  readonly countryCode: string
  readonly trunkPrefix: string
  readonly groups: readonly number[]
}

export function numberLength(plan: NumberPlan): number {
  return plan.groups.reduce((sum, size) => sum + size, 0)
}

/** The plan the brand's example number shows: trunk prefix, length, and its groups by the spaces in it, else three and fours. */
export function numberPlanOf(brand: Pick<BrandView, 'countryCode' | 'numberExample'>): NumberPlan {
  const { countryCode, numberExample } = brand
  const written = numberExample.includes(' ')
    ? numberExample.split(' ')
    : (numberExample.match(/^\d{3}|\d{1,4}/g) ?? [])
  return {
    countryCode,
    trunkPrefix: numberExample.startsWith('0') ? '0' : '',
    groups: written.map((group) => group.length),
  }
}

/** E.164 digits (`8613800138000`) to what people of that country dial; null for another country's number. */
function ownDigits(msisdn: string, plan: NumberPlan): string | null {
  if (!msisdn.startsWith(plan.countryCode)) return null
  const digits = plan.trunkPrefix + msisdn.slice(plan.countryCode.length)
  return digits.length === numberLength(plan) ? digits : null
}

/** Dialled digits to E.164 digits without the plus sign; null until the number is whole. */
export function toMsisdn(digits: string, plan: NumberPlan): string | null {
  if (digits.length !== numberLength(plan) || !digits.startsWith(plan.trunkPrefix)) return null
  return plan.countryCode + digits.slice(plan.trunkPrefix.length)
}

/** Dialled digits, whole or not, in their groups: `1380013` is `138 0013`. Digits beyond the plan stay at the end. */
export function groupDigits(digits: string, plan: NumberPlan): string {
  const groups: string[] = []
  let rest = digits
  for (const size of plan.groups) {
    groups.push(rest.slice(0, size))
    rest = rest.slice(size)
  }
  const last = groups.length - 1
  groups[last] += rest
  return groups.filter((group) => group !== '').join(' ')
}

/** `8613800138000` as `138 0013 8000`, another country's as `+33612345678`; what the server masked stays masked. */
export function groupNumber(msisdn: string, plan: NumberPlan): string {
  if (msisdn.includes('*')) return msisdn
  const digits = ownDigits(msisdn, plan)
  return digits === null ? `+${msisdn}` : groupDigits(digits, plan)
}

/** `8613800138000` as `138****8000`: three digits, always four stars, four digits. */
export function maskNumber(msisdn: string, plan: NumberPlan): string {
  if (msisdn.includes('*')) return msisdn
  const own = ownDigits(msisdn, plan)
  const digits = own ?? msisdn
  return `${own === null ? '+' : ''}${digits.slice(0, 3)}****${digits.slice(-4)}`
}
