import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Busy, watchBusy } from './busy.ts'
import { startBenchCluster } from './cluster.ts'
import { serveWorld } from './http.ts'
import type { NotifyOrder, NotifyResult } from './notify-load.ts'
import { startProfile } from './profile.ts'
import { prove } from './prove.ts'
import { openTellers, type Teller, type Told, toldRails } from './told-notices.ts'
import { addToldMerchant, placeOrders } from './told-orders.ts'
import { buildWorld, vacuum, type World } from './world.ts'

// `node bench/notifications.ts [--per-second 500] [--seconds 30] [--profile DIRECTORY]`: notifications of every rail that sends them,
// signed before, sent at a constant rate by another process while their orders are credited: how long an acknowledgement takes
// (docs/operating/performance.md). With a directory, a CPU profile of the receiving process is kept there for each rail.

const option = (name: string) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const perSecond = Number.parseInt(option('per-second') ?? '500', 10)
const seconds = Number.parseInt(option('seconds') ?? '30', 10)
const profiles = option('profile')
const WARM_UP_SECONDS = 3
/** The vendors' patience is 5 s; ours is a hundredth of that. */
const BARS = { p99Ms: 50, maxMs: 5_000 }
const PATIENCE_MS = 60_000
const CHUNK = 500

const tell = (text: string) => void process.stderr.write(`${text}\n`)

/** Signed for the sending process, and not kept here, where it would only be more to look through for garbage. */
function prepare(world: World, name: string, { merchant, notice }: Teller, told: readonly Told[]): string {
  const file = join(world.directory, `${name}.jsonl`)
  const path = `/v1/notifications/${merchant.provider}/${world.brand.key}/${merchant.id}`
  for (let i = 0; i < told.length; i += CHUNK) {
    const atMs = world.house.clock.instant()
    const notices = told.slice(i, i + CHUNK).map((one) => ({ path, ...notice(one, atMs) }))
    appendFileSync(file, notices.map((one) => `${JSON.stringify(one)}\n`).join(''))
  }
  return file
}

async function send(address: string, file: string): Promise<NotifyResult> {
  const order: NotifyOrder = { address, file, perSecond }
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'notify-load.ts'), JSON.stringify(order)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the sending process ended with ${code}`)
  return JSON.parse(out) as NotifyResult
}

async function creditedOf(world: World): Promise<number> {
  const [row] = await world.house.db
    .of(world.brand.key)
    .query<{ n: bigint }>(`select count(*) as n from {{brand}}.top_up where state = 'credited'`)
  return Number(row?.n ?? 0n)
}

async function allCredited(world: World, expected: number): Promise<number> {
  const startedAt = performance.now()
  while ((await creditedOf(world)) < expected) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`not all of ${expected} are credited`)
    await sleep(20)
  }
  return Math.round(performance.now() - startedAt)
}

interface Measured extends NotifyResult, Busy {
  readonly lastCreditedAfterMs: number
}

/** One rail: those to warm up with, then those that count; ends when all `told` orders so far are credited. */
async function measure(
  { world, address, backend }: { readonly world: World; readonly address: string; readonly backend: number },
  teller: Teller,
  awaiting: readonly Told[],
  told: number,
): Promise<Measured> {
  const { provider } = teller.merchant
  const warmUp = perSecond * WARM_UP_SECONDS
  const first = prepare(world, `${provider}-first`, teller, awaiting.slice(0, warmUp))
  const timed = prepare(world, provider, teller, awaiting.slice(warmUp))
  await send(address, first)
  const keepProfile = profiles === undefined ? undefined : await startProfile()
  const busy = watchBusy(backend)
  const result = await send(address, timed)
  const measured = { ...result, ...busy() }
  await keepProfile?.(join(profiles ?? '', `${provider}.cpuprofile`))
  if (result.acknowledged !== result.sent)
    throw new Error(`${result.acknowledged} of ${result.sent} acknowledged`)
  return { ...measured, lastCreditedAfterMs: await allCredited(world, told) }
}

const cluster = await startBenchCluster()
const results: Record<string, Measured> = {}
try {
  const each = perSecond * (seconds + WARM_UP_SECONDS)
  const world = await buildWorld(cluster, { lines: toldRails.length * each, dealers: 1 })
  const listening = await serveWorld(world)
  const tellers = await openTellers(world.brand.currency, world.directory, world.house.clock.instant)
  const awaiting: Told[][] = []
  for (const [i, rail] of toldRails.entries()) {
    await addToldMerchant(world, tellers[rail])
    awaiting.push(await placeOrders(world, tellers[rail], i * each, each))
  }
  // As autovacuum has done by the time that orders are many.
  await vacuum(cluster)
  world.house.topUps.startLoops()
  const [row] = await world.house.db.platform.query<{ pid: number }>('select pg_backend_pid() as pid')
  const place = { world, address: listening.addresses[0] as string, backend: row?.pid ?? 0 }
  for (const [i, rail] of toldRails.entries()) {
    results[rail] = await measure(place, tellers[rail], awaiting[i] as Told[], (i + 1) * each)
    tell(`${rail}: ${JSON.stringify(results[rail])}`)
  }
  await world.house.topUps.stopLoops()
  const told = toldRails.length * each
  await prove(world, [], told)
  tell(`fsck passes over ${told} orders, each credited once`)
  await listening.close()
  await world.close()
} finally {
  await cluster.stop()
}
process.stdout.write(`${JSON.stringify({ perSecond, seconds, rails: results, bars: BARS })}\n`)
for (const { p99Ms, maxMs } of Object.values(results))
  if (p99Ms > BARS.p99Ms || maxMs > BARS.maxMs) process.exitCode = 1
