import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import { buildHouse, type House } from '../../server/house.ts'
import type { Http } from '../../server/platform/http.ts'
import { type TestDatabase, testDatabase } from './database.ts'

/** Every route of the house over a database of this file's own; each brand answers at `{key}.test`, and nothing works behind. */
export interface ApiHouse {
  readonly house: House
  readonly http: Http
  readonly database: TestDatabase
  /** Listening port to brand, for a test that listens. */
  readonly portBrands: Map<number, string>
}

export async function apiHouse(): Promise<ApiHouse> {
  const database = await testDatabase()
  await database.owner.query(
    `insert into platform.brand_host (host, brand) select key || '.test', key from platform.brand`,
  )
  const portBrands = new Map<number, string>()
  const house = await buildHouse({
    databaseUrl: database.appUrl,
    clock: database.clock,
    log: database.log,
    masterKey: randomBytes(32),
    demo: true,
    strict: true,
    secureOrigin: false,
    trustedProxies: 0,
    channels: () => ({ sms: null, email: null }),
    originOf: (brand) => `http://${brand}.test`,
    portBrands,
    formTargets: [],
  })
  const http = await house.http()
  await http.ready()
  afterAll(async () => {
    await http.close()
    await house.close()
  })
  return { house, http, database, portBrands }
}
