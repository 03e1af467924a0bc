import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createBatcher } from './batcher.ts'
import { createClock } from './clock.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { outbound } from './outbound-http.ts'
import { inScope, outsideScope } from './scope.ts'
import { startTracing, traced } from './trace.ts'

interface Span {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: { readonly key: string; readonly value: Record<string, unknown> }[]
  readonly links?: { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
}

// What a collector is to us: something that takes OTLP over HTTP, as JSON.
const received: string[] = []
const collector = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    received.push(`${request.url} ${Buffer.concat(parts).toString('utf8')}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
afterAll(() => new Promise((resolve) => collector.close(resolve)))

/** The exporter reads the process's own environment, as the standard has it. */
async function tracedBy(
  env: Readonly<Record<string, string>>,
  work: () => Promise<unknown>,
): Promise<Span[]> {
  Object.assign(process.env, env)
  const stop = await startTracing(process.env)
  try {
    await work()
  } finally {
    await stop()
    for (const name of Object.keys(env)) delete process.env[name]
  }
  return received.splice(0).flatMap((text) => {
    const body = JSON.parse(text.slice(text.indexOf(' ') + 1)) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
    }
    return body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  })
}

const access = { who: ['anyone'], reach: 'nothing' } as const
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

it('a request, the batch it waits for and the call made for it are one picture, without anything of anybody', async () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const http = await createHttp({
    clock: createClock(),
    log,
    secureOrigin: false,
    trustedProxies: 0,
    formTargets: [],
  })
  const batcher = createBatcher<string, string>({
    ...{ name: 'traced', maxBatch: 10, maxQueue: 10, isOutage: () => false },
    run: async (commands) => {
      await outbound('provider.query', async () => 'answered')
      return [...commands]
    },
  })
  http.get('/v1/lines/:number', { config: { access } }, async () => {
    log.info('looked')
    return { said: await batcher.submit('command') }
  })
  const spans = await tracedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, async () => {
    const headers = { traceparent: `00-${TRACE}-${PARENT}-01` }
    await http.inject({ url: '/v1/lines/15400001234?name=never-shown', headers })
    await batcher.drained()
  })
  await http.close()
  const named = (name: string) => spans.find((span) => span.name === name) as Span
  const request = named('GET /v1/lines/:number')
  expect(request).toMatchObject({ kind: 2, traceId: TRACE, parentSpanId: PARENT })
  expect(request.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 200 } })
  const batch = named('batch traced')
  expect(batch.links).toMatchObject([{ traceId: TRACE, spanId: request.spanId }])
  expect(batch.attributes).toContainEqual({ key: 'baohao.batch.size', value: { intValue: 1 } })
  expect(named('provider.query')).toMatchObject({
    kind: 3,
    traceId: batch.traceId,
    parentSpanId: batch.spanId,
  })
  expect(JSON.parse(lines[0] as string)).toMatchObject({ msg: 'looked', traceId: TRACE })
  expect(JSON.stringify(spans)).not.toMatch(/15400001234|never-shown/)
})

it('a failure is told by its kind and not by its words', async () => {
  const spans = await tracedBy({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces` }, async () => {
    const refused = Object.assign(new Error('no route to 15400001234'), { code: 'ECONNREFUSED' })
    await traced('client', 'failing', {}, () => Promise.reject(refused)).catch(() => undefined)
  })
  expect(spans).toMatchObject([{ name: 'failing', status: { code: 2 } }])
  expect(spans[0]?.attributes).toEqual([{ key: 'error.type', value: { stringValue: 'ECONNREFUSED' } }])
  expect(JSON.stringify(spans)).not.toContain('15400001234')
})

it('what is not sampled, and what is traced nowhere, costs nobody a span', async () => {
  const work = () =>
    traced('internal', 'quiet', {}, async () =>
      outsideScope(() => inScope({ id: '', span: undefined }, () => 1)),
    )
  const off = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: 'always_off' }
  expect(await tracedBy(off, work)).toEqual([])
  expect(await tracedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }, work)).toEqual(
    [],
  )
  expect(await tracedBy({}, work)).toEqual([])
})

it('where nothing is traced, nothing of OpenTelemetry is even loaded', () => {
  const program = `
    import { registerHooks } from 'node:module'
    const loaded = []
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
    await import(process.argv[1] + '/server/serve.ts')
    const { startTracing } = await import(process.argv[1] + '/server/platform/trace.ts')
    await startTracing({})
    console.log(loaded.length, loaded.filter((url) => url.includes('opentelemetry')).length)`
  const root = join(import.meta.dirname, '../..')
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program, root], {
    encoding: 'utf8',
  })
  const [modules, ofOpenTelemetry] = told.trim().split(' ').map(Number)
  expect(modules).toBeGreaterThan(100)
  expect(ofOpenTelemetry).toBe(0)
})
