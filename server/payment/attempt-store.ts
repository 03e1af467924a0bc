import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import type { AttemptChange, AttemptRow, AttemptState } from './attempt.ts'
import type { ProviderName, Scene, WayOn } from './port.ts'
import { closedMoments } from './query-plan.ts'
import { ladderMs } from './query-schedule.ts'

/** An attempt as it is begun. */
export interface NewAttempt extends Omit<AttemptRow, 'state' | 'captured' | 'transfer'> {
  readonly caller: string
  readonly key: string
  readonly hash: string
  /** Null: nobody can be asked. */
  readonly nextQueryAtMs: number | null
}

/** False when the caller has used the key before. Waits for a transaction that is using it right now. */
export async function insertAttempt(tx: Tx, attempt: NewAttempt): Promise<boolean> {
  const rows = await tx.query(
    `insert into {{brand}}.attempt (id, order_id, provider, merchant, scene, amount, currency, state, caller, key, hash,
       created_at, expires_at, next_query_at, quote)
     values ($1, $2, $3, $4, $5, $6, $7, 'created', $8, $9, $10, $11, $12, $13, $14)
     on conflict on constraint attempt_key do nothing returning id`,
    [
      attempt.id,
      attempt.order,
      attempt.provider,
      attempt.merchant,
      attempt.scene,
      attempt.amountMinor,
      attempt.currency,
      attempt.caller,
      attempt.key,
      attempt.hash,
      isoInstant(attempt.createdAtMs),
      isoInstant(attempt.expiresAtMs),
      instantOrNull(attempt.nextQueryAtMs),
      attempt.quote,
    ],
  )
  return rows.length > 0
}

export async function attemptByKey(
  db: Reader,
  caller: string,
  key: string,
): Promise<{ readonly id: string; readonly hash: string } | undefined> {
  const rows = await db.query<{ id: string; hash: string }>(
    'select id, hash from {{brand}}.attempt where caller = $1 and key = $2',
    [caller, key],
  )
  return rows[0]
}

/** The transfer that was begun for an order and can still be made. */
export async function openTransferOf(tx: Tx, order: string, merchant: string): Promise<string | undefined> {
  const rows = await tx.query<{ id: string }>(
    `select id from {{brand}}.attempt
      where order_id = $1 and provider = 'bank' and merchant = $2 and state in ('created', 'pending', 'unknown') order by id limit 1`,
    [order, merchant],
  )
  return rows[0]?.id
}

/** What the first call answered: the way on, or the provider's reason for none. */
export type Started = WayOn | { readonly taken: true } | { readonly no: string }

interface AttemptSql {
  readonly id: string
  readonly order_id: string
  readonly provider: ProviderName
  readonly merchant: string
  readonly scene: Scene
  readonly amount: bigint
  readonly currency: string
  readonly quote: string | null
  readonly state: AttemptState
  readonly created_at: number
  readonly expires_at: number
  readonly started: Started | null
  readonly reference: string | null
  readonly transaction: string | null
  readonly captured: bigint | null
  readonly captured_currency: string | null
  readonly captured_at: number | null
  readonly query_rung: number
  readonly watched_until: number | null
}

const ATTEMPT = `a.id, a.order_id, a.provider, a.merchant, a.scene, a.amount, a.currency, a.quote, a.state, a.created_at,
  a.expires_at, a.started, a.reference, a.transaction, a.captured, a.captured_currency, a.captured_at, a.query_rung, a.watched_until`

/** An attempt with what only this room needs to know of it. */
export interface OwnAttempt extends AttemptRow {
  readonly started: Started | null
  readonly reference: string | null
  readonly rung: number
  readonly watchedUntilMs: number | null
}

function attemptOf(row: AttemptSql): OwnAttempt {
  return {
    id: row.id,
    order: row.order_id,
    provider: row.provider,
    merchant: row.merchant,
    scene: row.scene,
    amountMinor: row.amount,
    currency: row.currency,
    quote: row.quote,
    state: row.state,
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    captured:
      row.transaction === null
        ? null
        : {
            transaction: row.transaction,
            amountMinor: row.captured as bigint,
            currency: row.captured_currency as string,
            atMs: row.captured_at as number,
          },
    ...(row.started !== null && 'transfer' in row.started && { transfer: row.started.transfer }),
    started: row.started,
    reference: row.reference,
    rung: row.query_rung,
    watchedUntilMs: row.watched_until,
  }
}

