import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { compactChinaTime } from '../clock.ts'

/** Identifiers in the vendor's forms. The day stands within, so a person can sort them; the rest is random. */

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

/** 28 digits: `4200`, 6, the day, 10. */
export function newTransactionId(at: number): string {
  return `4200${digits(6)}${compactChinaTime(at).slice(0, 8)}${digits(10)}`
}

/** 29 digits: `50`, 9, the day, 10. */
export function newRefundId(at: number): string {
  return `50${digits(9)}${compactChinaTime(at).slice(0, 8)}${digits(10)}`
}

/** `wx`, the second, and 20 letters. */
export function newPrepayId(at: number): string {
  return `wx${compactChinaTime(at)}${randomBytes(10).toString('hex')}`
}

/** What a code or an H5 address carries; unguessable. */
export function newLinkToken(): string {
  return randomBytes(12).toString('base64url')
}

export function newDealId(): string {
  return randomBytes(16).toString('hex')
}

export const newNotificationId = randomUUID

/** 18 digits from 10 to 15: what a wallet shows at a counter. */
export function newPayerCode(): string {
  return `1${randomInt(6)}${digits(16)}`
}

export function newRequestId(): string {
  return randomBytes(20).toString('hex').toUpperCase()
}
