import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { AllowanceKind } from './lot.ts'

/** The term of a sold package as it stands. Days are epoch days, `until` exclusive. */
export interface SoldTerm {
  readonly id: string
  /** The order that sold it. */
  readonly cause: string
  readonly priceMinor: bigint
  readonly earnedMinor: bigint
  readonly refundedMinor: bigint
  readonly firstDay: number
  readonly until: number
}

const TERM = `id, cause, price as "priceMinor", earned as "earnedMinor", refunded as "refundedMinor", first_day as "firstDay", until`

export async function readTerms(db: Reader, causes: readonly string[]): Promise<SoldTerm[]> {
  return await db.query<SoldTerm>(
    `select ${TERM} from {{brand}}.package_term where cause = any($1::uuid[])`,
    [plainArray(causes)],
  )
}

/** Locks the terms that these orders sold, by id; earning leaves them alone meanwhile. */
export async function lockTerms(tx: Tx, causes: readonly string[]): Promise<SoldTerm[]> {
  return await tx.query<SoldTerm>(
    `select ${TERM} from {{brand}}.package_term where cause = any($1::uuid[]) order by id for no key update`,
    [plainArray(causes)],
  )
}

export interface TermEnd {
  readonly id: string
  readonly earnedMinor: bigint
  readonly refundedMinor: bigint
}

/** Ends terms: what was not refunded is earned, and nothing is due any more. */
export function sendTermsEnded(tx: Tx, ends: readonly TermEnd[]): void {
  if (ends.length === 0) return
  tx.send(
    `update {{brand}}.package_term t set earned = u.earned, refunded = u.refunded, earned_until = t.until
       from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as u (id, earned, refunded) where t.id = u.id`,
    [
      plainArray(ends.map((e) => e.id)),
      plainArray(ends.map((e) => e.earnedMinor)),
      plainArray(ends.map((e) => e.refundedMinor)),
    ],
  )
}

/** What a lot still has. */
export interface TakenLot {
  readonly line: string
  readonly epoch: number
  readonly kind: AllowanceKind
  readonly until: number
  readonly amount: bigint
}

/** The allowances of these lines, of every epoch; whoever draws from them holds the line's clock. */
export async function readLotsOf(db: Reader, lines: readonly string[]): Promise<TakenLot[]> {
  if (lines.length === 0) return []
  return await db.query<TakenLot>(
    `select line, epoch, kind, until, remaining as amount from {{brand}}.lot where line = any($1::uuid[])`,
    [plainArray(lines)],
  )
}

/** Takes allowances out of their lots; a lot that has less is refused by its CHECK. */
export function sendLotsTaken(tx: Tx, taken: readonly TakenLot[]): void {
  if (taken.length === 0) return
  tx.send(
    `update {{brand}}.lot l set remaining = l.remaining - u.amount
       from (select line, epoch, kind, until, sum(amount) as amount
               from unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::bigint[]) as u (line, epoch, kind, until, amount)
              group by 1, 2, 3, 4) u
      where l.line = u.line and l.epoch = u.epoch and l.kind = u.kind and l.until = date '1970-01-01' + u.until`,
    [
      plainArray(taken.map((t) => t.line)),
      plainArray(taken.map((t) => t.epoch)),
      textArray(taken.map((t) => t.kind)),
      plainArray(taken.map((t) => t.until)),
      plainArray(taken.map((t) => t.amount)),
    ],
  )
}
