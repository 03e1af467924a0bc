import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { priceTablePresets } from '../server/catalog/index.ts'
import { furnishBrand } from '../server/new-brand.ts'
import { startBenchCluster } from './cluster.ts'
import { serveWorld } from './http.ts'
import type { NotifyOrder, NotifyResult, Prepared } from './notify-load.ts'
import { prove } from './prove.ts'
import { addToldMerchants, placeOrders, signed, toldRails } from './told-orders.ts'
import { buildWorld, vacuum, type World } from './world.ts'

// `node bench/notifications.ts [--per-second 500] [--seconds 30]`: notifications of Alipay and WeChat Pay, signed before, sent at a
// constant rate by another process while their orders are credited: how long an acknowledgement takes (docs/operating/performance.md).

const option = (name: string, usual: number) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number.parseInt(process.argv[at + 1] ?? '', 10)
}
const perSecond = option('per-second', 500)
const seconds = option('seconds', 30)
const WARM_UP_SECONDS = 3
/** The vendors' patience is 5 s; ours is a hundredth of that. */
const BARS = { p99Ms: 50, maxMs: 5_000 }
const PATIENCE_MS = 60_000

const tell = (text: string) => void process.stderr.write(`${text}\n`)

/** Kept for the sending process. */
function prepare(world: World, name: string, notices: readonly Prepared[]): string {
  const file = join(world.directory, `${name}.jsonl`)
  writeFileSync(file, notices.map((notice) => `${JSON.stringify(notice)}\n`).join(''))
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

const cluster = await startBenchCluster()
/** How long the receiving process was busy with one thing at a time, over and above the resolution. */
const held = monitorEventLoopDelay({ resolution: 5 })
const inMs = (ns: number) => Math.round(ns / 100_000) / 10
interface Measured extends NotifyResult {
  readonly lastCreditedAfterMs: number
  readonly heldP99Ms: number
  readonly heldMaxMs: number
}
const results: Record<string, Measured> = {}
try {
  const each = perSecond * seconds
  const warmUp = perSecond * WARM_UP_SECONDS
  const world = await buildWorld(cluster, { lines: toldRails.length * (each + warmUp), dealers: 1 })
  const listening = await serveWorld(world)
  const address = listening.addresses[0] as string
  const signing = await addToldMerchants(world)
  // The loops look at every brand, so each has what it sells.
  await furnishBrand(world.house, world.house.brands.get('harbour'), priceTablePresets.harbour)
  const awaiting: string[][] = []
  for (const [i, rail] of toldRails.entries())
    awaiting.push(await placeOrders(world, rail, i * (each + warmUp), each + warmUp))
  // As autovacuum has done by the time that orders are many.
  await vacuum(cluster)
  world.house.topUps.startLoops()
  let told = 0
  for (const [i, rail] of toldRails.entries()) {
    const numbers = awaiting[i] as string[]
    told += numbers.length
    tell(`${rail}: ${numbers.length} orders await payment`)
    const notices = signed(rail, signing, numbers, world.house.clock.instant())
    const [first, timed] = [notices.slice(0, warmUp), notices.slice(warmUp)]
    const files = [prepare(world, `${rail}-first`, first), prepare(world, rail, timed)] as const
    await send(address, files[0])
    held.reset()
    held.enable()
    const result = await send(address, files[1])
    held.disable()
    const busy = { heldP99Ms: inMs(held.percentile(99)), heldMaxMs: inMs(held.max) }
    if (result.acknowledged !== result.sent)
      throw new Error(`${result.acknowledged} of ${result.sent} acknowledged`)
    results[rail] = { ...result, ...busy, lastCreditedAfterMs: await allCredited(world, told) }
    tell(`${rail}: ${JSON.stringify(results[rail])}`)
  }
  await world.house.topUps.stopLoops()
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
