import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Brand } from '../server/brand/index.ts'
import { priceTablePresets } from '../server/catalog/index.ts'
import { buildHouse, type House } from '../server/house.ts'
import { openLines } from '../server/line/index.ts'
import { furnishBrand } from '../server/new-brand.ts'
import { createClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'
import { dayAt, presetOf, validUntil } from '../server/policy/index.ts'
import type { BenchCluster } from './cluster.ts'
import { benchMsisdn, LINES } from './lines.ts'

export const DEALERS = 100
const FLOAT_MINOR = 10n ** 14n
const CHUNK = 10_000
const DAYS_LEFT = 90

/** A dealer's system: the dealer, its API key, and the principal that its keys of idempotency belong to. */
export interface Agent {
  readonly dealer: string
  readonly caller: string
  readonly apiKey: string
}

export interface World {
  readonly house: House
  readonly brand: Brand
  readonly agents: readonly Agent[]
  /** An operator's key with scope `line:read`. */
  readonly readKey: string
  /** For files of the run. */
  readonly directory: string
  close(): Promise<void>
}

/** The whole house over the brand laika with lines in service and dealers with full floats. No loop runs. */
export async function buildWorld(
  cluster: BenchCluster,
  size: { readonly lines: number; readonly dealers: number } = { lines: LINES, dealers: DEALERS },
): Promise<World> {
  const house = await buildHouse({
    databaseUrl: cluster.appUrl,
    clock: createClock(),
    log: createLog('error'),
    masterKey: randomBytes(32),
    demo: false,
    secureOrigin: false,
    trustedProxies: 0,
    channels: () => ({ sms: null, email: null }),
    originOf: () => 'http://127.0.0.1',
    portBrands: new Map(),
    formTargets: [],
  })
  const brand = house.brands.get('laika')
  await furnishBrand(house, brand, priceTablePresets.laika)
  await addLines(house, brand, size.lines)
  const agents: Agent[] = []
  for (let i = 0; i < size.dealers; i++) agents.push(await addAgent(house, i))
  const readKey = await addKey(house, ['line:read'], null)
  await vacuum(cluster)
  const directory = mkdtempSync(join(tmpdir(), 'baohao-bench-run-'))
  return {
    ...{ house, brand, agents, readKey: readKey.text, directory },
    async close() {
      rmSync(directory, { recursive: true, force: true })
      await house.close()
    },
  }
}

async function addLines(house: House, brand: Brand, count: number): Promise<void> {
  const { clock, db } = house
  const today = dayAt(clock.business(brand.key), brand.zone)
  const policy = presetOf(brand.policy.preset, brand.policy.version)
  const state = {
    standing: 'in-service',
    ceasedOn: null,
    service: validUntil(today + DAYS_LEFT),
    credit: null,
    number: null,
  } as const
  for (let from = 0; from < count; from += CHUNK) {
    const lines = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => ({
      ...{ msisdn: benchMsisdn(from + i), iccid: null, state, paidMinor: 0n, bonusMinor: 0n },
    }))
    await db.of(brand.key).tx((tx) => openLines(tx, { clock, brand, policy, today }, lines))
  }
}

async function addKey(house: House, scopes: readonly string[], dealer: string | null) {
  return await house.db
    .of('laika')
    .tx((tx) => house.identity.createApiKey(tx, { name: 'bench', scopes, dealer, actor: 'bench' }))
}

async function addAgent(house: House, i: number): Promise<Agent> {
  const db = house.db.of('laika')
  const { id: dealer } = await db.tx(async (tx) => {
    const made = await house.dealers.createDealer(tx, { name: `dealer ${i + 1}`, commissionBp: 200 })
    await house.dealers.loadFloat(tx, { dealer: made.id, amountMinor: FLOAT_MINOR, from: 'opening' })
    return made
  })
  const { id, text } = await addKey(house, ['topup:write'], dealer)
  const [row] = await db.query<{ principal: string }>(
    'select principal from {{brand}}.api_key where id = $1',
    [id],
  )
  return { dealer, caller: row?.principal ?? '', apiKey: text }
}

export async function vacuum(cluster: BenchCluster): Promise<void> {
  const owner = new pg.Client({ connectionString: cluster.ownerUrl })
  await owner.connect()
  await owner.query('vacuum analyze')
  await owner.end()
}
