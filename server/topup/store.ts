import { hash } from 'node:crypto'
import type { OfferTerms } from '../catalog/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { HeldReason, OrderState, TopUp } from './top-up.ts'

export interface TopUpRow {
  readonly id: string
  readonly kind: 'online' | 'agent'
  readonly caller: string
  readonly key: string
  readonly hash: Buffer
  readonly line: string
  readonly epoch: number
  readonly offer: string
  readonly offer_kind: TopUp['offerKind']
  readonly dealer: string | null
  readonly price: bigint
  readonly face: bigint
  readonly bonus: bigint
  readonly commission: bigint
  readonly captured: bigint
  readonly refunded: bigint
  readonly receipt_series: string | null
  readonly receipt_no: bigint | null
  readonly placed_at: number
  readonly credited_at: number | null
  readonly event_at: number | null
  readonly pay_by: number | null
  readonly expired_at: number | null
  readonly decide_by: number | null
  readonly reversed: bigint
  readonly until_before: number | null
  readonly until: number | null
  readonly message_state: number
  readonly state: OrderState
  readonly held_reason: HeldReason | null
  readonly refunds_open: boolean
  readonly refund_abnormal: boolean
  readonly attempt: string | null
  readonly recall_seconds: number
  readonly terms: StoredTerms | null
  readonly locale: 'zh-CN' | 'en' | null
  readonly payer_msisdn: string | null
  readonly validity_text: string | null
  readonly validity_days: number | null
  readonly reference: string | null
}

/** Offer terms as JSON: bigints as digits. */
type StoredTerms = {
  [K in keyof OfferTerms]: OfferTerms[K] extends bigint ? string : OfferTerms[K]
} & {
  readonly allowances: { readonly voiceSeconds: number; readonly sms: number; readonly dataBytes: string }
}

