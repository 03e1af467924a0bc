import type { Tx } from '../platform/db.ts'
import { changeStatus, type StatusChange } from './change-status.ts'
import { createDealer, type DealerDeps } from './create-dealer.ts'
import type { Dealer } from './dealer.ts'
import { type FloatLoad, loadFloat } from './load-float.ts'
import { loadFloatOnce, type ReferencedLoad } from './load-float-once.ts'

export type { StatusChange } from './change-status.ts'
export { commissionOn, type Dealer } from './dealer.ts'
export { dealerErrors } from './errors.ts'
export { businessFigures as dealerFigures } from './figures.ts'
export { holdDealers, listDealers, readDealers } from './store.ts'

/** The acts on dealers of the transaction's brand. */
export interface Dealers {
  createDealer(tx: Tx, dealer: Pick<Dealer, 'name' | 'commissionBp'>): Promise<Dealer>
  /** Throws `dealer-not-found`. */
  changeStatus(tx: Tx, change: StatusChange): Promise<void>
  /** Answers the load's id, the cause of its posting. */
  loadFloat(tx: Tx, load: FloatLoad): Promise<string>
  /** Answers false where that reference was loaded before. Throws `dealer-not-found`. */
  loadFloatOnce(tx: Tx, load: ReferencedLoad): Promise<boolean>
}

export function createDealers(deps: DealerDeps): Dealers {
  return {
    createDealer: (tx, dealer) => createDealer(deps, tx, dealer),
    changeStatus: (tx, change) => changeStatus(deps, tx, change),
    loadFloat: (tx, load) => loadFloat(deps, tx, load),
    loadFloatOnce: (tx, load) => loadFloatOnce(deps, tx, load),
  }
}
