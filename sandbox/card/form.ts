import type { Fields } from '../fields.ts'
import { Refusal } from './refusal.ts'

const DEEPEST = 8

/**
 * Reads Stripe's form encoding: `line_items[0][price_data][currency]=gbp` becomes objects and lists of texts. `a[]` appends,
 * `a[0]` is a place in a list. Source: Stripe API, request bodies (`application/x-www-form-urlencoded`).
 */
export function readForm(params: URLSearchParams): Fields {
  const root: Fields = {}
  for (const [name, value] of params) {
    const [, head, tail] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name) ?? []
    if (head === undefined) throw new Refusal({ message: `Invalid parameter name: ${name}` })
    const path = [head, ...[...(tail ?? '').matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')]
    if (path.length > DEEPEST || path.includes('__proto__')) {
      throw new Refusal({ message: `Invalid parameter name: ${name}` })
    }
    put(root, path, value, name)
  }
  return listed(root) as Fields
}

function put(target: Fields, path: readonly string[], value: string, name: string): void {
  const [step = '', ...rest] = path
  const key = step === '' ? `${Object.keys(target).length}` : step
  if (rest.length === 0) {
    if (Object.hasOwn(target, key)) throw new Refusal({ message: `Invalid object: ${name}`, param: name })
    target[key] = value
    return
  }
  if (!Object.hasOwn(target, key)) target[key] = {}
  const next = target[key]
  if (typeof next === 'string') throw new Refusal({ message: `Invalid object: ${name}`, param: name })
  put(next as Fields, rest, value, name)
}

/** Objects whose names are places become lists. */
function listed(value: unknown): unknown {
  if (typeof value === 'string') return value
  const entries = Object.entries(value as Fields).map(([name, item]) => [name, listed(item)] as const)
  const places = entries.length > 0 && entries.every(([name]) => /^\d{1,3}$/.test(name))
  return places ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

/** Throws Refusal when a parameter is none of these: the vendor ignores nothing it does not know. */
export function knowOnly(params: Fields, names: readonly string[]): void {
  for (const name of Object.keys(params)) {
    if (names.includes(name)) continue
    throw new Refusal({
      message: `Received unknown parameter: ${name}`,
      code: 'parameter_unknown',
      param: name,
    })
  }
}

/** A text that must be there. */
export function need(params: Fields, name: string, path = name): string {
  const value = optional(params, name, path)
  if (value !== undefined) return value
  throw new Refusal({
    message: `Missing required param: ${path}.`,
    code: 'parameter_missing',
    param: path,
  })
}

/** A text of at most 5,000 characters; empty counts as absent. */
export function optional(params: Fields, name: string, path = name): string | undefined {
  const value = params[name]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && value.length <= 5_000) return value
  throw new Refusal({ message: `Invalid string: ${path}`, param: path })
}

/** A whole number from 0, as digits on the wire. */
export function whole(params: Fields, name: string, path = name): bigint | undefined {
  const value = optional(params, name, path)
  if (value === undefined) return undefined
  if (/^\d{1,15}$/.test(value)) return BigInt(value)
  throw new Refusal({
    message: `Invalid integer: ${value}`,
    code: 'parameter_invalid_integer',
    param: path,
  })
}

/** A nested object; absent is empty. */
export function nested(params: Fields, name: string, path = name): Fields {
  const value = params[name] ?? {}
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Refusal({ message: `Invalid object: ${path}`, param: path })
}

/** At most 50 pairs, names to 40 and values to 500 characters. Source: Stripe API, metadata. */
export function metadata(params: Fields, path = 'metadata'): Record<string, string> {
  const pairs = Object.entries(nested(params, 'metadata', path))
  const fits = ([name, value]: [string, unknown]) =>
    name.length <= 40 && typeof value === 'string' && value.length <= 500
  if (pairs.length <= 50 && pairs.every(fits)) return Object.fromEntries(pairs) as Record<string, string>
  throw new Refusal({ message: 'Metadata is limited to 50 short texts.', param: path })
}
