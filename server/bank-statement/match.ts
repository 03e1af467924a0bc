import { meantAsReference, referencesIn } from '../payment/index.ts'
import type { Reason, StatedEntry } from './entry.ts'

/** A transfer that was asked for, found by its reference. */
export interface Awaited {
  readonly reference: string
  readonly attempt: string
  readonly order: string
  readonly amountMinor: bigint
  /** The order can still be paid, and no transfer has paid it. */
  readonly payable: boolean
}

/** A refund that people are to transfer. */
export interface RefundDue {
  readonly refund: string
  readonly attempt: string
  /** Its number in 26 digits, and the short reference made of it. */
  readonly number: string
  readonly reference: string
  readonly transaction: string
  readonly amountMinor: bigint
}

/** A transfer back that a person has recorded before the account told of it. */
export interface ReturnMade {
  readonly returnReference: string
  readonly amountMinor: bigint
}

/** What entries are held against. */
export interface Books {
  readonly awaited: ReadonlyMap<string, Awaited>
  readonly refunds: readonly RefundDue[]
  readonly returns: readonly ReturnMade[]
}

export type Judgement =
  /** It pays this attempt, whole. */
  | { readonly kind: 'pays'; readonly awaited: Awaited }
  /** It carries out this refund, whole. */
  | { readonly kind: 'refunds'; readonly due: RefundDue }
  /** It is the transfer back that a person has recorded. */
  | { readonly kind: 'return-made'; readonly returnReference: string }
  /** A person looks at it; `attempt` and `refund`: what it seems to mean. */
  | {
      readonly kind: 'open'
      readonly reason: Reason
      readonly attempt: string | null
      readonly refund: string | null
    }

/**
 * Judges entries in their order: a credit pays the order whose reference it bears when the amount is equal and the order can still be paid,
 * and an order is paid by one of them. Nothing else is guessed. Pure.
 */
export function judge(entries: readonly StatedEntry[], books: Books): Judgement[] {
  const paid = new Set<string>()
  const refunded = new Set<string>()
  return entries.map((entry) => {
    const judgement =
      entry.direction === 'credit' ? judgeCredit(entry, books, paid) : judgeDebit(entry, books, refunded)
    if (judgement.kind === 'pays') paid.add(judgement.awaited.order)
    if (judgement.kind === 'refunds') refunded.add(judgement.due.refund)
    return judgement
  })
}

function open(reason: Reason, attempt: string | null = null, refund: string | null = null): Judgement {
  return { kind: 'open', reason, attempt, refund }
}

function judgeCredit(entry: StatedEntry, { awaited }: Books, paid: ReadonlySet<string>): Judgement {
  if (entry.reversal) return open('reversal')
  const found = referencesIn(entry.remittance).flatMap((reference) => awaited.get(reference) ?? [])
  const orders = new Set(found.map(({ order }) => order))
  if (orders.size > 1) return open('several-references')
  // Of several of one order the one that can be paid, else the last.
  const one = found.find(({ payable }) => payable) ?? found.at(-1)
  if (!one) return open(meantAsReference(entry.remittance).length > 0 ? 'reference-unknown' : 'no-reference')
  if (!one.payable || paid.has(one.order)) return open('order-over', one.attempt)
  if (entry.amountMinor !== one.amountMinor)
    return open(entry.amountMinor < one.amountMinor ? 'amount-less' : 'amount-more', one.attempt)
  return { kind: 'pays', awaited: one }
}

function judgeDebit(
  entry: StatedEntry,
  { refunds, returns }: Books,
  refunded: ReadonlySet<string>,
): Judgement {
  if (entry.reversal) return open('reversal')
  const made = returns.find(({ returnReference }) => returnReference === entry.reference)
  if (made && made.amountMinor === entry.amountMinor)
    return { kind: 'return-made', returnReference: made.returnReference }
  const bare = entry.remittance
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
  const written = new Set(referencesIn(entry.remittance))
  const found = refunds.filter(
    ({ refund, number, reference }) =>
      !refunded.has(refund) && (bare.includes(number) || written.has(reference)),
  )
  const [due] = found
  if (!due) return open('debit-unknown')
  if (found.length > 1) return open('several-references')
  if (entry.amountMinor !== due.amountMinor)
    return open(entry.amountMinor < due.amountMinor ? 'amount-less' : 'amount-more', due.attempt, due.refund)
  return { kind: 'refunds', due }
}
