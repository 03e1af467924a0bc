import { isoInstant } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import type { Evidence, EvidenceRow } from './evidence.ts'

/**
 * Files a batch. A saying that is there already stays as it is, whoever wrote it first. Evidence is filed under the attempt
 * it names only if that attempt is this merchant's; else it is an orphan.
 */
export function sendEvidence(
  tx: Tx,
  batch: readonly (Evidence & { readonly id: string })[],
  receivedAtMs: number,
): void {
  tx.send(
    `insert into {{brand}}.evidence (id, provider, merchant, kind, provider_id, attempt, refund, said, transaction,
       amount, currency, happened_at, note, raw, fields, dispute, fee, received_at)
     select u.id, u.provider, u.merchant, u.kind, u.provider_id, a.id, u.refund, u.said, u.transaction,
       u.amount, u.currency, u.happened_at, u.note, u.raw, u.fields, u.dispute, u.fee, $18::timestamptz
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[],
         $9::text[], $10::bigint[], $11::text[], $12::timestamptz[], $13::text[], $14::bytea[],
         $15::jsonb[], $16::text[], $17::bigint[])
       as u (id, provider, merchant, kind, provider_id, attempt, refund, said, transaction, amount, currency,
         happened_at, note, raw, fields, dispute, fee)
     left join {{brand}}.attempt a on a.id = u.attempt and a.provider = u.provider and a.merchant = u.merchant
     -- Two processes filing the same sayings wait for each other in one order.
     order by u.provider, u.merchant, u.kind, u.provider_id
     on conflict on constraint evidence_once do nothing`,
    [
      batch.map((e) => e.id),
      batch.map((e) => e.provider),
      batch.map((e) => e.merchant),
      batch.map((e) => e.kind),
      batch.map((e) => e.providerId),
      batch.map((e) => e.attempt),
      batch.map((e) => e.refund),
      batch.map((e) => e.said),
      batch.map((e) => e.transaction),
      batch.map((e) => e.amountMinor),
      batch.map((e) => e.currency),
      batch.map((e) => (e.happenedAtMs === null ? null : isoInstant(e.happenedAtMs))),
      batch.map((e) => e.note),
      batch.map((e) => e.raw),
      batch.map((e) => JSON.stringify(e.fields)),
      batch.map((e) => e.dispute?.number ?? null),
      batch.map((e) => e.dispute?.feeMinor ?? null),
      isoInstant(receivedAtMs),
    ],
  )
}

/** Unapplied evidence, oldest first, locked; what another settle holds is skipped. Orphans are never taken. */
export async function takeEvidence(tx: Tx, limit: number): Promise<EvidenceRow[]> {
  return await tx.query<EvidenceRow>(
    `select e.id, e.provider, e.merchant, e.kind, e.attempt, a.order_id as "order", e.refund, e.said, e.transaction,
       e.amount as "amountMinor", e.currency, e.happened_at as "happenedAtMs", e.note, e.dispute, e.fee as "feeMinor",
       e.received_at as "receivedAtMs"
     from {{brand}}.evidence e join {{brand}}.attempt a on a.id = e.attempt
     where e.applied_at is null and e.attempt is not null
     order by e.id limit $1 for no key update of e skip locked`,
    [limit],
  )
}

export async function markApplied(tx: Tx, ids: readonly string[], nowMs: number): Promise<void> {
  await tx.query('update {{brand}}.evidence set applied_at = $2 where id = any ($1::uuid[])', [
    ids,
    isoInstant(nowMs),
  ])
}