export async function readAttempt(db: Reader, id: string): Promise<OwnAttempt | undefined> {
  const rows = await db.query<AttemptSql>(`select ${ATTEMPT} from {{brand}}.attempt a where a.id = $1`, [id])
  return rows[0] && attemptOf(rows[0])
}

/** All attempts of these orders, in the order they were made. */
export async function attemptsOf(db: Reader, orders: readonly string[]): Promise<OwnAttempt[]> {
  const rows = await db.query<AttemptSql>(
    `select ${ATTEMPT} from {{brand}}.attempt a where a.order_id = any ($1::uuid[]) order by a.id`,
    [orders],
  )
  return rows.map(attemptOf)
}

/** A payment that was made: which, of what order, and when by the provider's clock. */
export interface Captured {
  readonly attempt: string
  readonly order: string
  readonly atMs: number
}

/** Payments made since an instant, the newest first. */
export async function capturedSince(db: Reader, sinceMs: number, limit: number): Promise<Captured[]> {
  return await db.query<Captured>(
    `select id as attempt, order_id as "order", captured_at as "atMs" from {{brand}}.attempt
      where captured_at >= $1 order by captured_at desc limit $2`,
    [isoInstant(sinceMs), limit],
  )
}

/** Locks all attempts of the orders, by id. No key update: evidence may still be filed under them. */
export async function lockAttempts(tx: Tx, orders: readonly string[]): Promise<OwnAttempt[]> {
  const rows = await tx.query<AttemptSql>(
    `select ${ATTEMPT} from {{brand}}.attempt a where a.order_id = any ($1::uuid[]) order by a.id for no key update`,
    [orders],
  )
  return rows.map(attemptOf)
}

/** Takes the right to make the first call; undefined when it was answered, is being made, or makes no sense any more. */
export async function takeStart(
  tx: Tx,
  id: string,
  nowMs: number,
  leaseUntilMs: number,
): Promise<OwnAttempt | undefined> {
  const rows = await tx.query<AttemptSql>(
    `update {{brand}}.attempt a set start_lease_until = $3
     where id = $1 and started is null and state in ('created', 'unknown') and expires_at > $2
       and (start_lease_until is null or start_lease_until <= $2)
     returning ${ATTEMPT}`,
    [id, isoInstant(nowMs), isoInstant(leaseUntilMs)],
  )
  return rows[0] && attemptOf(rows[0])
}

/** Keeps the first call's answer. A payment may have been faster than the answer: a captured attempt stays captured. */
export async function writeStarted(
  tx: Tx,
  id: string,
  started: Started | null,
  reference: string | null,
  state: AttemptState,
  query: { readonly atMs: number | null; readonly rung: number },
): Promise<void> {
  await tx.query(
    `update {{brand}}.attempt set started = $2, reference = coalesce($6, reference), start_lease_until = null,
       state = case when state in ('created', 'unknown') then $3 else state end,
       next_query_at = case when state = 'captured' then null else $4::timestamptz end, query_rung = $5
     where id = $1`,
    [id, started && JSON.stringify(started), state, instantOrNull(query.atMs), query.rung, reference],
  )
}

/** Merchants with attempts whose next question is due. */
export async function merchantsDue(
  db: Reader,
  nowMs: number,
): Promise<{ readonly provider: ProviderName; readonly id: string }[]> {
  return await db.query(
    `select m.provider, m.id from {{brand}}.merchant m where exists (select from {{brand}}.attempt a
       where a.provider = m.provider and a.merchant = m.id and a.next_query_at <= $1)`,
    [isoInstant(nowMs)],
  )
}

