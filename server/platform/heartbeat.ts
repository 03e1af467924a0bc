import type { Clock } from './clock.ts'
import { isoInstant } from './clock.ts'
import type { Db } from './db.ts'
import type { Log } from './log.ts'
import { type Loop, loopsTurned, startLoop } from './loop.ts'

/** Kept with the settings: small, one row for all processes, and every role that looks may read it. */
const LOOPS = 'loops-turned'
const FSCK = 'fsck-last'
const BEAT_MS = 15_000

/** Writes down now and then which loops of this process still turn, for whoever asks from another process. */
export function startHeartbeat(db: Db, clock: Clock, log: Log): Loop {
  return startLoop(
    'heartbeat',
    BEAT_MS,
    async () => {
      const at = isoInstant(clock.instant())
      const turned = Object.fromEntries(loopsTurned().map((name) => [name, at]))
      await write(db, LOOPS, turned)
    },
    log,
  )
}

/** When a round of each loop last ended well, in whatever process. */
export async function readLoops(db: Db): Promise<Readonly<Record<string, string>>> {
  return (await read<Record<string, string>>(db, LOOPS)) ?? {}
}

export interface LastFsck {
  readonly at: string
  readonly violations: number
}

export async function writeFsck(db: Db, clock: Clock, violations: number): Promise<void> {
  await write(db, FSCK, { at: isoInstant(clock.instant()), violations })
}

export async function readFsck(db: Db): Promise<LastFsck | undefined> {
  return await read<LastFsck>(db, FSCK)
}

/** Members of the value that are not named stay as they are. */
async function write(db: Db, name: string, value: object): Promise<void> {
  await db.platform.query(
    `insert into platform.setting as s (brand, name, value) values ('', $1, $2::jsonb)
     on conflict (brand, name) do update set value = s.value || excluded.value`,
    [name, JSON.stringify(value)],
  )
}

async function read<Value>(db: Db, name: string): Promise<Value | undefined> {
  const [row] = await db.platform.query<{ value: Value }>(
    `select value from platform.setting where brand = '' and name = $1`,
    [name],
  )
  return row?.value
}
