import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { brandPresets } from '../../server/brand/index.ts'
import { buildHouse } from '../../server/house.ts'
import { migrateBrands } from '../../server/new-brand.ts'
import { createClock } from '../../server/platform/clock.ts'
import { openLocalDatabase } from '../../server/platform/local-database.ts'
import { createLog } from '../../server/platform/log.ts'
import { findPostmaster } from '../../server/platform/postmaster.ts'
import { LauncherScratch } from '../support/launcher.ts'

const scratch = new LauncherScratch()
const dataDir = scratch.fresh()
const lines: string[] = []
const log = createLog('info', { write: (line) => void lines.push(line) })
const database = await openLocalDatabase(dataDir, log)
await migrateBrands(database.ownerUrl, brandPresets)
const owner = new pg.Client({ connectionString: database.ownerUrl })
await owner.connect()
await owner.query(`insert into platform.brand_host (host, brand) values ('pay.laika.example', 'laika')`)
await owner.end()
const house = await buildHouse({
  ...{ databaseUrl: database.appUrl, clock: createClock(), log, masterKey: Buffer.alloc(32, 7), demo: false },
  ...{ strict: true, secureOrigin: true, trustedProxies: 0, portBrands: new Map(), formTargets: [] },
  channels: () => ({ sms: null, email: null }),
  originOf: () => 'https://pay.laika.example',
})
const http = await house.http()
house.startWork()

afterAll(async () => {
  await http.close()
  await house.close()
  await database.stop()
  scratch.remove()
})

const ask = async (url: string) => {
  const answer = await http.inject({ url, headers: { host: 'pay.laika.example' } })
  return { status: answer.statusCode, body: answer.json(), retryAfter: answer.headers['retry-after'] }
}
const line = () => ask('/v1/lines/15400001000')

test('the embedded database is killed under a running program: it says so, and goes on by itself', async () => {
  expect(await line()).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
  expect(await ask('/readyz')).toMatchObject({ status: 200 })

  const cluster = realpathSync(join(dataDir, 'postgres/cluster'))
  const pid = findPostmaster(cluster)?.pid as number
  const asked: Awaited<ReturnType<typeof line>>[] = []
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(
      async () => {
        asked.push(await line())
        // The dead one's servers answer for a moment more, and it is not known at once that it is dead.
        return asked.at(-1)?.status === 404 && ![undefined, pid].includes(findPostmaster(cluster)?.pid)
      },
      { timeout: 60_000, interval: 10 },
    )
    .toBe(true)

  const away = asked.filter(({ status }) => status !== 404)
  expect(away.length).toBeGreaterThan(0)
  for (const { status, body, retryAfter } of away) {
    expect({ status, body, retryAfter }).toMatchObject({
      status: 503,
      body: { code: 'database-away' },
      retryAfter: '2',
    })
  }
  expect(findPostmaster(cluster)?.pid).not.toBe(pid)
  expect(await ask('/readyz')).toMatchObject({ status: 200 })
  const said = lines.map((text) => JSON.parse(text).msg)
  expect(said).toEqual(
    expect.arrayContaining([
      'the embedded database is gone; it is started again',
      'the embedded database is there again',
    ]),
  )
  // No request of an outage is a fault of the program.
  expect(said).not.toContain('request failed')
})
