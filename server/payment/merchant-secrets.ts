import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { open, seal } from '../platform/seal.ts'
import type { MerchantRow } from './merchant-store.ts'
import type { OpenMerchant } from './port.ts'

/** A contract with a provider, as an operator enters it. Keys are PEM, or base64 DER as vendors' consoles show them. */
export interface NewMerchant extends Omit<OpenMerchant, 'secrets' | 'settings'> {
  /** Shared secrets and other names, as the rail's adapter asks for them; none by default. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly enabled: boolean
}

/** Where a secret stands: sealed for there, it opens nowhere else. */
function placeOf(
  column: string,
  brand: string,
  { provider, id }: Pick<MerchantRow, 'provider' | 'id'>,
): string {
  return `merchant|${column}|${brand}|${provider}|${id}|1`
}

/** A merchant's row with its secrets sealed. Throws, in a sentence, for what cannot be used. */
export function sealMerchant(masterKey: Buffer, brand: string, merchant: NewMerchant): MerchantRow {
  const {
    provider,
    id,
    seller,
    currency,
    gateway,
    privateKey,
    providerKeys,
    secrets,
    settings = {},
  } = merchant
  checkCurrency(currency)
  // Of a bank nothing is asked.
  if (provider !== 'bank' && !/^https?:$/.test(new URL(gateway).protocol))
    throw new Error(`${gateway} is no web address`)
  const sealed = (column: string, text: string) =>
    seal(masterKey, 'merchant', text, placeOf(column, brand, merchant))
  return {
    ...{ provider, id, seller, currency, gateway, settings },
    private_key: privateKey === null ? null : sealed('private_key', der(readKey(privateKey, 'private'))),
    provider_keys: providerKeys.map(readPublicKey),
    secrets: secrets ? sealed('secrets', JSON.stringify(secrets)) : null,
  }
}

/** Throws when a secret was altered, or copied here from elsewhere. */
export function openMerchant(masterKey: Buffer, brand: string, row: MerchantRow): OpenMerchant {
  const { provider, id, seller, currency, gateway, settings } = row
  const opened = (column: 'private_key' | 'secrets') => {
    const sealed = row[column]
    return sealed && open(masterKey, 'merchant', sealed, placeOf(column, brand, row))
  }
  const secrets = opened('secrets')
  return {
    ...{ provider, id, seller, currency, gateway, settings },
    privateKey: opened('private_key'),
    providerKeys: row.provider_keys,
    secrets: secrets ? (JSON.parse(secrets) as Record<string, string>) : {},
  }
}

/** SPKI as base64 DER, of PEM or of the same. */
export function readPublicKey(text: string): string {
  return der(readKey(text, 'public'))
}

export function publicHalf(privateKey: string): string {
  return der(createPublicKey(readKey(privateKey, 'private')))
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
