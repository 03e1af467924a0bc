import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { figures } from './figures.ts'
import type { Log } from './log.ts'
import type { Readiness } from './readiness.ts'

export interface OperatorHttpDeps {
  readonly host: string
  readonly port: number
  readonly readiness: Readiness
  /** Further figures, in the text format too; '' where this process tells none. */
  readonly businessText: () => Promise<string>
  readonly log: Log
}

export interface OperatorHttp {
  readonly address: string
  close(): Promise<void>
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8'
const REQUEST_MS = 10_000

/**
 * `/metrics`, `/healthz` and `/readyz` for whoever operates us, on an address of their own: figures of the business are nobody
 * else's to see, and `baohao work` has no other address. There is no log-in here, so it listens on loopback unless told otherwise.
 */
export async function startOperatorHttp(deps: OperatorHttpDeps): Promise<OperatorHttp> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const answering = request.method === 'GET' || request.method === 'HEAD' ? answer(deps, path) : undefined
    Promise.resolve(answering)
      .then((answered) =>
        send(response, answered ?? [404, 'text/plain', 'There is nothing at this address.\n']),
      )
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'figures could not be told')
        send(response, [500, 'text/plain', 'Something broke; the log says what.\n'])
      })
  })
  server.requestTimeout = REQUEST_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(deps.port, deps.host, resolve)
  })
  return {
    address: `http://${deps.host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeIdleConnections()
      const closed = new Promise((resolve) => server.close(resolve))
      // A scrape under way is worth nothing by now.
      server.closeAllConnections()
      await closed
    },
  }
}

type Answered = readonly [status: number, type: string, body: string]

async function answer(
  { readiness, businessText }: OperatorHttpDeps,
  path: string,
): Promise<Answered | undefined> {
  if (path === '/healthz') return [200, 'application/json', JSON.stringify({ status: 'ok' })]
  if (path === '/readyz') {
    const { ready, dependencies } = await readiness.look()
    const body = JSON.stringify({ status: ready ? 'ready' : 'not-ready', dependencies })
    return [ready ? 200 : 503, 'application/json', body]
  }
  if (path === '/metrics') return [200, TEXT_FORMAT, figures.text() + (await businessText())]
  return undefined
}

function send(response: ServerResponse, [status, type, body]: Answered): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
