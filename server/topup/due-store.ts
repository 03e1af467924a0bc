import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import { COLUMNS, type TopUpRow, toTopUp } from './store.ts'
import type { OrderState, TopUp } from './top-up.ts'

/** Held orders whose time has come, the longest due first. */
export async function readHeldDue(db: Reader, nowMs: number, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from {{brand}}.top_up where state = 'held' and coalesce(decide_by, pay_by) <= $1
      order by coalesce(decide_by, pay_by) limit $2`,
    [isoInstant(nowMs), limit],
  )
  return rows.map((row) => row.id)
}

/** Orders past their time to pay, the longest past first and without those named, locked; what somebody else holds is skipped. */
export async function lockDueOrders(
  tx: Tx,
  nowMs: number,
  without: readonly string[],
  limit: number,
): Promise<TopUp[]> {
  const rows = await tx.query<TopUpRow>(
    `select ${COLUMNS} from {{brand}}.top_up where state = 'awaiting-payment' and coalesce(decide_by, pay_by) <= $1
       and id <> all($2::uuid[]) order by coalesce(decide_by, pay_by) limit $3 for no key update skip locked`,
    [isoInstant(nowMs), plainArray(without), limit],
  )
  return rows.map(toTopUp)
}

/** Orders that owe a message, oldest first, locked; what somebody else holds is skipped. `before`: only those of lower ids. */
export async function lockUntold(tx: Tx, limit: number, before: string | null): Promise<TopUp[]> {
  const rows = await tx.query<TopUpRow>(
    `select ${COLUMNS} from {{brand}}.top_up where message_state = 1 and ($2::uuid is null or id < $2)
      order by id limit $1 for no key update skip locked`,
    [limit, before],
  )
  return rows.map(toTopUp)
}

/** Their messages are with messaging. */
export function sendTold(tx: Tx, ids: readonly string[]): void {
  tx.send('update {{brand}}.top_up set message_state = 2 where id = any($1::uuid[])', [plainArray(ids)])
}

/** Of these lines, with the order: those for which something was placed lately that may be paid and is not credited. */
export async function readUncredited(
  db: Reader,
  lines: readonly string[],
  sinceId: string,
): Promise<{ readonly id: string; readonly line: string; readonly state: OrderState }[]> {
  return await db.query(
    `select id, line, state from {{brand}}.top_up where line = any($1::uuid[]) and id > $2
       and state in ('awaiting-payment', 'paid', 'held', 'expired')`,
    [plainArray(lines), sinceId],
  )
}

/** Forgets what was refused before an instant. */
export async function deleteRefusals(tx: Tx, beforeMs: number): Promise<void> {
  await tx.query('delete from {{brand}}.refusal where created_at < $1', [isoInstant(beforeMs)])
}
