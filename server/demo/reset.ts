import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { present } from '../platform/process-register.ts'

/** Why a demo is not dropped, as a sentence for whoever asked. */
export class NotReset extends Error {}

/** Only a demo makes it, before anything else is there; it goes last, so that a reset cut short can be run again. */
const MARK = 'sandbox-partners.json'
const OF_A_DEMO = ['sandbox', 'postgres', 'ussd-keys.json', 'database-roles.json', 'master-key', MARK]

/**
 * Drops everything that a demo keeps in its data directory: database, sandbox, keys. The next start makes it anew. Throws
 * NotReset while something runs on it, and for a directory in which no demo lives: an operator's data are not ours to drop.
 */
export function resetDemo(dataDir: string): void {
  if (!existsSync(join(dataDir, MARK)))
    throw new NotReset(`No demo lives in ${dataDir}: there is nothing to drop.`)
  const postgres = join(dataDir, 'postgres')
  const [pid] = [...present(join(postgres, 'attached')), ...present(join(postgres, 'starting'))]
  if (pid !== undefined)
    throw new NotReset(`The demo is running (process ${pid}): end it first, with Ctrl-C in its terminal.`)
  if (existsSync(postgres)) dropElsewhere(realpathSync(postgres))
  for (const name of OF_A_DEMO) rmSync(join(dataDir, name), { recursive: true, force: true })
  if (readdirSync(dataDir).length === 0) rmdirSync(dataDir)
}

/** Parts of the database that could not be kept at home, and that are this home's own: a copied home brings links to another's. */
function dropElsewhere(home: string): void {
  const cluster = linkedFrom(join(home, 'cluster'))
  const record = `${cluster}.home`
  if (cluster && existsSync(record) && readFileSync(record, 'utf8') === home) {
    rmSync(cluster, { recursive: true, force: true })
    rmSync(record)
  }
  const socket = linkedFrom(join(home, 'socket'))
  if (socket && basename(socket).startsWith('baohao-')) rmSync(socket, { recursive: true, force: true })
}

function linkedFrom(entry: string): string | undefined {
  const isLink = lstatSync(entry, { throwIfNoEntry: false })?.isSymbolicLink() === true
  return isLink && existsSync(entry) ? realpathSync(entry) : undefined
}
