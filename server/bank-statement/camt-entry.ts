import { FileRefused } from '../platform/csv-file.ts'
import { amountIn } from './amount-form.ts'
import { type CamtNode, childNamed, childrenNamed, nodeAt, textAt } from './camt-node.ts'
import type { Stated, StatedEntry } from './entry.ts'

/** What banks write where they have nothing to write. */
const NOTHING = /^(NONREF|NOTPROVIDED|NOT PROVIDED|N\/A|-)$/i

/**
 * The bookings of one `Ntry`: each of its details where they come to its amount, else the entry itself. What is not booked yet (status
 * other than BOOK) is none. Source: ISO 20022, camt.053.001.02 to .08; a reversal's CdtDbtInd is that of the reversal itself.
 */
export function entriesOf(entry: CamtNode, place: string): StatedEntry[] {
  const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')
  if (status !== 'BOOK') {
    if (status === 'PDNG' || status === 'INFO') return []
    throw new FileRefused(`${capital(place)} has no status that is known.`)
  }
  const whole = bookingOf(entry, place)
  const reference = own(textAt(entry, 'AcctSvcrRef'))
  const details = childrenNamed(entry, 'NtryDtls').flatMap((each) => childrenNamed(each, 'TxDtls'))
  const parts = details.map((detail) => ({ detail, amountMinor: partOf(detail, whole) }))
  const comesToIt = parts.reduce((sum, part) => sum + (part.amountMinor ?? 0n), 0n) === whole.amountMinor
  if (
    parts.length > 1 &&
    comesToIt &&
    parts.every(({ amountMinor }) => amountMinor !== null && amountMinor > 0n)
  )
    return parts.map(({ detail, amountMinor }, i) => ({
      ...whole,
      amountMinor: amountMinor ?? 0n,
      reference: demandReference(
        own(textAt(detail, 'Refs', 'AcctSvcrRef')) ?? (reference && `${reference}/${i + 1}`),
        place,
      ),
      ...wordsOf([detail], whole.direction),
    }))
  return [
    {
      ...whole,
      reference: demandReference(reference ?? own(textAt(details[0] ?? entry, 'Refs', 'AcctSvcrRef')), place),
      ...wordsOf([...details, entry], whole.direction),
    },
  ]
}

type Booking = Omit<StatedEntry, 'reference' | 'remittance' | 'otherName' | 'otherAccount'>

function bookingOf(entry: CamtNode, place: string): Booking {
  const amount = childNamed(entry, 'Amt')
  const currency = amount?.currency ?? ''
  const amountMinor = /^[A-Z]{3}$/.test(currency) ? amountIn(amount?.text.trim() ?? '', currency) : null
  if (amountMinor === null || amountMinor <= 0n)
    throw new FileRefused(`${capital(place)} has no amount that can be read.`)
  const sign = textAt(entry, 'CdtDbtInd')
  if (sign !== 'CRDT' && sign !== 'DBIT')
    throw new FileRefused(`${capital(place)} is neither a credit nor a debit.`)
  const bookedOn = dateAt(entry, 'BookgDt')
  if (bookedOn === null) throw new FileRefused(`${capital(place)} has no date of booking.`)
  return {
    direction: sign === 'CRDT' ? 'credit' : 'debit',
    reversal: textAt(entry, 'RvslInd') === 'true' || textAt(entry, 'RvslInd') === '1',
    ...{ amountMinor, currency, bookedOn, valueOn: dateAt(entry, 'ValDt') },
  }
}

/** Of a detail: version 02 writes it among the details of the amount, later ones beside them too. */
function partOf(detail: CamtNode, whole: Booking): bigint | null {
  const amount = childNamed(detail, 'Amt') ?? nodeAt(detail, 'AmtDtls', 'TxAmt', 'Amt')
  if (!amount || amount.currency !== whole.currency) return null
  const sign = textAt(detail, 'CdtDbtInd')
  if (sign !== null && (sign === 'CRDT') !== (whole.direction === 'credit')) return null
  return amountIn(amount.text.trim(), whole.currency)
}

