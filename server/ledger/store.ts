import { isoInstant } from '../platform/clock.ts'
import type { Reader, Sent, Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import { type Account, type AccountKind, accountKinds, type LineAccount } from './account.ts'
import type { LedgerWrites, LineAccountWrite } from './book.ts'
import type { AllowanceGrant, NewPackageTerm } from './lot.ts'

interface AccountRow {
  readonly id: string
  readonly kind: AccountKind
  readonly subject: string
  readonly currency: string
  readonly balance: bigint
  readonly floor: bigint | null
}

const toAccount = (row: AccountRow): OpenAccount => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  currency: row.currency,
  balanceMinor: row.balance,
  floorMinor: row.floor,
})

export interface AccountKey {
  readonly kind: AccountKind
  readonly subject: string
}

/** An account as its row tells it: a brand that is paid in several currencies has some kinds once in each. */
export type OpenAccount = Account & AccountKey & { readonly currency: string }

/** The order everybody locks accounts in: dealers' floats, then the others by kind, subject and currency. */
const LOCK_ORDER = `order by kind <> 'dealer-float', kind, subject, currency for no key update`

/**
 * Locks system accounts and dealers' floats (kind `dealer-float`, subject the dealer). Those that do not exist are missing from the answer;
 * those of several currencies are all in it.
 */
export async function lockAccounts(tx: Tx, keys: readonly AccountKey[]): Promise<OpenAccount[]> {
  const rows = await tx.query<AccountRow>(
    `select id, kind, subject, currency, balance, floor from {{brand}}.account
      where (kind, subject) in (select * from unnest($1::text[], $2::text[])) ${LOCK_ORDER}`,
    [textArray(keys.map((k) => k.kind)), textArray(keys.map((k) => k.subject))],
  )
  return rows.map(toAccount)
}

/**
 * Accounts that a batch moves without knowing where they stand: they are brought at zero and without a floor, and the write
 * adds the movement to what the row then holds, where its CHECK guards the floor. Everybody meets at these accounts, so
 * they are locked last and briefly. Those that do not exist are missing from the answer.
 */
export async function unlockedAccounts(db: Reader, keys: readonly AccountKey[]): Promise<OpenAccount[]> {
  const rows = await db.query<Pick<AccountRow, 'id' | 'kind' | 'subject' | 'currency'>>(
    `select id, kind, subject, currency from {{brand}}.account
      where (kind, subject) in (select * from unnest($1::text[], $2::text[]))`,
    [textArray(keys.map((k) => k.kind)), textArray(keys.map((k) => k.subject))],
  )
  return rows.map((row) => ({ ...row, balanceMinor: 0n, floorMinor: null }))
}

/**
 * Accounts as they stand, unlocked: what is decided by them may be overtaken, and the row's CHECK then refuses the write.
 * Those that do not exist are missing from the answer.
 */
export async function readAccounts(db: Reader, keys: readonly AccountKey[]): Promise<OpenAccount[]> {
  if (keys.length === 0) return []
  const rows = await db.query<AccountRow>(
    `select id, kind, subject, currency, balance, floor from {{brand}}.account
      where (kind, subject) in (select * from unnest($1::text[], $2::text[]))`,
    [textArray(keys.map((k) => k.kind)), textArray(keys.map((k) => k.subject))],
  )
  return rows.map(toAccount)
}

export interface NewAccount extends AccountKey {
  readonly id: string
  readonly currency: string
  /** Below zero for a dealer with credit; the kind says the rest. */
  readonly floorMinor?: bigint
}

