import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { FIRST_OWNER } from './break.ts'
import { clearingSubject, postClearing } from './clearing.ts'
import {
  insertSettlement,
  insertSettlementBreak,
  type Settlement,
  settleBills,
  type Terms,
  writeTerms,
} from './settlement-store.ts'

export type SettlementOutcome =
  | {
      readonly outcome: 'settled'
      readonly bills: number
      readonly netMinor: bigint
      readonly amountMinor: bigint
    }
  /** That reference was booked before; nothing was done. */
  | { readonly outcome: 'booked-before' }

/**
 * Books money that a provider has sent to the bank: out of clearing, for its bills up to a day. Where it does not come to what they
 * do, the difference is a break.
 */
export async function recordSettlement(
  tx: Tx,
  clock: Clock,
  input: Omit<Settlement, 'id'> & { readonly actor: string },
): Promise<SettlementOutcome> {
  const atMs = clock.instant()
  const { actor, ...told } = input
  const settlement = { ...told, id: newId(atMs) }
  if (!(await insertSettlement(tx, settlement, actor, atMs))) return { outcome: 'booked-before' }
  const { bills, netMinor } = await settleBills(tx, settlement)
  const { provider, merchant, amountMinor, reference, through } = settlement
  await postClearing(tx, clock, settlement, settlement.id, [{ posting: 'provider-settled', amountMinor }])
  if (netMinor !== amountMinor)
    await insertSettlementBreak(tx, newId(atMs), settlement, netMinor, FIRST_OWNER, atMs)
  const detail = {
    reference,
    through,
    bills,
    amountMinor: amountMinor.toString(),
    netMinor: netMinor.toString(),
  }
  const subject = clearingSubject(provider, merchant)
  await writeAudit(tx, { actor, act: 'settlement booked', subject, detail }, atMs)
  return { outcome: 'settled', bills, netMinor, amountMinor }
}

/** Says what fees a merchant's contract has; bills matched from now on are held against it. */
export async function setTerms(tx: Tx, clock: Clock, terms: Terms, actor: string): Promise<void> {
  const { provider, merchant, feeBp, feeFixedMinor, feeReturned } = terms
  await writeTerms(tx, terms, clock.instant())
  const detail = { feeBp, feeFixedMinor: feeFixedMinor.toString(), feeReturned }
  const subject = clearingSubject(provider, merchant)
  await writeAudit(tx, { actor, act: 'fee terms set', subject, detail }, clock.instant())
}
