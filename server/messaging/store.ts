import { isoInstant } from '../platform/clock.ts'
import type { BrandDb, Reader, Tx } from '../platform/db.ts'
import { bytesArray, plainArray, textArray } from '../platform/sql-array.ts'
import type { DeliveryReceipt } from './delivery-receipt.ts'
import { type AfterTry, MAX_UNKNOWNS, type MessageIntent, type MessageState } from './message.ts'
import type { TemplateName } from './template.ts'

export interface NewMessage extends MessageIntent {
  readonly urgency: 0 | 1
}

/** Answered with the caller's commit, so that a message costs the transaction no round trip. */
export function insertMessages(tx: Tx, messages: readonly NewMessage[], nowMs: number): void {
  const now = isoInstant(nowMs)
  tx.send(
    `insert into {{brand}}.message (id, channel, recipient, template, locale, filling, subject, sealed, urgency, not_after, due_at, created_at)
     select i.*, $11::timestamptz, $11::timestamptz
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::bytea[], $9::smallint[], $10::timestamptz[]) i`,
    [
      plainArray(messages.map((m) => m.id)),
      textArray(messages.map((m) => m.channel)),
      textArray(messages.map((m) => m.to)),
      textArray(messages.map((m) => m.template)),
      textArray(messages.map((m) => m.locale)),
      textArray(messages.map((m) => JSON.stringify(m.values))),
      plainArray(messages.map((m) => m.subject)),
      bytesArray(messages.map((m) => m.sealed)),
      plainArray(messages.map((m) => m.urgency)),
      textArray(messages.map((m) => isoInstant(m.notAfterMs))),
      now,
    ],
  )
}

/** A message under this sender's lease. */
export interface ClaimedMessage {
  readonly id: string
  readonly recipient: string
  readonly template: TemplateName
  readonly locale: 'zh-CN' | 'en'
  readonly filling: Readonly<Record<string, string>>
  readonly sealed: Buffer | null
  readonly tries: number
  readonly unknowns: number
  readonly notAfterMs: number
  /** Parts that the SMSC took in an earlier try. */
  readonly partsTaken: readonly number[]
}

export interface Claim {
  readonly channel: 'sms' | 'email'
  readonly nowMs: number
  readonly lease: string
  readonly leaseUntilMs: number
  readonly limit: number
}

/**
 * Takes due messages, urgent ones first, and marks them as being sent under the lease. One statement, so one short
 * transaction: the lease is committed before anything is handed over. Rows another sender holds at this moment are
 * passed by. What is too late, or was lost by its sender too often, is ended instead.
 */
export async function claimMessages(db: BrandDb, claim: Claim): Promise<ClaimedMessage[]> {
  const rows = await db.query<ClaimedMessage & { state: MessageState }>(
    `with due as (
       select id, state, not_after, unknowns, sealed from {{brand}}.message
       where state in ('queued', 'sending', 'unknown') and channel = $1 and due_at <= $2
       order by urgency, due_at limit $5 for update skip locked),
     next as (
       select id, sealed, unknowns + (state = 'sending')::int as unknowns,
         case when not_after <= $2 then 'expired'
           when state = 'sending' and unknowns >= $6 then 'failed'
           else 'sending' end as state
       from due)
     update {{brand}}.message m set
       state = next.state,
       unknowns = next.unknowns,
       tries = m.tries + (next.state = 'sending')::int,
       lease = case when next.state = 'sending' then $3::uuid end,
       due_at = case when next.state = 'sending' then $4::timestamptz else m.due_at end,
       sealed = case when next.state = 'sending' then next.sealed end,
       ended_at = case when next.state <> 'sending' then $2::timestamptz end,
       failure = case when next.unknowns > m.unknowns then 'the sender vanished' else m.failure end
     from next where m.id = next.id
     returning m.id, m.recipient, m.template, m.locale, m.filling, m.sealed, m.tries, m.unknowns, m.state,
       m.not_after as "notAfterMs",
       array(select p.part from {{brand}}.message_part p where p.message = m.id) as "partsTaken"`,
    [
      claim.channel,
      isoInstant(claim.nowMs),
      claim.lease,
      isoInstant(claim.leaseUntilMs),
      claim.limit,
      MAX_UNKNOWNS,
    ],
  )
  return rows.filter((row) => row.state === 'sending')
}

