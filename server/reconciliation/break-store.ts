import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { Break } from './break.ts'

const BREAK = `k.id, k.provider, k.merchant, k.day, k.class, k.kind, k.key, k.item, k.ordinal, r.number, k.ours as "oursMinor",
  k.ledger as "ledgerMinor", k.billed as "billedMinor", k.currency, k.difference as "differenceMinor", k.owner,
  k.opened_at as "openedAtMs", k.closed_at as "closedAtMs", k.closed_by as "closedBy", k.reason, k.entry
  from {{brand}}.bill_break k left join {{brand}}.bill_row r on r.bill = k.bill and r.ordinal = k.ordinal`

/** Open breaks, the oldest day first; with `closedToo` all. */
export async function readBreaks(db: Reader, closedToo: boolean, limit: number): Promise<Break[]> {
  return await db.query<Break>(
    `select ${BREAK} where k.closed_at is null or $1 order by k.day, k.id limit $2`,
    [closedToo, limit],
  )
}

export async function lockBreak(tx: Tx, id: string): Promise<Break | undefined> {
  const rows = await tx.query<Break>(`select ${BREAK} where k.id = $1 for no key update of k`, [id])
  return rows[0]
}

export async function writeClosed(
  tx: Tx,
  id: string,
  closed: { readonly by: string; readonly reason: string; readonly entry: string | null },
  atMs: number,
): Promise<void> {
  await tx.query(
    'update {{brand}}.bill_break set closed_at = $2, closed_by = $3, reason = $4, entry = $5 where id = $1',
    [id, isoInstant(atMs), closed.by, closed.reason, closed.entry],
  )
}

export async function writeOwner(tx: Tx, id: string, owner: string): Promise<void> {
  await tx.query('update {{brand}}.bill_break set owner = $2 where id = $1', [id, owner])
}

/** Open breaks of one merchant by class: how many, and what they come to. */
export interface OpenBreaks {
  readonly class: Break['class']
  readonly count: number
  readonly differenceMinor: bigint
}

export async function openBreaksOf(db: Reader, provider: string, merchant: string): Promise<OpenBreaks[]> {
  return await db.query<OpenBreaks>(
    `select class, count(*)::int as count, sum(difference) as "differenceMinor" from {{brand}}.bill_break
      where provider = $1 and merchant = $2 and closed_at is null group by class order by class`,
    [provider, merchant],
  )
}
