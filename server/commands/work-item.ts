import { currencyDecimals, writeAmount } from '../../contract/decimal-amount.ts'
import { idFromWire, idToWire } from '../../contract/id.ts'
import type { Brand } from '../brand/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { readBreaks } from '../reconciliation/index.ts'
import type { Say } from '../serve.ts'
import { closeItem, readItems, type Tended, takeItem, type WorkItem, workKinds } from '../work-item/index.ts'
import { withBrand } from './command-database.ts'
import { harmlessText } from './harmless-text.ts'
import { momentText } from './moment-text.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

const LISTED = 200
const HOUR_MS = 3_600_000

/** `baohao work-item list`: what waits for a person, the oldest trouble first. */
export async function workItemListCommand(
  config: Config,
  options: { readonly brand: string; readonly all?: true; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const reader = db.of(brand.key)
    const found = await readItems(reader, options.all === true, LISTED + 1)
    const items = found.slice(0, LISTED)
    if (options.json) return say(JSON.stringify(items.map(asJson)))
    if (items.length === 0) say(`Nothing of ${brand.key} waits for a person.`)
    for (const item of items) for (const line of itemInBrief(brand, item, clock.instant())) say(line)
    if (found.length > LISTED) say(`These are the ${LISTED} oldest; there are more.`)
    const [aBreak] = await readBreaks(reader, false, 1)
    if (aBreak)
      say(
        `Bills and books differ too, on a list of their own: baohao reconciliation breaks --brand ${brand.key}`,
      )
  })
}

function itemInBrief(brand: Brand, item: WorkItem, nowMs: number): string[] {
  const { id, kind, order, owner, sinceMs, closedAtMs, closedBy, reason } = item
  const hours = Math.floor((nowMs - sinceMs) / HOUR_MS)
  const about = [
    ...moneyOf(item),
    order === null ? null : `baohao payment show ${idToWire(order)} --brand ${brand.key}`,
  ]
  return [
    `${idToWire(id)}  ${kind}: ${workKinds[kind]}`,
    `    ${about.filter((one) => one !== null).join('; ')}`,
    closedAtMs === null
      ? `    since ${momentText(sinceMs, brand)} (${hours} h), ${harmlessText(owner)} looks after it`
      : `    closed ${momentText(closedAtMs, brand)} by ${closedBy}: ${harmlessText(reason ?? '')}`,
  ]
}

function moneyOf({
  kind,
  subject,
  provider,
  merchant,
  transaction,
  amountMinor,
  currency,
}: WorkItem): string[] {
  if (provider === null) return [`order ${idToWire(subject)}`]
  const name = { 'unknown-payment': 'attempt', 'orphan-evidence': 'evidence' } as const
  const noun = kind === 'unknown-payment' || kind === 'orphan-evidence' ? name[kind] : 'refund'
  const amount =
    amountMinor === null || currency === null
      ? ''
      : `, ${currency} ${writeAmount(amountMinor, currencyDecimals(currency))}`
  const number = transaction === null ? '' : `, transaction ${harmlessText(transaction)}`
  return [`${noun} ${idToWire(subject)}, ${provider} ${merchant}${number}${amount}`]
}

function asJson(item: WorkItem) {
  const { id, subject, order, amountMinor, sinceMs, openedAtMs, closedAtMs, ...rest } = item
  return {
    ...rest,
    ...{ id: idToWire(id), subject: idToWire(subject), order: order && idToWire(order) },
    amountMinor: amountMinor === null ? null : amountMinor.toString(),
    ...{ since: isoInstant(sinceMs), openedAt: isoInstant(openedAtMs) },
    closedAt: closedAtMs === null ? null : isoInstant(closedAtMs),
  }
}

/** `baohao work-item take ITEM`. */
export async function workItemTakeCommand(
  config: Config,
  written: string,
  options: { readonly brand: string; readonly to?: string },
  say: Say,
): Promise<void> {
  const id = readItemId(written)
  const owner = (options.to ?? operator()).trim()
  if (owner === '' || owner.length > 100) throw new UsageError('--to is a name of at most 100 characters.')
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const taken = await db.of(brand.key).tx((tx) => takeItem(tx, clock, { id, owner, actor: operator() }))
    demandDone(taken, written, brand)
    say(`${harmlessText(owner)} looks after it.`)
  })
}

/** `baohao work-item close ITEM --reason TEXT`. */
export async function workItemCloseCommand(
  config: Config,
  written: string,
  options: { readonly brand: string; readonly reason: string },
  say: Say,
): Promise<void> {
  const id = readItemId(written)
  const reason = options.reason.trim()
  if (reason === '' || reason.length > 500)
    throw new UsageError('--reason says what was found and done, in at most 500 characters.')
  await withBrand(config, options.brand, async ({ db, brand, clock }) => {
    const closed = await db.of(brand.key).tx((tx) => closeItem(tx, clock, { id, reason, actor: operator() }))
    demandDone(closed, written, brand)
    say('Closed. The same trouble is not listed again; a new one of the same payment would be.')
  })
}

function demandDone(tended: Tended, written: string, { key }: Brand): void {
  if (tended.outcome === 'not-found')
    throw new CommandRefused(`${key} has no work item ${written}: baohao work-item list --brand ${key}`)
  if (tended.outcome === 'closed-before')
    throw new CommandRefused(`It was closed by ${tended.by} before: ${harmlessText(tended.reason)}`)
}

function readItemId(written: string): string {
  const id = idFromWire(written)
  if (id === null)
    throw new UsageError(`"${written}" is no work item: it is 26 digits, as work-item list prints them.`)
  return id
}
