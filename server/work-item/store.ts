import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import type { WorkItem, WorkKind } from './work-item.ts'

/** All that is in trouble at the instant $1, each in what waits for a person and not merely for a provider. Each part has an index of its own. */
const TROUBLES = `
    select kind, subject, date_trunc('milliseconds', since) as since from (
    select 'unknown-payment' as kind, id as subject, created_at as since from {{brand}}.attempt
     -- A transfer waits for its statement, and the end of its order closes it.
     where next_query_at is null and state in ('created', 'pending', 'unknown') and provider <> 'bank'
    union all
    select 'unknown-payment', id, created_at from {{brand}}.attempt
     where next_query_at is not null and state in ('created', 'pending', 'unknown') and created_at < $1::timestamptz - interval '24 h'
    union all
    select 'held', id, coalesce(decide_by, pay_by) from {{brand}}.top_up
     where state = 'held' and coalesce(decide_by, pay_by) < $1::timestamptz - interval '1 h'
    union all
    select case state when 'abnormal' then 'refund-abnormal' else 'unknown-refund' end,
           id, case state when 'abnormal' then done_at else requested_at end from {{brand}}.refund
     -- One by transfer is made by people, from a list of their own, and told by the statement: a day is theirs.
     where next_try_at is null and state <> 'done' and state <> 'covered' and (state = 'abnormal' or requested_at < $1::timestamptz - interval '24 h'
       or not exists (select from {{brand}}.attempt a where a.id = refund.attempt and a.provider = 'bank'))
    union all
    select 'unknown-refund', id, requested_at from {{brand}}.refund
     where next_try_at is not null and state <> 'done' and requested_at < $1::timestamptz - interval '24 h'
    union all
    select 'orphan-evidence', id, received_at from {{brand}}.evidence where attempt is null) trouble`

const SAME = 'w.kind = t.kind and w.subject = t.subject and w.since = t.since'

export interface Trouble {
  readonly kind: WorkKind
  readonly subject: string
  readonly since: number
}

/** Trouble that has no item yet, the oldest first. */
export async function readUnlisted(db: Reader, nowMs: number, limit: number): Promise<Trouble[]> {
  return await db.query<Trouble>(
    `select t.* from (${TROUBLES}) t
      where not exists (select from {{brand}}.work_item w where ${SAME}) order by t.since limit $2`,
    [isoInstant(nowMs), limit],
  )
}

/** Whoever listed the same trouble first has listed it. */
export async function insertItems(
  tx: Tx,
  items: readonly (Trouble & { readonly id: string })[],
  owner: string,
  atMs: number,
): Promise<number> {
  const rows = await tx.query(
    `insert into {{brand}}.work_item (id, kind, subject, since, owner, opened_at)
     select id, kind, subject, since, $5, $6 from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) as u (id, kind, subject, since)
     on conflict on constraint work_item_once do nothing returning id`,
    [
      plainArray(items.map((item) => item.id)),
      plainArray(items.map((item) => item.kind)),
      plainArray(items.map((item) => item.subject)),
      items.map((item) => isoInstant(item.since)),
      owner,
      isoInstant(atMs),
    ],
  )
  return rows.length
}

/** Closes the items whose trouble is over; answers how many. */
export async function closeResolved(
  tx: Tx,
  closed: { readonly by: string; readonly reason: string },
  atMs: number,
): Promise<number> {
  const rows = await tx.query(
    `update {{brand}}.work_item w set closed_at = $1, closed_by = $2, reason = $3
      where w.closed_at is null and not exists (select from (${TROUBLES}) t where ${SAME}) returning w.id`,
    [isoInstant(atMs), closed.by, closed.reason],
  )
  return rows.length
}

const ITEM = `w.id, w.kind, w.subject, coalesce(a.order_id, r.order_id, case w.kind when 'held' then w.subject end) as "order",
  coalesce(a.provider, e.provider) as provider, coalesce(a.merchant, e.merchant) as merchant, coalesce(r.transaction, e.transaction) as transaction,
  coalesce(r.amount, e.amount, a.amount) as "amountMinor", coalesce(r.currency, e.currency, a.currency) as currency,
  w.since as "sinceMs", w.owner, w.opened_at as "openedAtMs", w.closed_at as "closedAtMs", w.closed_by as "closedBy", w.reason
  from {{brand}}.work_item w left join {{brand}}.refund r on r.id = w.subject left join {{brand}}.evidence e on e.id = w.subject
  left join {{brand}}.attempt a on a.id = coalesce(r.attempt, w.subject)`

/** Open items, the oldest trouble first; with `closedToo` all. */
export async function readItems(db: Reader, closedToo: boolean, limit: number): Promise<WorkItem[]> {
  return await db.query<WorkItem>(
    `select ${ITEM} where w.closed_at is null or $1 order by w.since, w.id limit $2`,
    [closedToo, limit],
  )
}

export async function lockItem(tx: Tx, id: string): Promise<WorkItem | undefined> {
  const rows = await tx.query<WorkItem>(`select ${ITEM} where w.id = $1 for no key update of w`, [id])
  return rows[0]
}

export async function writeOwner(tx: Tx, id: string, owner: string): Promise<void> {
  await tx.query('update {{brand}}.work_item set owner = $2 where id = $1', [id, owner])
}

export async function writeClosed(
  tx: Tx,
  id: string,
  closed: { readonly by: string; readonly reason: string },
  atMs: number,
): Promise<void> {
  await tx.query('update {{brand}}.work_item set closed_at = $2, closed_by = $3, reason = $4 where id = $1', [
    id,
    isoInstant(atMs),
    closed.by,
    closed.reason,
  ])
}
