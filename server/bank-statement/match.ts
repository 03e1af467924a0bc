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

/** A refund that a debit has carried out, and by the bank's reference of which. */
export interface RefundMade extends RefundDue {
  readonly debit: string
}

/** A debit that nobody has explained yet: it takes back the credit that it names. */
export type TakenBack = Pick<StatedEntry, 'remittance' | 'amountMinor'>

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
  /** Refunds that were made and have not come back. */
  readonly made: readonly RefundMade[]
  readonly takenBack: readonly TakenBack[]
}

export type Judgement =
  /** It pays this attempt, whole. */
  | { readonly kind: 'pays'; readonly awaited: Awaited }
  /** It carries out this refund, whole. */
  | { readonly kind: 'refunds'; readonly due: RefundDue }
  /** This refund has come back: the payee's bank did not take it. */
  | { readonly kind: 'refund-back'; readonly made: RefundMade }
  /** It is the transfer back that a person has recorded. */
  | { readonly kind: 'return-made'; readonly returnReference: string }
  /** A person looks at it; `attempt` and `refund`: what it seems to mean. */
  | {
      readonly kind: 'open'
      readonly reason: Reason
      readonly attempt: string | null
      readonly refund: string | null
    }

/** What entries before the one in hand have done, and what is known to have been taken back. */
interface Course {
  readonly paid: Set<string>
  /** Refunds that are still to go out, and those that have gone. */
  due: RefundDue[]
  made: RefundMade[]
  /** Bank's references with an amount, that debits name: CSV does not say which of them take something back. */
  readonly takenBack: ReadonlySet<string>
}

/**
 * Judges entries in their order: a credit pays the order whose reference it bears when the amount is equal and the order can still be paid,
 * and an order is paid by one of them. Nothing else is guessed. Pure.
 */
export function judge(entries: readonly StatedEntry[], books: Books): Judgement[] {
  const course: Course = {
    ...{ paid: new Set(), due: [...books.refunds], made: [...books.made] },
    takenBack: namedBy([...books.takenBack, ...entries.filter(({ direction }) => direction === 'debit')]),
  }
  return entries.map((entry) => {
    const judgement =
      entry.direction === 'credit' ? judgeCredit(entry, books, course) : judgeDebit(entry, books, course)
    if (judgement.kind === 'pays') course.paid.add(judgement.awaited.order)
    if (judgement.kind === 'refunds') {
      const { due } = judgement
      course.due = course.due.filter(({ refund }) => refund !== due.refund)
      course.made.push({ ...due, debit: entry.reference })
    }
    if (judgement.kind === 'refund-back') {
      const { made } = judgement
      course.made = course.made.filter(({ refund }) => refund !== made.refund)
      course.due.push(made)
    }
    return judgement
  })
}

function open(reason: Reason, attempt: string | null = null, refund: string | null = null): Judgement {
  return { kind: 'open', reason, attempt, refund }
}

function judgeCredit(entry: StatedEntry, { awaited }: Books, { paid, made, takenBack }: Course): Judgement {
  const backs = refundsIn(entry, made).filter(
    (each) =>
      each.amountMinor === entry.amountMinor && (entry.reversal || wordsOf(entry).includes(each.debit)),
  )
  const [back] = backs
  if (back && backs.every(({ refund }) => refund === back.refund)) return { kind: 'refund-back', made: back }
  if (entry.reversal) return open('reversal')
  const found = referencesIn(entry.remittance).flatMap((reference) => awaited.get(reference) ?? [])
  const orders = new Set(found.map(({ order }) => order))
  if (orders.size > 1) return open('several-references')
  // Of several of one order the one that can be paid, else the last.
  const one = found.find(({ payable }) => payable) ?? found.at(-1)
  // What is gone again has paid nothing, whichever of the two was told first.
  if (takenBack.has(`${entry.reference} ${entry.amountMinor}`)) return open('reversal', one?.attempt)
  if (!one) return open(meantAsReference(entry.remittance).length > 0 ? 'reference-unknown' : 'no-reference')
  if (!one.payable || paid.has(one.order)) return open('order-over', one.attempt)
  if (entry.amountMinor !== one.amountMinor)
    return open(entry.amountMinor < one.amountMinor ? 'amount-less' : 'amount-more', one.attempt)
  return { kind: 'pays', awaited: one }
}

function namedBy(debits: readonly TakenBack[]): ReadonlySet<string> {
  return new Set(debits.flatMap((debit) => wordsOf(debit).map((word) => `${word} ${debit.amountMinor}`)))
}

/** What may be a bank's reference in an entry's words, without the punctuation around it. */
function wordsOf({ remittance }: Pick<StatedEntry, 'remittance'>): string[] {
  return remittance.split(/\s+/).map((word) => word.replaceAll(/^[^0-9A-Za-z]+|[^0-9A-Za-z]+$/g, ''))
}

/** Refunds whose number, or the reference made of it, stands in an entry's words. */
function refundsIn<Refund extends RefundDue>(
  { remittance }: StatedEntry,
  refunds: readonly Refund[],
): Refund[] {
  if (refunds.length === 0) return []
  const bare = remittance
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
  const written = new Set(referencesIn(remittance))
  return refunds.filter(({ number, reference }) => bare.includes(number) || written.has(reference))
}

function judgeDebit(entry: StatedEntry, { returns }: Books, course: Course): Judgement {
  if (entry.reversal) return open('reversal')
  const made = returns.find(({ returnReference }) => returnReference === entry.reference)
  if (made && made.amountMinor === entry.amountMinor)
    return { kind: 'return-made', returnReference: made.returnReference }
  const found = refundsIn(entry, course.due)
  const [due] = found
  if (!due) return open('debit-unknown')
  if (found.length > 1) return open('several-references')
  if (entry.amountMinor !== due.amountMinor)
    return open(entry.amountMinor < due.amountMinor ? 'amount-less' : 'amount-more', due.attempt, due.refund)
  return { kind: 'refunds', due }
}
