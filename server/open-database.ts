import type { Config } from './platform/config.ts'
import { type DatabaseAccess, openLocalDatabase } from './platform/local-database.ts'
import type { Log } from './platform/log.ts'

/** The database of the configuration: the operator's own, or the embedded one. The owner's URL is '' where none is told. */
export async function openDatabase(config: Config, log: Log): Promise<DatabaseAccess> {
  const { databaseUrl, databaseAdminUrl } = config
  if (!databaseUrl) return await openLocalDatabase(config.dataDir, log)
  return { appUrl: databaseUrl, ownerUrl: databaseAdminUrl ?? '', stop: async () => undefined }
}
