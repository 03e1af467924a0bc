import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { idFromWire, idToWire } from '../../contract/id.ts'
import {
  type ActOutcome,
  assignEntry,
  dismissEntry,
  type EntryToSee,
  entriesToSee,
  importStatement,
  matchEntries,
  readCsvProfile,
  reasons,
  refundsToTransfer,
  returnEntry,
} from '../bank-statement/index.ts'
import type { Config } from '../platform/config.ts'
import type { Encoding } from '../platform/csv-file.ts'
import type { Tx } from '../platform/db.ts'
import type { Say } from '../serve.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { harmlessText } from './harmless-text.ts'
import { operator } from './operator.ts'
import { createProgress, inDigits } from './progress.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface ImportOptions {
  readonly brand: string
  readonly merchant: string
  readonly csvProfile?: string
  readonly encoding?: string
  readonly owner: string
  readonly dryRun?: true
  readonly json?: true
}

/** `baohao bank-statement import FILE`: true when nothing of what is new in it is left to a person. */
export async function importCommand(
  config: Config,
  file: string,
  options: ImportOptions,
  say: Say,
): Promise<boolean> {
  const { merchant, owner, dryRun, json } = options
  const encoding = encodingOf(options.encoding)
  const csvProfile = options.csvProfile === undefined ? undefined : await profileIn(options.csvProfile)
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.message}.`)
  })
  return await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const progress = createProgress(process.stderr, 'entries')
    try {
      const report = await importStatement(db.of(brand.key), clock, {
        ...{ merchant, bytes, name: basename(file), actor: operator(), owner, dryRun: dryRun === true },
        ...(csvProfile && { csvProfile }),
        ...(encoding && { encoding }),
        onProgress: (part, done) => progress.show({ part, done }),
      })
      progress.end()
      const { open, ...counts } = report
      if (json) say(JSON.stringify({ ...counts, open: Object.fromEntries(open) }))
      else describe(basename(file), report, dryRun === true, brand.key, say)
      return open.size === 0 && report.refundsBack === 0
    } finally {
      progress.end()
    }
  })
}

function describe(
  name: string,
  {
    entries,
    added,
    corrected,
    before,
    paid,
    refunded,
    refundsBack,
    returned,
    open,
  }: Awaited<ReturnType<typeof importStatement>>,
  dryRun: boolean,
  brand: string,
  say: Say,
): void {
  if (before) {
    say(`${name} was taken in before; nothing is new in it.`)
    return
  }
  say(`${name}: ${counted(entries, 'entry', 'entries')}, ${inDigits(added)} of them new.`)
  if (corrected > 0)
    say(`  ${counted(corrected, 'entry', 'entries')} told otherwise by a notice: the statement counts`)
  if (paid > 0) say(`  ${counted(paid, 'order')} paid`)
  if (refunded > 0) say(`  ${counted(refunded, 'refund')} transferred`)
  if (refundsBack > 0)
    say(`  ${counted(refundsBack, 'refund')} came back: transfer it again, to an account that takes it`)
  if (returned > 0) say(`  ${counted(returned, 'transfer')} back, as recorded`)
  for (const [reason, count] of open)
    say(`  ${inDigits(count).padStart(6)} for a person  ${reason}: ${reasons[reason]}`)
  if (dryRun) say('  Nothing was written.')
  else if (open.size > 0) say(`  See each: baohao bank-statement entries --brand ${brand}`)
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${inDigits(count)} ${count === 1 ? one : many}`
}

function encodingOf(text: string | undefined): Encoding | undefined {
  if (text === undefined || text === 'utf-8' || text === 'gbk') return text
  throw new UsageError(`--encoding is utf-8 or gbk, not "${text}".`)
}

