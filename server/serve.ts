import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brandPresets } from './brand/index.ts'
import { demandLoopback } from './demo/loopback.ts'
import { provisionDemo } from './demo/provision.ts'
import { RATES_FILE, sandboxChannels, sandboxPartners, USUAL_PORTS } from './demo/sandbox.ts'
import { seedDemo } from './demo/seed.ts'
import { fillPeople, fillYear, type YearDeps } from './demo/year.ts'
import { buildHouse, type House } from './house.ts'
import { channelsFromEnv } from './messaging/index.ts'
import { migrateBrands } from './new-brand.ts'
import { openDatabase } from './open-database.ts'
import { operate } from './operate.ts'
import { type Clock, createClock } from './platform/clock.ts'
import { readOffsets } from './platform/clock-offset.ts'
import { type Config, ConfigProblems } from './platform/config.ts'
import type { Db } from './platform/db.ts'
import { type Listening, listen } from './platform/http.ts'
import { keepKeyProof, proveMasterKey } from './platform/key-proof.ts'
import type { DatabaseAccess } from './platform/local-database.ts'
import { createLog, type Log } from './platform/log.ts'
import { startTracing } from './platform/trace.ts'
import { type Ending, STOP_SECONDS } from './run-until-ended.ts'

/** A running program: pages, API and, in demo, everything around them. */
export interface Running extends Ending {
  /** One address per brand in demo and test, else one. */
  readonly addresses: readonly string[]
}

export type Say = (line: string) => void

