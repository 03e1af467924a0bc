import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { priceTablePresets } from '../server/catalog/index.ts'
import { furnishBrand } from '../server/new-brand.ts'
import { startBenchCluster } from './cluster.ts'
import { serveWorld } from './http.ts'
import type { NotifyOrder, NotifyResult } from './notify-load.ts'
import { prove } from './prove.ts'
import {
  addToldMerchants,
  placeOrders,
  type Signing,
  signed,
  type ToldRail,
  toldRails,
} from './told-orders.ts'
import { buildWorld, type World } from './world.ts'

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

async function send(
  world: World,
  address: string,
  rail: ToldRail,
  signing: Signing,
  numbers: readonly string[],
) {
  const file = join(world.directory, `${rail}.jsonl`)
  const notices = signed(rail, signing, numbers, world.house.clock.instant())
  writeFileSync(file, notices.map((notice) => `${JSON.stringify(notice)}\n`).join(''))
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
const results: Record<string, NotifyResult & { readonly lastCreditedAfterMs: number }> = {}
try {
  const each = perSecond * seconds
  const warmUp = perSecond * WARM_UP_SECONDS
  const world = await buildWorld(cluster, { lines: toldRails.length * (each + warmUp), dealers: 1 })
  const listening = await serveWorld(world)
  const address = listening.addresses[0] as string
  const signing = await addToldMerchants(world)
  // The loops look at every brand, so each has what it sells.
  await furnishBrand(world.house, world.house.brands.get('harbour'), priceTablePresets.harbour)
  world.house.topUps.startLoops()
  let placed = 0
  for (const rail of toldRails) {
    const numbers = await placeOrders(world, rail, placed, each + warmUp)
    placed += numbers.length
    tell(`${rail}: ${numbers.length} orders await payment`)
    await send(world, address, rail, signing, numbers.slice(0, warmUp))
    const result = await send(world, address, rail, signing, numbers.slice(warmUp))
    if (result.acknowledged !== result.sent)
      throw new Error(`${result.acknowledged} of ${result.sent} acknowledged`)
    results[rail] = { ...result, lastCreditedAfterMs: await allCredited(world, placed) }
    tell(`${rail}: ${JSON.stringify(results[rail])}`)
  }
  await world.house.topUps.stopLoops()
  await prove(world, [], placed)
  tell(`fsck passes over ${placed} orders, each credited once`)
  await listening.close()
  await world.close()
} finally {
  await cluster.stop()
}
process.stdout.write(`${JSON.stringify({ perSecond, seconds, rails: results, bars: BARS })}\n`)
for (const { p99Ms, maxMs } of Object.values(results))
  if (p99Ms > BARS.p99Ms || maxMs > BARS.maxMs) process.exitCode = 1