async function profileIn(file: string) {
  try {
    return readCsvProfile(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw new UsageError(`--csv-profile ${file}: ${(error as Error).message}.`)
  }
}

const MOST_SHOWN = 1_000
const DAY_MS = 86_400_000

/** `baohao bank-statement entries`. */
export async function entriesCommand(
  config: Config,
  options: { readonly brand: string; readonly open?: true; readonly all?: true; readonly json?: true },
  say: Say,
): Promise<void> {
  if (options.open && options.all) throw new UsageError('--open and --all contradict each other.')
  await withBrand(config, options.brand, async (room) => {
    const found = await entriesToSee(room.db.of(room.brand.key), !options.all, MOST_SHOWN + 1)
    const shown = found.slice(0, MOST_SHOWN)
    if (options.json) return say(JSON.stringify(shown, plain))
    if (shown.length === 0) return say(`No entry of ${room.brand.key} waits for a person.`)
    for (const one of shown) sayEntry(room, one, say)
    if (found.length > MOST_SHOWN) say(`The first ${inDigits(MOST_SHOWN)} are shown.`)
  })
}

/** JSON has neither bigints nor undefined; ids are as people write them. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  const isId = ['id', 'attempt', 'order', 'refund'].includes(key)
  return isId && typeof value === 'string' ? idToWire(value) : value
}

function sayEntry({ brand, clock }: BrandRoom, { entry, suggestions }: EntryToSee, say: Say): void {
  const money = (minor: bigint) => amountText(minor, { currency: entry.currency, locale: brand.locale })
  const { id, merchant, reference, direction, amountMinor, bookedOn, reason, owner, state } = entry
  const why = reason === null ? state : `${reason}: ${reasons[reason]}`
  say(`${idToWire(id)}  ${bookedOn}  ${direction === 'credit' ? '+' : '-'}${money(amountMinor)}  ${why}`)
  const other = [entry.otherName, entry.otherAccount].filter((part) => part !== null).join(' ')
  say(
    `    ${merchant}, bank's reference ${harmlessText(reference)}${other ? `, ${harmlessText(other)}` : ''}`,
  )
  if (entry.remittance !== '') say(`    "${harmlessText(entry.remittance)}"`)
  for (const { awaited, sameAmount, signsApart } of suggestions) {
    const likeness = [
      ...(sameAmount ? ['the same amount'] : [`asked for ${money(awaited.amountMinor)}`]),
      ...(signsApart === null ? [] : [`its reference ${awaited.reference} is ${signsApart} signs off`]),
    ]
    say(`    perhaps order ${idToWire(awaited.order)}: ${likeness.join(', ')}`)
  }
  const days = Math.floor((clock.instant() - entry.seenAtMs) / DAY_MS)
  say(
    state === 'open'
      ? `    open for ${counted(days, 'day')}, looked after by ${harmlessText(owner ?? '')}`
      : `    ${state}${entry.closedBy === null ? '' : ` by ${entry.closedBy}`}${entry.note === null ? '' : `: ${harmlessText(entry.note)}`}`,
  )
}

/** `baohao bank-statement match ENTRY... --order ORDER`. */
export async function matchCommand(
  config: Config,
  entries: readonly string[],
  options: { readonly brand: string; readonly order: string; readonly note?: string },
  say: Say,
): Promise<void> {
  const order = readId(options.order, 'an order')
  const ids = [...new Set(entries.map((entry) => readId(entry, 'an entry')))]
  await act(config, options.brand, ({ clock }, tx) =>
    matchEntries(tx, clock, { entries: ids, order, actor: operator(), note: options.note ?? null }),
  )
  say(
    `Matched. The order is credited, or its payment goes back, within a second: baohao payment show ${options.order}.`,
  )
}

/** `baohao bank-statement return ENTRY`. */
export async function returnCommand(
  config: Config,
  entry: string,
  options: { readonly brand: string; readonly reference: string; readonly note?: string },
  say: Say,
): Promise<void> {
  const { reference, note = null } = options
  if (reference.trim() === '') throw new UsageError('--reference is the bank’s number of the transfer back.')
  await act(config, options.brand, ({ clock }, tx) =>
    returnEntry(tx, clock, { entry: readId(entry, 'an entry'), reference, actor: operator(), note }),
  )
  say('Recorded. The debit is known by that number when a statement has it.')
}

/** `baohao bank-statement close ENTRY`. */
export async function closeCommand(
  config: Config,
  entry: string,
  options: { readonly brand: string; readonly reason: string; readonly writeOff?: true },
  say: Say,
): Promise<void> {
  const { reason, writeOff } = options
  if (reason.trim() === '') throw new UsageError('--reason says why; it is empty.')
  await act(config, options.brand, ({ clock }, tx) =>
    dismissEntry(tx, clock, {
      ...{ entry: readId(entry, 'an entry'), reason, actor: operator(), writeOff: writeOff === true },
    }),
  )
  say(writeOff ? 'Closed, and booked as a loss.' : 'Closed.')
}

/** `baohao bank-statement assign ENTRY --to NAME`. */
export async function assignCommand(
  config: Config,
  entry: string,
  options: { readonly brand: string; readonly to: string },
  say: Say,
): Promise<void> {
  const owner = options.to.trim()
  if (owner === '') throw new UsageError('--to names nobody.')
  await act(config, options.brand, ({ clock }, tx) =>
    assignEntry(tx, clock, { entry: readId(entry, 'an entry'), owner, actor: operator() }),
  )
  say(`${owner} looks after it.`)
}

/** `baohao bank-statement refunds`. */
export async function refundsCommand(
  config: Config,
  options: { readonly brand: string; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const refunds = await refundsToTransfer(db.of(brand.key))
    if (options.json) return say(JSON.stringify(refunds, plain))
    if (refunds.length === 0) return say(`No refund of ${brand.key} waits to be transferred.`)
    for (const {
      refund,
      order,
      merchant,
      amountMinor,
      currency,
      reason,
      reference,
      toName,
      toAccount,
    } of refunds) {
      say(
        `${reference}  ${amountText(amountMinor, { currency, locale: brand.locale })} from ${merchant}, ${reason}`,
      )
      const to = [toName, toAccount].filter((part) => part !== null).join(' ')
      say(`    to ${to === '' ? 'whoever paid: the statement does not say' : harmlessText(to)}`)
      say(`    order ${idToWire(order)}, refund ${idToWire(refund)}`)
    }
    say('Write the reference on each transfer: the next statement ends the refund by it.')
  })
}

async function act(
  config: Config,
  brand: string,
  work: (room: BrandRoom, tx: Tx) => Promise<ActOutcome>,
): Promise<void> {
  await withBrand(config, brand, async (room) => {
    const outcome = await room.db.of(room.brand.key).tx((tx) => work(room, tx))
    if (outcome.outcome === 'refused') throw new CommandRefused(`Nothing was done: ${outcome.why}.`)
  })
}

function readId(text: string, what: string): string {
  const id = idFromWire(text)
  if (id === null) throw new UsageError(`"${text}" is not ${what}: it has 26 digits.`)
  return id
}
