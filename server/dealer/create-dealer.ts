import { insertAccounts } from '../ledger/index.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { type Dealer, floatOf } from './dealer.ts'
import type { DealerDeps } from './index.ts'
import { insertDealer } from './store.ts'

/** A new dealer, active, with an empty float that may not go below zero and a receipt series of its own. */
export async function createDealer(
  deps: DealerDeps,
  tx: Tx,
  { name, commissionBp }: Pick<Dealer, 'name' | 'commissionBp'>,
): Promise<Dealer> {
  const createdAtMs = deps.clock.instant()
  const { currency, receiptPrefix } = deps.brands.get(tx.brand)
  const id = newId(createdAtMs)
  await insertAccounts(
    tx,
    [{ ...floatOf(id), id: newId(createdAtMs), currency, floorMinor: 0n }],
    createdAtMs,
  )
  const receiptSeries = await deps.openDealerSeries(tx, receiptPrefix)
  const dealer: Dealer = { id, name, status: 'active', commissionBp, receiptSeries }
  await insertDealer(tx, dealer, createdAtMs)
  return dealer
}
