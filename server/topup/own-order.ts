import { idFromWire } from '../../contract/id.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { readNumbers } from '../line/index.ts'
import type { Reader } from '../platform/db.ts'
import { ownOrder } from './shown-order.ts'

/** What is told of an order where it is only referred to. */
export interface OrderInBrief {
  readonly id: string
  /** Masked. */
  readonly msisdn: string
  readonly priceMinor: bigint
}

/** One order of the caller's own, in brief. Throws `order-not-found`. */
export async function ownOrderInBrief(
  db: Reader,
  brand: Brand,
  caller: Principal | null,
  wireId: string,
): Promise<OrderInBrief> {
  const { id, line, priceMinor } = await ownOrder(db, caller, idFromWire(wireId))
  const numbers = await readNumbers(db, [line])
  return { id, msisdn: maskNumber(brand, numbers.get(line) ?? ''), priceMinor }
}
