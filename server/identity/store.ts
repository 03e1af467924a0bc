import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { bytesArray, plainArray } from '../platform/sql-array.ts'
import { insertAcceptance } from './account-store.ts'
import { type Code, type CodePurpose, type GuessCounter, NO_GUESSES } from './code.ts'
import type { Browser, System } from './device.ts'
import type { LogIn } from './log-in.ts'
import type { Assurance } from './principal.ts'
import type { Session } from './session.ts'

interface SessionRow {
  readonly id: string
  readonly token_hash: Buffer
  readonly log_in: string | null
  readonly assurance: Assurance
  readonly payer: string | null
  readonly payer_until: number | null
  readonly opened_at: number
  readonly browser: Browser | null
  readonly system: System | null
  readonly seen_at: number
  readonly ends_at: number
}

const SESSION_COLUMNS =
  'id, token_hash, log_in, assurance, payer, payer_until, browser, system, opened_at, seen_at, ends_at'

const toSession = (row: SessionRow): Session => ({
  id: row.id,
  logIn: row.log_in,
  assurance: row.assurance,
  payer:
    row.payer === null || row.payer_until === null
      ? null
      : { msisdn: row.payer, verifiedUntilMs: row.payer_until },
  device: { browser: row.browser, system: row.system },
  openedAtMs: row.opened_at,
  seenAtMs: row.seen_at,
  endsAtMs: row.ends_at,
})

/** By token hash in hex. */
export async function sessionsByToken(db: Reader, hashes: readonly Buffer[]): Promise<Map<string, Session>> {
  const rows = await db.query<SessionRow>(
    `select ${SESSION_COLUMNS} from {{brand}}.session where token_hash = any($1::bytea[])`,
    [bytesArray(hashes)],
  )
  return new Map(rows.map((row) => [row.token_hash.toString('hex'), toSession(row)]))
}

export async function sessionById(db: Reader, id: string): Promise<Session | null> {
  const [row] = await db.query<SessionRow>(`select ${SESSION_COLUMNS} from {{brand}}.session where id = $1`, [
    id,
  ])
  return row ? toSession(row) : null
}

export async function insertSession(tx: Tx, session: Session, tokenHash: Buffer): Promise<void> {
  await tx.query(
    `insert into {{brand}}.session (${SESSION_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      session.id,
      tokenHash,
      session.logIn,
      session.assurance,
      session.payer?.msisdn ?? null,
      session.payer ? isoInstant(session.payer.verifiedUntilMs) : null,
      session.device.browser,
      session.device.system,
      isoInstant(session.openedAtMs),
      isoInstant(session.seenAtMs),
      isoInstant(session.endsAtMs),
    ],
  )
}

/** Gives a session a new token and the payer it has just proved. Null when the session has ended meanwhile. */
export async function renewSession(
  tx: Tx,
  id: string,
  tokenHash: Buffer,
  payer: { readonly msisdn: string; readonly verifiedUntilMs: number },
): Promise<Session | null> {
  const [row] = await tx.query<SessionRow>(
    `update {{brand}}.session set token_hash = $2, payer = $3, payer_until = $4 where id = $1
     returning ${SESSION_COLUMNS}`,
    [id, tokenHash, payer.msisdn, isoInstant(payer.verifiedUntilMs)],
  )
  return row ? toSession(row) : null
}

export async function noteSeen(db: Reader, ids: readonly string[], seenAtMs: number): Promise<void> {
  await db.query('update {{brand}}.session set seen_at = $2 where id = any($1::uuid[]) and seen_at < $2', [
    plainArray(ids),
    isoInstant(seenAtMs),
  ])
}

export async function deleteSession(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from {{brand}}.session where id = $1', [id])
}

/** Ends every session of a log-in, but one if given. */
export async function deleteSessionsOf(tx: Tx, logIn: string, exceptId: string | null): Promise<void> {
  await tx.query('delete from {{brand}}.session where log_in = $1 and id is distinct from $2::uuid', [
    logIn,
    exceptId,
  ])
}

interface LogInRow {
  readonly id: string
  readonly phone: string | null
  readonly phone_epoch: number | null
  readonly email: string | null
  readonly password_hash: string | null
  readonly locale: 'zh-CN' | 'en'
  readonly disabled_at: number | null
  readonly display_name: string | null
  readonly created_at: number
  readonly email_since: number | null
}

const LOG_IN_COLUMNS =
  'id, phone, phone_epoch, email, password_hash, locale, disabled_at, display_name, created_at, email_since'

const toLogIn = (row: LogInRow): LogIn => ({
  id: row.id,
  phone: row.phone,
  phoneEpoch: row.phone_epoch,
  email: row.email,
  passwordHash: row.password_hash,
  locale: row.locale,
  disabled: row.disabled_at !== null,
  displayName: row.display_name,
  createdAtMs: row.created_at,
  emailSinceMs: row.email_since,
})

async function oneLogIn(db: Reader, where: string, value: string): Promise<LogIn | null> {
  const [row] = await db.query<LogInRow>(`select ${LOG_IN_COLUMNS} from {{brand}}.log_in where ${where}`, [
    value,
  ])
  return row ? toLogIn(row) : null
}

export function logInById(db: Reader, id: string): Promise<LogIn | null> {
  return oneLogIn(db, 'id = $1', id)
}

export function lockLogIn(tx: Tx, id: string): Promise<LogIn | null> {
  return oneLogIn(tx, 'id = $1 for no key update', id)
}

/** By phone or e-mail address. */
export function logInByAddress(db: Reader, address: string): Promise<LogIn | null> {
  return oneLogIn(db, 'phone = $1 or email = $1', address)
}

/** A new account and the terms its holder accepted for it. */
export async function insertLogIn(tx: Tx, logIn: LogIn, termsVersion: string): Promise<void> {
  const { id, phone, phoneEpoch, email, passwordHash, locale, createdAtMs } = logIn
  await tx.query(
    `insert into {{brand}}.log_in (id, phone, phone_epoch, email, password_hash, locale, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, phone, phoneEpoch, email, passwordHash, locale, isoInstant(createdAtMs)],
  )
  await insertAcceptance(tx, { logIn: id, version: termsVersion, locale, atMs: createdAtMs })
}

