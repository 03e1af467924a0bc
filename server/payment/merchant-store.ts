import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { ProviderName } from './port.ts'

export interface MerchantRow {
  readonly provider: ProviderName
  readonly id: string
  readonly seller: string
  readonly currency: string
  readonly gateway: string
  readonly private_key: Buffer | null
  readonly provider_keys: readonly string[]
  readonly secrets: Buffer | null
  readonly settings: Readonly<Record<string, string>>
}

/** Entered after all that are there, though it be within the same millisecond: a cashier shows rails in the order in which they came. */
export async function writeMerchant(
  tx: Tx,
  merchant: MerchantRow & { readonly enabled: boolean },
  nowMs: number,
): Promise<void> {
  await tx.query(
    `insert into {{brand}}.merchant
       (provider, id, seller, currency, gateway, private_key, provider_keys, secrets, settings, enabled, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
       greatest($11::timestamptz, (select max(created_at) + interval '1 microsecond' from {{brand}}.merchant)))
     on conflict (provider, id) do update set seller = excluded.seller, currency = excluded.currency,
       gateway = excluded.gateway, private_key = excluded.private_key, provider_keys = excluded.provider_keys,
       secrets = excluded.secrets, settings = excluded.settings, enabled = excluded.enabled`,
    [
      merchant.provider,
      merchant.id,
      merchant.seller,
      merchant.currency,
      merchant.gateway,
      merchant.private_key,
      merchant.provider_keys,
      merchant.secrets,
      JSON.stringify(merchant.settings),
      merchant.enabled,
      isoInstant(nowMs),
    ],
  )
}

/** False when there is no such merchant. */
export async function writeProviderKeys(
  tx: Tx,
  provider: ProviderName,
  id: string,
  keys: readonly string[],
): Promise<boolean> {
  const rows = await tx.query(
    'update {{brand}}.merchant set provider_keys = $3 where provider = $1 and id = $2 returning id',
    [provider, id, keys],
  )
  return rows.length > 0
}

export async function readMerchant(
  db: Reader,
  provider: ProviderName,
  id: string,
): Promise<MerchantRow | undefined> {
  const rows = await db.query<MerchantRow>(
    `select provider, id, seller, currency, gateway, private_key, provider_keys, secrets, settings
     from {{brand}}.merchant where provider = $1 and id = $2`,
    [provider, id],
  )
  return rows[0]
}

/** A merchant as an operator sees it: without its keys. */
export interface ListedMerchant {
  readonly provider: ProviderName
  readonly id: string
  readonly seller: string
  readonly currency: string
  readonly gateway: string
  readonly enabled: boolean
}

export async function listMerchants(db: Reader): Promise<ListedMerchant[]> {
  return await db.query<ListedMerchant & Record<string, unknown>>(
    `select provider, id, seller, currency, gateway, enabled from {{brand}}.merchant order by created_at, id`,
  )
}

/** `inApp`: its merchant can learn who opens a page inside the rail's own app. */
export interface OfferedRail {
  readonly provider: ProviderName
  readonly merchant: string
  readonly currency: string
  readonly inApp: boolean
}

/**
 * Rails with an enabled merchant, of each and of each currency that to which new attempts go: those of the brand's currency before
 * others, the oldest first. Banks take the brand's currency alone, as a transfer takes longer than a quote stands.
 */
export async function offeredRails(db: Reader, currency: string): Promise<OfferedRail[]> {
  return await db.query(
    `select provider, merchant, currency, "inApp" from (
       select distinct on (provider, currency) provider, id as merchant, currency, created_at, settings ? 'oauthApi' as "inApp"
         from {{brand}}.merchant where enabled and (provider <> 'bank' or currency = $1)
        order by provider, currency, created_at, id) m
      order by currency <> $1, created_at, provider`,
    [currency],
  )
}

/** The merchant that new attempts go to: the oldest enabled one that takes the currency. */
export async function offeredMerchant(
  db: Reader,
  provider: ProviderName,
  currency: string,
): Promise<Pick<MerchantRow, 'id' | 'settings'> | undefined> {
  const rows = await db.query<Pick<MerchantRow, 'id' | 'settings'>>(
    `select id, settings from {{brand}}.merchant where provider = $1 and currency = $2 and enabled
     order by created_at, id limit 1`,
    [provider, currency],
  )
  return rows[0]
}
