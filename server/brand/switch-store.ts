import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { SwitchedOff, SwitchKind } from './switch.ts'

/** The oldest first. */
export async function readSwitches(db: Reader): Promise<SwitchedOff[]> {
  return await db.query<SwitchedOff>(
    `select kind, name, notice, since as "sinceMs" from {{brand}}.switched_off order by since, kind, name`,
  )
}

/** One that is off already stays off since when it was, with the new notice. */
export async function writeSwitch(tx: Tx, { kind, name, notice, sinceMs }: SwitchedOff): Promise<void> {
  await tx.query(
    `insert into {{brand}}.switched_off (kind, name, notice, since) values ($1, $2, $3, $4)
     on conflict (kind, name) do update set notice = excluded.notice`,
    [kind, name, JSON.stringify(notice), isoInstant(sinceMs)],
  )
}

/** False when there was none. */
export async function deleteSwitch(tx: Tx, kind: SwitchKind, name: string): Promise<boolean> {
  const rows = await tx.query(
    'delete from {{brand}}.switched_off where kind = $1 and name = $2 returning kind',
    [kind, name],
  )
  return rows.length > 0
}
