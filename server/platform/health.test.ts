import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createClock } from './clock.ts'
import { createDb } from './db.ts'
import { healthRoutes } from './health.ts'
import { createHttp } from './http.ts'
import { createReadiness, type Readiness } from './readiness.ts'

const { db, log, owner } = await testDatabase()

async function asked(readiness: Readiness, url: string) {
  const http = await createHttp({
    clock: createClock(),
    log,
    secureOrigin: false,
    trustedProxies: 0,
    formTargets: [],
  })
  await http.register(healthRoutes(readiness))
  const response = await http.inject(url)
  await http.close()
  return { status: response.statusCode, body: response.json() }
}

const ok = { process: 'ok', database: 'ok', migrations: 'ok' }

it('a process that answers is well; one whose database answers, at this version, is ready', async () => {
  const readiness = createReadiness(db)
  expect(await asked(readiness, '/healthz')).toEqual({ status: 200, body: { status: 'ok' } })
  expect(await asked(readiness, '/readyz')).toEqual({
    status: 200,
    body: { status: 'ready', dependencies: ok },
  })
})

it('without its database it is well and not ready, and says so without an address', async () => {
  const away = createDb({
    url: 'postgres://baohao_app:app@127.0.0.1:1/none',
    connections: 1,
    log,
    applicationName: 'away',
  })
  afterAll(() => away.close())
  const readiness = createReadiness(away)
  expect(await asked(readiness, '/healthz')).toMatchObject({ status: 200 })
  const { status, body } = await asked(readiness, '/readyz')
  expect(status).toBe(503)
  expect(body).toMatchObject({
    code: 'not-ready',
    dependencies: { process: 'ok', database: 'does not answer', migrations: 'not known' },
  })
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|baohao_app/)
})

it('before its migrations are applied it is not ready, and after them it is', async () => {
  const readiness = createReadiness(db)
  const file = '0010_topup.sql'
  await owner.query(`delete from platform.migration where schema = 'laika' and file = $1`, [file])
  expect(await asked(readiness, '/readyz')).toMatchObject({
    status: 503,
    body: { dependencies: { database: 'ok', migrations: '1 to be applied' } },
  })
  await owner.query(`insert into platform.migration (schema, file) values ('laika', $1)`, [file])
  expect(await asked(readiness, '/readyz')).toMatchObject({ status: 200 })
})

it('told to stop, it is not ready while it still answers', async () => {
  const readiness = createReadiness(db)
  readiness.stop()
  expect(await asked(readiness, '/readyz')).toMatchObject({
    status: 503,
    body: { code: 'not-ready', dependencies: { ...ok, process: 'stopping' } },
  })
  expect(await asked(readiness, '/healthz')).toMatchObject({ status: 200 })
})
