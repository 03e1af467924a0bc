import type { Reader } from '../platform/db.ts'
import type { EvidenceKind, Said } from './evidence.ts'
import type { ProviderName } from './port.ts'

/** What a provider has said, as people look it up. Instants in milliseconds. */
export interface Spoken {
  readonly attempt: string
  readonly provider: ProviderName
  readonly kind: EvidenceKind
  readonly said: Said
  readonly transaction: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly note: string | null
  readonly receivedAtMs: number
  readonly appliedAtMs: number | null
}

/** All evidence about these orders' attempts, in the order it came. */
export async function spokenOf(db: Reader, orders: readonly string[]): Promise<Spoken[]> {
  return await db.query<Spoken>(
    `select e.attempt, e.provider, e.kind, e.said, e.transaction, e.amount as "amountMinor", e.currency, e.note,
       e.received_at as "receivedAtMs", e.applied_at as "appliedAtMs"
     from {{brand}}.evidence e join {{brand}}.attempt a on a.id = e.attempt
     where a.order_id = any ($1::uuid[]) order by e.id`,
    [orders],
  )
}
