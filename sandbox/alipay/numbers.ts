import { randomBytes, randomInt } from 'node:crypto'
import { compactChinaTime } from '../clock.ts'

/** Identifiers in the vendor's forms. The day leads, so a person can sort them; the rest is random. */

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

/** 28 digits, e.g. `2026112222001` + 15. */
export function newTradeNo(at: number): string {
  return `${compactChinaTime(at).slice(0, 8)}22001${digits(15)}`
}

/** 34 digits, e.g. `2026112200222` + `140501` + 15. */
export function newNotifyId(at: number): string {
  const time = compactChinaTime(at)
  return `${time.slice(0, 8)}00222${time.slice(8)}${digits(15)}`
}

/** The tail of a QR code's address: `bax` and 20 lower-case characters. */
export function newQrCode(): string {
  return `bax${randomBytes(10).toString('hex')}`
}

export function newCashierId(): string {
  return randomBytes(16).toString('hex')
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex')
}

/** The one buyer of this sandbox. */
export const buyer = { id: '2088102117955611', logonId: '138****8000' }
