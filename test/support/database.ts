import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { type Brands, loadBrands } from '../../server/brand/index.ts'
import { type Clock, createClock } from '../../server/platform/clock.ts'
import { createDb, type Db } from '../../server/platform/db.ts'
import { createLog, type Log } from '../../server/platform/log.ts'
import { PASSWORDS, TEMPLATE, urlAs } from './global-setup.ts'

export interface TestDatabase {
  /** As the app role: what the product itself may do. */
  readonly db: Db
  /** As the owner: to plant what the product could never write. */
  readonly owner: pg.Client
  readonly appUrl: string
  readonly ownerUrl: string
  readonly brands: Brands
  readonly clock: TestClock
  readonly log: Log
}

/** A clock the test moves by hand; both hands start at 2026-11-22 06:00 UTC (14:00 in Shanghai). */
export interface TestClock extends Clock {
  advance(ms: number): void
}

export function testClock(startMs = Date.UTC(2026, 10, 22, 6)): TestClock {
  let nowMs = startMs
  return {
    ...createClock(() => nowMs),
    advance(ms) {
      nowMs += ms
    },
  }
}

async function asSuper(run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('superUrl') })
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}

/** A database of this test file's own, cloned from the template and dropped after the file. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asSuper((client) =>
    client.query(`create database ${name} template ${TEMPLATE} strategy file_copy owner baohao_owner`),
  )
  const superUrl = inject('superUrl')
  const appUrl = urlAs(superUrl, 'baohao_app', PASSWORDS.app, name)
  const ownerUrl = urlAs(superUrl, 'baohao_owner', PASSWORDS.owner, name)
  const log = createLog('silent')
  const db = createDb({ url: appUrl, connections: 8, log, applicationName: 'test' })
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  afterAll(async () => {
    await db.close()
    await owner.end()
    await asSuper((client) => client.query(`drop database ${name} with (force)`))
  })
  return { db, owner, appUrl, ownerUrl, brands: await loadBrands(db), clock: testClock(), log }
}
