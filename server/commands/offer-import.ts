import { readFile } from 'node:fs/promises'
import { type Brand, createSwitches } from '../brand/index.ts'
import {
  catalogErrors,
  createCatalog,
  type NewPriceTable,
  type OfferChange,
  type PriceTable,
  priceTableChanges,
  readOfferCsv,
  readPriceTable,
} from '../catalog/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import { Refusal } from '../platform/error.ts'
import { dayAt, formatDay, parseDay } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { operator } from './operator.ts'
import { CommandRefused, listed, UsageError } from './usage.ts'

export interface OfferImportOptions {
  readonly brand: string
  readonly from: string
  readonly dryRun?: true
}

/** `baohao offer import FILE --from DATE`: says what changes against the table then in force, and publishes it. */
export async function offerImportCommand(
  config: Config,
  file: string,
  options: OfferImportOptions,
  say: Say,
): Promise<void> {
  const text = await readFile(file, 'utf8')
  await withBrand(config, options.brand, async (room) => {
    const { db, clock, brands, brand } = room
    const from = readFrom(options.from, room)
    const firstDay = formatDay(from)
    const table = readTable(text, file, firstDay, room)
    if (table.currency !== brand.currency)
      throw new CommandRefused(`${file} is in ${table.currency}, ${brand.key} sells in ${brand.currency}.`)
    const catalog = createCatalog({ db, clock, brands, switches: createSwitches({ db, clock }) })
    const present = await inForce(() => catalog.priceTable(brand.key, from))
    const changes = priceTableChanges(present, table)
    if (present && changes.length === 0)
      return say(`Nothing to publish: version ${present.version} says the same from ${firstDay} on.`)
    say(
      present
        ? `Against version ${present.version}, in force on ${firstDay}:`
        : `The first price table of ${brand.key}:`,
    )
    for (const line of changes.flatMap((change) => inWords(change, brand))) say(line)
    if (options.dryRun) return say('Nothing was published: that was a dry run.')
    const version = await db.of(brand.key).tx(async (tx) => {
      const published = await catalog.publish(tx, table)
      const detail = { version: published, from: firstDay, changes: changes.length }
      const entry = { actor: operator(), act: 'price table published', subject: published, detail }
      await writeAudit(tx, entry, clock.instant())
      return published
    })
    say(`Version ${version} is published, in force from ${firstDay} on (${brand.zone}).`)
  })
}

/** `today` is the brand's: at a desk it may be another day. */
function readFrom(text: string, { clock, brand }: BrandRoom): number {
  const today = dayAt(clock.business(brand.key), brand.zone)
  const from = text === 'today' ? today : readDay(text)
  if (from === null) throw new UsageError(`--from is today or a date such as 2027-01-01, not "${text}".`)
  if (from < today)
    throw new UsageError(`--from ${text} is over: today is ${formatDay(today)} in ${brand.zone}.`)
  return from
}

function readDay(text: string): number | null {
  try {
    return parseDay(text)
  } catch {
    return null
  }
}

function readTable(text: string, file: string, validFrom: string, { brand }: BrandRoom): NewPriceTable {
  if (!file.toLowerCase().endsWith('.csv')) {
    try {
      return readPriceTable({ ...(JSON.parse(text) as object), validFrom })
    } catch (error) {
      if (error instanceof SyntaxError) throw new CommandRefused(`${file} is not JSON: ${error.message}`)
      throw named(error, file, new Map())
    }
  }
  let lines: ReadonlyMap<string, number> = new Map()
  try {
    const csv = readOfferCsv(text, brand.currency)
    lines = csv.lines
    return readPriceTable({ ...csv.json, validFrom })
  } catch (error) {
    throw named(error, file, lines)
  }
}

/** Problems of the table by the file's own lines. */
function named(error: unknown, file: string, lines: ReadonlyMap<string, number>): unknown {
  if (!(error instanceof Refusal) || error.entry !== catalogErrors['price-table-invalid']) return error
  const problems = error.members.problems as readonly string[]
  const placed = problems.map((problem) => {
    const path = /^(\/\w+\/\d+|\/freeAmount)/.exec(problem)?.[0] ?? ''
    const line = lines.get(path)
    return line === undefined ? problem.replace(/^: /, '') : `line ${line}: ${problem.slice(path.length + 1)}`
  })
  return new CommandRefused(listed(`${file} is no price table:`, placed))
}

async function inForce(read: () => Promise<PriceTable>): Promise<PriceTable | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Refusal && error.entry === catalogErrors['price-table-missing']) return undefined
    throw error
  }
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const

function inWords({ what, offer, fields }: OfferChange, brand: Brand): string[] {
  const amount = (minor: bigint) => amountText(minor, brand)
  const price =
    offer.kind === 'free-amount'
      ? `${amount(offer.minMinor)} to ${amount(offer.maxMinor)}`
      : amount(offer.priceMinor)
  const show = (name: string, value: unknown) => {
    if (typeof value === 'bigint' && name.endsWith('Minor')) return amount(value)
    if (name === 'onSaleUntil' && typeof value === 'number') return formatDay(value)
    return value === null || value === undefined ? 'none' : String(value)
  }
  return [
    `  ${SIGNS[what]} ${offer.kind} ${offer.name['zh-CN']} / ${offer.name.en}: ${price}`,
    ...fields.map(
      ({ name, was, is }) => `      ${name.replace(/Minor$/, '')}: ${show(name, was)} -> ${show(name, is)}`,
    ),
  ]
}
