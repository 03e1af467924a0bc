import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { type Exchange, openOf, type Position, readPositions, recordExchange } from '../topup/index.ts'
import { amountText } from './amount-text.ts'
import { withBrand } from './command-database.ts'
import { jsonText } from './json-text.ts'
import { operator } from './operator.ts'
import { readMoney } from './read-money.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface FxOptions {
  readonly brand: string
  readonly json?: true
}

/** `baohao fx position`. */
export async function fxPositionCommand(config: Config, options: FxOptions, say: Say): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const positions = await readPositions(db.of(brand.key))
    if (options.json) return say(jsonText(positions.map((one) => ({ ...one, ...openOf(one) }))))
    if (positions.length === 0) return say(`${brand.key} has been paid in its own currency alone.`)
    const own = (minor: bigint) => amountText(minor, brand)
    for (const one of positions)
      for (const line of positionText(one, (minor) => amountText(minor, { ...brand, ...one }), own)) say(line)
  })
}

type Text = (minor: bigint) => string

function positionText(one: Position, its: Text, own: Text): string[] {
  const { openMinor, worthMinor } = openOf(one)
  const { givenMinor, receivedMinor, givenWorthMinor } = one
  const exchanged =
    givenMinor === 0n && givenWorthMinor === 0n
      ? []
      : [
          `  exchanged ${its(givenMinor)}, ${own(givenWorthMinor)} at the quotes, for ${own(receivedMinor)}: ${differenceText(receivedMinor - givenWorthMinor, own)}`,
        ]
  return [
    `${one.currency}: ${its(openMinor)} open, ${own(worthMinor)} at the quotes`,
    `  taken ${its(one.takenMinor)} for ${own(one.takenWorthMinor)}, back with payers ${its(one.backMinor)} for ${own(one.backWorthMinor)}`,
    ...exchanged,
    `  providers owe ${its(one.atProvidersMinor)}, the bank holds ${its(one.atBankMinor)}`,
  ]
}

function differenceText(minor: bigint, own: Text): string {
  if (minor === 0n) return 'nothing gained or lost'
  return minor > 0n ? `${own(minor)} gained` : `${own(-minor)} lost`
}

export interface FxExchangedOptions extends FxOptions {
  readonly currency: string
  readonly amount: string
  readonly received: string
  readonly reference: string
  readonly reason: string
}

/** `baohao fx exchanged`: once per reference. */
export async function fxExchangedCommand(
  config: Config,
  options: FxExchangedOptions,
  say: Say,
): Promise<void> {
  const reason = options.reason.trim()
  if (reason === '' || reason.length > 500)
    throw new UsageError('--reason is a sentence of at most 500 characters: it is kept and audited.')
  const reference = options.reference.trim()
  if (reference === '' || reference.length > 100)
    throw new UsageError('--reference is what the bank or the acquirer calls it, at most 100 characters.')
  const { currency: payCurrency } = options
  if (!/^[A-Z]{3}$/.test(payCurrency))
    throw new UsageError(`--currency is three letters such as CNY, not "${payCurrency}".`)
  await withBrand(config, options.brand, async ({ db, clock, brand }) => {
    if (payCurrency === brand.currency)
      throw new UsageError(`--currency is another than ${brand.currency}, which ${brand.key} sells in.`)
    const amountMinor = readMoney('--amount', options.amount, payCurrency)
    const receivedMinor = readMoney('--received', options.received, brand.currency)
    if (amountMinor === 0n && receivedMinor > 0n)
      throw new UsageError('--amount is what was given; nothing brings nothing.')
    const figures = { payCurrency, amountMinor, receivedMinor }
    const told = { ...figures, reference, reason, recordedBy: operator() }
    const booked = await db.of(brand.key).tx((tx) => recordExchange(tx, clock, brand, told))
    const its: Text = (minor) => amountText(minor, { ...brand, currency: payCurrency })
    const own: Text = (minor) => amountText(minor, brand)
    switch (booked.outcome) {
      case 'not-open':
        throw new CommandRefused(
          `${its(booked.openMinor)} are open, so this cannot be booked: baohao fx position --brand ${brand.key}`,
        )
      case 'booked-before':
        if (!isSame(booked.exchange, figures))
          throw new CommandRefused(
            `The reference ${reference} was booked before, as ${its(booked.exchange.amountMinor)} for ${own(booked.exchange.receivedMinor)}.`,
          )
        if (options.json) return say(jsonText(booked.exchange))
        return say(`The reference ${reference} was booked before; nothing was done.`)
      case 'booked': {
        const { worthMinor } = booked.exchange
        if (options.json) return say(jsonText(booked.exchange))
        return say(
          `${its(amountMinor)}, ${own(worthMinor)} at the quotes, brought ${own(receivedMinor)}: ${differenceText(receivedMinor - worthMinor, own)}.`,
        )
      }
    }
  })
}

function isSame(
  one: Exchange,
  other: Pick<Exchange, 'payCurrency' | 'amountMinor' | 'receivedMinor'>,
): boolean {
  return (
    one.payCurrency === other.payCurrency &&
    one.amountMinor === other.amountMinor &&
    one.receivedMinor === other.receivedMinor
  )
}
