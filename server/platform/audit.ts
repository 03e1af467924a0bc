import { isoInstant } from './clock.ts'
import type { Tx } from './db.ts'
import { newId } from './id.ts'

/** An act of a person or an operator, as the append-only table `audit` keeps it. */
export interface AuditEntry {
  /** Who: `log-in 01JD…`, `operator alice`. */
  readonly actor: string
  /** What, noun first: `password set`. */
  readonly act: string
  /** To what: an id. */
  readonly subject: string
  readonly reason?: string
  /** No secrets; numbers and addresses masked. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Written in the transaction of the act itself: an act that stands has its row. */
export async function writeAudit(tx: Tx, entry: AuditEntry, atMs: number): Promise<void> {
  await tx.query(
    'insert into {{brand}}.audit (id, actor, act, subject, reason, detail, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [
      newId(atMs),
      entry.actor,
      entry.act,
      entry.subject,
      entry.reason ?? null,
      JSON.stringify(entry.detail ?? {}),
      isoInstant(atMs),
    ],
  )
}
