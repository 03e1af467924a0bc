import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import type { ApiKey } from './api-key.ts'

interface ApiKeyRow {
  readonly id: string
  readonly principal: string
  readonly secret_hash: Buffer
  readonly scopes: readonly string[]
  readonly dealer: string | null
  readonly disabled_at: number | null
}

export async function apiKeys(db: Reader, ids: readonly string[]): Promise<Map<string, ApiKey>> {
  const rows = await db.query<ApiKeyRow>(
    `select id, principal, secret_hash, scopes, dealer, disabled_at from {{brand}}.api_key where id = any($1::uuid[])`,
    [plainArray(ids)],
  )
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        principal: row.principal,
        secretHash: row.secret_hash,
        scopes: row.scopes,
        dealer: row.dealer,
        disabled: row.disabled_at !== null,
      },
    ]),
  )
}

/**
 * Which of these principals have a key that is not disabled: asked again by what moves money, while the dealer is held.
 */
export async function activeApiKeys(tx: Reader, principals: readonly string[]): Promise<ReadonlySet<string>> {
  if (principals.length === 0) return new Set()
  const rows = await tx.query<{ principal: string }>(
    `select distinct principal from {{brand}}.api_key
      where principal = any($1::uuid[]) and disabled_at is null`,
    [plainArray(principals)],
  )
  return new Set(rows.map((row) => row.principal))
}

export async function insertApiKey(
  tx: Tx,
  key: ApiKey & { readonly name: string },
  createdAtMs: number,
): Promise<void> {
  await tx.query(
    `insert into {{brand}}.api_key (id, principal, name, secret_hash, scopes, dealer, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [key.id, key.principal, key.name, key.secretHash, key.scopes, key.dealer, isoInstant(createdAtMs)],
  )
}

/** False when there is no such key or it was disabled before. */
export async function disableApiKey(tx: Tx, id: string, atMs: number): Promise<boolean> {
  const rows = await tx.query(
    'update {{brand}}.api_key set disabled_at = $2 where id = $1 and disabled_at is null returning id',
    [id, isoInstant(atMs)],
  )
  return rows.length === 1
}

/** A key as an operator looks it up; instants in ms. */
export interface ListedApiKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly dealer: string | null
  readonly createdAtMs: number
  /** Null: it is in use. */
  readonly disabledAtMs: number | null
}

/** All keys, as they were made. */
export async function listApiKeys(db: Reader): Promise<ListedApiKey[]> {
  return await db.query<ListedApiKey>(
    `select id, name, scopes, dealer, created_at as "createdAtMs", disabled_at as "disabledAtMs"
       from {{brand}}.api_key order by id`,
  )
}
