import type { Clock } from './clock.ts'
import type { Db } from './db.ts'

const NAME = 'clock-offset-ms'

/** Adopts the business clocks' offsets as the database holds them; demo and test only ever write any. */
export async function readOffsets(db: Db, clock: Clock): Promise<void> {
  const rows = await db.platform.query<{ brand: string; value: number }>(
    'select brand, value from platform.setting where name = $1',
    [NAME],
  )
  for (const { brand, value } of rows) clock.setOffset(brand, value)
}

/** Moves a brand's business clock forward for all processes; those that run adopt it when they read again. */
export async function advanceClock(db: Db, clock: Clock, brand: string, byMs: number): Promise<number> {
  if (!(byMs > 0)) throw new Error('the business clock moves forward only')
  const rows = await db.platform.query<{ value: number }>(
    `insert into platform.setting as s (brand, name, value) values ($1, $2, to_jsonb($3::bigint))
     on conflict (brand, name) do update set value = to_jsonb((s.value)::bigint + $3::bigint) returning value`,
    [brand, NAME, byMs],
  )
  const offsetMs = rows[0]?.value ?? byMs
  clock.setOffset(brand, offsetMs)
  return offsetMs
}
