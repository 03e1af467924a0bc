import { idFromWire, idToWire } from '../../contract/id.ts'
import {
  createSwitches,
  type Notice,
  readSwitches,
  type SwitchKind,
  switchOff,
  switchOn,
  WHOLE_BRAND,
} from '../brand/index.ts'
import { createCatalog } from '../catalog/index.ts'
import { listMerchants } from '../payment/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { dayAt } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { operator } from './operator.ts'
import { CommandRefused, listed, UsageError } from './usage.ts'

const KINDS: readonly SwitchKind[] = ['brand', 'rail', 'offer']

export interface SwitchOptions {
  readonly brand: string
  readonly reason: string
}

export interface SwitchOffOptions extends SwitchOptions {
  readonly noticeZh: string
  readonly noticeEn: string
}

/** `baohao switch off KIND [NAME]`: nothing new is sold by it from within a second; what is paid already is still seen to. */
export async function switchOffCommand(
  config: Config,
  kind: string,
  name: string | undefined,
  options: SwitchOffOptions,
  say: Say,
): Promise<void> {
  const notice: Notice = { 'zh-CN': options.noticeZh.trim(), en: options.noticeEn.trim() }
  if (notice['zh-CN'] === '' || notice.en === '') throw new UsageError('A notice is empty.')
  await withBrand(config, options.brand, async (room) => {
    const which = await readWhich(room, kind, name)
    const act = { ...which, actor: operator(), reason: options.reason }
    await room.db.of(room.brand.key).tx((tx) => switchOff(tx, room.clock, act, notice))
    say(`${said(which)} of ${room.brand.key} is off within a second. People read:`)
    say(`  ${notice['zh-CN']}`)
    say(`  ${notice.en}`)
    say('Payments begun before go on; notifications are still taken, credited and paid back.')
  })
}

/** `baohao switch on KIND [NAME]`. */
export async function switchOnCommand(
  config: Config,
  kind: string,
  name: string | undefined,
  options: SwitchOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const which = await readWhich(room, kind, name)
    const act = { ...which, actor: operator(), reason: options.reason }
    const was = await room.db.of(room.brand.key).tx((tx) => switchOn(tx, room.clock, act))
    say(`${said(which)} of ${room.brand.key} ${was ? 'is on again within a second' : 'was on already'}.`)
  })
}

/** `baohao switch list`. */
export async function switchListCommand(
  config: Config,
  options: { readonly brand: string; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const off = (await readSwitches(db.of(brand.key))).map(({ sinceMs, ...each }) => ({
      ...each,
      since: isoInstant(sinceMs),
    }))
    if (options.json) return say(JSON.stringify(off))
    if (off.length === 0) return say(`Everything of ${brand.key} is on.`)
    for (const { kind, name, since, notice } of off)
      say(listed(`${said({ kind, name })} is off since ${since}`, [notice['zh-CN'], notice.en]))
  })
}

interface Which {
  readonly kind: SwitchKind
  readonly name: string
}

function said({ kind, name }: Which): string {
  return kind === 'brand' ? 'All that is sold' : `The ${kind} ${name}`
}

/** What is to be switched, which must exist: a mistyped name would be off for nobody. */
async function readWhich(room: BrandRoom, kind: string, name: string | undefined): Promise<Which> {
  const { db, brand } = room
  switch (kind) {
    case 'brand':
      if (name !== undefined) throw new UsageError('The switch of the brand takes no name.')
      return { kind, name: WHOLE_BRAND }
    case 'rail': {
      const rails = [
        ...new Set((await listMerchants(db.of(brand.key))).map(({ provider }) => provider as string)),
      ]
      if (name === undefined || !rails.includes(name))
        throw new CommandRefused(listed(`${brand.key} has these rails:`, rails))
      return { kind, name }
    }
    case 'offer': {
      const id = name === undefined ? null : idFromWire(name)
      const { clock } = room
      const today = dayAt(clock.business(brand.key), brand.zone)
      const table = await createCatalog({ ...room, switches: createSwitches(room) }).priceTable(
        brand.key,
        today,
      )
      if (id !== null && table.knows(id)) return { kind, name: id }
      const { packages, denominations, freeAmount } = table
      const offers = [...packages, ...denominations, ...(freeAmount ? [freeAmount] : [])]
      throw new CommandRefused(
        listed(
          `An offer is named by its id. ${brand.key} sells today:`,
          offers.map((offer) => `${idToWire(offer.id)}  ${offer.name['zh-CN']} / ${offer.name.en}`),
        ),
      )
    }
    default:
      throw new UsageError(`What is switched is ${KINDS.join(', ')}, not "${kind}".`)
  }
}
