import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import {
  type NewMerchant,
  openMerchant,
  publicHalf,
  readPublicKey,
  sealMerchant,
} from './merchant-secrets.ts'
import { type MerchantRow, readMerchant, writeMerchant, writeProviderKeys } from './merchant-store.ts'
import type { OpenProvider, PaymentProvider, ProviderName } from './port.ts'

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

interface Opened {
  /** When it was looked at last. */
  readonly atMs: number
  readonly row: MerchantRow
  readonly adapter: PaymentProvider
}

export function createMerchants({ db, clock, masterKey, providers }: MerchantsDeps): Merchants {
  const opened = new Map<string, Opened>()
  const looking = new Map<string, Promise<PaymentProvider | undefined>>()

  async function rowOf(reader: Reader, provider: ProviderName, id: string): Promise<MerchantRow> {
    const row = await readMerchant(reader, provider, id)
    if (!row) throw new Error(`no merchant ${id} at ${provider}`)
    return row
  }

  /** Opens a merchant as it stands; one that has not changed keeps what is open, as keys and certificates are long to read. */
  async function lookUp(
    name: string,
    brand: string,
    provider: ProviderName,
    id: string,
  ): Promise<PaymentProvider | undefined> {
    const atMs = clock.instant()
    const row = await readMerchant(db.of(brand), provider, id)
    if (!row) return undefined
    const openProvider = providers[provider]
    if (!openProvider) throw new Error(`no adapter for ${provider}`)
    const known = opened.get(name)
    const adapter =
      known && isDeepStrictEqual(known.row, row)
        ? known.adapter
        : await openProvider(openMerchant(masterKey, brand, row), clock.instant)
    opened.set(name, { atMs, row, adapter })
    return adapter
  }

  return {
    async add(tx, merchant) {
      const { provider, id, enabled } = merchant
      const row = sealMerchant(masterKey, tx.brand, merchant)
      await writeMerchant(tx, { ...row, enabled }, clock.instant())
      opened.delete(`${tx.brand} ${provider} ${id}`)
    },

    async setProviderKeys(tx, provider, id, keys) {
      const read = keys.map(readPublicKey)
      if (!(await writeProviderKeys(tx, provider, id, read)))
        throw new Error(`no merchant ${id} at ${provider}`)
      opened.delete(`${tx.brand} ${provider} ${id}`)
    },

    async publicKeyOf(reader, provider, id) {
      const { privateKey } = openMerchant(masterKey, reader.brand, await rowOf(reader, provider, id))
      return privateKey && publicHalf(privateKey)
    },

    async provider(brand, provider, id) {
      const name = `${brand} ${provider} ${id}`
      const known = opened.get(name)
      if (known && clock.instant() - known.atMs < FRESH_MS) return known.adapter
      // One look for all who find it stale at once.
      let look = looking.get(name)
      if (!look) {
        look = lookUp(name, brand, provider, id).finally(() => looking.delete(name))
        looking.set(name, look)
      }
      return await look
    },
  }
}