/** Takes a phone that has passed to somebody else from the account; one that nothing else opens is disabled. */
export async function detachPhone(tx: Tx, logIn: string, atMs: number): Promise<void> {
  await tx.query(
    `update {{brand}}.log_in set phone = null, phone_epoch = null,
       disabled_at = case when email is null then coalesce(disabled_at, $2) else disabled_at end
     where id = $1`,
    [logIn, isoInstant(atMs)],
  )
}

export async function disableLogIn(tx: Tx, id: string, atMs: number): Promise<void> {
  await tx.query('update {{brand}}.log_in set disabled_at = coalesce(disabled_at, $2) where id = $1', [
    id,
    isoInstant(atMs),
  ])
}

export async function setPasswordHash(tx: Tx, logIn: string, passwordHash: string): Promise<void> {
  await tx.query('update {{brand}}.log_in set password_hash = $2, password_failures = 0 where id = $1', [
    logIn,
    passwordHash,
  ])
}

/** Breaks `log_in_email_key` when another log-in has the address. */
export async function storeEmail(tx: Tx, logIn: string, email: string, sinceMs: number): Promise<void> {
  await tx.query('update {{brand}}.log_in set email = $2, email_since = $3 where id = $1', [
    logIn,
    email,
    isoInstant(sinceMs),
  ])
}

/**
 * Counts a password try as wrong before it is checked, so that tries at the same moment cannot all be free; a right one
 * sets the count back. Answers the log-in, or null when it has no password, is disabled or has 100.
 */
export async function countPasswordTry(tx: Tx, id: string): Promise<LogIn | null> {
  const [row] = await tx.query<LogInRow>(
    `update {{brand}}.log_in set password_failures = password_failures + 1
      where id = $1 and password_hash is not null and disabled_at is null and password_failures < 100
     returning ${LOG_IN_COLUMNS}`,
    [id],
  )
  return row ? toLogIn(row) : null
}

export async function clearPasswordFailures(tx: Tx, logIn: string): Promise<void> {
  await tx.query(
    'update {{brand}}.log_in set password_failures = 0 where id = $1 and password_failures > 0',
    [logIn],
  )
}

/** Locks the code's row: guesses at it take turns. Null when none was ever asked for. */
export async function lockCode(tx: Tx, purpose: CodePurpose, address: string): Promise<Code | null> {
  const [row] = await tx.query<{
    id: string
    code_hash: Buffer | null
    asked_by: string | null
    expires_at: number
    ended: Code['ended']
  }>(
    `select id, code_hash, asked_by, expires_at, ended from {{brand}}.one_time_code
      where purpose = $1 and address = $2 for update`,
    [purpose, address],
  )
  if (!row) return null
  return {
    id: row.id,
    hash: row.code_hash,
    askedBy: row.asked_by,
    expiresAtMs: row.expires_at,
    ended: row.ended,
  }
}

