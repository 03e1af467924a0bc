import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import { open, seal } from '../platform/seal.ts'
import { type MerchantRow, readMerchant, writeMerchant, writeProviderKeys } from './merchant-store.ts'
import type { OpenProvider, PaymentProvider, ProviderName } from './port.ts'

/** A contract with a provider, as an operator enters it. Keys are PEM, or base64 DER as vendors' consoles show them. */
export interface NewMerchant {
  readonly provider: ProviderName
  /** Alipay's app_id. */
  readonly id: string
  /** Alipay's seller_id. */
  readonly seller: string
  /** ISO 4217, with two decimals: the only kind that Alipay's amounts can carry. */
  readonly currency: string
  readonly gateway: string
  /** Ours, RSA of 2048 bits or more; null where the rail signs by a shared secret. */
  readonly privateKey: string | null
  /** The provider's, newest first: two while it changes them. */
  readonly providerKeys: readonly string[]
  /** Shared secrets and other names, as the rail's adapter asks for them; none by default. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly enabled: boolean
}

/** How long a changed key or address may go unnoticed by a running process. */
const FRESH_MS = 5_000

export interface Merchants {
  add(tx: Tx, merchant: NewMerchant): Promise<void>
  setProviderKeys(tx: Tx, provider: ProviderName, id: string, keys: readonly string[]): Promise<void>
  /** Our public key, base64 SPKI: what the provider's console asks for; null where we have none. */
  publicKeyOf(db: Reader, provider: ProviderName, id: string): Promise<string | null>
  /** The merchant's adapter; undefined when the brand has no such merchant. Disabled ones still answer for old attempts. */
  provider(brand: string, provider: ProviderName, id: string): Promise<PaymentProvider | undefined>
}

export interface MerchantsDeps {
  readonly db: Db
  readonly clock: Clock
  readonly masterKey: Buffer
  readonly providers: Readonly<Partial<Record<ProviderName, OpenProvider>>>
}

export function createMerchants({ db, clock, masterKey, providers }: MerchantsDeps): Merchants {
  const opened = new Map<string, { readonly atMs: number; readonly adapter: Promise<PaymentProvider> }>()

  const placeOf = (column: string, brand: string, provider: string, id: string) =>
    `merchant|${column}|${brand}|${provider}|${id}|1`
  const opens = (brand: string, row: MerchantRow, column: 'private_key' | 'secrets') => {
    const sealed = row[column]
    return sealed && open(masterKey, 'merchant', sealed, placeOf(column, brand, row.provider, row.id))
  }

  return {
    async add(tx, merchant) {
      const { provider, id, seller, currency, gateway, enabled, secrets, settings } = merchant
      const sealed = (column: string, text: string) =>
        seal(masterKey, 'merchant', text, placeOf(column, tx.brand, provider, id))
      checkCurrency(currency)
      if (!/^https?:$/.test(new URL(gateway).protocol)) throw new Error(`${gateway} is no web address`)
      await writeMerchant(
        tx,
        {
          provider,
          id,
          seller,
          currency,
          gateway,
          enabled,
          private_key:
            merchant.privateKey === null
              ? null
              : sealed('private_key', der(readKey(merchant.privateKey, 'private'))),
          provider_keys: merchant.providerKeys.map((key) => der(readKey(key, 'public'))),
          secrets: secrets ? sealed('secrets', JSON.stringify(secrets)) : null,
          settings: settings ?? {},
        },
        clock.instant(),
      )
      opened.delete(`${tx.brand} ${provider} ${id}`)
    },

    async setProviderKeys(tx, provider, id, keys) {
      const read = keys.map((key) => der(readKey(key, 'public')))
      if (!(await writeProviderKeys(tx, provider, id, read)))
        throw new Error(`no merchant ${id} at ${provider}`)
      opened.delete(`${tx.brand} ${provider} ${id}`)
    },

    async publicKeyOf(reader, provider, id) {
      const row = await readMerchant(reader, provider, id)
      if (!row) throw new Error(`no merchant ${id} at ${provider}`)
      const privateKey = opens(reader.brand, row, 'private_key')
      return privateKey && der(createPublicKey(readKey(privateKey, 'private')))
    },

    async provider(brand, provider, id) {
      const name = `${brand} ${provider} ${id}`
      const known = opened.get(name)
      if (known && clock.instant() - known.atMs < FRESH_MS) return await known.adapter
      const row = await readMerchant(db.of(brand), provider, id)
      if (!row) return undefined
      const openProvider = providers[provider]
      if (!openProvider) throw new Error(`no adapter for ${provider}`)
      const secrets = opens(brand, row, 'secrets')
      const adapter = openProvider(
        {
          provider,
          id,
          seller: row.seller,
          currency: row.currency,
          gateway: row.gateway,
          privateKey: opens(brand, row, 'private_key'),
          providerKeys: row.provider_keys,
          secrets: secrets ? (JSON.parse(secrets) as Record<string, string>) : {},
          settings: row.settings,
        },
        clock.instant,
      )
      opened.set(name, { atMs: clock.instant(), adapter })
      return await adapter
    },
  }
}

function checkCurrency(currency: string): void {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  if (format.resolvedOptions().maximumFractionDigits !== 2) {
    throw new Error(`${currency} has not two decimals`)
  }
}

function readKey(text: string, type: 'private' | 'public'): KeyObject {
  const read = type === 'private' ? createPrivateKey : createPublicKey
  const key = text.includes('-----BEGIN')
    ? read(text)
    : type === 'private'
      ? createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new Error(`a merchant's ${type} key is RSA of at least 2048 bits`)
  }
  return key
}

/** PKCS #8 or SPKI as base64 DER. */
function der(key: KeyObject): string {
  const bytes =
    key.type === 'private'
      ? key.export({ format: 'der', type: 'pkcs8' })
      : key.export({ format: 'der', type: 'spki' })
  return bytes.toString('base64')
}
