import type { Reader, Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { AttemptState } from './attempt.ts'
import type { Evidence } from './evidence.ts'
import { sendEvidence } from './evidence-store.ts'
import type { MerchantRow } from './merchant-store.ts'

/** An account of the brand's that transfers come to. */
export type TransferAccount = Pick<MerchantRow, 'id' | 'seller' | 'currency' | 'settings'>

export async function transferAccount(db: Reader, merchant: string): Promise<TransferAccount | undefined> {
  const rows = await db.query<TransferAccount>(
    `select id, seller, currency, settings from {{brand}}.merchant where provider = 'bank' and id = $1`,
    [merchant],
  )
  return rows[0]
}

/** A transfer that was asked for, as a statement is held against it. */
export interface TransferAttempt {
  readonly attempt: string
  readonly order: string
  readonly reference: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly state: AttemptState
}

const TRANSFER = `id as attempt, order_id as "order", reference, amount as "amountMinor", currency, state`

/** Transfers of a merchant by their references, whatever became of them. */
export async function transfersByReference(
  db: Reader,
  merchant: string,
  references: readonly string[],
): Promise<TransferAttempt[]> {
  return await db.query<TransferAttempt>(
    `select ${TRANSFER} from {{brand}}.attempt where provider = 'bank' and merchant = $1 and reference = any ($2::text[]) order by id`,
    [merchant, references],
  )
}

/** Transfers of a merchant that nobody has made yet, the newest first. */
export async function transfersAwaited(
  db: Reader,
  merchant: string,
  limit: number,
): Promise<TransferAttempt[]> {
  return await db.query<TransferAttempt>(
    `select ${TRANSFER} from {{brand}}.attempt
      where provider = 'bank' and merchant = $1 and reference is not null and state in ('created', 'pending', 'unknown')
      order by id desc limit $2`,
    [merchant, limit],
  )
}

/** The transfers that were begun for an order to this merchant, the last first. */
export async function transfersOfOrder(
  db: Reader,
  merchant: string,
  order: string,
): Promise<TransferAttempt[]> {
  return await db.query<TransferAttempt>(
    `select ${TRANSFER} from {{brand}}.attempt
      where provider = 'bank' and merchant = $1 and order_id = $2 and reference is not null order by id desc`,
    [merchant, order],
  )
}

/** A refund that people are to transfer, or have transferred and the account has not told. */
export interface TransferRefund {
  readonly refund: string
  readonly attempt: string
  readonly order: string
  readonly merchant: string
  /** The payment that goes back. */
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly reason: string
  readonly requestedAtMs: number
}

/** Refunds of transfers that have not ended well, of one merchant or of all, the oldest first. */
export async function transferRefunds(db: Reader, merchant: string | null): Promise<TransferRefund[]> {
  return await db.query<TransferRefund>(
    `select r.id as refund, r.attempt, r.order_id as "order", a.merchant, r.transaction, r.amount as "amountMinor", r.currency, r.reason,
       r.requested_at as "requestedAtMs"
     from {{brand}}.refund r join {{brand}}.attempt a on a.id = r.attempt
     where a.provider = 'bank' and r.state <> 'done' and ($1::text is null or a.merchant = $1) order by r.id`,
    [merchant],
  )
}

/** Of these refunds the payments that they give back. */
export async function paymentsGivenBack(
  db: Reader,
  refunds: readonly string[],
): Promise<{ readonly refund: string; readonly transaction: string }[]> {
  if (refunds.length === 0) return []
  return await db.query(
    'select id as refund, transaction from {{brand}}.refund where id = any ($1::uuid[])',
    [refunds],
  )
}

/** Files what a statement says in the transaction that keeps the statement; settle finds it once that is committed. */
export function fileEvidence(tx: Tx, evidence: readonly Evidence[], nowMs: number): void {
  if (evidence.length === 0) return
  sendEvidence(
    tx,
    evidence.map((each) => ({ ...each, id: newId(nowMs) })),
    nowMs,
  )
}
