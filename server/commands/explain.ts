import { ConfigProblems } from '../platform/config.ts'
import { isConnectionLoss } from '../platform/db.ts'
import { Refusal } from '../platform/error.ts'
import { CommandRefused, listed, UsageError } from './usage.ts'

/** Messages that are sentences for an operator already. */
const PLAIN = ['BackupError', 'EmbeddedPostgresError', 'FileRefused']
/** SQLSTATEs of a table, a column or a schema that is not there. */
const NOT_MIGRATED = ['42P01', '42703', '3F000']
const WRONG_PASSWORD = '28P01'
/** SQLSTATEs of a role that is not there, and of one that may not do this. */
const NOT_PREPARED = ['42704', '42501']

/** Plain sentences for what an operator can mend; the stack only for what we must. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, port, path } = error as NodeJS.ErrnoException & { port?: number }
  if (error instanceof ConfigProblems || error instanceof UsageError || error instanceof CommandRefused)
    return error.message
  if (error instanceof Refusal) return refusal(error)
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Set PORT to another number and start again.`
  if (code === 'ENOENT' && path !== undefined) return `There is no file ${path}.`
  if ((code === 'EACCES' || code === 'EISDIR') && path !== undefined)
    return `${path} cannot be read or written.`
  if (PLAIN.includes(error.name)) return error.message
  if (NOT_MIGRATED.includes(code ?? ''))
    return `The database is not at this version (${error.message}). Run: baohao migrate`
  if (code === WRONG_PASSWORD)
    return `The database refuses the password (${error.message}). See DATABASE_URL and DATABASE_ADMIN_URL.`
  if (NOT_PREPARED.includes(code ?? (error.cause as { code?: string } | undefined)?.code ?? ''))
    return `The database is not prepared (${error.message}). Its roles and their rights are in docs/operating/run.md.`
  if (isConnectionLoss(error))
    return `The database cannot be reached (${error.message}). Is it running? See DATABASE_URL.`
  return error.stack ?? String(error)
}

function refusal({ entry, members }: Refusal): string {
  const { problems, ...rest } = members
  const facts = Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`)
  return listed(`${entry.title}.`, [...(Array.isArray(problems) ? problems.map(String) : []), ...facts])
}

/** 2 for what is wrong with the command line, 1 for all else. */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? 2 : 1
}
