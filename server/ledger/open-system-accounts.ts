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

/** Opens a brand's system accounts; run again, it adds what is missing. */
export async function openSystemAccounts(tx: Tx, clock: Clock, currency: string): Promise<void> {
  const atMs = clock.instant()
  await insertAccounts(
    tx,
    WITHOUT_SUBJECT.map((kind) => ({ id: newId(atMs), kind, subject: '', currency })),
    atMs,
  )
}
