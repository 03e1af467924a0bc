import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { AccountKind } from './account.ts'
import { insertAccounts } from './store.ts'

/** The accounts of a brand that have no subject; every posting finds them open. */
const WITHOUT_SUBJECT = [
  'bank',
  'breakage',
  'bad-debt',
  'cash-in-transit',
  'cash-over-short',
  'commission',
  'deferred-revenue',
  'discount',
  'dispute-clearing',
  'fx-gain-loss',
  'fx-margin',
  'fx-position',
  'opening-balance',
  'package-revenue',
  'payment-fee',
  'promotion-bonus',
  'refund-clearing',
  'retention-fee-revenue',
  'subscriber-receivable',
  'surcharge-revenue',
  'tax-payable',
  'topup-suspense',
  'unmatched-receipts',
  'usage-revenue',
] as const satisfies readonly AccountKind[]

/** What a merchant of another currency moves besides its clearing account: held, on its way back, exchanged. */
const IN_EACH_CURRENCY = ['fx-position', 'refund-clearing', 'topup-suspense'] as const

export interface ClearingOf {
  readonly provider: string
  readonly merchant: string
  /** The merchant's, which need not be the brand's. */
  readonly currency: string
}

/** Opens what payments to a merchant move: its clearing account, and in its currency those the brand has in its own. */
export async function openMerchantAccounts(
  tx: Tx,
  clock: Clock,
  { provider, merchant, currency }: ClearingOf,
): Promise<void> {
  const atMs = clock.instant()
  const keys = [
    { kind: 'provider-clearing' as const, subject: `${provider}:${merchant}` },
    ...IN_EACH_CURRENCY.map((kind) => ({ kind, subject: '' })),
  ]
  await insertAccounts(
    tx,
    keys.map((key) => ({ ...key, id: newId(atMs), currency })),
    atMs,
  )
}

/** Opens a brand's system accounts; run again, it adds what is missing. */
export async function openSystemAccounts(tx: Tx, clock: Clock, currency: string): Promise<void> {
  const atMs = clock.instant()
  await insertAccounts(
    tx,
    WITHOUT_SUBJECT.map((kind) => ({ id: newId(atMs), kind, subject: '', currency })),
    atMs,
  )
}
