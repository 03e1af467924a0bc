import { readNumber } from '../brand/index.ts'
import { readLineAccount } from '../ledger/index.ts'
import { liftFlags, readFlags, readLine, type StandingFlag } from '../line/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import { presetOf } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { momentText } from './moment-text.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

/** What a flag keeps from a number, in words. */
const kept: Readonly<Record<StandingFlag['kind'], string>> = {
  'card-refused': 'cards are not taken online',
}

export interface LineFlagsOptions {
  readonly brand: string
  readonly json?: true
}

/** `baohao line show NUMBER`: what its holder has and owes, and what is kept from it. That it was read is audited. */
export async function lineShowCommand(
  config: Config,
  typed: string,
  options: LineFlagsOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const { brand, db, clock } = room
    const line = await lineOf(room, typed)
    const [account, flags] = await Promise.all([
      readLineAccount(db.of(brand.key), line.line, line.epoch),
      readFlags(db.of(brand.key), line.msisdn, clock.instant()),
    ])
    const entry = { actor: operator(), act: 'line read', subject: line.line }
    await db.of(brand.key).tx((tx) => writeAudit(tx, entry, clock.instant()))
    const [balance, owed] = [account?.balanceMinor ?? 0n, account?.owedMinor ?? 0n]
    if (options.json) {
      const shown = { msisdn: line.msisdn, balanceMinor: `${balance}`, owedMinor: `${owed}`, flags }
      return say(JSON.stringify(shown))
    }
    say(`${line.msisdn}, told ${line.stageTold}: credit ${amountText(balance, brand)}.`)
    if (owed > 0n) say(`It owes ${amountText(owed, brand)}, which its next credit pays first.`)
    for (const flag of flags) say(flagText(room, flag))
    if (flags.length === 0) say('Nothing is kept from it.')
  })
}

/** `baohao line flags`: what is kept from numbers of the brand, the newest first. */
export async function lineFlagsCommand(config: Config, options: LineFlagsOptions, say: Say): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const { brand, db, clock } = room
    const flags = await readFlags(db.of(brand.key), null, clock.instant())
    if (options.json) return say(JSON.stringify(flags))
    if (flags.length === 0) return say(`Nothing is kept from any number of ${brand.key}.`)
    for (const flag of flags) say(`${flag.msisdn}  ${flagText(room, flag)}`)
  })
}

/** `baohao line lift-flags NUMBER`. */
export async function lineLiftFlagsCommand(
  config: Config,
  typed: string,
  options: { readonly brand: string; readonly reason: string },
  say: Say,
): Promise<void> {
  const reason = options.reason.trim()
  if (reason === '') throw new UsageError('--reason is empty.')
  await withBrand(config, options.brand, async (room) => {
    const { db, brand, brands, clock } = room
    const { msisdn } = await lineOf(room, typed)
    const lifting = { msisdn, actor: operator(), reason }
    const lifted = await db
      .of(brand.key)
      .tx((tx) => liftFlags(tx, { clock, brands, policyOf: presetOf }, lifting))
    if (lifted.length === 0) return say(`Nothing was done: nothing is kept from ${msisdn}.`)
    say(
      `${msisdn} and whoever paid for it may do all again from now on. It stands in the events of the line.`,
    )
  })
}

async function lineOf({ brand, db }: BrandRoom, typed: string) {
  const number = readNumber(brand, typed)
  const line = 'problem' in number ? undefined : await readLine(db.of(brand.key), number.msisdn)
  if (!line) throw new CommandRefused(`${typed} is no number of ${brand.key}.`)
  return line
}

function flagText({ brand }: BrandRoom, { kind, sinceMs, untilMs }: StandingFlag): string {
  return `${kept[kind]} from ${momentText(sinceMs, brand)} to ${momentText(untilMs, brand)}, for it and for its payer then`
}
