import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import type { Dealer } from './dealer.ts'
import { dealerErrors } from './errors.ts'
import { holdDealers, readDealers, updateStatus } from './store.ts'

/** An act of the operator: who did it and why stand in the audit. */
export interface StatusChange {
  readonly dealer: string
  readonly status: Dealer['status']
  readonly actor: string
  readonly reason: string
}

/**
 * Suspends a dealer or lets it sell again; a dealer already so stays so, without a row in the audit. It waits for sales
 * under way, so that once it stands no later sale is credited. Throws `dealer-not-found`.
 */
export async function changeStatus(
  deps: { readonly clock: Clock },
  tx: Tx,
  change: StatusChange,
): Promise<void> {
  const { dealer: id, status, actor, reason } = change
  await holdDealers(tx, [id], 'alone')
  const dealer = (await readDealers(tx, [id])).get(id)
  if (!dealer) throw refuse(dealerErrors['dealer-not-found'])
  if (dealer.status === status) return
  await updateStatus(tx, id, status)
  const act = status === 'suspended' ? 'dealer suspend' : 'dealer resume'
  await writeAudit(tx, { actor, act, subject: id, reason }, deps.clock.instant())
}
