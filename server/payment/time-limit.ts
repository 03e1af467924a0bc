import type { OpenMerchant, ProviderName } from './port.ts'

const DAY_MS = 86_400_000
/** A transfer by an ordinary bank on a Friday evening has arrived by then. */
const PAY_WITHIN_DAYS = 3

/**
 * Until when an attempt can be paid, in milliseconds: as long as its order, but a transfer takes its days, whose number is the merchant's
 * setting `payWithinDays`.
 */
export function timeLimit(
  provider: ProviderName,
  settings: OpenMerchant['settings'],
  { nowMs, expiresAtMs }: { readonly nowMs: number; readonly expiresAtMs: number },
): number {
  if (provider !== 'bank') return expiresAtMs
  const days = Number.parseInt(settings.payWithinDays ?? `${PAY_WITHIN_DAYS}`, 10)
  return Math.max(expiresAtMs, nowMs + days * DAY_MS)
}