/** Opens accounts; one that exists already (same kind, subject, currency) is left as it is. */
export async function insertAccounts(
  tx: Tx,
  accounts: readonly NewAccount[],
  createdAtMs: number,
): Promise<void> {
  const floorOf = (a: NewAccount) => a.floorMinor ?? (accountKinds[a.kind].mayGoBelowZero ? null : 0n)
  await tx.query(
    `insert into {{brand}}.account (id, kind, subject, currency, nature, floor, created_at)
     select u.*, $7::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) u
     on conflict (kind, subject, currency) do nothing`,
    [
      plainArray(accounts.map((a) => a.id)),
      textArray(accounts.map((a) => a.kind)),
      textArray(accounts.map((a) => a.subject)),
      textArray(accounts.map((a) => a.currency)),
      textArray(accounts.map((a) => accountKinds[a.kind].nature)),
      plainArray(accounts.map(floorOf)),
      isoInstant(createdAtMs),
    ],
  )
}

/** Opens one account and answers its id. */
export async function openAccount(tx: Tx, account: Omit<NewAccount, 'id'>, atMs: number): Promise<string> {
  const id = newId(atMs)
  await insertAccounts(tx, [{ ...account, id }], atMs)
  return id
}

interface LineAccountRow {
  readonly id: string
  readonly line: string
  readonly epoch: number
  readonly balance: bigint
  readonly paid: bigint
  readonly bonus: bigint
  readonly paid_cost: bigint
  readonly owed: bigint
}

export function toLineAccount(row: LineAccountRow): LineAccount {
  return {
    id: row.id,
    kind: 'line-balance',
    line: row.line,
    epoch: row.epoch,
    balanceMinor: row.balance,
    floorMinor: 0n,
    paidMinor: row.paid,
    bonusMinor: row.bonus,
    paidCostMinor: row.paid_cost,
    owedMinor: row.owed,
  }
}

/** Opens the money account of lines at an epoch. */
export async function insertLineAccounts(
  tx: Tx,
  accounts: readonly { readonly id: string; readonly line: string; readonly epoch: number }[],
  currency: string,
): Promise<void> {
  await tx.query(
    `insert into {{brand}}.line_account (id, line, epoch, currency)
     select u.*, $4 from unnest($1::uuid[], $2::uuid[], $3::int[]) u`,
    [
      plainArray(accounts.map((a) => a.id)),
      plainArray(accounts.map((a) => a.line)),
      plainArray(accounts.map((a) => a.epoch)),
      currency,
    ],
  )
}

/** Sends new money accounts with what they begin with; the book that posted it has its transfers. */
export function sendNewLineAccounts(tx: Tx, accounts: readonly LineAccount[], currency: string): void {
  tx.send(
    `insert into {{brand}}.line_account (id, line, epoch, currency, balance, paid, bonus, paid_cost)
     select id, line, epoch, $4, balance, paid, bonus, cost
       from unnest($1::uuid[], $2::uuid[], $3::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
         as u (id, line, epoch, balance, paid, bonus, cost)`,
    [
      plainArray(accounts.map((a) => a.id)),
      plainArray(accounts.map((a) => a.line)),
      plainArray(accounts.map((a) => a.epoch)),
      currency,
      plainArray(accounts.map((a) => a.balanceMinor)),
      plainArray(accounts.map((a) => a.paidMinor)),
      plainArray(accounts.map((a) => a.bonusMinor)),
      plainArray(accounts.map((a) => a.paidCostMinor)),
    ],
  )
}

/** Locks the accounts of these lines, of every epoch, by line. The caller holds the lines' clocks already. */
export async function lockLineAccounts(tx: Tx, lines: readonly string[]): Promise<LineAccount[]> {
  const rows = await tx.query<LineAccountRow>(
    `select id, line, epoch, balance, paid, bonus, paid_cost, owed from {{brand}}.line_account
      where line = any($1::uuid[]) order by line, epoch for no key update`,
    [plainArray(lines)],
  )
  return rows.map(toLineAccount)
}

/**
 * The accounts of lines whose clocks the transaction holds already, of every epoch: a line's clock is the lock of its money,
 * so locking the rows again would only write more.
 */
export async function readLineAccounts(tx: Tx, lines: readonly string[]): Promise<LineAccount[]> {
  const rows = await tx.query<LineAccountRow>(
    `select id, line, epoch, balance, paid, bonus, paid_cost, owed from {{brand}}.line_account where line = any($1::uuid[])`,
    [plainArray(lines)],
  )
  return rows.map(toLineAccount)
}

