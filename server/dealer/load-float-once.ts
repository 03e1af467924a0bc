import { lockAccounts } from '../ledger/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { floatOf } from './dealer.ts'
import { dealerErrors } from './errors.ts'
import { type FloatLoad, loadFloat } from './load-float.ts'
import { isLoaded, readDealers } from './store.ts'

/** A load by a person: who did it, and the bank's own number of the transfer, by which the same money is not loaded twice. */
export interface ReferencedLoad extends FloatLoad {
  readonly reference: string
  readonly actor: string
}

/**
 * Loads a float and says so in the audit; answers false, and does nothing, where this dealer has a load of that reference. Two at
 * once wait for each other at the float's lock. Throws `dealer-not-found`.
 */
export async function loadFloatOnce(
  deps: { readonly clock: Clock },
  tx: Tx,
  load: ReferencedLoad,
): Promise<boolean> {
  const { dealer, amountMinor, from, reference, actor } = load
  if (!(await readDealers(tx, [dealer])).has(dealer)) throw refuse(dealerErrors['dealer-not-found'])
  await lockAccounts(tx, [floatOf(dealer)])
  if (await isLoaded(tx, dealer, reference)) return false
  const cause = await loadFloat(deps, tx, load)
  const detail = { reference, amountMinor: amountMinor.toString(), from, cause }
  await writeAudit(tx, { actor, act: 'dealer float loaded', subject: dealer, detail }, deps.clock.instant())
  return true
}
