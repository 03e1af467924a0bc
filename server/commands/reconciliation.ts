import { currencyDecimals, writeAmount } from '../../contract/decimal-amount.ts'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { type ListedMerchant, listMerchants } from '../payment/index.ts'
import type { Config } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { formatDay, parseDay } from '../policy/index.ts'
import {
  assignBreak,
  type Break,
  billFile,
  billsOf,
  breakClasses,
  closeBreak,
  fetchDay,
  importBill,
  type Matched,
  matchBill,
  readBreaks,
  recordSettlement,
  setTerms,
  unsettled,
} from '../reconciliation/index.ts'
import type { Say } from '../serve.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { paymentsOf } from './command-payments.ts'
import { jsonText } from './json-text.ts'
import { operator } from './operator.ts'
import { createProgress, inDigits } from './progress.ts'
import { readMoney } from './read-money.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface RunOptions {
  readonly brand: string
  readonly file?: string
  readonly provider?: string
  readonly merchant?: string
  readonly sha1?: string
  readonly owner: string
  readonly json?: true
}

/** `baohao reconciliation run DATE`: true when no break of the merchants it looked at is open. */
export async function runCommand(
  config: Config,
  date: string,
  options: RunOptions,
  say: Say,
): Promise<boolean> {
  const day = readDay(date)
  return await withBrand(config, options.brand, async (room) => {
    if (options.file !== undefined) await importFile(room, day, options, options.file, say)
    else await fetchMissing(config, room, day, options.json ? () => undefined : say)
    const bills = (await billsOf(room.db.of(room.brand.key), day)).filter(
      ({ provider, merchant }) =>
        provider === (options.provider ?? provider) && merchant === (options.merchant ?? merchant),
    )
    if (bills.length === 0)
      throw new CommandRefused(
        `No bill of ${day} is here. Give one with --file, --provider and --merchant: a day's bill is made by ten in the morning of the next.`,
      )
    const reports = []
    for (const bill of bills) {
      const { provider, merchant } = bill
      const { owner } = options
      const matched = await matchBill(room.db.of(room.brand.key), room.clock, bill.id, {
        actor: operator(),
        owner,
      })
      const unsettledMinor = await unsettled(room.db.of(room.brand.key), provider, merchant)
      reports.push({ provider, merchant, day, ...matched, unsettledMinor })
    }
    if (options.json) say(JSON.stringify(reports.map(asJson)))
    else for (const report of reports) describe(report, say)
    return reports.every(({ open }) => open.length === 0)
  })
}

async function importFile(
  room: BrandRoom,
  day: string,
  options: RunOptions,
  file: string,
  say: Say,
): Promise<void> {
  const merchant = await merchantOf(room, options)
  const progress = createProgress(process.stderr, 'rows')
  try {
    const { rows, added } = await importBill(room.db.of(room.brand.key), room.clock, {
      source: await billFile(file),
      provider: merchant.provider,
      merchant: merchant.id,
      seller: merchant.seller,
      currency: merchant.currency,
      day,
      actor: operator(),
      ...(options.sha1 === undefined ? {} : { sha1: options.sha1 }),
      onProgress: (part, done) => progress.show({ part, done }),
    })
    progress.end()
    if (!options.json)
      say(added ? `${file}: ${inDigits(rows)} rows read.` : `${file} was read before; nothing is new in it.`)
  } finally {
    progress.end()
  }
}

/** Fetches what the rails' adapters can and is not here yet; says whose bill could not be had. */
async function fetchMissing(
  config: Config,
  { db, brands, clock, brand }: BrandRoom,
  day: string,
  say: Say,
): Promise<void> {
  const log = createLog(config.logLevel)
  const payments = paymentsOf(config, { db, brands, clock })
  for (const { merchant, error } of await fetchDay({ db, clock, log, payments }, brand.key, day))
    say(
      `The bill of ${merchant.provider} ${merchant.id} for ${day} ${error === null ? 'is not made yet, or cannot be fetched' : `could not be fetched: ${error.message}`}.`,
    )
}

type Report = Matched & {
  readonly provider: string
  readonly merchant: string
  readonly day: string
  readonly unsettledMinor: bigint
}

