import { expect } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import {
  type BankEntry,
  entriesToSee,
  matchEntries,
  refundsToTransfer,
  returnEntry,
} from '../../server/bank-statement/index.ts'
import {
  bookingsOf,
  type Form,
  OPERATOR,
  OWNER,
  PAYER,
  reverse,
  takeStatements,
  transferOut,
} from './account.ts'
import {
  type Cell,
  cancel,
  ended,
  enterNewKey,
  place,
  refundOf,
  type Stage,
  start,
  until,
  untilRefused,
} from './cell.ts'
import { BRAND } from './rails.ts'

/** More than all cells leave to a person. */
const MOST = 10_000
/** In which form a statement is taken in first, where it is the first to tell; else as XML of the newest version. */
const FIRST_FORM: Readonly<Record<string, Form>> = {
  'drop-all': 'csv?encoding=gbk',
  'not-found-first': 'xml?version=02',
}

/**
 * Plays a cell by bank transfer until its money has come to rest; answers the order's id on the wire. The payer transfers, the bank tells
 * or does not, its statement is taken in as XML and as CSV, and a person sees to what is left.
 */
export async function playTransfer(stage: Stage, cell: Cell): Promise<string> {
  const { world } = stage
  const { merchant, live } = cell
  const { knobs, outcome, play: how = 'pay' } = live
  await merchant.turn(knobs)
  const order = await place(stage, cell)
  await start(stage, cell, order)
  const { transfer, price } = await stage.guest.order(order)
  expect(transfer?.amount).toEqual(price)
  if (how === 'closed') await cancel(stage, order)
  if (how === 'rotated') {
    // One key signs for all accounts: the others are done with it.
    await stage.minutesLater
    await merchant.rotateKey()
  }
  await merchant.pay(transfer?.reference ?? '')
  if (how === 'rotated') await enterNewKey(stage, cell, await newKey(stage, cell))
  if (outcome.refused && outcome.refused !== 'balance') await untilRefused(stage, cell)
  if (how === 'skewed') await merchant.turn({})
  const told = outcome.by === undefined
  if (told || how === 'contradicted') await untilTold(stage, cell)
  if (outcome.refused === 'balance') {
    await expect(takeStatements(world, merchant.id, 'xml')).rejects.toThrow('something is missing in it')
    await merchant.turn({ dropAll: true })
  }
  const booked = await bookingsOf(world, merchant.id)
  const form = FIRST_FORM[cell.knob] ?? 'xml'
  expect(await takeStatements(world, merchant.id, form)).toBe(told ? 0 : booked.length)
  expect(await takeStatements(world, merchant.id, 'csv')).toBe(0)
  const first = booked[0]?.booking.reference ?? ''
  if (how === 'late') expect(await merchant.tell(first)).toEqual([200])
  if (how === 'taken-back') {
    await ended(stage, cell, order)
    await reverse(world, merchant.id, first)
  }
  if (outcome.seen) await seeTo(stage, cell, order)
  await ended(stage, cell, order)
  await untilTold(stage, cell)
  expect(await takeStatements(world, merchant.id, 'csv')).toBe(0)
  return order
}

/** The key by which the bank signs by now, as it writes to its customers. */
async function newKey({ world }: Stage, { merchant }: Cell): Promise<string> {
  const { accounts } = await world.control<{ accounts: { id: string; bankPublicKey: string }[] }>(
    'GET',
    '/control/bank/accounts',
  )
  return accounts.find(({ id }) => id === merchant.id)?.bankPublicKey ?? ''
}

/** Until each booking of the account is an entry; where the bank tells of none by itself, the statement does. */
async function untilTold({ world }: Stage, { merchant, live }: Cell): Promise<void> {
  if (live.knobs.dropAll) await takeStatements(world, merchant.id, 'xml')
  const booked = await bookingsOf(world, merchant.id)
  const entries = async () => {
    const text = "select 1 from {{brand}}.bank_entry where merchant = $1 and state <> 'dismissed'"
    return (await world.house.db.of(BRAND).query(text, [merchant.id])).length
  }
  await until(entries, (found) => expect(found).toBe(booked.length))
}

/** A person looks at the entries that are left: they pay the order, or go back. */
async function seeTo(stage: Stage, cell: Cell, order: string): Promise<void> {
  const { world } = stage
  const { live, merchant } = cell
  const entries = await credits(stage, cell, order)
  const { db, clock } = world.house
  const by = { actor: OPERATOR, note: null }
  if (live.outcome.ends === 'returned') {
    for (const entry of entries) {
      const reference = await goneBy(stage, cell, entry)
      const act = await db.of(BRAND).tx((tx) => returnEntry(tx, clock, { entry: entry.id, reference, ...by }))
      expect(act).toEqual({ outcome: 'done' })
    }
    return
  }
  const matched = { entries: entries.map(({ id }) => id), order: idFromWire(order) ?? '', ...by }
  expect(await db.of(BRAND).tx((tx) => matchEntries(tx, clock, matched))).toEqual({ outcome: 'done' })
  if (!live.outcome.second) return
  await transferRefund(stage, cell, order)
  if (!live.outcome.abnormal) return
  await until(
    () => refundOf(stage, order),
    (found) => expect(found?.state).toBe('abnormal'),
  )
  await merchant.turn({ dropAll: true })
  await transferRefund(stage, cell, order)
}

/** What waits of the account for the reason that the cell names, with an owner; where the order can still be paid, it is shown beside. */
async function credits({ world }: Stage, { merchant, live }: Cell, order: string): Promise<BankEntry[]> {
  const { seen } = live.outcome
  const waiting = (await entriesToSee(world.house.db.of(BRAND), true, MOST)).filter(
    ({ entry }) => entry.merchant === merchant.id && entry.direction === 'credit',
  )
  expect(waiting).not.toEqual([])
  for (const { entry, suggestions } of waiting) {
    expect(entry).toMatchObject({ reason: seen, owner: OWNER })
    if (seen === 'order-over') continue
    expect(suggestions.map(({ awaited }) => awaited.order)).toEqual([idFromWire(order)])
  }
  return waiting.map(({ entry }) => entry)
}

/** By which debit of the bank's the money is gone: that of the bank itself, else a transfer that the person makes. */
async function goneBy({ world }: Stage, { merchant, live }: Cell, entry: BankEntry): Promise<string> {
  if (live.outcome.seen !== 'reversal')
    return await transferOut(world, merchant.id, { text: '', amountMinor: entry.amountMinor })
  const booked = await bookingsOf(world, merchant.id)
  return booked.find(({ booking }) => booking.direction === 'debit')?.booking.reference ?? ''
}

/** The refund is on the list of those who transfer; its debit bears the reference. */
async function transferRefund(stage: Stage, cell: Cell, order: string): Promise<void> {
  const { world } = stage
  const listed = async () => {
    const due = await refundsToTransfer(world.house.db.of(BRAND))
    return due.find((each) => each.order === idFromWire(order))
  }
  await until(listed, (found) => expect(found).toBeDefined())
  const due = await listed()
  expect(due).toMatchObject({ toName: PAYER.name, toAccount: PAYER.account })
  if (due) await transferOut(world, cell.merchant.id, { text: due.reference, amountMinor: due.amountMinor })
  await untilTold(stage, cell)
}