/** Serves all brands; in demo it also makes them, works, and starts the sandbox. */
export async function serve(config: Config, env: NodeJS.ProcessEnv, say: Say): Promise<Running> {
  const log = createLog(config.logLevel)
  const clock = createClock()
  const stops: (() => Promise<unknown>)[] = [await startTracing(env)]
  const stop = () => stopAll(stops)
  try {
    const database = await openDatabase(config, log)
    stops.push(() => database.stop())
    const demo = config.mode !== 'production'
    if (demo || !config.databaseUrl) await migrateBrands(database.ownerUrl, demo ? brandPresets : [])
    // Ended after the house, which still has links to it.
    let stopSandbox = async () => {}
    stops.push(() => stopSandbox())
    const house = await openHouse(config, env, clock, log, database)
    stops.push(() => house.close())
    const ended = new AbortController()
    const year = { house, databaseUrl: database.appUrl, signal: ended.signal }
    if (demo) {
      await demandLoopback(house)
      await seedDemo(house)
      stopSandbox = await provisionDemo(config, house)
      await fillPeople(year)
      house.startWork()
    }
    stops.push(await operate({ config, databaseUrl: database.appUrl, house, log, works: demo }))
    const ports = demo ? brandPresets.map((_, i) => config.port + i) : [config.port]
    const listening = await listen(await house.http(), config.host, ports)
    stops.push(() => stopServing(listening, house, config, log))
    for (const address of listening.addresses) say(address)
    if (demo) {
      const filling = tellOfYear(year, say, log)
      stops.push(async () => {
        ended.abort()
        await filling
      })
    }
    return { addresses: listening.addresses, ...ending(config, log, stop) }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The demo's year is filled in behind the first page; where it cannot be, the rest goes on, and the next start tries again. */
async function tellOfYear(year: YearDeps, say: Say, log: Log): Promise<void> {
  let told = 0
  try {
    await fillYear(year, (share) => {
      const percent = Math.floor(share * 100)
      if (percent <= told) return
      told = percent
      say(`a year of orders is filled in: ${percent} %`)
    })
  } catch (error) {
    log.error({ err: error }, 'the year of orders could not be filled in')
  }
}

/** Works without serving: sends, queries, sweeps and expires for all brands. */
export async function work(config: Config, env: NodeJS.ProcessEnv): Promise<Running> {
  const log = createLog(config.logLevel)
  const stops: (() => Promise<unknown>)[] = [await startTracing(env)]
  const stop = () => stopAll(stops)
  try {
    const database = await openDatabase(config, log)
    stops.push(() => database.stop())
    const house = await openHouse(config, env, createClock(), log, database)
    stops.push(() => house.close())
    stops.push(await operate({ config, databaseUrl: database.appUrl, house, log, works: true }))
    house.startWork()
    stops.push(async () => house.readiness.stop())
    return { addresses: [], ...ending({ ...config, drainSeconds: 0 }, log, stop) }
  } catch (error) {
    await stop()
    throw error
  }
}

async function stopAll(stops: (() => Promise<unknown>)[]): Promise<void> {
  for (const each of stops.splice(0).reverse()) await each()
}

function ending({ drainSeconds }: Config, log: Log, stop: () => Promise<void>): Ending {
  return {
    drainSeconds,
    async stop() {
      const withinSeconds = drainSeconds + STOP_SECONDS
      log.info(
        { drainSeconds, withinSeconds },
        'stopping: what is begun is answered; a second signal ends at once',
      )
      await stop()
      log.info('stopped')
    },
    late: () =>
      log.error({ afterSeconds: drainSeconds + STOP_SECONDS }, 'not everything ended in time; cut off'),
  }
}

/** Requests that last longer are cut off, so that what they wait for can still be closed in order. */
const CUT_OFF_MS = (STOP_SECONDS - 10) * 1000

/** First not ready, so that nobody new is sent here; then no new requests; then those that are begun are answered. */
async function stopServing(listening: Listening, house: House, config: Config, log: Log): Promise<void> {
  house.readiness.stop()
  await sleep(config.drainSeconds * 1000)
  const late = setTimeout(() => {
    log.warn('requests are cut off: they were not answered in time')
    listening.cutOff()
  }, CUT_OFF_MS)
  await listening.close()
  clearTimeout(late)
}

async function openHouse(
  config: Config,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  log: Log,
  database: DatabaseAccess,
): Promise<House> {
  const demo = config.mode !== 'production'
  const partners = demo
    ? sandboxPartners(
        config.dataDir,
        brandPresets.map((brand) => brand.key),
      )
    : []
  const house = await buildHouse({
    databaseUrl: database.appUrl,
    clock,
    log,
    masterKey: config.masterKey,
    demo,
    secureOrigin: config.secureOrigin,
    trustedProxies: config.trustedProxies,
    channels: (brand) => (demo ? sandboxChannels(partners, brand) : channelsFromEnv(env, brand)),
    originOf: (brand) => originOf(config, env, brand),
    portBrands: new Map(demo ? brandPresets.map((brand, i) => [config.port + i, brand.key]) : []),
    ratesFile: config.ratesFile ?? (demo ? join(config.dataDir, 'sandbox', RATES_FILE) : undefined),
    formTargets: demo
      ? [USUAL_PORTS.home, USUAL_PORTS.alipay, USUAL_PORTS.unionpay].map((port) => `http://127.0.0.1:${port}`)
      : FORM_TARGETS,
  })
  await readOffsets(house.db, clock)
  if (!(await isItsKey(house.db, config.masterKey))) {
    await house.close()
    throw new ConfigProblems([
      'the master key is not the one this database is used with; bring back the original file',
    ])
  }
  return house
}

/** The first key that a database is used with is its key: with another one nothing that is sealed in it would open. */
async function isItsKey(db: Db, masterKey: Buffer): Promise<boolean> {
  if ((await proveMasterKey(db, masterKey)) === 'first') await keepKeyProof(db, masterKey)
  return (await proveMasterKey(db, masterKey)) === 'proved'
}

/** Where pages may be sent to pay. */
const FORM_TARGETS = ['https://openapi.alipay.com', 'https://gateway.95516.com']

function originOf(config: Config, env: NodeJS.ProcessEnv, brand: string): string {
  const written = env[`BAOHAO_ORIGIN_${brand.toUpperCase()}`]
  if (written) return written
  const index = brandPresets.findIndex((preset) => preset.key === brand)
  return `http://127.0.0.1:${config.port + Math.max(0, index)}`
}
