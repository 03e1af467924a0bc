import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Notification } from '../../port.ts'

/** Clocks of a bank and ours may differ by this, and a notice may be as old. */
const FRESH_MS = 5 * 60_000

/**
 * A notice bears `bank-timestamp` (milliseconds) and `bank-signature`: RSA with SHA-256 in base64 over the time, a line feed and the body. Null: it
 * is genuine; else what is wrong.
 */
export function verifyNotice(
  { body, headers }: Notification,
  keys: readonly string[],
  nowMs: number,
): string | null {
  const time = headers['bank-timestamp'] ?? ''
  const signature = headers['bank-signature'] ?? ''
  if (!/^\d{13}$/.test(time)) return 'no time'
  if (Math.abs(nowMs - Number.parseInt(time, 10)) > FRESH_MS) return 'too old, or from the future'
  // One way to write a signature: base64 has several, and another writing would pass as another notice.
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== signature) return 'no signature'
  const signed = Buffer.concat([Buffer.from(`${time}\n`), body])
  const genuine = keys.some((key) => verify('sha256', signed, publicKey(key), bytes))
  return genuine ? null : 'by none of the bank’s keys'
}

function publicKey(spki: string): KeyObject {
  return createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
}