/** A date, or the date of a moment: `2026-11-22T09:30:00+08:00`. */
function dateAt(entry: CamtNode, name: string): string | null {
  const text = textAt(entry, name, 'Dt') ?? textAt(entry, name, 'DtTm')
  return /^(\d{4}-\d\d-\d\d)(T|Z|[+-]\d|$)/.exec(text ?? '')?.[1] ?? null
}

/** What was written on it, and who was on the other side. */
function wordsOf(
  nodes: readonly CamtNode[],
  direction: StatedEntry['direction'],
): Pick<StatedEntry, 'remittance' | 'otherName' | 'otherAccount'> {
  const parts = nodes.flatMap((node) => [
    ...childrenNamed(node, 'RmtInf').flatMap(remittanceOf),
    own(textAt(node, 'Refs', 'EndToEndId')),
    textAt(node, 'AddtlTxInf'),
    textAt(node, 'AddtlNtryInf'),
  ])
  const party = direction === 'credit' ? 'Dbtr' : 'Cdtr'
  const parties = nodes.flatMap((node) => childrenNamed(node, 'RltdPties'))
  const first = (read: (node: CamtNode) => string | null) =>
    parties.map(read).find((found) => found !== null) ?? null
  return {
    remittance: parts.filter((part) => part !== null).join(' '),
    otherName: first((node) => textAt(node, party, 'Pty', 'Nm') ?? textAt(node, party, 'Nm')),
    otherAccount: first((node) => accountAt(node, `${party}Acct`)),
  }
}

function remittanceOf(info: CamtNode): (string | null)[] {
  const structured = childrenNamed(info, 'Strd')
  return [
    ...childrenNamed(info, 'Ustrd').map((node) => node.text.trim() || null),
    ...structured.map((node) => textAt(node, 'CdtrRefInf', 'Ref')),
    ...structured.map((node) => textAt(node, 'AddtlRmtInf')),
  ]
}

function accountAt(node: CamtNode, name: string): string | null {
  return textAt(node, name, 'Id', 'IBAN') ?? textAt(node, name, 'Id', 'Othr', 'Id')
}

function own(reference: string | null): string | null {
  return reference === null || NOTHING.test(reference) ? null : reference
}

function demandReference(reference: string | null, place: string): string {
  if (reference !== null) return reference
  throw new FileRefused(
    `${capital(place)} has no reference of the bank (AcctSvcrRef), by which it would be known on another statement: ask the bank to state one.`,
  )
}

/** A statement with its entries. Opening is OPBD, or PRCD, the closing balance of the day before; closing is CLBD. */
export function statementOf(
  node: CamtNode,
  entries: readonly StatedEntry[],
  format: 'camt.053' | 'camt.054',
  name: string,
): Stated {
  const account = accountAt(node, 'Acct')
  const stated = { account, currency: textAt(node, 'Acct', 'Ccy'), entries }
  if (format === 'camt.054') return { ...stated, balances: null }
  const balance = (code: string) => {
    const found = childrenNamed(node, 'Bal').find((each) => textAt(each, 'Tp', 'CdOrPrtry', 'Cd') === code)
    return found && balanceOf(found, name)
  }
  const openingMinor = balance('OPBD') ?? balance('PRCD')
  const closingMinor = balance('CLBD')
  if (openingMinor === undefined || closingMinor === undefined)
    throw new FileRefused(`${name} does not state what the account held before (OPBD) and after (CLBD).`)
  return { ...stated, balances: { openingMinor, closingMinor } }
}

function balanceOf(node: CamtNode, name: string): bigint {
  const amount = childNamed(node, 'Amt')
  const minor = amount?.currency ? amountIn(amount.text.trim(), amount.currency) : null
  const sign = textAt(node, 'CdtDbtInd')
  if (minor === null || (sign !== 'CRDT' && sign !== 'DBIT'))
    throw new FileRefused(`${name} has a balance that cannot be read.`)
  return sign === 'CRDT' ? minor : -minor
}

function capital(place: string): string {
  return place.charAt(0).toUpperCase() + place.slice(1)
}