export function termsToJson(terms: OfferTerms): string {
  return JSON.stringify(terms, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}

function termsFromJson(stored: StoredTerms): OfferTerms {
  return {
    ...stored,
    priceMinor: BigInt(stored.priceMinor),
    faceMinor: BigInt(stored.faceMinor),
    bonusMinor: BigInt(stored.bonusMinor),
    discountMinor: BigInt(stored.discountMinor),
    allowances: { ...stored.allowances, dataBytes: BigInt(stored.allowances.dataBytes) },
  }
}

export function toTopUp(row: TopUpRow): TopUp {
  return {
    id: row.id,
    kind: row.kind,
    caller: row.caller,
    key: row.key,
    hash: row.hash.toString('hex'),
    line: row.line,
    epoch: row.epoch,
    offer: row.offer,
    offerKind: row.offer_kind,
    dealer: row.dealer,
    priceMinor: row.price,
    faceMinor: row.face,
    bonusMinor: row.bonus,
    commissionMinor: row.commission,
    capturedMinor: row.captured,
    refundedMinor: row.refunded,
    receiptSeries: row.receipt_series,
    receiptNo: row.receipt_no,
    placedAtMs: row.placed_at,
    creditedAtMs: row.credited_at,
    eventAtMs: row.event_at,
    payByMs: row.pay_by,
    expiredAtMs: row.expired_at,
    decideByMs: row.decide_by,
    reversedMinor: row.reversed,
    untilBefore: row.until_before,
    until: row.until,
    messageState: row.message_state,
    state: row.state,
    heldReason: row.held_reason,
    refundsOpen: row.refunds_open,
    refundAbnormal: row.refund_abnormal,
    attempt: row.attempt,
    recallSeconds: row.recall_seconds,
    terms: row.terms && termsFromJson(row.terms),
    locale: row.locale,
    payerMsisdn: row.payer_msisdn,
    validityText: row.validity_text,
    validityDays: row.validity_days,
    reference: row.reference,
  }
}

export const COLUMNS = `id, kind, caller, key, hash, line, epoch, offer, offer_kind, dealer, price, face, bonus, commission, captured,
  refunded, receipt_series, receipt_no, placed_at, credited_at, event_at, pay_by, expired_at, decide_by, reversed,
  until_before, until, message_state, state, held_reason, refunds_open, refund_abnormal, attempt, terms, locale, payer_msisdn,
  validity_text, validity_days, reference, recall_seconds`

export interface CallerKey {
  readonly caller: string
  readonly key: string
}

/**
 * Orders that already stand under these keys. One look at the index for each, whatever the planner believes of the table's
 * size: a join may be planned while the table is small, and that plan would read it whole once it is not.
 */
export async function readByKeys(db: Reader, keys: readonly CallerKey[]): Promise<TopUp[]> {
  const rows = await db.query<TopUpRow>(
    `select t.* from unnest($1::uuid[], $2::text[]) as u (caller, key)
       cross join lateral (select ${COLUMNS} from {{brand}}.top_up where caller = u.caller and key = u.key limit 1) t`,
    [plainArray(keys.map((k) => k.caller)), textArray(keys.map((k) => k.key))],
  )
  return rows.map(toTopUp)
}

export interface RecentRow {
  readonly caller: string
  readonly line: string
  readonly load: bigint
}

/** Top-ups of these lines placed since an id's instant and not expired: what `duplicate-recent` looks at. */
export async function readRecent(
  db: Reader,
  lines: readonly string[],
  sinceId: string,
): Promise<RecentRow[]> {
  return await db.query<RecentRow>(
    `select caller, line, case offer_kind when 'package' then price else face end as load from {{brand}}.top_up
      where line = any($1::uuid[]) and id > $2 and state <> 'expired'`,
    [plainArray(lines), sinceId],
  )
}

export async function readOrder(db: Reader, id: string): Promise<TopUp | undefined> {
  const rows = await db.query<TopUpRow>(`select ${COLUMNS} from {{brand}}.top_up where id = $1`, [id])
  return rows[0] && toTopUp(rows[0])
}

export async function readOrders(db: Reader, ids: readonly string[]): Promise<TopUp[]> {
  const rows = await db.query<TopUpRow>(
    `select ${COLUMNS} from {{brand}}.top_up where id = any($1::uuid[])`,
    [plainArray(ids)],
  )
  return rows.map(toTopUp)
}

/** Of these orders those credited as soon as they could be: which attempt paid each, and when it was credited. */
export async function readCredits(
  db: Reader,
  ids: readonly string[],
): Promise<{ readonly attempt: string; readonly creditedAtMs: number }[]> {
  return await db.query(
    `select attempt, credited_at as "creditedAtMs" from {{brand}}.top_up
      where id = any($1::uuid[]) and credited_at is not null and recall_seconds = 0`,
    [plainArray(ids)],
  )
}

/** Makes the orders that one caller places take turns, to the end of the transaction. */
export async function lockCaller(tx: Tx, caller: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('{{brand}} place ' || $1::text, 0))`, [
    caller,
  ])
}

/** The last order that the caller paid for this line; undefined: none. */
export async function lastPaid(
  db: Reader,
  caller: string,
  line: string,
): Promise<{ readonly payerMsisdn: string | null } | undefined> {
  const rows = await db.query<{ payer_msisdn: string | null }>(
    `select payer_msisdn from {{brand}}.top_up where caller = $1 and line = $2 and captured > 0 order by id desc limit 1`,
    [caller, line],
  )
  return rows[0] && { payerMsisdn: rows[0].payer_msisdn }
}

export interface OrdersFilter {
  readonly states: readonly string[] | null
  readonly line: string | null
  /** Only orders older than this one. */
  readonly before: string | null
}

/** Newest first; a null of the filter lets everything through. */
export async function readOrdersOf(
  db: Reader,
  caller: string,
  { states, line, before }: OrdersFilter,
  limit: number,
): Promise<TopUp[]> {
  const rows = await db.query<TopUpRow>(
    `select ${COLUMNS} from {{brand}}.top_up
      where caller = $1 and ($2::text[] is null or state = any($2)) and ($3::uuid is null or line = $3)
        and ($4::uuid is null or id < $4)
      order by id desc limit $5`,
    [caller, states && textArray(states), line, before, limit],
  )
  return rows.map(toTopUp)
}

/** Locks orders, in id order. */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<TopUp[]> {
  const rows = await tx.query<TopUpRow>(
    `select ${COLUMNS} from {{brand}}.top_up where id = any($1::uuid[]) order by id for no key update`,
    [plainArray(ids)],
  )
  return rows.map(toTopUp)
}

const iso = (ms: number | null) => (ms === null ? null : isoInstant(ms))

/**
 * How far an order's number lies before the last that its series gives in this batch; null: it takes none. The series' rows, written
 * just before, say what that last one is.
 */
export type Behind = (order: TopUp) => bigint | null

/** Agents' orders of a batch: placed, paid and credited in one instant. */
export function sendAgentOrders(
  tx: Tx,
  orders: readonly TopUp[],
  behind: Behind,
  nowMs: number,
  businessMs: number,
): void {
  if (orders.length === 0) return
  tx.send(
    `insert into {{brand}}.top_up (id, caller, line, offer, dealer, price, face, bonus, commission, captured, receipt_no,
       epoch, until_before, until, key, hash, offer_kind, receipt_series, reference,
       placed_at, credited_at, event_at, message_state, kind, state)
     select id, caller, line, offer, dealer, price, face, bonus, commission, price, s.last - behind,
       epoch, date '1970-01-01' + until_before, date '1970-01-01' + until, u_key, hash, offer_kind, receipt_series, reference,
       $19::timestamptz, $19::timestamptz, $20::timestamptz, 1, 'agent', 'credited'
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[], $8::bigint[],
         $9::bigint[], $10::bigint[], $11::int[], $12::int[], $13::int[], $14::text[], $15::bytea[], $16::text[], $17::text[], $18::text[])
         as u (id, caller, line, offer, dealer, price, face, bonus, commission, behind, epoch, until_before, until, u_key,
           hash, offer_kind, receipt_series, reference)
       join {{brand}}.receipt_series s on s.key = u.receipt_series`,
    [
      plainArray(orders.map((o) => o.id)),
      plainArray(orders.map((o) => o.caller)),
      plainArray(orders.map((o) => o.line)),
      plainArray(orders.map((o) => o.offer)),
      plainArray(orders.map((o) => o.dealer)),
      plainArray(orders.map((o) => o.priceMinor)),
      plainArray(orders.map((o) => o.faceMinor)),
      plainArray(orders.map((o) => o.bonusMinor)),
      plainArray(orders.map((o) => o.commissionMinor)),
      plainArray(orders.map(behind)),
      plainArray(orders.map((o) => o.epoch)),
      plainArray(orders.map((o) => o.untilBefore)),
      plainArray(orders.map((o) => o.until)),
      textArray(orders.map((o) => o.key)),
      hexArray(orders.map((o) => o.hash)),
      plainArray(orders.map((o) => o.offerKind)),
      textArray(orders.map((o) => o.receiptSeries)),
      textArray(orders.map((o) => o.reference)),
      isoInstant(nowMs),
      isoInstant(businessMs),
    ],
  )
}

export function hexArray(hashes: readonly string[]): string {
  return plainArray(hashes.map((hash) => `"\\\\x${hash}"`))
}

/** What evidence, decisions and time change on orders that stand already. */
export function sendOrderChanges(tx: Tx, orders: readonly TopUp[], behind: Behind = () => null): void {
  if (orders.length === 0) return
  tx.send(
    `update {{brand}}.top_up t set state = u.state, captured = u.captured, refunded = u.refunded,
        receipt_no = coalesce(s.last - u.behind, t.receipt_no),
        receipt_series = u.receipt_series, credited_at = u.credited_at, event_at = u.event_at, expired_at = u.expired_at,
        decide_by = u.decide_by, until_before = date '1970-01-01' + u.until_before, until = date '1970-01-01' + u.until,
        message_state = u.message_state, held_reason = u.held_reason, refunds_open = u.refunds_open,
        refund_abnormal = u.refund_abnormal, attempt = u.attempt, reversed = u.reversed
       from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[],
         $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::int[], $13::smallint[], $14::text[],
         $15::boolean[], $16::boolean[], $17::uuid[], $18::bigint[])
         as u (id, state, captured, refunded, behind, receipt_series, credited_at, event_at, expired_at, decide_by,
           until_before, until, message_state, held_reason, refunds_open, refund_abnormal, attempt, reversed)
       left join {{brand}}.receipt_series s on s.key = u.receipt_series
      where t.id = u.id`,
    [
      plainArray(orders.map((o) => o.id)),
      plainArray(orders.map((o) => o.state)),
      plainArray(orders.map((o) => o.capturedMinor)),
      plainArray(orders.map((o) => o.refundedMinor)),
      plainArray(orders.map(behind)),
      textArray(orders.map((o) => o.receiptSeries)),
      plainArray(orders.map((o) => iso(o.creditedAtMs))),
      plainArray(orders.map((o) => iso(o.eventAtMs))),
      plainArray(orders.map((o) => iso(o.expiredAtMs))),
      plainArray(orders.map((o) => iso(o.decideByMs))),
      plainArray(orders.map((o) => o.untilBefore)),
      plainArray(orders.map((o) => o.until)),
      plainArray(orders.map((o) => o.messageState)),
      plainArray(orders.map((o) => o.heldReason)),
      plainArray(orders.map((o) => o.refundsOpen)),
      plainArray(orders.map((o) => o.refundAbnormal)),
      plainArray(orders.map((o) => o.attempt)),
      plainArray(orders.map((o) => o.reversedMinor)),
    ],
  )
}

/** A placed order, awaiting payment. */
export function sendPlacedOrder(tx: Tx, order: TopUp): void {
  tx.send(
    `insert into {{brand}}.top_up (id, caller, line, offer, price, face, bonus, epoch, key, hash, offer_kind, terms, locale,
       payer_msisdn, validity_text, validity_text_hash, validity_days, until_before, placed_at, pay_by, recall_seconds, kind, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, date '1970-01-01' + $18::int, $19, $20, $21,
       'online', 'awaiting-payment')`,
    [
      order.id,
      order.caller,
      order.line,
      order.offer,
      order.priceMinor,
      order.faceMinor,
      order.bonusMinor,
      order.epoch,
      order.key,
      Buffer.from(order.hash, 'hex'),
      order.offerKind,
      order.terms && termsToJson(order.terms),
      order.locale,
      order.payerMsisdn,
      order.validityText,
      hash('sha256', order.validityText ?? '', 'buffer'),
      order.validityDays,
      order.untilBefore,
      isoInstant(order.placedAtMs),
      iso(order.payByMs),
      order.recallSeconds,
    ],
  )
}
