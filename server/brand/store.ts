import pg from 'pg'
import type { Reader } from '../platform/db.ts'

/** In the order they were made. */
export async function readBrands(db: Reader): Promise<{ readonly key: string; readonly facts: unknown }[]> {
  return await db.query('select key, facts from platform.brand order by created_at, key')
}

export async function readHosts(db: Reader): Promise<{ readonly host: string; readonly brand: string }[]> {
  return await db.query('select host, brand from platform.brand_host')
}

/**
 * Adds brands as the owner (the app role only reads them) and answers the keys of all brands. A brand that exists keeps its
 * facts.
 */
export async function insertBrands(
  ownerUrl: string,
  brands: readonly { readonly key: string; readonly facts: unknown }[],
): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // A row's place is its order of making: demo and test give brands their ports by it.
    for (const { key, facts } of brands) {
      await client.query(
        `insert into platform.brand (key, facts, created_at) values ($1, $2, clock_timestamp()) on conflict (key) do nothing`,
        [key, JSON.stringify(facts)],
      )
    }
    const { rows } = await client.query<{ key: string }>(
      'select key from platform.brand order by created_at, key',
    )
    return rows.map((row) => row.key)
  } finally {
    await client.end()
  }
}

/** Writes hosts that lead to a brand, and its facts where they are given, as the owner. A host that leads elsewhere stays there. */
export async function updateBrand(
  ownerUrl: string,
  key: string,
  { facts, hosts }: { readonly facts?: unknown; readonly hosts: readonly string[] },
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      'insert into platform.brand_host (host, brand) select unnest($1::text[]), $2 on conflict (host) do nothing',
      [hosts, key],
    )
    if (facts !== undefined)
      await client.query('update platform.brand set facts = $2 where key = $1', [key, JSON.stringify(facts)])
  } finally {
    await client.end()
  }
}
