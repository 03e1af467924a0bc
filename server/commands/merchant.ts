import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Brand } from '../brand/index.ts'
import { openMerchantAccounts, openSystemAccounts } from '../ledger/index.ts'
import { listMerchants, type NewMerchant, type ProviderName } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import { isConnectionLoss } from '../platform/db.ts'
import type { Say } from '../serve.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { paymentsOf } from './command-payments.ts'
import { operator } from './operator.ts'
import { UsageError } from './usage.ts'

export interface MerchantAddOptions {
  readonly brand: string
  readonly appId: string
  readonly sellerId: string
  readonly keyFile: string
  readonly alipayKeyFile: readonly string[]
  readonly gateway: string
  readonly currency?: string
  readonly off?: true
}

/**
 * `baohao merchant add`: a brand's own contract with Alipay, its signing key sealed by the master key. Run again it replaces
 * what it knew: that is how keys are changed, two of Alipay's at a time, and how a merchant is taken off.
 */
export async function merchantAddCommand(
  config: Config,
  env: Env,
  options: MerchantAddOptions,
  say: Say,
): Promise<void> {
  checkNumbers(options)
  const privateKey = await readFile(options.keyFile, 'utf8')
  const providerKeys = await Promise.all(options.alipayKeyFile.map((file) => readFile(file, 'utf8')))
  const { appId: id, sellerId: seller, gateway } = options
  const rail = { provider: 'alipay', id, seller, gateway, privateKey, providerKeys } as const
  await keepMerchant(config, env, options, rail, say, (ours) => {
    if (providerKeys.some((text) => spkiOf(text) === ours))
      throw new UsageError(
        '--alipay-key-file holds your own public key. The console shows Alipay’s (支付宝公钥) once yours is saved there.',
      )
  })
}

/** What every rail's merchant is added with. */
export interface RailOptions {
  readonly brand: string
  readonly gateway: string
  /** What it is paid in; absent: the brand's currency. */
  readonly currency?: string
  readonly off?: true
}

/**
 * Writes a merchant with the accounts that hold what its provider owes and what is paid by it, and says what the provider's
 * console asks for. `check` is given our public key before anything stands.
 */
export async function keepMerchant(
  config: Config,
  env: Env,
  { brand: key, off, currency: asked }: RailOptions,
  rail: Omit<NewMerchant, 'currency' | 'enabled'>,
  say: Say,
  check: (publicKey: string | null) => void = () => {},
): Promise<void> {
  await withBrand(config, key, async (room) => {
    const { db, clock, brand } = room
    const payments = paymentsOf(config, room)
    const enabled = off !== true
    const { provider, id, seller, gateway, providerKeys } = rail
    const currency = await currencyOf(room, rail, asked)
    if (currency !== brand.currency && !brand.quotes)
      throw new UsageError(
        `--currency is another than ${brand.key} sells in, and its file says nothing of quotes: add them by baohao brand update.`,
      )
    const ours = await db.of(brand.key).tx(async (tx) => {
      await payments.addMerchant(tx, { ...rail, currency, enabled }).catch(asUsage)
      await openSystemAccounts(tx, clock, brand.currency)
      await openMerchantAccounts(tx, clock, { provider, merchant: id, currency })
      const subject = `${provider}:${id}`
      const detail = { seller, gateway, currency, enabled, keys: providerKeys.length }
      await writeAudit(tx, { actor: operator(), act: 'merchant set', subject, detail }, clock.instant())
      const publicKey = await payments.publicKeyOf(tx, provider, id)
      check(publicKey)
      return publicKey
    })
    say(
      off
        ? `The merchant ${id} takes no new payments; its old ones are still seen to.`
        : `The merchant ${id} takes payments for ${brand.key} in ${currency}, within 5 seconds.`,
    )
    describe(env, brand, rail, ours, say)
  })
}

