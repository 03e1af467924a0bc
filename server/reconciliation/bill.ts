import type { ProviderName } from '../payment/index.ts'
import type { BillSource } from './bill-source.ts'

/**
 * `revocation`: a payment taken back at the counter before it counted. `other`: what the provider books and we have no word
 * for; it is never matched and always a break.
 */
export type BillRowKind = 'payment' | 'refund' | 'revocation' | 'fee' | 'other'

/** A row of a provider's day bill, in our words. */
export interface BillRow {
  readonly kind: BillRowKind
  /** What it is matched by: a payment's transaction at the provider; of a refund our number, else the provider's. */
  readonly key: string
  /** The number that is ours, as uuid: the attempt's, of a refund the refund's. Null: none of our numbers. */
  readonly number: string | null
  /** Minor units, at least zero; of `other` by its sign, from our side. */
  readonly amountMinor: bigint
  /** Minor units; above zero where it was charged, below where it was given back. */
  readonly feeMinor: bigint
  readonly currency: string
  readonly atMs: number
  /** False where the provider has begun with it and not ended. */
  readonly final: boolean
}

/** What a bill must be of; it is refused when it says otherwise. */
export interface BillExpected {
  /** `2026-11-21`, in the rail's zone. */
  readonly day: string
  readonly merchant: string
  readonly seller: string
  readonly currency: string
  /** SHA-1 of the bill as the provider gave it, in hexadecimal digits. */
  readonly sha1?: string
}

/**
 * Reads a bill as it streams in, rows in the order of the file, some thousand at a time. Throws FileRefused, with a sentence, for
 * one that is torn, of another day or merchant, or says of itself what its rows do not.
 */
export type ReadBill = (source: BillSource, expected: BillExpected) => AsyncGenerator<readonly BillRow[]>

/** The zone in which a rail's day begins and ends, whatever the brand's is. UnionPay's ends at 23:00 in Beijing: an hour further east. */
export const railZones: Readonly<Record<ProviderName, string>> = {
  alipay: 'Asia/Shanghai',
  wechat: 'Asia/Shanghai',
  unionpay: 'Etc/GMT-9',
  bank: 'Asia/Shanghai',
  card: 'UTC',
}

/** Rows handed on at a time. */
export const ROWS_AT_A_TIME = 10_000
