import { createServer, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchema,
  LogController,
} from 'fastify'
import type { Clock } from './clock.ts'
import { serializerCompiler, validatorCompiler } from './compiled-schemas.ts'
import { Refusal, refuse } from './error.ts'
import { newId } from './id.ts'
import { parseJsonBody } from './json-body.ts'
import type { Log } from './log.ts'
import { countProblem, observeRequests } from './observe-http.ts'
import type { Operation } from './operation.ts'
import { httpErrors, toProblem } from './problem.ts'
import { type SecurityHeaderOptions, type SecurityHeaders, securityHeaders } from './security-headers.ts'

/**
 * Who may call a route. Every route declares it; one that does not fails at start-up (deny by default). The table of
 * all routes is `docs/security/authorisation.md`, compared with the running routes by a test.
 */
export interface Access {
  /** `anyone` needs no session; `provider` proves itself by the signature in its body. */
  readonly who: readonly ('anyone' | 'guest' | 'login' | 'api-key' | 'provider')[]
  /** The scope an API key must carry, when `who` has `api-key`. */
  readonly scope?: string
  /** The least assurance a log-in's session must have. */
  readonly assurance?: 'sms' | 'password' | 'strong'
  /** Whose things are reached, as a sentence for the table: `its own orders`. */
  readonly reach: string
}

export interface RouteRow extends Access {
  readonly method: string
  readonly url: string
  readonly schema: FastifySchema | undefined
  readonly operation: Operation | undefined
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Routes that carry no session (notifications, front returns) skip the Origin check. */
    crossSite?: boolean
  }
  interface FastifyInstance {
    readonly routeTable: RouteRow[]
    /** The Content-Security-Policy of a page whose scripts and styles bear the nonce. */
    readonly pagePolicy: SecurityHeaders['pagePolicy']
  }
}

export type Http = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>

export interface HttpOptions extends SecurityHeaderOptions {
  readonly clock: Clock
  readonly log: Log
  readonly trustedProxies: number
}

const BODY_LIMIT = 64 * 1024
/** Node's own limit of all headers and the request line together. */
const MAX_HEADER_BYTES = 16 * 1024
/** Nothing is at this address. */
const UNREADABLE = '/v1/unreadable'

/** Whether an address can be decoded, and holds no NUL, which PostgreSQL has no text for. */
function isReadable(url: string): boolean {
  if (!url.includes('%')) return true
  if (url.includes('%00')) return false
  try {
    decodeURIComponent(url.split('?', 1)[0] as string)
    return true
  } catch {
    return false
  }
}

/** The answer to what is not even HTTP, or too slow or too long to read: there is no request yet to give an id. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const statuses: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }
  const status = statuses[error.code ?? ''] ?? 400
  const title = STATUS_CODES[status]
  const body = JSON.stringify({ type: 'about:blank', title, status })
  const headers = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${body.length}`,
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
  ]
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}

/** A Fastify with the house's laws on it: problem+json, headers, strict schemas, an access entry for every route. */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { clock, log } = options
  const http = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    trustProxy: options.trustedProxies > 0 && ((_address, hop) => hop < options.trustedProxies),
    genReqId: () => newId(clock.instant()),
    // The router's own answers to what it cannot read would come without our headers; a not-found has them.
    rewriteUrl: ({ url = '/' }) => (isReadable(url) ? url : UNREADABLE),
    routerOptions: { maxParamLength: MAX_HEADER_BYTES, ignoreTrailingSlash: false },
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
  })
    .setValidatorCompiler(validatorCompiler)
    .setSerializerCompiler(serializerCompiler)
    .withTypeProvider<TypeBoxTypeProvider>()

  const { all: safeHeaders, pagePolicy } = securityHeaders(options)
  const observed = observeRequests(http as unknown as FastifyInstance, log)
  http.decorate('routeTable', [])
  http.decorate('pagePolicy', pagePolicy)
  http.addHook('onRoute', (route) => {
    const { access, operation } = route.config ?? {}
    if (!access) throw new Error(`${route.method} ${route.url} declares no access`)
    for (const method of [route.method].flat().filter((m) => m !== 'HEAD' && m !== 'OPTIONS')) {
      http.routeTable.push({ method, url: route.url, ...access, schema: route.schema, operation })
    }
  })

  await http.register(cookie)
  http.removeAllContentTypeParsers()
  http.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJsonBody(body),
  )
  let stopping = false
  http.addHook('preClose', async () => {
    stopping = true
  })

  http.addHook('onRequest', async (request, reply) => {
    reply.headers(safeHeaders)
    reply.header('x-request-id', request.id)
    reply.header('cache-control', 'no-store')
    if (stopping) throw refuse(httpErrors.stopping, { retryAfterSeconds: 1 })
    if (!request.routeOptions.config.crossSite) checkOrigin(request.method, request.headers)
  })

  http.setErrorHandler(answerError)
  http.setNotFoundHandler({ preHandler: [] }, (request, reply) => {
    observed.nowhere(request as unknown as FastifyRequest, reply as unknown as FastifyReply)
    throw refuse(httpErrors['route-not-found'])
  })
  return http as unknown as Http
}