/** `baohao merchant list`. */
export async function merchantListCommand(
  config: Config,
  env: Env,
  options: { readonly brand: string; readonly json?: true },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const brand = room.brand
    const reader = room.db.of(brand.key)
    const payments = paymentsOf(config, room)
    const merchants = await Promise.all(
      (await listMerchants(reader)).map(async (merchant) => ({
        ...merchant,
        notifications: notificationsAt(env, brand.key, merchant),
        publicKey: await payments.publicKeyOf(reader, merchant.provider, merchant.id),
      })),
    )
    if (options.json) return say(JSON.stringify(merchants))
    if (merchants.length === 0) return say(`${brand.key} has no merchant yet: baohao merchant add.`)
    for (const { provider, id, seller, currency, gateway, enabled, publicKey } of merchants) {
      say(`${provider} ${id}  seller ${seller}  ${currency}  ${enabled ? 'on' : 'off'}  ${gateway}`)
      describe(env, brand, { provider, id }, publicKey, say)
    }
  })
}

/** Once made a merchant keeps its currency: attempts, bills and its clearing account are in it. */
async function currencyOf(
  { db, brand }: BrandRoom,
  { provider, id }: Pick<NewMerchant, 'provider' | 'id'>,
  asked: string | undefined,
): Promise<string> {
  const all = await listMerchants(db.of(brand.key))
  const kept = all.find((each) => each.provider === provider && each.id === id)?.currency
  if (kept && asked && kept !== asked)
    throw new UsageError(`The merchant ${id} is paid in ${kept}; for ${asked} there must be another.`)
  return asked ?? kept ?? brand.currency
}

function checkNumbers({ appId, sellerId, gateway }: MerchantAddOptions): void {
  if (!/^\d{16}$/.test(appId)) throw new UsageError(`--app-id is 16 digits (应用 APPID), not "${appId}".`)
  if (!/^2088\d{12}$/.test(sellerId))
    throw new UsageError(
      `--seller-id is 16 digits that begin with 2088 (合作伙伴身份 PID), not "${sellerId}".`,
    )
  if (!URL.canParse(gateway)) throw new UsageError(`--gateway is a web address, not "${gateway}".`)
}

/** A key that cannot be read is the operator's to mend, and what the room says of it a sentence; the database's word stands. */
function asUsage(error: Error): never {
  if ('severity' in error || isConnectionLoss(error)) throw error
  throw new UsageError(`The merchant cannot be used: ${error.message}.`)
}

/** SPKI as base64; an unreadable key has been refused by the room already. */
function spkiOf(text: string): string {
  const key = text.includes('-----BEGIN')
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  return key.export({ format: 'der', type: 'spki' }).toString('base64')
}

const originSetting = (brand: string) => `BAOHAO_ORIGIN_${brand.toUpperCase()}`

type Rail = Pick<NewMerchant, 'provider' | 'id'>

/** Where the provider tells us what became of a payment; null while no process is told its own address. */
function notificationsAt(env: Env, brand: string, { provider, id }: Rail): string | null {
  const origin = env[originSetting(brand)]
  return origin ? `${origin}/v1/notifications/${provider}/${brand}/${id}` : null
}

/** A rail as people call it, and whether it is told the address with each payment or once, in its console. */
const RAILS: Readonly<Record<ProviderName, readonly [name: string, told: 'each' | 'console']>> = {
  alipay: ['Alipay', 'each'],
  wechat: ['WeChat Pay', 'each'],
  unionpay: ['UnionPay', 'each'],
  card: ['the card gateway', 'console'],
  bank: ['the bank', 'console'],
}

function describe(env: Env, brand: Brand, rail: Rail, publicKey: string | null, say: Say): void {
  const at = notificationsAt(env, brand.key, rail)
  const [name, told] = RAILS[rail.provider]
  if (at === null)
    say(
      `  - its notifications need ${originSetting(brand.key)}: the https address at which ${name} reaches this brand`,
    )
  else if (told === 'each') say(`  - ${name} notifies ${at}; each payment names that address by itself`)
  else say(`  - set in the console of ${name} the address of its events: ${at}`)
  if (publicKey !== null) say(`  - the public key for the console (应用公钥): ${publicKey}`)
}