export async function readLineAccount(
  db: Reader,
  line: string,
  epoch: number,
): Promise<LineAccount | undefined> {
  const rows = await db.query<LineAccountRow>(
    `select id, line, epoch, balance, paid, bonus, paid_cost, owed from {{brand}}.line_account where line = $1 and epoch = $2`,
    [line, epoch],
  )
  return rows[0] && toLineAccount(rows[0])
}

/** How far an account stands from where the book left it, in minor units: others moved it meanwhile. */
export interface Shift {
  readonly account: string
  readonly shiftMinor: bigint
}

/**
 * Sends the journal rows and the new balances; the answer, which accounts stand elsewhere than the book believed, comes
 * with the commit. Accounts that were not locked are locked here, in a statement of their own so that the next one sees them
 * as they then stand; one that was locked does not shift.
 */
export function sendWrites(
  tx: Tx,
  writes: LedgerWrites,
  eventAtMs: number,
  createdAtMs: number,
): Sent<Shift> {
  const { transfers, accounts, lineAccounts } = writes
  if (transfers.length === 0) return { rows: async () => [] }
  if (lineAccounts.length > 0) sendLineAccounts(tx, lineAccounts)
  tx.send(`select 1 from {{brand}}.account where id = any($1::uuid[]) ${LOCK_ORDER}`, [
    plainArray(accounts.map((a) => a.id)),
  ])
  return tx.send<Shift>(
    `with moved as (
       update {{brand}}.account a set balance = a.balance + u.balance - u.brought
         from unnest($13::uuid[], $14::bigint[], $15::bigint[]) as u (id, brought, balance) where a.id = u.id
       returning a.id, a.balance - u.balance as shift),
     written as (
       insert into {{brand}}.transfer (id, debit_account, credit_account, amount, debit_after, credit_after, posting, cause,
         pending_of, corrects, event_at, created_at)
       select u.id, u.debit, u.credit, u.amount, u.debit_after + coalesce(d.shift, 0), u.credit_after + coalesce(c.shift, 0),
            u.posting, u.cause, u.pending_of, u.corrects, $11::timestamptz, $12::timestamptz
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::uuid[],
              $9::uuid[], $10::uuid[])
              as u (id, debit, credit, amount, debit_after, credit_after, posting, cause, pending_of, corrects)
       left join moved d on d.id = u.debit left join moved c on c.id = u.credit)
     select id as account, shift as "shiftMinor" from moved where shift <> 0`,
    [
      plainArray(transfers.map((t) => t.id)),
      plainArray(transfers.map((t) => t.debitAccount)),
      plainArray(transfers.map((t) => t.creditAccount)),
      plainArray(transfers.map((t) => t.amountMinor)),
      plainArray(transfers.map((t) => t.debitAfterMinor)),
      plainArray(transfers.map((t) => t.creditAfterMinor)),
      plainArray(transfers.map((t) => t.posting)),
      plainArray(transfers.map((t) => t.cause)),
      plainArray(transfers.map((t) => t.pendingOf)),
      plainArray(transfers.map((t) => t.corrects)),
      isoInstant(eventAtMs),
      isoInstant(createdAtMs),
      plainArray(accounts.map((a) => a.id)),
      plainArray(accounts.map((a) => a.broughtMinor)),
      plainArray(accounts.map((a) => a.balanceMinor)),
    ],
  )
}

function sendLineAccounts(tx: Tx, lineAccounts: readonly LineAccountWrite[]): void {
  tx.send(
    `update {{brand}}.line_account a set balance = u.balance, paid = u.paid, bonus = u.bonus, paid_cost = u.paid_cost, owed = u.owed
       from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) as u (id, balance, paid, bonus, paid_cost, owed)
      where a.id = u.id`,
    [
      plainArray(lineAccounts.map((a) => a.id)),
      plainArray(lineAccounts.map((a) => a.balanceMinor)),
      plainArray(lineAccounts.map((a) => a.paidMinor)),
      plainArray(lineAccounts.map((a) => a.bonusMinor)),
      plainArray(lineAccounts.map((a) => a.paidCostMinor)),
      plainArray(lineAccounts.map((a) => a.owedMinor)),
    ],
  )
}

