import type { Config } from '../platform/config.ts'
import { createDb, type Db } from '../platform/db.ts'
import { createLog } from '../platform/log.ts'
import { openDatabase } from '../serve.ts'

/** The database of the configuration for as long as `work` runs; the owner's URL is '' where none is configured. */
export async function withDatabase<T>(
  config: Config,
  work: (db: Db, ownerUrl: string) => Promise<T>,
): Promise<T> {
  const log = createLog(config.logLevel)
  const database = await openDatabase(config, log)
  const db = createDb({ url: database.appUrl, connections: 2, log, applicationName: 'baohao command' })
  try {
    return await work(db, database.ownerUrl)
  } finally {
    await db.close()
    await database.stop()
  }
}
