import type { AllowanceKind } from '../ledger/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { RefundRequest, RefundRequestChange } from './refund-request.ts'

type Row = Omit<RefundRequest, 'hash'> & { readonly hash: Buffer | null }

const COLUMNS = `id, order_id as "order", channel, amount as "amountMinor", whole, may_end as "mayEnd", reason,
  requested_by as "requestedBy", beneficiary, needs_checker as "needsChecker", state, requested_at as "requestedAtMs",
  checked_by as "checkedBy", checked_at as "checkedAtMs", decided_at as "decidedAtMs", refused_code as "refusedCode",
  refunded as "refundedMinor", face_taken as "faceTakenMinor", bonus_taken as "bonusTakenMinor",
  commission_taken as "commissionTakenMinor", to_line as "toLine", to_epoch as "toEpoch", proof, key, hash`

function toRequest(row: Row): RefundRequest {
  return { ...row, hash: row.hash === null ? null : row.hash.toString('hex') }
}

/** All requests about these orders, in the order they were made. */
export async function readRequests(db: Reader, orders: readonly string[]): Promise<RefundRequest[]> {
  if (orders.length === 0) return []
  const rows = await db.query<Row>(
    `select ${COLUMNS} from {{brand}}.refund_request where order_id = any($1::uuid[]) order by id`,
    [plainArray(orders)],
  )
  return rows.map(toRequest)
}

/** The same, locked by id. */
export async function lockRequests(tx: Tx, orders: readonly string[]): Promise<RefundRequest[]> {
  if (orders.length === 0) return []
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from {{brand}}.refund_request where order_id = any($1::uuid[]) order by id for no key update`,
    [plainArray(orders)],
  )
  return rows.map(toRequest)
}

export async function readRequest(db: Reader, id: string): Promise<RefundRequest | undefined> {
  const rows = await db.query<Row>(`select ${COLUMNS} from {{brand}}.refund_request where id = $1`, [id])
  return rows[0] && toRequest(rows[0])
}

export async function requestByKey(
  db: Reader,
  requestedBy: string,
  key: string,
): Promise<RefundRequest | undefined> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from {{brand}}.refund_request where requested_by = $1 and key = $2`,
    [requestedBy, key],
  )
  return rows[0] && toRequest(rows[0])
}

/** Requests that wait for a second person, the oldest first: for money back, or for a correction. */
export async function readWaiting(
  db: Reader,
  what: 'refund' | 'correction',
  limit: number,
): Promise<RefundRequest[]> {
  const rows = await db.query<Row>(
    `select ${COLUMNS} from {{brand}}.refund_request
      where state = 'waiting' and (to_line is not null) = $1 order by id limit $2`,
    [what === 'correction', limit],
  )
  return rows.map(toRequest)
}

/** Requests that settle has yet to take up. */
export async function readApproved(
  db: Reader,
  limit: number,
): Promise<Pick<RefundRequest, 'id' | 'order'>[]> {
  return await db.query(
    `select id, order_id as "order" from {{brand}}.refund_request where state = 'approved' order by id limit $1`,
    [limit],
  )
}

/** UNIQUE judges: one key, one request; one open request for an order. */
export async function insertRequest(tx: Tx, request: RefundRequest): Promise<void> {
  await tx.query(
    `insert into {{brand}}.refund_request (id, order_id, channel, amount, whole, may_end, reason, requested_by, beneficiary,
       needs_checker, state, requested_at, key, hash, to_line, to_epoch, proof)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      request.id,
      request.order,
      request.channel,
      request.amountMinor,
      request.whole,
      request.mayEnd,
      request.reason,
      request.requestedBy,
      request.beneficiary,
      request.needsChecker,
      request.state,
      isoInstant(request.requestedAtMs),
      request.key,
      request.hash === null ? null : Buffer.from(request.hash, 'hex'),
      request.toLine,
      request.toEpoch,
      request.proof,
    ],
  )
}

/** False when it no longer waits. CHECK judges that the two people are two. */
export async function writeCheck(
  tx: Tx,
  id: string,
  state: 'approved' | 'declined',
  checkedBy: string,
  atMs: number,
): Promise<boolean> {
  const rows = await tx.query(
    `update {{brand}}.refund_request set state = $2, checked_by = $3, checked_at = $4
      where id = $1 and state = 'waiting' returning id`,
    [id, state, checkedBy, isoInstant(atMs)],
  )
  return rows.length > 0
}

/** What settle decided of requests it has locked. */
export function sendRequestChanges(tx: Tx, changes: readonly RefundRequestChange[], atMs: number): void {
  if (changes.length === 0) return
  tx.send(
    `update {{brand}}.refund_request r set state = u.state, refused_code = u.code, refunded = u.refunded, face_taken = u.face,
        bonus_taken = u.bonus, commission_taken = u.commission, decided_at = $8::timestamptz
       from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
         as u (id, state, code, refunded, face, bonus, commission)
      where r.id = u.id`,
    [
      plainArray(changes.map((c) => c.id)),
      plainArray(changes.map((c) => c.state)),
      textArray(changes.map((c) => c.refusedCode)),
      plainArray(changes.map((c) => c.refundedMinor)),
      plainArray(changes.map((c) => c.faceTakenMinor)),
      plainArray(changes.map((c) => c.bonusTakenMinor)),
      plainArray(changes.map((c) => c.commissionTakenMinor)),
      isoInstant(atMs),
    ],
  )
}

/** Corrections that were made and of which nobody was told, locked; what somebody else holds is skipped. */
export async function lockUntoldCorrections(tx: Tx, limit: number): Promise<RefundRequest[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from {{brand}}.refund_request where to_line is not null and state = 'begun' and told_at is null
      order by id limit $1 for no key update skip locked`,
    [limit],
  )
  return rows.map(toRequest)
}

export function sendCorrectionsTold(tx: Tx, ids: readonly string[], atMs: number): void {
  tx.send('update {{brand}}.refund_request set told_at = $2 where id = any($1::uuid[])', [
    plainArray(ids),
    isoInstant(atMs),
  ])
}

/** An allowance that an order's package gave. */
export interface Grant {
  readonly order: string
  readonly kind: AllowanceKind
  readonly amount: bigint
}

/** What the packages of these orders gave, by the offers they were sold from, which never change. */
export async function readGrants(db: Reader, orders: readonly string[]): Promise<Grant[]> {
  if (orders.length === 0) return []
  return await db.query<Grant>(
    `select o.id as "order", case when f.roaming then 'roaming-' else '' end || g.kind as kind, g.amount
       from {{brand}}.top_up o join {{brand}}.offer f on f.id = o.offer
      cross join lateral (values ('voice-seconds', f.voice_seconds::bigint), ('sms', f.sms::bigint), ('data-bytes', f.data_bytes)) as g (kind, amount)
      where o.id = any($1::uuid[]) and o.offer_kind = 'package' and g.amount > 0`,
    [plainArray(orders)],
  )
}
