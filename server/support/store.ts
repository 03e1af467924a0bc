import type { CaseTopic } from '../../contract/support.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import type { Case } from './case.ts'

interface CaseRow {
  readonly id: string
  readonly number: string
  readonly caller: string | null
  readonly key: string
  readonly hash: Buffer
  readonly topic: CaseTopic
  readonly body: string
  readonly top_up: string | null
  readonly order_msisdn: string | null
  readonly order_price: bigint | null
  readonly reply_by: 'sms' | 'email'
  readonly reply_to: string | null
  readonly reply_proved: boolean
  readonly locale: 'zh-CN' | 'en'
  readonly opened_at: number
  readonly answer: string | null
  readonly answered_at: number | null
}

const COLUMNS = `id, number, caller, key, hash, topic, body, top_up, order_msisdn, order_price, reply_by, reply_to,
  reply_proved, locale, opened_at`

const toCase = (row: CaseRow): Case => ({
  ...{ id: row.id, number: row.number, caller: row.caller, key: row.key, hash: row.hash },
  ...{ topic: row.topic, body: row.body, locale: row.locale },
  order:
    row.top_up === null || row.order_msisdn === null || row.order_price === null
      ? null
      : { id: row.top_up, msisdn: row.order_msisdn, priceMinor: row.order_price },
  replyBy: row.reply_by,
  replyTo: row.reply_to,
  replyProved: row.reply_proved,
  openedAtMs: row.opened_at,
  answer: row.answer,
  answeredAtMs: row.answered_at,
})

export async function caseByKey(db: Reader, key: string): Promise<Case | null> {
  const [row] = await db.query<CaseRow>(
    `select ${COLUMNS}, answer, answered_at from {{brand}}.support_case where key = $1`,
    [key],
  )
  return row ? toCase(row) : null
}

/** The newest cases of a caller, newest first. */
export async function casesOf(db: Reader, caller: string, limit: number): Promise<Case[]> {
  const rows = await db.query<CaseRow>(
    `select ${COLUMNS}, answer, answered_at from {{brand}}.support_case where caller = $1 order by id desc limit $2`,
    [caller, limit],
  )
  return rows.map(toCase)
}

/** Null: there is none with this number. */
export async function readCase(db: Reader, number: string): Promise<Case | null> {
  const [row] = await db.query<CaseRow>(
    `select ${COLUMNS}, answer, answered_at from {{brand}}.support_case where number = $1`,
    [number],
  )
  return row ? toCase(row) : null
}

/** Cases that wait for an answer, the oldest first. */
export async function readOpenCases(db: Reader, limit: number): Promise<Case[]> {
  const rows = await db.query<CaseRow>(
    `select ${COLUMNS}, answer, answered_at from {{brand}}.support_case where answered_at is null order by id limit $1`,
    [limit],
  )
  return rows.map(toCase)
}

/** Breaks `support_case_key` when a request with this key came first. */
export async function insertCase(tx: Tx, one: Case): Promise<void> {
  await tx.query(
    `insert into {{brand}}.support_case (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[one.id, one.number, one.caller, one.key, one.hash, one.topic, one.body],
      ...[one.order?.id ?? null, one.order?.msisdn ?? null, one.order?.priceMinor ?? null],
      ...[one.replyBy, one.replyTo, one.replyProved, one.locale, isoInstant(one.openedAtMs)],
    ],
  )
}

/** The case with its answer; null when there is none with this number that waits for one. */
export async function storeAnswer(
  tx: Tx,
  number: string,
  { text, by, atMs }: { readonly text: string; readonly by: string; readonly atMs: number },
): Promise<Case | null> {
  const [row] = await tx.query<CaseRow>(
    `update {{brand}}.support_case set answer = $2, answered_by = $3, answered_at = $4
      where number = $1 and answered_at is null returning ${COLUMNS}, answer, answered_at`,
    [number, text, by, isoInstant(atMs)],
  )
  return row ? toCase(row) : null
}

/** A guest's cases become a log-in's: those about orders that did, and those without an order to be answered at its phone. */
export async function moveCases(
  tx: Tx,
  claim: {
    readonly guest: string
    readonly logIn: string
    readonly phone: string
    readonly orders: readonly string[]
  },
): Promise<void> {
  await tx.query(
    `update {{brand}}.support_case set caller = $2
      where caller = $1 and (top_up = any($4::uuid[]) or (top_up is null and reply_by = 'sms' and reply_to = $3))`,
    [claim.guest, claim.logIn, claim.phone, plainArray(claim.orders)],
  )
}

/** Forgets where a caller wished to be answered. */
export async function wipeReplies(tx: Tx, caller: string): Promise<void> {
  await tx.query('update {{brand}}.support_case set reply_to = null where caller = $1', [caller])
}
