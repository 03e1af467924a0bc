import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import type { Log } from './log.ts'
import { defaultRoles, provision } from './migrate.ts'
import { makeSecretFile } from './secret-file.ts'
import { watchPostgres } from './watch-postgres.ts'

const DATABASE = 'baohao'

/** Where the program's database is and how each role gets in. */
export interface DatabaseAccess {
  /** Role `app`: serving and working. */
  readonly appUrl: string
  /** Role `owner`: migrations. */
  readonly ownerUrl: string
  /** Lets go of the embedded server, which stops with its last user; nothing to do for an operator's own. */
  stop(): Promise<void>
}

interface RolePasswords {
  readonly owner: string
  readonly app: string
  readonly papers: string
  readonly auditor: string
}

/** Passwords of the embedded database's roles, made once, in a file of mode 0600. */
function rolePasswords(dataDir: string): RolePasswords {
  const file = join(dataDir, 'database-roles.json')
  if (!existsSync(file)) {
    const password = () => randomBytes(24).toString('base64url')
    const made = { owner: password(), app: password(), papers: password(), auditor: password() }
    makeSecretFile(file, JSON.stringify(made))
  }
  return JSON.parse(readFileSync(file, 'utf8')) as RolePasswords
}

/** Starts or adopts the embedded server under `dataDir/postgres`, with database and roles made, and keeps it running. */
export async function openLocalDatabase(dataDir: string, log: Log): Promise<DatabaseAccess> {
  const start = () =>
    startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), log: (line) => log.info(line) })
  const postgres = await start()
  const watched = watchPostgres(postgres, start, log)
  const passwords = rolePasswords(dataDir)
  await provision(postgres.adminUrl, DATABASE, passwords)
  return {
    appUrl: postgres.urlFor(defaultRoles.app, passwords.app, DATABASE),
    ownerUrl: postgres.urlFor('baohao_owner', passwords.owner, DATABASE),
    stop: watched.stop,
  }
}
