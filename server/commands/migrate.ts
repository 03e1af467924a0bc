import { brandPresets } from '../brand/index.ts'
import { migrateBrands } from '../new-brand.ts'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { withDatabase } from './command-database.ts'

/** `baohao migrate`: says what was applied. */
export async function migrateCommand(config: Config, say: Say): Promise<void> {
  await withDatabase(config, async (_db, ownerUrl) => {
    if (ownerUrl === '')
      throw new Error('Set DATABASE_ADMIN_URL to the owner of the database, who may create tables.')
    const done = await migrateBrands(ownerUrl, config.mode === 'production' ? [] : brandPresets)
    for (const file of done) say(`applied ${file}`)
    say(
      done.length === 0
        ? 'Nothing to apply: the database is at this version.'
        : `${done.length} migrations applied.`,
    )
  })
}
