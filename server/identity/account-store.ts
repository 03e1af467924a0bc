import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { Browser, System } from './device.ts'
import type { PhoneChange } from './phone-change.ts'
import type { Assurance } from './principal.ts'

export interface Acceptance {
  readonly logIn: string
  readonly version: string
  readonly locale: 'zh-CN' | 'en'
  readonly atMs: number
}

/** Accepting a version again changes nothing: the first time counts. */
export async function insertAcceptance(tx: Tx, { logIn, version, locale, atMs }: Acceptance): Promise<void> {
  await tx.query(
    `insert into {{brand}}.terms_acceptance (log_in, version, locale, accepted_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [logIn, version, locale, isoInstant(atMs)],
  )
}

/** The version of the terms accepted last. */
export async function lastAccepted(db: Reader, logIn: string): Promise<string | null> {
  const [row] = await db.query<{ version: string }>(
    'select version from {{brand}}.terms_acceptance where log_in = $1 order by accepted_at desc limit 1',
    [logIn],
  )
  return row?.version ?? null
}

export async function storeProfile(
  tx: Tx,
  logIn: string,
  profile: { readonly displayName: string | null; readonly locale: 'zh-CN' | 'en' },
): Promise<void> {
  await tx.query('update {{brand}}.log_in set display_name = $2, locale = $3 where id = $1', [
    logIn,
    profile.displayName,
    profile.locale,
  ])
}

/** A session of an account, as its holder knows it: a browser somewhere. */
export interface SignedIn {
  readonly id: string
  readonly assurance: Assurance
  readonly browser: Browser | null
  readonly system: System | null
  readonly openedAtMs: number
  readonly seenAtMs: number
}

/** The sessions of a log-in that were used since `seenAfterMs` and have not ended, the last used first. */
export async function sessionsOf(
  db: Reader,
  logIn: string,
  { nowMs, seenAfterMs }: { readonly nowMs: number; readonly seenAfterMs: number },
): Promise<SignedIn[]> {
  const rows = await db.query<{
    id: string
    assurance: Assurance
    browser: Browser | null
    system: System | null
    opened_at: number
    seen_at: number
  }>(
    `select id, assurance, browser, system, opened_at, seen_at from {{brand}}.session
      where log_in = $1 and ends_at > $2 and seen_at > $3 order by seen_at desc, id desc`,
    [logIn, isoInstant(nowMs), isoInstant(seenAfterMs)],
  )
  return rows.map(({ id, assurance, browser, system, opened_at, seen_at }) => ({
    ...{ id, assurance, browser, system },
    openedAtMs: opened_at,
    seenAtMs: seen_at,
  }))
}

/** False when the log-in has no such session. */
export async function deleteSessionOf(tx: Tx, logIn: string, id: string): Promise<boolean> {
  const rows = await tx.query('delete from {{brand}}.session where id = $1 and log_in = $2 returning id', [
    id,
    logIn,
  ])
  return rows.length === 1
}

/** Breaks `log_in_phone_key` when another log-in has the phone. */
export async function storePhone(
  tx: Tx,
  logIn: string,
  proved: { readonly phone: string; readonly epoch: number | null },
): Promise<void> {
  await tx.query('update {{brand}}.log_in set phone = $2, phone_epoch = $3 where id = $1', [
    logIn,
    proved.phone,
    proved.epoch,
  ])
}

/** Takes from an account all that opens it or names its holder. What stays is its id, which orders refer to. */
export async function emptyLogIn(tx: Tx, logIn: string, atMs: number): Promise<void> {
  await tx.query(
    `update {{brand}}.log_in set disabled_at = coalesce(disabled_at, $2), phone = null, phone_epoch = null,
       email = null, email_since = null, password_hash = null, display_name = null
     where id = $1`,
    [logIn, isoInstant(atMs)],
  )
}

interface PhoneChangeRow {
  readonly id: string
  readonly log_in: string
  readonly phone: string
  readonly epoch: number | null
  readonly asked_at: number
  readonly due_at: number
}

const toPhoneChange = (row: PhoneChangeRow): PhoneChange => ({
  id: row.id,
  logIn: row.log_in,
  phone: row.phone,
  epoch: row.epoch,
  askedAtMs: row.asked_at,
  dueAtMs: row.due_at,
})

/** The change of this log-in's phone that waits, if one does. */
export async function openPhoneChange(db: Reader, logIn: string): Promise<PhoneChange | null> {
  const [row] = await db.query<PhoneChangeRow>(
    `select id, log_in, phone, epoch, asked_at, due_at from {{brand}}.phone_change
      where log_in = $1 and ended_at is null`,
    [logIn],
  )
  return row ? toPhoneChange(row) : null
}

/** The log-ins whose change of phone is due. */
export async function duePhoneChanges(db: Reader, nowMs: number): Promise<string[]> {
  const rows = await db.query<{ log_in: string }>(
    'select log_in from {{brand}}.phone_change where ended_at is null and due_at <= $1 order by due_at limit 500',
    [isoInstant(nowMs)],
  )
  return rows.map((row) => row.log_in)
}

export async function insertPhoneChange(tx: Tx, change: PhoneChange): Promise<void> {
  await tx.query(
    `insert into {{brand}}.phone_change (id, log_in, phone, epoch, asked_at, due_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      change.id,
      change.logIn,
      change.phone,
      change.epoch,
      isoInstant(change.askedAtMs),
      isoInstant(change.dueAtMs),
    ],
  )
}

/** Ends the change that waits; false when none does. Call with the log-in locked. */
export async function endPhoneChange(
  tx: Tx,
  logIn: string,
  outcome: 'done' | 'stopped' | 'replaced' | 'lapsed',
  atMs: number,
): Promise<boolean> {
  const rows = await tx.query(
    `update {{brand}}.phone_change set ended_at = $3, outcome = $2
      where log_in = $1 and ended_at is null returning id`,
    [logIn, outcome, isoInstant(atMs)],
  )
  return rows.length === 1
}