function describe(report: Report, say: Say): void {
  const { provider, merchant, day, rows, found, closed, open, feeMinor, currency } = report
  const money = moneyIn(currency)
  const foundNow = [...found.values()].reduce((sum, n) => sum + n, 0)
  say(`${provider} ${merchant}, ${day}: ${inDigits(rows)} rows, ${counted(foundNow, 'new break')}.`)
  if (closed > 0) say(`  ${counted(closed, 'earlier break')} explained by now and closed`)
  if (feeMinor !== null) say(`  fees of ${money(feeMinor)} are posted`)
  for (const { class: name, count, differenceMinor } of open)
    say(
      `  ${inDigits(count).padStart(6)} open  ${name.padEnd(13)} ${breakClasses[name]}  ${money(differenceMinor)}`,
    )
  say(
    `  The provider owes ${money(report.clearingMinor)} by the ledger, of which bills not settled yet come to ${money(report.unsettledMinor)}.`,
  )
  if (open.length > 0) say('  See each: baohao reconciliation breaks')
}

const counted = (count: number, what: string) => `${inDigits(count)} ${what}${count === 1 ? '' : 's'}`

function moneyIn(currency: string): (minor: bigint | null) => string {
  const decimals = currencyDecimals(currency)
  return (minor) =>
    minor === null
      ? 'nothing'
      : `${currency} ${minor < 0n ? '-' : ''}${writeAmount(minor < 0n ? -minor : minor, decimals)}`
}

function asJson({ found, open, feeMinor, clearingMinor, unsettledMinor, ...report }: Report) {
  return {
    ...report,
    found: Object.fromEntries(found),
    open: open.map((each) => ({ ...each, differenceMinor: each.differenceMinor.toString() })),
    feeMinor: feeMinor?.toString() ?? null,
    clearingMinor: clearingMinor.toString(),
    unsettledMinor: unsettledMinor.toString(),
  }
}

const MOST_SHOWN = 1_000
const DAY_MS = 86_400_000

/** `baohao reconciliation breaks`. */
export async function breaksCommand(
  config: Config,
  options: { readonly brand: string; readonly all?: true; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const breaks = await readBreaks(db.of(brand.key), options.all === true, MOST_SHOWN + 1)
    const shown = breaks.slice(0, MOST_SHOWN)
    if (options.json) return say(jsonText(shown))
    if (shown.length === 0) return say('No break is open.')
    const nowMs = clock.instant()
    for (const one of shown) sayBreak(one, nowMs, say)
    if (breaks.length > MOST_SHOWN) say(`The first ${inDigits(MOST_SHOWN)} are shown.`)
  })
}

function sayBreak(one: Break, nowMs: number, say: Say): void {
  const money = moneyIn(one.currency)
  const days = Math.floor((nowMs - one.openedAtMs) / DAY_MS)
  const named = [
    one.kind === 'refund' && one.item !== null ? `refund ${idToWire(one.item)}` : `${one.kind} ${one.key}`,
    ...(one.kind === 'payment' && one.item !== null ? [`attempt ${idToWire(one.item)}`] : []),
    ...(one.item === null && one.number !== null ? [`their number for it ${idToWire(one.number)}`] : []),
  ]
  say(`${idToWire(one.id)}  ${formatDay(one.day)}  ${one.class}: ${breakClasses[one.class]}`)
  say(`    ${one.provider} ${one.merchant}, ${named.join(', ')}`)
  say(
    `    ours ${money(one.oursMinor)}, ledger ${money(one.ledgerMinor)}, bill ${money(one.billedMinor)}; difference ${money(one.differenceMinor)}`,
  )
  say(
    one.closedAtMs === null
      ? `    open for ${counted(days, 'day')}, looked after by ${one.owner}`
      : `    closed by ${one.closedBy}${one.entry === null ? '' : ' with an entry'}: ${one.reason}`,
  )
}

/** `baohao reconciliation close BREAK`. */
export async function closeCommand(
  config: Config,
  id: string,
  options: { readonly brand: string; readonly reason: string; readonly entry?: true },
  say: Say,
): Promise<void> {
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it is empty.')
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const { reason, entry } = options
    const close = { break: readBreakId(id), actor: operator(), reason, byEntry: entry === true }
    const closed = await db.of(brand.key).tx((tx) => closeBreak(tx, clock, close))
    switch (closed.outcome) {
      case 'closed':
        return say(closed.posted === null ? 'Closed.' : `Closed; posted as ${closed.posted}.`)
      case 'closed-before':
        throw new CommandRefused(`It was closed by ${closed.by} before: ${closed.reason}`)
      case 'no-difference':
        throw new CommandRefused(
          'The ledger says what the bill says: there is nothing to post. Leave --entry out.',
        )
      case 'not-found':
        throw new CommandRefused(`${brand.key} has no break ${id}: baohao reconciliation breaks.`)
    }
  })
}

