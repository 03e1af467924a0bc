import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'

export interface Settlement {
  readonly id: string
  readonly provider: string
  readonly merchant: string
  /** The bank's own number of the transfer. */
  readonly reference: string
  readonly amountMinor: bigint
  readonly currency: string
  /** `2026-11-21`: the last bill that it pays. */
  readonly through: string
}

/** False where the merchant has a settlement of that reference. */
export async function insertSettlement(
  tx: Tx,
  settlement: Settlement,
  by: string,
  atMs: number,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into {{brand}}.settlement (id, provider, merchant, reference, amount, currency, through, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7::date, $8, $9) on conflict on constraint settlement_reference do nothing returning id`,
    [
      settlement.id,
      settlement.provider,
      settlement.merchant,
      settlement.reference,
      settlement.amountMinor,
      settlement.currency,
      settlement.through,
      isoInstant(atMs),
      by,
    ],
  )
  return rows.length > 0
}

/** What bills come to: payments less refunds and fees. */
const NET = 'paid - refunded - fee + fee_returned + other'

/** Takes the merchant's matched bills up to the settlement's day that no other has paid; answers how many, and what they come to. */
export async function settleBills(
  tx: Tx,
  { id, provider, merchant, through }: Settlement,
): Promise<{ readonly bills: number; readonly netMinor: bigint }> {
  const rows = await tx.query<{ net: bigint }>(
    `update {{brand}}.bill set settlement = $1
      where provider = $2 and merchant = $3 and day <= $4::date and settlement is null and matched_at is not null
     returning ${NET} as net`,
    [id, provider, merchant, through],
  )
  return { bills: rows.length, netMinor: rows.reduce((sum, { net }) => sum + net, 0n) }
}

/** What a merchant's matched bills that no settlement has paid come to. */
export async function unsettled(db: Reader, provider: string, merchant: string): Promise<bigint> {
  const rows = await db.query<{ net: bigint }>(
    `select coalesce(sum(${NET}), 0)::bigint as net from {{brand}}.bill
      where provider = $1 and merchant = $2 and settlement is null and matched_at is not null`,
    [provider, merchant],
  )
  return rows[0]?.net ?? 0n
}

/** A settlement that does not come to what its bills do. */
export async function insertSettlementBreak(
  tx: Tx,
  id: string,
  settlement: Settlement,
  netMinor: bigint,
  owner: string,
  atMs: number,
): Promise<void> {
  await tx.query(
    `insert into {{brand}}.bill_break (id, provider, merchant, day, class, kind, key, item, ours, billed, currency, difference, owner,
       opened_at)
     values ($1, $2, $3, $4::date, 'amount', 'settlement', $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      settlement.provider,
      settlement.merchant,
      settlement.through,
      settlement.reference,
      settlement.id,
      netMinor,
      settlement.amountMinor,
      settlement.currency,
      settlement.amountMinor - netMinor,
      owner,
      isoInstant(atMs),
    ],
  )
}

/** What a merchant's contract says of fees. */
export interface Terms {
  readonly provider: string
  readonly merchant: string
  /** Parts per ten thousand of a payment. */
  readonly feeBp: number
  readonly feeFixedMinor: bigint
  readonly feeReturned: boolean
}

export async function writeTerms(tx: Tx, terms: Terms, atMs: number): Promise<void> {
  await tx.query(
    `insert into {{brand}}.provider_terms (provider, merchant, fee_bp, fee_fixed, fee_returned, set_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (provider, merchant) do update set fee_bp = excluded.fee_bp, fee_fixed = excluded.fee_fixed,
       fee_returned = excluded.fee_returned, set_at = excluded.set_at`,
    [terms.provider, terms.merchant, terms.feeBp, terms.feeFixedMinor, terms.feeReturned, isoInstant(atMs)],
  )
}
