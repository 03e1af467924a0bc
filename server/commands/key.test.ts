import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { buildHouse } from '../house.ts'
import { scopes } from './key.ts'

const database = await testDatabase()
const house = await buildHouse({
  ...{ databaseUrl: database.appUrl, clock: database.clock, log: database.log, masterKey: randomBytes(32) },
  ...{ demo: true, secureOrigin: false, trustedProxies: 0 },
  channels: () => ({ sms: null, email: null }),
  originOf: (brand) => `http://${brand}.test`,
  portBrands: new Map(),
  formTargets: [],
})
const http = await house.http()
await http.ready()
afterAll(async () => {
  await http.close()
  await house.close()
})

test('the scopes a key may have are those that routes ask for', () => {
  const asked = new Set(http.routeTable.flatMap(({ scope }) => scope ?? []))
  expect(new Set(Object.keys(scopes))).toEqual(asked)
})

test('a scope is a dealer’s where every route that asks for it reaches a dealer’s own', () => {
  for (const [scope, { ofDealer }] of Object.entries(scopes)) {
    const reaches = http.routeTable.filter((row) => row.scope === scope).map(({ reach }) => reach)
    expect([scope, reaches.every((reach) => reach.includes('dealer'))]).toEqual([scope, ofDealer])
  }
})