/** `baohao reconciliation assign BREAK --to NAME`. */
export async function assignCommand(
  config: Config,
  id: string,
  options: { readonly brand: string; readonly to: string },
  say: Say,
): Promise<void> {
  const owner = options.to.trim()
  if (owner === '') throw new UsageError('--to names nobody.')
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const assigned = await db
      .of(brand.key)
      .tx((tx) => assignBreak(tx, clock, { id: readBreakId(id), owner, actor: operator() }))
    if (!assigned)
      throw new CommandRefused(`${brand.key} has no open break ${id}: baohao reconciliation breaks.`)
    say(`${owner} looks after it.`)
  })
}

export interface SettledOptions {
  readonly brand: string
  readonly provider: string
  readonly merchant: string
  readonly amount: string
  readonly through: string
  readonly reference: string
}

/** `baohao reconciliation settled`. */
export async function settledCommand(config: Config, options: SettledOptions, say: Say): Promise<void> {
  const through = readDay(options.through)
  await withBrand(config, options.brand, async (room) => {
    const { provider, id: merchant, currency } = await merchantOf(room, options)
    const amountMinor = readMoney('--amount', options.amount, currency)
    if (amountMinor === 0n) throw new UsageError('--amount is what came to the bank; nothing did.')
    const { reference } = options
    const told = { provider, merchant, currency, amountMinor, through, reference, actor: operator() }
    const settled = await room.db.of(room.brand.key).tx((tx) => recordSettlement(tx, room.clock, told))
    const money = moneyIn(currency)
    if (settled.outcome === 'booked-before')
      return say(`The transfer ${reference} was booked before; nothing was done.`)
    say(`${money(amountMinor)} booked to the bank for ${counted(settled.bills, 'bill')} up to ${through}.`)
    if (settled.netMinor !== amountMinor)
      say(
        `They come to ${money(settled.netMinor)}: the difference of ${money(amountMinor - settled.netMinor)} is a break.`,
      )
  })
}

export interface TermsOptions {
  readonly brand: string
  readonly provider: string
  readonly merchant: string
  readonly feeBp: string
  readonly feeFixed: string
  readonly feeReturned?: true
}

/** `baohao reconciliation terms`. */
export async function termsCommand(config: Config, options: TermsOptions, say: Say): Promise<void> {
  if (!/^\d{1,4}$/.test(options.feeBp))
    throw new UsageError(`--fee-bp is parts of ten thousand, such as 60 for 0.6 %, not "${options.feeBp}".`)
  const feeBp = Number.parseInt(options.feeBp, 10)
  await withBrand(config, options.brand, async (room) => {
    const { provider, id: merchant, currency } = await merchantOf(room, options)
    const feeFixedMinor = readMoney('--fee-fixed', options.feeFixed, currency)
    const terms = { provider, merchant, feeBp, feeFixedMinor, feeReturned: options.feeReturned === true }
    await room.db.of(room.brand.key).tx((tx) => setTerms(tx, room.clock, terms, operator()))
    say(`Bills of ${provider} ${merchant} that are matched from now on are held against these fees.`)
  })
}

function readDay(text: string): string {
  try {
    return formatDay(parseDay(text))
  } catch {
    throw new UsageError(`"${text}" is no date such as 2026-11-21.`)
  }
}

function readBreakId(text: string): string {
  const id = idFromWire(text)
  if (id === null)
    throw new UsageError(`"${text}" is no break: baohao reconciliation breaks shows their names.`)
  return id
}

async function merchantOf(
  { db, brand }: BrandRoom,
  options: { readonly provider?: string; readonly merchant?: string },
): Promise<ListedMerchant> {
  const { provider, merchant } = options
  if (provider === undefined || merchant === undefined)
    throw new UsageError('A bill is of one merchant: name it with --provider and --merchant.')
  const merchants = await listMerchants(db.of(brand.key))
  const found = merchants.find((each) => each.provider === provider && each.id === merchant)
  if (found) return found
  const known = merchants.map((each) => `${each.provider} ${each.id}`).join(', ')
  throw new UsageError(
    `${brand.key} has no merchant ${merchant} at ${provider}. ${known === '' ? 'It has none yet.' : `There are: ${known}.`}`,
  )
}
