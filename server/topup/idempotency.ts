import { hash } from 'node:crypto'
import { refuse } from '../platform/error.ts'
import { topUpErrors } from './errors.ts'

const KEY = /^("?)([A-Za-z0-9_-]{8,64})\1$/

/** The key of an `Idempotency-Key` header: a quoted string item (draft-ietf-httpapi-idempotency-key-header), bare too. */
export function readKey(header: string | undefined): string {
  if (header === undefined) throw refuse(topUpErrors['idempotency-key-missing'])
  const key = KEY.exec(header)?.[2]
  if (key === undefined) throw refuse(topUpErrors['idempotency-key-malformed'])
  return key
}

/** SHA-256, hexadecimal, of what a request asks: method, path and validated body, whatever the order of its fields. */
export function requestHash(method: string, path: string, body: unknown): string {
  return hash('sha256', `${method} ${path}\n${canonical(body)}`, 'hex')
}

/** JSON with the fields of every object in the order of their names. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
}