/** Ends messages whose last moment has passed, also while their channel does not work; a running lease is waited out. */
export async function expireMessages(db: BrandDb, channel: 'sms' | 'email', nowMs: number): Promise<void> {
  await db.query(
    `update {{brand}}.message set state = 'expired', sealed = null, lease = null, ended_at = $2
     where id in (
       select id from {{brand}}.message
       where state in ('queued', 'sending', 'unknown') and channel = $1 and due_at <= $2 and not_after <= $2
       for update skip locked)`,
    [channel, isoInstant(nowMs)],
  )
}

/** One short message that the SMSC took. */
export interface TakenPart {
  readonly message: string
  readonly part: number
  readonly smscId: string
}

/**
 * Keeps the SMSC's ids. Ids come round again after some time: an id that named another message's part begins anew, while a
 * receipt that came before us is kept. Answers the messages whose parts had a receipt waiting.
 */
export async function saveParts(tx: Tx, parts: readonly TakenPart[], nowMs: number): Promise<string[]> {
  const rows = await tx.query<{ message: string }>(
    `with saved as (
       insert into {{brand}}.message_part as p (smsc_id, message, part, at)
       select i.smsc_id, i.message, i.part, $4::timestamptz
       from unnest($1::text[], $2::uuid[], $3::smallint[]) i (smsc_id, message, part)
       order by i.smsc_id
       on conflict (smsc_id) do update set
         message = excluded.message,
         part = excluded.part,
         outcome = case when p.message is null or p.message = excluded.message then p.outcome end,
         network_state = case when p.message is null or p.message = excluded.message then p.network_state end,
         at = excluded.at
       returning message, outcome)
     select distinct message from saved where outcome is not null`,
    [
      textArray(parts.map((p) => p.smscId)),
      plainArray(parts.map((p) => p.message)),
      plainArray(parts.map((p) => p.part)),
      isoInstant(nowMs),
    ],
  )
  return rows.map((row) => row.message)
}

/**
 * Keeps receipts by the SMSC's id, known or not; the first one of a part stands, unless a later one says that it was
 * delivered after all. Answers the messages concerned.
 */
export async function saveReceipts(
  tx: Tx,
  receipts: readonly DeliveryReceipt[],
  nowMs: number,
): Promise<string[]> {
  const rows = await tx.query<{ message: string | null }>(
    `insert into {{brand}}.message_part as p (smsc_id, outcome, network_state, at)
     select i.smsc_id, i.outcome, i.network_state, $4::timestamptz
     from unnest($1::text[], $2::text[], $3::text[]) i (smsc_id, outcome, network_state)
     order by i.smsc_id
     on conflict (smsc_id) do update set
       outcome = excluded.outcome, network_state = excluded.network_state, at = excluded.at
       where p.outcome is null or (p.outcome = 'undelivered' and excluded.outcome = 'delivered')
     returning message`,
    [
      textArray(receipts.map((r) => r.smscId)),
      textArray(receipts.map((r) => r.outcome)),
      textArray(receipts.map((r) => r.networkState)),
      isoInstant(nowMs),
    ],
  )
  return [...new Set(rows.flatMap((row) => row.message ?? []))]
}

/** Locks messages in the order of their ids: who judges a message by its parts sees every part committed before. */
export async function lockMessages(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.query(
    'select id from {{brand}}.message where id = any($1::uuid[]) order by id for no key update',
    [plainArray(ids)],
  )
}

export interface TryResult extends AfterTry {
  readonly id: string
  readonly lease: string
  /** Short messages the text makes; 1 for an e-mail. */
  readonly parts: number
}

/**
 * Writes what became of tries. A sender whose lease has lapsed decides nothing any more, except that an acceptance is a fact
 * whoever brings it: it ends a message that is still open.
 */
export async function saveResults(tx: Tx, results: readonly TryResult[], nowMs: number): Promise<void> {
  await tx.query(
    `update {{brand}}.message m set
       state = r.state,
       tries = r.tries,
       unknowns = r.unknowns,
       due_at = coalesce(r.due_at, m.due_at),
       lease = null,
       parts = case when r.state = 'sent' then r.parts else m.parts end,
       failure = r.failure,
       sealed = case when r.due_at is null then null else m.sealed end,
       sent_at = case when r.state = 'sent' then $9::timestamptz end,
       ended_at = case when r.state = 'failed' then $9::timestamptz end
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::smallint[], $6::timestamptz[], $7::smallint[], $8::text[])
       r (id, lease, state, tries, unknowns, due_at, parts, failure)
     where m.id = r.id and m.state in ('queued', 'sending', 'unknown') and (m.lease = r.lease or r.state = 'sent')`,
    [
      plainArray(results.map((r) => r.id)),
      plainArray(results.map((r) => r.lease)),
      textArray(results.map((r) => r.state)),
      plainArray(results.map((r) => r.tries)),
      plainArray(results.map((r) => r.unknowns)),
      textArray(results.map((r) => (r.dueAtMs === null ? null : isoInstant(r.dueAtMs)))),
      plainArray(results.map((r) => r.parts)),
      textArray(results.map((r) => r.failure)),
      isoInstant(nowMs),
    ],
  )
}

