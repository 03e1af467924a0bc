import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Brand } from '../brand/index.ts'
import { insertAccounts } from '../ledger/index.ts'
import { createPayments, listMerchants, type Payments } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import { isConnectionLoss } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { createLog } from '../platform/log.ts'
import type { Say } from '../serve.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { operator } from './operator.ts'
import { UsageError } from './usage.ts'

export interface MerchantAddOptions {
  readonly brand: string
  readonly appId: string
  readonly sellerId: string
  readonly keyFile: string
  readonly alipayKeyFile: readonly string[]
  readonly gateway: string
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
  await withBrand(config, options.brand, async (room) => {
    const { db, clock, brand } = room
    const payments = paymentsOf(config, room)
    const atMs = clock.instant()
    const ours = await db.of(brand.key).tx(async (tx) => {
      const merchant = { provider: 'alipay', id: options.appId, seller: options.sellerId } as const
      const { gateway, off } = options
      const enabled = off !== true
      const { currency } = brand
      await payments
        .addMerchant(tx, { ...merchant, currency, gateway, privateKey, providerKeys, enabled })
        .catch(asUsage)
      const subject = `alipay:${merchant.id}`
      await insertAccounts(tx, [{ id: newId(atMs), kind: 'provider-clearing', subject, currency }], atMs)
      const detail = { seller: merchant.seller, gateway, enabled, keys: providerKeys.length }
      await writeAudit(tx, { actor: operator(), act: 'merchant set', subject, detail }, atMs)
      const publicKey = await payments.publicKeyOf(tx, 'alipay', merchant.id)
      if (providerKeys.some((text) => spkiOf(text) === publicKey))
        throw new UsageError(
          '--alipay-key-file holds your own public key. The console shows Alipay’s (支付宝公钥) once yours is saved there.',
        )
      return publicKey
    })
    say(
      options.off
        ? `The merchant ${options.appId} takes no new payments; its old ones are still seen to.`
        : `The merchant ${options.appId} takes payments for ${brand.key} in ${brand.currency}, within 5 seconds.`,
    )
    describe(env, brand, options.appId, ours, say)
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
        notifications: notificationsAt(env, brand.key, merchant.id),
        publicKey: await payments.publicKeyOf(reader, merchant.provider, merchant.id),
      })),
    )
    if (options.json) return say(JSON.stringify(merchants))
    if (merchants.length === 0) return say(`${brand.key} has no merchant yet: baohao merchant add.`)
    for (const { provider, id, seller, currency, gateway, enabled, publicKey } of merchants) {
      say(`${provider} ${id}  seller ${seller}  ${currency}  ${enabled ? 'on' : 'off'}  ${gateway}`)
      describe(env, brand, id, publicKey, say)
    }
  })
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

function paymentsOf(config: Config, { db, brands, clock }: BrandRoom): Payments {
  const { masterKey, logLevel } = config
  return createPayments({ db, brands, clock, masterKey, log: createLog(logLevel), originOf: () => '' })
}

const originSetting = (brand: string) => `BAOHAO_ORIGIN_${brand.toUpperCase()}`

/** Where Alipay tells us what became of a payment; null while no process is told its own address. */
function notificationsAt(env: Env, brand: string, merchant: string): string | null {
  const origin = env[originSetting(brand)]
  return origin ? `${origin}/v1/notifications/alipay/${brand}/${merchant}` : null
}

function describe(env: Env, brand: Brand, merchant: string, publicKey: string | null, say: Say): void {
  const at = notificationsAt(env, brand.key, merchant)
  say(
    at === null
      ? `  - its notifications need ${originSetting(brand.key)}: the https address at which Alipay reaches this brand`
      : `  - Alipay notifies ${at}; each payment names that address by itself`,
  )
  if (publicKey !== null) say(`  - the public key for the console (应用公钥): ${publicKey}`)
}
