import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { createDealers, listDealers } from '../dealer/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import { openDealerSeries } from '../receipt/index.ts'
import type { Say } from '../serve.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface DealerCreateOptions {
  readonly brand: string
  readonly name: string
  readonly commissionBp: string
  readonly json?: true
}

/** `baohao dealer create`: an empty float and a receipt series of its own. A second dealer of one name is refused. */
export async function dealerCreateCommand(
  config: Config,
  options: DealerCreateOptions,
  say: Say,
): Promise<void> {
  const name = options.name.trim()
  if (name === '') throw new UsageError('--name is empty.')
  const commissionBp = readParts(options.commissionBp)
  await withBrand(config, options.brand, async ({ db, clock, brands, brand }) => {
    const dealer = await db.of(brand.key).tx(async (tx) => {
      const twin = (await listDealers(tx)).find((each) => each.name === name)
      if (twin) throw new CommandRefused(`There is a dealer "${name}" already: ${idToWire(twin.id)}.`)
      const made = await createDealers({ clock, brands, openDealerSeries }).createDealer(tx, {
        name,
        commissionBp,
      })
      const entry = {
        actor: operator(),
        act: 'dealer created',
        subject: made.id,
        detail: { name, commissionBp },
      }
      await writeAudit(tx, entry, clock.instant())
      return made
    })
    const id = idToWire(dealer.id)
    if (options.json) return say(JSON.stringify({ ...dealer, id }))
    say(
      `The dealer ${name} is made, with an empty float and the receipt series ${dealer.receiptSeries}: ${id}`,
    )
    say('What comes next:')
    say(
      `  - its money:  baohao dealer load-float --brand ${brand.key} --dealer ${id} --amount 1000.00 --reference REF`,
    )
    say(
      `  - its key:    baohao key create --brand ${brand.key} --dealer ${id} --name NAME --scope topup:write`,
    )
  })
}

/** Parts of ten thousand. */
function readParts(written: string): number {
  const parts = /^\d{1,5}$/.test(written) ? Number.parseInt(written, 10) : -1
  if (parts >= 0 && parts <= 10_000) return parts
  throw new UsageError(`--commission-bp is parts of ten thousand, 0 to 10000 (200 is 2 %), not "${written}".`)
}

/** `baohao dealer list`. */
export async function dealerListCommand(
  config: Config,
  options: { readonly brand: string; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const dealers = (await listDealers(db.of(brand.key))).map(({ floatMinor, owedMinor, ...dealer }) => ({
      ...dealer,
      id: idToWire(dealer.id),
      float: { amountMinor: (floatMinor ?? 0n).toString(), currency: brand.currency },
      floatText: amountText(floatMinor ?? 0n, brand),
      owed: { amountMinor: owedMinor.toString(), currency: brand.currency },
      owedText: owedMinor > 0n ? `  owes ${amountText(owedMinor, brand)}` : '',
    }))
    if (options.json)
      return say(JSON.stringify(dealers.map(({ floatText: _, owedText: _owed, ...dealer }) => dealer)))
    if (dealers.length === 0) return say(`${brand.key} has no dealer yet: baohao dealer create.`)
    for (const { id, name, status, commissionBp, receiptSeries, floatText, owedText } of dealers)
      say(`${id}  ${name}  ${status}  ${commissionBp} bp  ${receiptSeries}  float ${floatText}${owedText}`)
  })
}

export interface LoadFloatOptions {
  readonly brand: string
  readonly dealer: string
  readonly amount: string
  readonly reference: string
  readonly opening?: true
}

/** `baohao dealer load-float`: safe to run again with the same reference. */
export async function loadFloatCommand(config: Config, options: LoadFloatOptions, say: Say): Promise<void> {
  const { amount, reference } = options
  if (!/^[\x21-\x7e]{1,64}$/.test(reference))
    throw new UsageError(
      '--reference is the bank’s number of the transfer: up to 64 characters without blanks.',
    )
  await withBrand(config, options.brand, async ({ db, clock, brands, brand }) => {
    const dealer = await findDealer({ db, brand }, options.dealer)
    const read = readAmount(amount, currencyDecimals(brand.currency))
    if (typeof read !== 'bigint' || read === 0n)
      throw new UsageError(
        `--amount is above zero and in ${brand.currency}, such as 1000.00, not "${amount}".`,
      )
    const from = options.opening ? 'opening' : 'bank'
    const load = { dealer: dealer.id, amountMinor: read, from, reference, actor: operator() } as const
    const dealers = createDealers({ clock, brands, openDealerSeries })
    const before = dealer.owedMinor
    const loaded = await db.of(brand.key).tx((tx) => dealers.loadFloatOnce(tx, load))
    if (!loaded) return say(`Nothing was done: ${reference} was loaded for ${dealer.name} before.`)
    const { floatMinor: after, owedMinor: owed } = await findDealer({ db, brand }, options.dealer)
    say(
      `${amountText(read, brand)} loaded for ${dealer.name}; its float is ${amountText(after ?? 0n, brand)}.`,
    )
    if (before > owed)
      say(
        `Of it, ${amountText(before - owed, brand)} paid what the dealer owed; it owes ${amountText(owed, brand)}.`,
      )
  })
}

/** The dealer of this id, as 26 digits; throws UsageError naming those there are. */
export async function findDealer({ db, brand }: Pick<BrandRoom, 'db' | 'brand'>, wireId: string) {
  const dealers = await listDealers(db.of(brand.key))
  const found = dealers.find(({ id }) => id === idFromWire(wireId))
  if (found) return found
  const known = dealers.map(({ id, name }) => `${idToWire(id)} ${name}`).join(', ')
  throw new UsageError(
    `--dealer "${wireId}" is no dealer of ${brand.key}. ${known === '' ? 'It has none yet: baohao dealer create.' : `There are: ${known}.`}`,
  )
}
