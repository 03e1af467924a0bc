import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { databaseProxy } from '../../test/support/database-proxy.ts'
import { createDb } from '../platform/db.ts'
import type { Evidence } from './evidence.ts'
import { createRecorder } from './record.ts'

const { appUrl, clock, log, owner } = await testDatabase()

const saying = (providerId: string): Evidence => ({
  ...{ provider: 'alipay', merchant: 'm', kind: 'notify', providerId, attempt: null, refund: null },
  ...{ said: 'closed', transaction: null, amountMinor: null, currency: null, happenedAtMs: null, note: null },
  ...{ raw: Buffer.from('as it came'), fields: { as: 'it came' } },
})

test('a batch of evidence is one round trip, its commit included, and then it is told of', async () => {
  const proxy = await databaseProxy(appUrl)
  const db = createDb({ url: proxy.url, connections: 1, log, applicationName: 'recording' })
  afterAll(() => db.close())
  const recorder = createRecorder({ db, clock })
  const heard: string[] = []
  recorder.onEvidence((brand) => heard.push(brand))
  await recorder.record('laika', saying('first'))
  const before = proxy.flights
  await Promise.all(['second', 'third', 'first'].map((id) => recorder.record('laika', saying(id))))
  expect(proxy.flights - before).toBe(1)
  expect(heard).toEqual(['laika', 'laika'])
  const { rows } = await owner.query('select provider_id from laika.evidence order by provider_id')
  expect(rows.map((row) => row.provider_id)).toEqual(['first', 'second', 'third'])
})
