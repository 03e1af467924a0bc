import type { Reader } from './db.ts'

/** A row that breaks a check, as fsck prints it: it names what it is about. */
export type BrokenRow = Readonly<Record<string, unknown>>

/**
 * An invariant that `baohao fsck` proves, of one brand at a time: by a statement that answers the rows that break it, or by
 * a function that finds them where SQL cannot say it. Read-only; on a live database each must hold within one snapshot, so
 * a function reads what belongs together in one statement.
 */
export type Check = {
  /** Of the catalogue of invariants (`I8`), else a room's own. Several checks may prove one invariant. */
  readonly id: string
  /** What holds. */
  readonly sentence: string
} & ({ readonly sql: string } | { readonly find: (db: Reader) => Promise<readonly BrokenRow[]> })
