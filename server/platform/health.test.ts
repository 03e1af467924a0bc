import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createClock } from './clock.ts'
import { createDb, type Db } from './db.ts'
import { healthRoutes } from './health.ts'
import { createHttp } from './http.ts'

const { db, log } = await testDatabase()

async function asked(database: Db, url: string) {
  const http = await createHttp({
    clock: createClock(),
    log,
    secureOrigin: false,
    trustedProxies: 0,
    formTargets: [],
  })
  await http.register(healthRoutes(database))
  const response = await http.inject(url)
  await http.close()
  return { status: response.statusCode, body: response.json() }
}

it('a process that answers is well, one whose database answers is ready', async () => {
  expect(await asked(db, '/healthz')).toEqual({ status: 200, body: { status: 'ok' } })
  expect(await asked(db, '/readyz')).toEqual({ status: 200, body: { status: 'ready' } })
})

it('without its database it is well and not ready', async () => {
  const away = createDb({
    url: 'postgres://baohao_app:app@127.0.0.1:1/none',
    connections: 1,
    log,
    applicationName: 'away',
  })
  afterAll(() => away.close())
  expect(await asked(away, '/healthz')).toMatchObject({ status: 200 })
  expect(await asked(away, '/readyz')).toMatchObject({ status: 503, body: { code: 'database-away' } })
})
