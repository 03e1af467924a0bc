import { idToWire } from '../../contract/id.ts'
import { fileEvidence, transferAccount, transfersOfOrder } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import type { BankEntry } from './entry.ts'
import { evidenceOf } from './evidence.ts'
import { type Movement, postEntries } from './posting.ts'
import {
  accountsOf,
  closeEntries,
  entriesByReference,
  lockAccount,
  lockEntries,
  writeOwner,
} from './store.ts'

/** What came of an act of a person on entries. `refused`: nothing was done, and why. */
export type ActOutcome = { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly why: string }

const done: ActOutcome = { outcome: 'done' }
const refused = (why: string): ActOutcome => ({ outcome: 'refused', why })

export interface MatchEntries {
  readonly entries: readonly string[]
  readonly order: string
  readonly actor: string
  readonly note: string | null
}

/**
 * A person says that open credits are the payment of an order: one, or several that come to its amount together. Settle then credits it if
 * that can still be done, and pays it back if not, as with every payment that comes late.
 */
export async function matchEntries(
  tx: Tx,
  clock: Clock,
  { entries: ids, order, actor, note }: MatchEntries,
): Promise<ActOutcome> {
  const entries = await lockForAct(tx, ids)
  const wrong = unfit(entries, ids, 'credit')
  if (wrong !== null) return refused(wrong)
  const [first] = entries as [BankEntry]
  if (entries.some(({ merchant }) => merchant !== first.merchant))
    return refused('they are entries of two accounts')
  const transfers = await transfersOfOrder(tx, first.merchant, order)
  const meant =
    transfers.find(({ attempt }) => entries.some((entry) => entry.attempt === attempt)) ?? transfers[0]
  if (!meant) return refused('no transfer to this account was begun for the order')
  const { attempt, amountMinor, currency } = meant
  const sum = entries.reduce((total, entry) => total + entry.amountMinor, 0n)
  if (sum !== amountMinor)
    return refused(
      sum < amountMinor
        ? 'they come to less than was asked for: wait for the rest and match all of them together, or return them'
        : 'they come to more than was asked for: return them, and ask for the right amount',
    )
  const account = await transferAccount(tx, first.merchant)
  assert(account, 'entries are of an account')
  const nowMs = clock.instant()
  const told = {
    merchant: first.merchant,
    attempt,
    refund: null,
    transaction: first.reference,
    amountMinor,
    currency,
  }
  await closeEntries(
    tx,
    ids,
    { state: 'matched', attempt, transaction: first.reference, by: actor, note },
    nowMs,
  )
  fileEvidence(tx, [evidenceOf(entries, told, clock)], nowMs)
  await audit(
    tx,
    entries,
    { actor, act: 'bank entry matched', reason: note, detail: { order: idToWire(order) } },
    nowMs,
  )
  await postEntries(
    tx,
    clock,
    account,
    entries.map((entry) => ({
      entry: entry.id,
      posting: 'transfer-matched',
      amountMinor: entry.amountMinor,
    })),
  )
  return done
}

export interface ReturnEntry {
  readonly entry: string
  /** The bank's own reference of the transfer back. */
  readonly reference: string
  readonly actor: string
  readonly note: string | null
}

/** A person has transferred an open credit back, or the bank has taken it back by itself: its debit is known by the bank's reference. */
export async function returnEntry(
  tx: Tx,
  clock: Clock,
  { entry: id, reference, actor, note }: ReturnEntry,
): Promise<ActOutcome> {
  const entries = await lockForAct(tx, [id])
  const wrong = unfit(entries, [id], 'credit')
  if (wrong !== null) return refused(wrong)
  const [entry] = entries as [BankEntry]
  const debits = (await entriesByReference(tx, entry.merchant, [reference])).filter(
    ({ direction }) => direction === 'debit',
  )
  const debit = debits.find(({ state }) => state !== 'dismissed') ?? debits[0]
  if (debit && (debit.state !== 'open' || debit.amountMinor !== entry.amountMinor))
    return refused(`the debit ${reference} is of another amount, or is explained already`)
  const nowMs = clock.instant()
  await closeEntries(tx, [id], { state: 'returned', returnReference: reference, by: actor, note }, nowMs)
  if (debit)
    await closeEntries(
      tx,
      [debit.id],
      { state: 'matched', returnReference: reference, by: actor, note },
      nowMs,
    )
  await audit(tx, [entry], { actor, act: 'bank entry returned', reason: note, detail: { reference } }, nowMs)
  await post(tx, clock, entry, 'transfer-returned')
  return done
}

