import { randomBytes, randomInt } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function alphanumeric(count: number): string {
  return Array.from({ length: count }, () => letters.charAt(randomInt(letters.length))).join('')
}

/** An id in the vendor's form: what it is, then letters and digits nobody can guess. */
export function newId(prefix: 'pi' | 'ch' | 're' | 'txn' | 'evt' | 'file' | 'req'): string {
  return `${prefix}_3${alphanumeric(23)}`
}

export function newDisputeId(): string {
  return `du_1${alphanumeric(23)}`
}

export function newReportRunId(): string {
  return `frr_1${alphanumeric(23)}`
}

/** Opens the payer's page, so it is as long as the vendor makes it. */
export function newSessionId(): string {
  return `cs_test_a1${alphanumeric(56)}`
}

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(24).toString('base64url')}`
}
