import type { Db } from './db.ts'
import { open, SealBroken, seal } from './seal.ts'

const NAME = 'master-key-proof'
const PURPOSE = 'key-proof'
const KNOWN = 'baohao'

/** Whether this master key is the one that the database's secrets are sealed with; `first`: it has none yet. */
export async function proveMasterKey(db: Db, masterKey: Buffer): Promise<'proved' | 'first' | 'wrong'> {
  const [row] = await db.platform.query<{ value: string }>(
    `select value from platform.setting where brand = '' and name = $1`,
    [NAME],
  )
  if (!row) return 'first'
  try {
    return open(masterKey, PURPOSE, Buffer.from(row.value, 'base64'), NAME) === KNOWN ? 'proved' : 'wrong'
  } catch (error) {
    if (error instanceof SealBroken) return 'wrong'
    throw error
  }
}

/** Seals a known value with the first key that the database is used with, so that another one is told from it. */
export async function keepKeyProof(db: Db, masterKey: Buffer): Promise<void> {
  const sealed = seal(masterKey, PURPOSE, KNOWN, NAME).toString('base64')
  await db.platform.query(
    `insert into platform.setting (brand, name, value) values ('', $1, to_jsonb($2::text)) on conflict do nothing`,
    [NAME, sealed],
  )
}