export interface DismissEntry {
  readonly entry: string
  readonly reason: string
  readonly actor: string
  /** A debit that took credited money away for good: booked as a loss. */
  readonly writeOff: boolean
}

/** A person knows that an open entry is booked elsewhere, or none of this business; or gives up what a debit took away. */
export async function dismissEntry(
  tx: Tx,
  clock: Clock,
  { entry: id, reason, actor, writeOff }: DismissEntry,
): Promise<ActOutcome> {
  const entries = await lockForAct(tx, [id])
  const wrong = unfit(entries, [id], writeOff ? 'debit' : null)
  if (wrong !== null) return refused(wrong)
  const [entry] = entries as [BankEntry]
  const nowMs = clock.instant()
  const end = { state: writeOff ? 'written-off' : 'dismissed', by: actor, note: reason } as const
  await closeEntries(tx, [id], end, nowMs)
  await audit(tx, [entry], { actor, act: `bank entry ${end.state}`, reason, detail: {} }, nowMs)
  if (writeOff) await post(tx, clock, entry, 'transfer-written-off')
  else if (entry.direction === 'credit') await post(tx, clock, entry, 'transfer-dismissed')
  return done
}

/** Gives an open entry to somebody. */
export async function assignEntry(
  tx: Tx,
  clock: Clock,
  { entry: id, owner, actor }: { readonly entry: string; readonly owner: string; readonly actor: string },
): Promise<ActOutcome> {
  const entries = await lockForAct(tx, [id])
  const wrong = unfit(entries, [id], null)
  if (wrong !== null) return refused(wrong)
  await writeOwner(tx, id, owner)
  const detail = { from: entries[0]?.owner, to: owner }
  await audit(tx, entries, { actor, act: 'bank entry assigned', reason: null, detail }, clock.instant())
  return done
}

/**
 * Locks entries with their accounts: a file that is taken in meanwhile would not find what is being recorded, and the other way about.
 */
async function lockForAct(tx: Tx, ids: readonly string[]): Promise<BankEntry[]> {
  for (const merchant of await accountsOf(tx, ids)) await lockAccount(tx, merchant)
  return await lockEntries(tx, ids)
}

/** Why these cannot be acted on; null: they can. */
function unfit(
  entries: readonly BankEntry[],
  ids: readonly string[],
  direction: BankEntry['direction'] | null,
): string | null {
  if (entries.length !== new Set(ids).size) return 'there is no such entry'
  const closed = entries.find(({ state }) => state !== 'open')
  if (closed) return `it was closed by ${closed.closedBy}: ${closed.state}`
  if (direction !== null && entries.some((entry) => entry.direction !== direction))
    return direction === 'credit'
      ? 'it is money that left the account'
      : 'it is money that came to the account'
  return null
}

async function post(tx: Tx, clock: Clock, entry: BankEntry, posting: Movement['posting']): Promise<void> {
  const account = await transferAccount(tx, entry.merchant)
  assert(account, 'an entry is of an account')
  await postEntries(tx, clock, account, [{ entry: entry.id, posting, amountMinor: entry.amountMinor }])
}

async function audit(
  tx: Tx,
  entries: readonly BankEntry[],
  act: {
    readonly actor: string
    readonly act: string
    readonly reason: string | null
    readonly detail: Readonly<Record<string, unknown>>
  },
  nowMs: number,
): Promise<void> {
  const { reason, ...what } = act
  for (const { id } of entries)
    await writeAudit(tx, { ...what, subject: idToWire(id), ...(reason !== null && { reason }) }, nowMs)
}