/** Any thrown thing as its problem document; a fault is logged with its stack. */
async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { problem, retryAfterSeconds, fault } = toProblem(error, request.id)
  countProblem(request, problem.code)
  if (fault) {
    request.log.error(
      { err: error, requestId: request.id, route: request.routeOptions.url },
      'request failed',
    )
  }
  // What a route said of its answer's life is not said of its failure.
  reply.header('cache-control', 'no-store')
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
  return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/**
 * Writes from browsers must come from our own pages. Fetch Metadata decides where the browser sends it; else Origin is
 * compared with Host. Requests with neither come from programs, which carry no cookies.
 */
function checkOrigin(method: string, headers: Record<string, string | string[] | undefined>): void {
  if (method === 'GET' || method === 'HEAD') return
  const site = headers['sec-fetch-site']
  if (site !== undefined) {
    if (site !== 'same-origin') throw new Refusal(httpErrors['origin-refused'])
    return
  }
  const { origin, host } = headers
  if (typeof origin === 'string' && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new Refusal(httpErrors['origin-refused'])
  }
}

/** Where a server answers, and the end of it. */
export interface Listening {
  readonly addresses: readonly string[]
  /** Takes no new connection; resolves when every request begun is answered and every stream ended. */
  close(): Promise<void>
  /** Ends every connection as it is. */
  cutOff(): void
}

const IDLE_LOOK_MS = 50

/**
 * Listens on one port, or on several in demo and test, where the port tells the brand: the routes exist once, and further
 * ports hand their requests to them. Port 0 takes any free one.
 */
export async function listen(http: Http, host: string, ports: readonly number[]): Promise<Listening> {
  const [first = 0, ...others] = ports
  await http.listen({ host, port: first })
  const servers: Server[] = []
  for (const port of others) {
    const server = createServer((request, response) => http.routing(request, response))
    server.on('clientError', answerClientError)
    server.requestTimeout = http.server.requestTimeout
    server.keepAliveTimeout = http.server.keepAliveTimeout
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    servers.push(server)
  }
  const addresses = [http.server, ...servers].map(
    (server) => `http://${host}:${(server.address() as AddressInfo).port}`,
  )
  return {
    addresses,
    async close() {
      // Connections that were busy become idle, and would be kept for a next request that is not coming.
      const idle = setInterval(() => {
        for (const server of [http.server, ...servers]) server.closeIdleConnections()
      }, IDLE_LOOK_MS)
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
      await Promise.all([http.close(), ...closed])
      clearInterval(idle)
    },
    cutOff() {
      for (const server of [http.server, ...servers]) server.closeAllConnections()
    },
  }
}