/**
 * Judges sent messages by their parts' receipts: delivered when each part was, in any copy; undelivered when a part can no
 * longer be. The messages must be locked.
 */
export async function judgeDelivery(tx: Tx, ids: readonly string[], nowMs: number): Promise<void> {
  await tx.query(
    `update {{brand}}.message m set state = v.state, ended_at = $2::timestamptz
     from (
       select m.id, case when bool_and(p.delivered) and count(p.part) = m.parts then 'delivered'
           when bool_or(p.lost) then 'undelivered' end as state
       from {{brand}}.message m
       join (
         select message, part, coalesce(bool_or(outcome = 'delivered'), false) as delivered,
           bool_and(outcome is not distinct from 'undelivered') as lost
         from {{brand}}.message_part where message = any($1::uuid[]) group by message, part) p on p.message = m.id
       where m.id = any($1::uuid[]) and m.state in ('sent', 'undelivered')
       group by m.id) v
     where m.id = v.id and v.state is not null and v.state <> m.state`,
    [plainArray(ids), isoInstant(nowMs)],
  )
}

/** Forgets receipts that no message of ours ever claimed. */
export async function forgetOrphans(db: BrandDb, beforeMs: number): Promise<void> {
  await db.query('delete from {{brand}}.message_part where message is null and at < $1', [
    isoInstant(beforeMs),
  ])
}

export interface StatusRow {
  readonly id: string
  readonly subject: string
  readonly channel: 'sms' | 'email'
  readonly template: TemplateName
  readonly state: MessageState
  readonly atMs: number
}

export function statusRows(db: Reader, subjects: readonly string[]): Promise<StatusRow[]> {
  return db.query<StatusRow>(
    `select id, subject, channel, template, state, coalesce(ended_at, sent_at, created_at) as "atMs"
     from {{brand}}.message where subject = any($1::uuid[]) order by created_at, id`,
    [plainArray(subjects)],
  )
}

export interface DeliveredMessage extends MessageIntent {
  /** Short messages it was sent as. */
  readonly parts: number
}

/** Messages of the past with the receipts of all their parts, under ids that no SMSC gives. */
export function insertDelivered(
  tx: Tx,
  messages: readonly DeliveredMessage[],
  sentAtMs: number,
  deliveredAtMs: number,
): void {
  const ids = plainArray(messages.map((m) => m.id))
  const parts = plainArray(messages.map((m) => m.parts))
  const deliveredAt = isoInstant(deliveredAtMs)
  tx.send(
    `insert into {{brand}}.message (id, channel, recipient, template, locale, filling, subject, urgency, state, tries, parts,
       not_after, due_at, created_at, sent_at, ended_at)
     select i.id, i.channel, i.recipient, i.template, i.locale, i.filling, i.subject, 1, 'delivered', 1, i.parts,
       i.not_after, $10::timestamptz, $10::timestamptz, $10::timestamptz, $11::timestamptz
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::uuid[], $8::smallint[],
       $9::timestamptz[]) i (id, channel, recipient, template, locale, filling, subject, parts, not_after)`,
    [
      ids,
      textArray(messages.map((m) => m.channel)),
      textArray(messages.map((m) => m.to)),
      textArray(messages.map((m) => m.template)),
      textArray(messages.map((m) => m.locale)),
      textArray(messages.map((m) => JSON.stringify(m.values))),
      plainArray(messages.map((m) => m.subject)),
      parts,
      textArray(messages.map((m) => isoInstant(m.notAfterMs))),
      isoInstant(sentAtMs),
      deliveredAt,
    ],
  )
  tx.send(
    `insert into {{brand}}.message_part (smsc_id, message, part, outcome, network_state, at)
     select i.id || '/' || part, i.id, part, 'delivered', 'DELIVRD', $3::timestamptz
       from unnest($1::uuid[], $2::smallint[]) i (id, parts) cross join lateral generate_series(1, i.parts) part`,
    [ids, parts, deliveredAt],
  )
}
