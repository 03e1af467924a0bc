import type { Brands, Switches } from '../brand/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Lines } from '../line/index.ts'
import type { Messaging } from '../messaging/index.ts'
import type { Payments } from '../payment/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import type { Notices } from '../platform/notify.ts'
import type { Policy } from '../policy/index.ts'

/** What the room is built of. */
export interface TopUpsDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  /** What sells asks what the operator has switched off. */
  readonly switches: Pick<Switches, 'demandOn'>
  readonly catalog: Pick<Catalog, 'priceTable'>
  readonly payments: Payments
  readonly messaging: Pick<Messaging, 'enqueue' | 'statusOf'>
  readonly lines: Pick<Lines, 'isOwn'>
  /** Where changes of orders are told to every process that streams them; absent where nobody can be watching. */
  readonly notices?: Pick<Notices, 'tell' | 'hear' | 'listening'>
  readonly policyOf: (policy: string, version: number) => Policy
  /** Origin of a brand's pages, e.g. `https://top-up.example.cn`. */
  readonly originOf: (brand: string) => string
}