/** Puts a new code in the place of the last one of this purpose and address. */
export async function replaceCode(tx: Tx, purpose: CodePurpose, address: string, code: Code): Promise<void> {
  await tx.query(
    `insert into {{brand}}.one_time_code (purpose, address, id, code_hash, asked_by, expires_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (purpose, address) do update set id = excluded.id, code_hash = excluded.code_hash,
       asked_by = excluded.asked_by, expires_at = excluded.expires_at, ended = null`,
    [purpose, address, code.id, code.hash, code.askedBy, isoInstant(code.expiresAtMs)],
  )
}

export async function endCode(
  tx: Tx,
  purpose: CodePurpose,
  address: string,
  ended: 'spent' | 'tries-used-up',
): Promise<void> {
  await tx.query(
    `update {{brand}}.one_time_code set code_hash = null, ended = $3
      where purpose = $1 and address = $2 and ended is null`,
    [purpose, address, ended],
  )
}

/** Whose wrong codes are counted together: the log-in that has the address, else the address itself. */
export async function guessSubject(db: Reader, address: string): Promise<string> {
  const logIn = await logInByAddress(db, address)
  return logIn?.id ?? address
}

interface CounterRow {
  readonly failures: number
  readonly tries: number
  readonly last_failed_at: number
}

const toCounter = (row: CounterRow | undefined): GuessCounter =>
  row ? { failures: row.failures, tries: row.tries, lastFailedAtMs: row.last_failed_at } : NO_GUESSES

export async function guessCounter(db: Reader, subject: string): Promise<GuessCounter> {
  const [row] = await db.query<CounterRow>(
    'select failures, tries, last_failed_at from {{brand}}.guess_counter where subject = $1',
    [subject],
  )
  return toCounter(row)
}

/** Locks the counter, making it where there is none. */
export async function lockGuessCounter(tx: Tx, subject: string): Promise<GuessCounter> {
  const [row] = await tx.query<CounterRow>(
    `insert into {{brand}}.guess_counter as counter (subject, failures, tries, last_failed_at)
     values ($1, 0, 0, to_timestamp(0)) on conflict (subject) do update set failures = counter.failures
     returning failures, tries, last_failed_at`,
    [subject],
  )
  return toCounter(row)
}

export async function writeGuessCounter(tx: Tx, subject: string, counter: GuessCounter): Promise<void> {
  await tx.query(
    'update {{brand}}.guess_counter set failures = $2, tries = $3, last_failed_at = $4 where subject = $1',
    [subject, counter.failures, counter.tries, isoInstant(counter.lastFailedAtMs)],
  )
}

export async function deleteGuessCounter(tx: Tx, subject: string): Promise<void> {
  await tx.query('delete from {{brand}}.guess_counter where subject = $1', [subject])
}

/** False when this captcha was handed in before. */
export async function spendCaptcha(tx: Tx, nonce: Buffer, notAfterMs: number): Promise<boolean> {
  const rows = await tx.query(
    `insert into {{brand}}.spent_captcha (nonce, not_after) values ($1, $2) on conflict do nothing returning nonce`,
    [nonce, isoInstant(notAfterMs)],
  )
  return rows.length === 1
}

/**
 * Deletes what can no longer matter: sessions past their end, codes a day old, captchas past their time, and wrong
 * guesses at addresses that belong to no log-in, a year old. A log-in's count is for ever.
 */
export async function deleteEnded(tx: Tx, nowMs: number): Promise<void> {
  const DAY_MS = 86_400_000
  const now = isoInstant(nowMs)
  await Promise.all([
    tx.query('delete from {{brand}}.session where ends_at <= $1', [now]),
    tx.query('delete from {{brand}}.one_time_code where expires_at <= $1', [isoInstant(nowMs - DAY_MS)]),
    tx.query('delete from {{brand}}.spent_captcha where not_after < $1', [now]),
    tx.query(
      `delete from {{brand}}.guess_counter where last_failed_at <= $1
        and not exists (select from {{brand}}.log_in where id::text = subject)`,
      [isoInstant(nowMs - 365 * DAY_MS)],
    ),
  ])
}
