import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { type Refusal, refuse } from '../platform/error.ts'
import type { RateLimit, RateLimitReached } from '../platform/rate-limit.ts'
import type { Address } from './address.ts'
import { identityErrors } from './errors.ts'

interface Allowance {
  readonly points: number
  readonly windowSeconds: number
}

/** How many codes may be sent, all of them together as long as the others allow it too. */
export interface CodeLimits {
  readonly perAddressMinute: Allowance
  readonly perAddressDay: Allowance
  /** An IPv4 address or an IPv6 /64. */
  readonly perHost: Allowance
  /** An IPv4 /24 or an IPv6 /48. */
  readonly perNetwork: Allowance
  /** A thousand numbers that differ in their last three digits: who makes up numbers walks through them. */
  readonly perNumberBlock: Allowance
  /** Of the whole brand and channel. When it is used up nothing is sent until the hour is over. */
  readonly budget: Allowance
}

const HOUR_SECONDS = 3600

export const CODE_LIMITS: CodeLimits = {
  perAddressMinute: { points: 1, windowSeconds: 60 },
  perAddressDay: { points: 5, windowSeconds: 24 * HOUR_SECONDS },
  perHost: { points: 60, windowSeconds: HOUR_SECONDS },
  perNetwork: { points: 300, windowSeconds: HOUR_SECONDS },
  perNumberBlock: { points: 200, windowSeconds: HOUR_SECONDS },
  budget: { points: 3_000, windowSeconds: HOUR_SECONDS },
}

export type SendLimit = RateLimit & { readonly what: keyof CodeLimits }

/** The limits that one code counts against. Addresses are in keys only as keyed hashes: the table is the whole house's. */
export function sendLimits(
  limits: CodeLimits,
  key: Buffer,
  brandKey: string,
  to: Address,
  ip: string,
): SendLimit[] {
  const of = (what: keyof CodeLimits, subject: string): SendLimit => ({
    ...limits[what],
    what,
    key: `code/${brandKey}/${what}/${subject}`,
  })
  const address = hidden(key, to.text)
  return [
    of('perAddressMinute', address),
    of('perAddressDay', address),
    of('perHost', hostOf(ip)),
    of('perNetwork', networkOf(ip)),
    ...(to.channel === 'sms' ? [of('perNumberBlock', hidden(key, to.text.slice(0, -3)))] : []),
    of('budget', to.channel),
  ]
}

export function sendLimitRefusal({ limit, retryAfterSeconds }: RateLimitReached<SendLimit>): Refusal {
  const code = {
    perAddressMinute: 'code-too-soon',
    perAddressDay: 'code-daily-limit',
    perHost: 'code-network-limit',
    perNetwork: 'code-network-limit',
    perNumberBlock: 'code-network-limit',
    budget: 'code-budget',
  } as const
  return refuse(identityErrors[code[limit.what]], { retryAfterSeconds })
}

/** Password tries are limited alike for names that exist and names that do not. */
export function passwordLimits(key: Buffer, brandKey: string, name: string, ip: string): RateLimit[] {
  return [
    { key: `password/${brandKey}/name/${hidden(key, name)}`, points: 10, windowSeconds: 900 },
    { key: `password/${brandKey}/host/${hostOf(ip)}`, points: 100, windowSeconds: 900 },
  ]
}

function hidden(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)
}

/** An IPv4 address itself; of an IPv6 address the /64 that one customer commonly has. */
export function hostOf(ip: string): string {
  return isIPv6(ip) && !mapped(ip) ? ipv6Groups(ip).slice(0, 4).join(':') : (mapped(ip) ?? ip)
}

export function networkOf(ip: string): string {
  if (isIPv6(ip) && !mapped(ip)) return ipv6Groups(ip).slice(0, 3).join(':')
  return (mapped(ip) ?? ip).split('.').slice(0, 3).join('.')
}

/** The IPv4 address inside `::ffff:192.0.2.1`. */
function mapped(ip: string): string | null {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? null
}

/** The eight groups without leading zeros (RFC 5952), zeros written out; a zone is dropped. */
function ipv6Groups(ip: string): string[] {
  const [head = '', tail] = (ip.split('%')[0] as string).toLowerCase().split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const before = groups(head)
  const after = groups(tail)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...(tail === undefined ? [] : zeros), ...after].map((g) => g.replace(/^0+(?=.)/, ''))
}