/** Sends allowance lots, merged with one of the same line, epoch, kind and end. */
export function sendLots(tx: Tx, grants: readonly AllowanceGrant[]): void {
  if (grants.length === 0) return
  tx.send(
    `insert into {{brand}}.lot as l (line, epoch, kind, until, granted, remaining)
     select line, epoch, kind, date '1970-01-01' + until, sum(amount), sum(amount)
       from unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::bigint[]) as u (line, epoch, kind, until, amount)
      group by 1, 2, 3, 4
     on conflict (line, epoch, kind, until) do update
       set granted = l.granted + excluded.granted, remaining = l.remaining + excluded.remaining`,
    [
      plainArray(grants.map((g) => g.line)),
      plainArray(grants.map((g) => g.epoch)),
      plainArray(grants.map((g) => g.kind)),
      plainArray(grants.map((g) => g.until)),
      plainArray(grants.map((g) => g.amount)),
    ],
  )
}

/** Sends the terms over which sold packages will be earned. */
export function sendPackageTerms(tx: Tx, terms: readonly NewPackageTerm[]): void {
  if (terms.length === 0) return
  tx.send(
    `insert into {{brand}}.package_term (id, cause, line, epoch, price, first_day, until, earned_until)
     select id, cause, line, epoch, price, date '1970-01-01' + first_day, date '1970-01-01' + until, date '1970-01-01' + first_day
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::int[], $7::int[])
         as u (id, cause, line, epoch, price, first_day, until)`,
    [
      plainArray(terms.map((t) => t.id)),
      plainArray(terms.map((t) => t.cause)),
      plainArray(terms.map((t) => t.line)),
      plainArray(terms.map((t) => t.epoch)),
      plainArray(terms.map((t) => t.priceMinor)),
      plainArray(terms.map((t) => t.firstDay)),
      plainArray(terms.map((t) => t.until)),
    ],
  )
}

export interface LotRow {
  readonly kind: string
  readonly until: number
  readonly remaining: bigint
}

export async function readLots(db: Reader, line: string, epoch: number, today: number): Promise<LotRow[]> {
  return await db.query<LotRow>(
    `select kind, until, remaining from {{brand}}.lot
      where line = $1 and epoch = $2 and until > date '1970-01-01' + $3::int and remaining > 0 order by until, kind`,
    [line, epoch, today],
  )
}

export interface DueTerm {
  readonly id: string
  readonly priceMinor: bigint
  readonly earnedMinor: bigint
  readonly firstDay: number
  readonly until: number
}

/** Packages with days before `today` not yet earned; those another batch holds are left to it. */
export async function lockDueTerms(tx: Tx, today: number, limit: number): Promise<DueTerm[]> {
  return await tx.query<DueTerm>(
    `select id, price as "priceMinor", earned as "earnedMinor", first_day as "firstDay", until
       from {{brand}}.package_term where earned_until < until and earned_until < date '1970-01-01' + $1::int
      order by earned_until, id limit $2 for update skip locked`,
    [today, limit],
  )
}

export function sendEarned(
  tx: Tx,
  moved: readonly { readonly id: string; readonly earnedMinor: bigint; readonly earnedUntil: number }[],
): void {
  tx.send(
    `update {{brand}}.package_term t set earned = u.earned, earned_until = date '1970-01-01' + u.day
       from unnest($1::uuid[], $2::bigint[], $3::int[]) as u (id, earned, day) where t.id = u.id`,
    [
      plainArray(moved.map((m) => m.id)),
      plainArray(moved.map((m) => m.earnedMinor)),
      plainArray(moved.map((m) => m.earnedUntil)),
    ],
  )
}
