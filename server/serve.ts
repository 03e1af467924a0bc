import { brandPresets } from './brand/index.ts'
import { provisionDemo } from './demo/provision.ts'
import { type SandboxPartner, sandboxPartners, USUAL_PORTS } from './demo/sandbox.ts'
import { seedDemo } from './demo/seed.ts'
import { buildHouse, type House } from './house.ts'
import { channelsFromEnv } from './messaging/index.ts'
import { migrateBrands } from './new-brand.ts'
import { openDatabase } from './open-database.ts'
import { type Clock, createClock } from './platform/clock.ts'
import { readOffsets } from './platform/clock-offset.ts'
import type { Config } from './platform/config.ts'
import { listen } from './platform/http.ts'
import type { DatabaseAccess } from './platform/local-database.ts'
import { createLog, type Log } from './platform/log.ts'

/** A running program: pages, API and, in demo, everything around them. */
export interface Running {
  /** One address per brand in demo and test, else one. */
  readonly addresses: readonly string[]
  stop(): Promise<void>
}

export type Say = (line: string) => void

/** Serves all brands; in demo it also makes them, works, and starts the sandbox. */
export async function serve(config: Config, env: NodeJS.ProcessEnv, say: Say): Promise<Running> {
  const log = createLog(config.logLevel)
  const clock = createClock()
  const database = await openDatabase(config, log)
  const stops: (() => Promise<unknown>)[] = [() => database.stop()]
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each()
  }
  try {
    const demo = config.mode !== 'production'
    if (demo || !config.databaseUrl) await migrateBrands(database.ownerUrl, demo ? brandPresets : [])
    // Ended after the house, which still has links to it.
    let stopSandbox = async () => {}
    stops.push(() => stopSandbox())
    const house = await openHouse(config, env, clock, log, database)
    stops.push(() => house.close())
    if (demo) {
      await seedDemo(house)
      stopSandbox = await provisionDemo(config, house)
      house.startWork()
    }
    const ports = demo ? brandPresets.map((_, i) => config.port + i) : [config.port]
    const listening = await listen(await house.http(), config.host, ports)
    stops.push(() => listening.close())
    for (const address of listening.addresses) say(address)
    return { addresses: listening.addresses, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Works without serving: sends, queries, sweeps and expires for all brands. */
export async function work(config: Config, env: NodeJS.ProcessEnv): Promise<Running> {
  const log = createLog(config.logLevel)
  const database = await openDatabase(config, log)
  const house = await openHouse(config, env, createClock(), log, database)
  house.startWork()
  return {
    addresses: [],
    async stop() {
      await house.close()
      await database.stop()
    },
  }
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
    formTargets: demo
      ? [`http://127.0.0.1:${USUAL_PORTS.alipay}`, `http://127.0.0.1:${USUAL_PORTS.home}`]
      : FORM_TARGETS,
  })
  await readOffsets(house.db, clock)
  return house
}

/** Where pages may be sent to pay. */
const FORM_TARGETS = ['https://openapi.alipay.com']

function originOf(config: Config, env: NodeJS.ProcessEnv, brand: string): string {
  const written = env[`BAOHAO_ORIGIN_${brand.toUpperCase()}`]
  if (written) return written
  const index = brandPresets.findIndex((preset) => preset.key === brand)
  return `http://127.0.0.1:${config.port + Math.max(0, index)}`
}

function sandboxChannels(partners: readonly SandboxPartner[], brand: string) {
  const partner = partners.find((candidate) => candidate.brand === brand)
  const { smpp, smtp } = USUAL_PORTS
  const name = brand.toUpperCase()
  const urls = {
    [`BAOHAO_SMS_${name}`]: `smpp://${brand}:${partner?.smppPassword}@127.0.0.1:${smpp}`,
    [`BAOHAO_MAIL_${name}`]: `smtp://127.0.0.1:${smtp}`,
  }
  return channelsFromEnv(urls, brand)
}
