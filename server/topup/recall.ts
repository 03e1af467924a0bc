import { idToWire } from '../../contract/id.ts'
import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { assert, refuse } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { requestHash } from './idempotency.ts'
import { recallByKey } from './recall-store.ts'
import type { Settler } from './settle.ts'
import { ownOrder } from './shown-order.ts'
import { readOrder } from './store.ts'
import type { TopUp } from './top-up.ts'

type RecallDeps = Pick<TopUpsDeps, 'db'> & { readonly settlerOf: (brand: string) => Settler }

/**
 * Takes a paid order back while it can be recalled, as its payer wishes: the number was wrong. Whoever placed it may, as with
 * `cancel`: nothing of a line is touched, and the money goes back the way it came. The same key has the same answer.
 * Throws `order-not-found`, `idempotency-key-reused`, `recall-too-late`, `recall-not-possible`.
 */
export async function recall(
  { db: { of }, settlerOf }: RecallDeps,
  brand: Brand,
  caller: Principal,
  id: string | null,
  key: string,
): Promise<{ readonly order: TopUp; readonly replayed: boolean }> {
  const db = of(brand.key)
  const { id: order } = await ownOrder(db, caller, id)
  const hash = requestHash('POST', `/v1/top-ups/${idToWire(order)}/recall`, null)
  const isRecalled = async () => {
    const known = await recallByKey(db, caller.id, key)
    if (known && known.hash !== hash) throw refuse(topUpErrors['idempotency-key-reused'])
    return known !== undefined
  }
  const replayed = await isRecalled()
  if (!replayed) {
    const command = { kind: 'recall', order, caller: caller.id, key, hash } as const
    const outcome = await settlerOf(brand.key).settle(command)
    await failpoint('recall.settled')
    // The other of two tabs may have been first with the same key.
    if (outcome.outcome === 'applied' && outcome.to === 'nothing' && !(await isRecalled()))
      throw tooLate(await readOrder(db, order))
  }
  const after = await readOrder(db, order)
  assert(after, `order ${order} is still there`)
  return { order: after, replayed }
}

/** What there is no way back to from here: staff correct what was credited to a wrong number. */
function tooLate(order: TopUp | undefined) {
  assert(order, 'an order that was recalled is there')
  const { state, heldReason } = order
  const over = state === 'credited' || heldReason === 'recall-window'
  return refuse(topUpErrors[over ? 'recall-too-late' : 'recall-not-possible'], { state })
}
