import type { Brand } from '../brand/index.ts'
import { type Account, Book, greatest, insertAccounts, lockAccounts, sendWrites } from '../ledger/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { exchangeOf, insertExchange, type Position, readPositions } from './fx-position-store.ts'

/** Money of another currency that became the brand's own. Amounts in minor units, the instant in milliseconds. */
export interface Exchange {
  /** The cause of its postings. */
  readonly id: string
  /** The bank's or the acquirer's own number of it. */
  readonly reference: string
  readonly payCurrency: string
  /** What was given, of that currency. */
  readonly amountMinor: bigint
  /** What came for it, and what it was worth at the quotes, in the brand's currency. */
  readonly receivedMinor: bigint
  readonly worthMinor: bigint
  readonly reason: string
  readonly recordedAtMs: number
  readonly recordedBy: string
}

export type ExchangeOutcome =
  | { readonly outcome: 'booked'; readonly exchange: Exchange }
  /** That reference was booked before; nothing was done. */
  | { readonly outcome: 'booked-before'; readonly exchange: Exchange }
  /** More is given than is open, or nothing of a position that has nothing left to book. */
  | { readonly outcome: 'not-open'; readonly openMinor: bigint }

/** What is open of a position: not back with payers and not exchanged; and its worth at the quotes. */
export function openOf(position: Position): { readonly openMinor: bigint; readonly worthMinor: bigint } {
  const { takenMinor, backMinor, givenMinor, takenWorthMinor, backWorthMinor, givenWorthMinor } = position
  return {
    openMinor: takenMinor - backMinor - givenMinor,
    worthMinor: takenWorthMinor - backWorthMinor - givenWorthMinor,
  }
}

/**
 * What a part of what is open is worth at the quotes, as all of it is on average; rounded down, and the last part takes the rest. Null: it
 * is not open.
 */
export function worthOf(position: Position, amountMinor: bigint): bigint | null {
  const { openMinor, worthMinor } = openOf(position)
  if (amountMinor > openMinor || openMinor < 0n) return null
  if (amountMinor === openMinor) return amountMinor === 0n && worthMinor === 0n ? null : worthMinor
  return amountMinor === 0n ? null : (worthMinor * amountMinor) / openMinor
}

/**
 * Books that money of another currency became the brand's own: out of the bank in the one and into it in the other, and what differs from
 * its worth at the quotes to gains and losses. Once per reference.
 */
export async function recordExchange(
  tx: Tx,
  clock: Clock,
  { currency }: Pick<Brand, 'currency'>,
  told: Omit<Exchange, 'id' | 'worthMinor' | 'recordedAtMs'>,
): Promise<ExchangeOutcome> {
  const nowMs = clock.instant()
  const { payCurrency, amountMinor, receivedMinor } = told
  await insertAccounts(tx, [{ id: newId(nowMs), kind: 'bank', subject: '', currency: payCurrency }], nowMs)
  // With the positions held, what moves them waits, and what has moved them is read.
  const kinds = ['bank', 'fx-gain-loss', 'fx-position'] as const
  const accounts = await lockAccounts(
    tx,
    kinds.map((kind) => ({ kind, subject: '' })),
  )
  const before = await exchangeOf(tx, told.reference)
  if (before) return { outcome: 'booked-before', exchange: before }
  const position = (await readPositions(tx)).find((one) => one.currency === payCurrency)
  const worthMinor = position ? worthOf(position, amountMinor) : null
  if (worthMinor === null)
    return { outcome: 'not-open', openMinor: position ? openOf(position).openMinor : 0n }
  const exchange: Exchange = { ...told, id: newId(nowMs), worthMinor, recordedAtMs: nowMs }
  await insertExchange(tx, exchange)
  const of = (kind: (typeof kinds)[number], its: string): Account => {
    const found = accounts.find((account) => account.kind === kind && account.currency === its)
    assert(found, `the account ${kind} is open in ${its}`)
    return found
  }
  const book = new Book(() => newId(nowMs))
  const abroad = book.post('fx-exchanged', {
    amounts: { given: amountMinor },
    parties: { 'fx-position': of('fx-position', payCurrency), bank: of('bank', payCurrency) },
    cause: exchange.id,
  })
  const here = book.post('fx-realised', {
    amounts: {
      received: receivedMinor,
      loss: greatest(0n, worthMinor - receivedMinor),
      gain: greatest(0n, receivedMinor - worthMinor),
    },
    parties: {
      bank: of('bank', currency),
      'fx-position': of('fx-position', currency),
      'fx-gain-loss': of('fx-gain-loss', currency),
    },
    cause: exchange.id,
  })
  assert(abroad.posted && here.posted, 'an exchange leaves no account short')
  await sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
  await writeAudit(
    tx,
    {
      ...{ actor: told.recordedBy, act: 'exchange booked', subject: told.reference, reason: told.reason },
      detail: {
        ...{ currency: payCurrency, amountMinor: amountMinor.toString() },
        ...{ receivedMinor: receivedMinor.toString(), worthMinor: worthMinor.toString() },
      },
    },
    nowMs,
  )
  return { outcome: 'booked', exchange }
}
