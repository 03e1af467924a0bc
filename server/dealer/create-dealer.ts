import type { Brands } from '../brand/index.ts'
import { insertAccounts } from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { type Dealer, floatOf } from './dealer.ts'
import { insertDealer } from './store.ts'

export interface DealerDeps {
  readonly clock: Clock
  readonly brands: Brands
  /** Opens the next receipt series for a dealer's API and answers its key; that room is of this one's rank. */
  openDealerSeries(tx: Tx, receiptPrefix: string): Promise<string>
}

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
