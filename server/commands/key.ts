import { idFromWire, idToWire } from '../../contract/id.ts'
import { createApiKey, endApiKey, listApiKeys } from '../identity/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { withBrand } from './command-database.ts'
import { findDealer } from './dealer.ts'
import { operator } from './operator.ts'
import { listed, UsageError } from './usage.ts'

/** Every scope a route asks for, what it lets its bearer do, and whether the key must be a dealer's. */
export const scopes: Readonly<Record<string, { readonly says: string; readonly ofDealer: boolean }>> = {
  'topup:write': { says: 'sell top-ups from a dealer’s float, and see those sales', ofDealer: true },
  'line:read': { says: 'see every line of the brand whole', ofDealer: false },
  'ussd:answer': { says: 'ask for a line what *101# shows', ofDealer: false },
}

export interface KeyCreateOptions {
  readonly brand: string
  readonly name: string
  readonly scope: readonly string[]
  readonly dealer?: string
  readonly json?: true
}

/** `baohao key create`: tells the key once. */
export async function keyCreateCommand(config: Config, options: KeyCreateOptions, say: Say): Promise<void> {
  const name = options.name.trim()
  const asked = [...new Set(options.scope)]
  checkScopes(asked, options.dealer)
  if (name === '') throw new UsageError('--name is empty.')
  await withBrand(config, options.brand, async ({ db, clock, brand }) => {
    const dealer = options.dealer === undefined ? null : (await findDealer({ db, brand }, options.dealer)).id
    const request = { name, scopes: asked, dealer, actor: operator() }
    const { id, text } = await db.of(brand.key).tx((tx) => createApiKey(tx, { clock }, request))
    if (options.json) return say(JSON.stringify({ id: idToWire(id), key: text }))
    say(`The key ${name} is made. It is shown this once and kept nowhere:`)
    say(`  ${text}`)
    say(
      `It is sent as "Authorization: Bearer ...". To end it: baohao key revoke ${idToWire(id)} --brand ${brand.key}`,
    )
  })
}

function checkScopes(asked: readonly string[], dealer: string | undefined): void {
  const unknown = asked.filter((scope) => !(scope in scopes))
  if (unknown.length > 0) {
    const known = Object.entries(scopes).map(([scope, { says }]) => `${scope}: ${says}`)
    throw new UsageError(listed(`--scope ${unknown.join(', ')} is none there is. There are:`, known))
  }
  const selling = asked.find((scope) => scopes[scope]?.ofDealer)
  if (selling && dealer === undefined)
    throw new UsageError(`A key with ${selling} is a dealer’s: name it by --dealer (baohao dealer list).`)
}

/** `baohao key list`. */
export async function keyListCommand(
  config: Config,
  options: { readonly brand: string; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const keys = (await listApiKeys(db.of(brand.key))).map((key) => ({
      id: idToWire(key.id),
      name: key.name,
      scopes: key.scopes,
      dealer: key.dealer === null ? null : idToWire(key.dealer),
      createdAt: isoInstant(key.createdAtMs),
      endedAt: key.disabledAtMs === null ? null : isoInstant(key.disabledAtMs),
    }))
    if (options.json) return say(JSON.stringify(keys))
    if (keys.length === 0) return say(`${brand.key} has no key yet: baohao key create.`)
    for (const { id, name, scopes: own, dealer, createdAt, endedAt } of keys)
      say(
        `${id}  ${name}  ${own.join(' ')}${dealer ? `  dealer ${dealer}` : ''}  made ${createdAt}${endedAt ? `  ended ${endedAt}` : ''}`,
      )
  })
}

/** `baohao key revoke ID`: the next request with it is refused. */
export async function keyRevokeCommand(
  config: Config,
  wireId: string,
  options: { readonly brand: string; readonly reason: string },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, clock, brand }) => {
    const id = idFromWire(wireId)
    const key = (await listApiKeys(db.of(brand.key))).find((each) => each.id === id)
    if (!key)
      throw new UsageError(`"${wireId}" is no key of ${brand.key}: baohao key list --brand ${brand.key}`)
    if (key.disabledAtMs !== null)
      return say(`The key ${key.name} was ended at ${isoInstant(key.disabledAtMs)}.`)
    const ending = { id: key.id, actor: operator(), reason: options.reason }
    await db.of(brand.key).tx((tx) => endApiKey(tx, { clock }, ending))
    say(`The key ${key.name} is ended: the next request with it is refused.`)
  })
}
