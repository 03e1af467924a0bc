import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { BadRequest, type Fields, text } from '../fields.ts'
import type { Booking } from '../statement/booking.ts'
import type { BankKnobs } from './knobs.ts'
import type { Notices } from './notices.ts'
import { type BankAccount, type BankState, bookingsOf, type Entry } from './state.ts'
import { dayOf, nextDay } from './statements.ts'

/** A transfer as whoever makes it writes it. */
export interface Transfer {
  direction: 'credit' | 'debit'
  amountMinor: bigint
  text: string
  name: string
  account: string
}

export interface TransfersDeps {
  clock: Clock
  book: Book<Entry>
  state: BankState
  notices: Notices
  knobsOf(accountId: string): BankKnobs
}

export interface Transfers {
  /** Books a transfer, with whatever the knobs make of it; resolves when it is on disk, with the bank's references. */
  make(account: BankAccount, transfer: Transfer): Promise<string[]>
  /** Undoes a booking: the bank takes back what came, or what went out comes back. Answers the bank's reference of that. */
  undo(account: BankAccount, booking: Booking): Promise<string>
}

export function createTransfers(deps: TransfersDeps): Transfers {
  return {
    make: async (account, transfer) => {
      const knobs = deps.knobsOf(account.id)
      const credits = transfer.direction === 'credit'
      const references: string[] = []
      for (const one of credits ? asPaid(transfer, knobs) : [transfer]) {
        const booked = await book(deps, account, one, knobs)
        references.push(booked.reference)
        if (credits ? knobs.returned : knobs.sentBack)
          references.push((await undo(deps, account, booked, knobs)).reference)
      }
      return references
    },
    undo: async (account, booking) =>
      (await undo(deps, account, booking, deps.knobsOf(account.id))).reference,
  }
}

/** What the payer really does. */
function asPaid(transfer: Transfer, knobs: BankKnobs): Transfer[] {
  const written = knobs.noReference ? '' : knobs.typo ? withTypo(transfer.text) : transfer.text
  const amountMinor =
    knobs.paidAmount === '' ? transfer.amountMinor : BigInt(knobs.paidAmount.replace('.', ''))
  const paid = { ...transfer, text: written, amountMinor }
  const half = amountMinor / 2n
  const parts =
    knobs.splitInTwo && half > 0n
      ? [
          { ...paid, amountMinor: half },
          { ...paid, amountMinor: amountMinor - half },
        ]
      : [paid]
  const all = knobs.paidTwice ? [...parts, ...parts] : parts
  return knobs.unknownOrder ? [...all, stranger] : all
}

/** Whose payment it is only its payer knows. */
const stranger: Transfer = {
  ...{ direction: 'credit', amountMinor: 1_000n, text: 'INV2024X7' },
  ...{ name: '王五', account: '6217000010098765432' },
}

/** The last sign is another one of those that references are made of. */
function withTypo(written: string): string {
  return `${written.slice(0, -1)}${written.endsWith('2') ? '3' : '2'}`
}

async function book(
  { clock, book: file, state, notices }: TransfersDeps,
  account: BankAccount,
  { direction, amountMinor, text: written, name, account: other }: Transfer,
  knobs: BankKnobs,
  reversal = false,
): Promise<Booking> {
  const at = clock.now()
  const today = dayOf(account, at)
  const day = knobs.bookedLater ? nextDay(today) : today
  const ordinal = `${bookingsOf(state, account.id).length + 1}`.padStart(6, '0')
  const booking: Booking = {
    reference: `${account.id.toUpperCase()}${today.replaceAll('-', '')}${ordinal}`,
    ...{ direction, reversal, amountMinor, day, text: written, name, account: other },
  }
  const wire = { ...booking, amountMinor: amountMinor.toString() }
  await file.record({
    kind: 'booked',
    accountId: account.id,
    at,
    booking: wire,
    repeated: knobs.repeatNextDay,
  })
  await notices.announce(account, booking)
  return booking
}

/** The bank takes back what came, or what went out comes back with the words that it bore. */
async function undo(
  deps: TransfersDeps,
  account: BankAccount,
  { direction, amountMinor, reference, text: written, name, account: other }: Booking,
  knobs: BankKnobs,
) {
  const back: Transfer = {
    ...(direction === 'credit'
      ? { direction: 'debit', text: `REVERSAL ${reference}` }
      : { direction: 'credit', text: `RETURN ${reference} ${written}` }),
    ...{ amountMinor, name, account: other },
  }
  return await book(deps, account, back, knobs, true)
}

/** Reads a transfer from the control API, or from the form of the desk as fields. */
export function readTransfer(fields: Fields): Transfer {
  const { direction = 'credit', text: written = '' } = fields
  if (direction !== 'credit' && direction !== 'debit') throw new BadRequest('"direction" is credit or debit.')
  if (typeof written !== 'string' || written.length > 280 || /\p{Cc}/u.test(written))
    throw new BadRequest('"text" is at most 280 signs without control characters.')
  const amount = text(fields, 'amount')
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(amount)) throw new BadRequest('"amount" is a decimal such as 49.80.')
  const [whole = '', fraction = ''] = amount.split('.')
  const amountMinor = BigInt(whole + fraction.padEnd(2, '0'))
  if (amountMinor === 0n) throw new BadRequest('"amount" is more than nothing.')
  return {
    direction,
    amountMinor,
    text: written.trim(),
    name: text(fields, 'name'),
    account: text(fields, 'account'),
  }
}