/** Takes due attempts of one merchant, the longest due first; another process takes others. Until the lease ends nobody asks again. */
export async function takeQueries(
  tx: Tx,
  merchant: { readonly provider: ProviderName; readonly id: string },
  limit: number,
  nowMs: number,
  leaseUntilMs: number,
): Promise<OwnAttempt[]> {
  const rows = await tx.query<AttemptSql>(
    `with due as (
       select id from {{brand}}.attempt where provider = $1 and merchant = $2 and next_query_at <= $4
       order by next_query_at limit $3 for no key update skip locked)
     update {{brand}}.attempt a set next_query_at = $5 from due where a.id = due.id returning ${ATTEMPT}`,
    [merchant.provider, merchant.id, limit, isoInstant(nowMs), isoInstant(leaseUntilMs)],
  )
  return rows.map(attemptOf)
}

export interface QuerySchedule {
  readonly id: string
  readonly atMs: number | null
  readonly rung: number
  /** The provider knows the attempt and waits for the payer. */
  readonly pending: boolean
}

/** Says when to ask next. An attempt captured meanwhile is left alone. */
export async function scheduleQueries(tx: Tx, schedules: readonly QuerySchedule[]): Promise<void> {
  await tx.query(
    `update {{brand}}.attempt a set next_query_at = u.at, query_rung = u.rung,
       state = case when u.pending and a.state in ('created', 'unknown') then 'pending' else a.state end
     from unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::bool[]) as u (id, at, rung, pending)
     where a.id = u.id and a.state <> 'captured'`,
    [
      schedules.map((s) => s.id),
      schedules.map((s) => instantOrNull(s.atMs)),
      schedules.map((s) => s.rung),
      schedules.map((s) => s.pending),
    ],
  )
}

/** The provider did not answer our close: what became of the attempt is asked along the ladder. */
export async function markUnknown(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `update {{brand}}.attempt set state = 'unknown' where id = $1 and state in ('created', 'pending')`,
    [id],
  )
}

/** Asks sooner while somebody waits, but for the rails without. Writes nothing of those of which it was said less than five seconds ago. */
export async function watch(
  tx: Tx,
  ids: readonly string[],
  without: readonly ProviderName[],
  { untilMs, askAtMs }: { readonly untilMs: number; readonly askAtMs: number },
): Promise<void> {
  await tx.query(
    `with open as (select id from {{brand}}.attempt
       where id = any ($1::uuid[]) and state in ('created', 'pending', 'unknown') and next_query_at is not null
         and provider <> all ($4::text[])
         and (watched_until is null or watched_until < $2::timestamptz - interval '5 s')
       order by id for no key update)
     update {{brand}}.attempt a set watched_until = $2, next_query_at = least(next_query_at, $3) from open where a.id = open.id`,
    [ids, isoInstant(untilMs), isoInstant(askAtMs), without],
  )
}

/** Captures and closings of locked attempts. A closed one is asked about again from its rail's next moment, or the ladder's first rung. */
export async function writeAttempts(tx: Tx, changes: readonly AttemptChange[]): Promise<void> {
  const moments = closedMoments()
  const capture = (change: AttemptChange) => (change.state === 'captured' ? change.capture : null)
  const written = await tx.query(
    `update {{brand}}.attempt a set state = u.state, transaction = u.transaction, captured = u.captured,
       captured_currency = u.currency, captured_at = u.at, query_rung = 1,
       next_query_at = case when a.provider <> all ($9::text[]) then u.closed_at + $8::bigint * interval '1 ms' else (
         select min(a.created_at + m.ms * interval '1 ms') from unnest($9::text[], $10::bigint[]) as m (provider, ms)
          where m.provider = a.provider and a.created_at + m.ms * interval '1 ms' > u.closed_at) end
     from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[])
       as u (id, state, transaction, captured, currency, at, closed_at)
     where a.id = u.id and a.state <> 'captured' returning a.id`,
    [
      changes.map((c) => c.id),
      changes.map((c) => c.state),
      changes.map((c) => capture(c)?.transaction ?? null),
      changes.map((c) => capture(c)?.amountMinor ?? null),
      changes.map((c) => capture(c)?.currency ?? null),
      changes.map((c) => instantOrNull(capture(c)?.atMs ?? null)),
      changes.map((c) => (c.state === 'closed' ? isoInstant(c.atMs) : null)),
      ladderMs[0],
      moments.providers,
      moments.ms,
    ],
  )
  assert(written.length === changes.length, 'a captured attempt changes no more')
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : isoInstant(ms)
}
