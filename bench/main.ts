import { setTimeout as sleep } from 'node:timers/promises'
import { startBenchCluster } from './cluster.ts'
import { type HttpMeasured, runHttp, serveWorld } from './http.ts'
import { median } from './measure.ts'
import { prove } from './prove.ts'
import { prepareReference, runReference } from './reference.ts'
import { runSettle } from './settle.ts'
import { buildWorld, type World } from './world.ts'

// `npm run bench -- --json [--rounds 3] [--seconds 10]`: docs/operating/performance.md says what each part measures.

const option = (name: string, usual: number) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number.parseInt(process.argv[at + 1] ?? '', 10)
}
const rounds = option('rounds', 3)
const seconds = option('seconds', 10)
const warmUpSeconds = option('warm-up', 3)
const HTTP_CONNECTIONS = 256

/** Progress and settings go to stderr: stdout holds the result alone. */
const tell = (text: string) => void process.stderr.write(`${text}\n`)

const results = {
  reference: [] as number[],
  settle: [] as number[],
  hot: [] as number[],
  http: [] as HttpMeasured[],
  read: [] as HttpMeasured[],
}

async function settlePart(world: World, name: 'settle' | 'hot'): Promise<void> {
  const agents = name === 'hot' ? world.agents.slice(0, 1) : world.agents
  const { perSecond, acknowledged } = await runSettle(world, agents, seconds, warmUpSeconds)
  results[name].push(perSecond)
  tell(`${name} ${Math.round(perSecond)}/s`)
  await prove(world, acknowledged, 0)
}

async function httpPart(world: World, address: string, kind: 'http' | 'read'): Promise<void> {
  const measured = await runHttp(world, address, kind, seconds, warmUpSeconds)
  results[kind].push(measured)
  tell(`${kind} ${Math.round(measured.perSecond)}/s, p50 ${measured.p50Ms} ms, p99 ${measured.p99Ms} ms`)
  if (kind === 'http') await prove(world, measured.acknowledged, 2 * HTTP_CONNECTIONS)
}

const cluster = await startBenchCluster()
try {
  tell(
    Object.entries(cluster.settings)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n'),
  )
  await prepareReference(cluster)
  const world = await buildWorld(cluster)
  const listening = await serveWorld(world)
  const address = listening.addresses[0] as string
  tell('the world is built')
  for (let round = 0; round < rounds; round++) {
    const { perSecond } = await runReference(cluster, seconds, warmUpSeconds)
    results.reference.push(perSecond)
    tell(`reference ${Math.round(perSecond)}/s`)
    await settlePart(world, 'settle')
    await settlePart(world, 'hot')
    await httpPart(world, address, 'http')
    await httpPart(world, address, 'read')
  }
  // What the ended loader left under way is answered to nobody, but it is answered.
  await sleep(1000)
  await listening.close()
  await world.close()
} finally {
  await cluster.stop()
}

const rate = (values: readonly number[]) => Math.round(median(values))
const http = (measured: readonly HttpMeasured[]) => ({
  perSecond: rate(measured.map((m) => m.perSecond)),
  p50Ms: median(measured.map((m) => m.p50Ms)),
  p99Ms: median(measured.map((m) => m.p99Ms)),
})
const reference = rate(results.reference)
const figures = {
  reference: { perSecond: reference },
  settle: { perSecond: rate(results.settle) },
  hot: { perSecond: rate(results.hot) },
  http: http(results.http),
  read: http(results.read),
}
const ratio = (perSecond: number) => Math.round((perSecond / reference) * 100) / 100
const ratios = {
  settle: ratio(figures.settle.perSecond),
  hot: ratio(figures.hot.perSecond),
  http: ratio(figures.http.perSecond),
  read: ratio(figures.read.perSecond),
}
process.stdout.write(
  `${JSON.stringify({ ...figures, ratios }, null, process.argv.includes('--json') ? 0 : 2)}\n`,
)
