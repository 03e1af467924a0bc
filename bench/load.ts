import { randomBytes, randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import autocannon from 'autocannon'
import { benchMsisdn, LINES } from './lines.ts'

/** What the loading process is told, as JSON in its first argument. */
export interface LoadOrder {
  readonly address: string
  readonly kind: 'http' | 'read'
  readonly connections: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** API keys; each connection uses one of them. */
  readonly keys: readonly string[]
  /** Acknowledged idempotency keys are written here, one a line. */
  readonly acknowledgedFile: string
}

export interface LoadResult {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

const BODY_START = '{"msisdn":"'
const BODY_END = '","amount":{"amountMinor":"5000","currency":"CNY"},"confirmDuplicate":true}'

function requestFor(order: LoadOrder): autocannon.Request {
  const authorization = () => `Bearer ${order.keys[randomInt(order.keys.length)]}`
  if (order.kind === 'read') {
    return {
      method: 'GET',
      setupRequest: (request) => ({
        ...request,
        path: `/v1/lines/${benchMsisdn(randomInt(LINES))}/balance`,
        headers: { ...request.headers, authorization: authorization() },
      }),
    }
  }
  return {
    method: 'POST',
    path: '/v1/agent/top-ups',
    setupRequest: (request, context) => {
      const key = randomBytes(12).toString('hex')
      ;(context as { key?: string }).key = key
      return {
        ...request,
        headers: {
          ...request.headers,
          'content-type': 'application/json',
          'idempotency-key': key,
          authorization: authorization(),
        },
        body: BODY_START + benchMsisdn(randomInt(LINES)) + BODY_END,
      }
    },
    onResponse: (status, _body, context) => {
      if (status === 201) acknowledged.push((context as { key: string }).key)
    },
  }
}

const acknowledged: string[] = []

async function load(order: LoadOrder, seconds: number): Promise<LoadResult> {
  const result = await autocannon({
    url: order.address,
    connections: order.connections,
    duration: seconds,
    requests: [requestFor(order)],
  })
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  }
}

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder
await load(order, order.warmUpSeconds)
const result = await load(order, order.seconds)
writeFileSync(order.acknowledgedFile, acknowledged.join('\n'))
process.stdout.write(JSON.stringify(result))
