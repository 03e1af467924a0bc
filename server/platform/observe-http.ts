import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { figures, type Histogram, SECONDS } from './figures.ts'
import type { Log } from './log.ts'
import { inScope, type Scope } from './scope.ts'
import { isTraced, type OpenSpan, openSpan } from './trace.ts'

declare module 'fastify' {
  interface FastifyRequest {
    span: OpenSpan | undefined
  }
}

const answered = figures.histogram(
  'baohao_http_request_seconds',
  'Answered requests by route, method and class of status, from their headers to the end of the answer.',
  SECONDS,
  ['route', 'method', 'status'],
)
const refused = figures.counter('baohao_problems_total', 'Problem documents answered, by brand and code.', [
  'brand',
  'code',
])

/** The brand a request was found to be of; '' before, and for what needs none. */
function brandOf(request: FastifyRequest): string {
  return (request as { brand?: { readonly key: string } }).brand?.key ?? ''
}

/** Counts a refusal or a fault. */
export function countProblem(request: FastifyRequest, code: string): void {
  refused.of(brandOf(request), code).add()
}

type Observe = (request: FastifyRequest, reply: FastifyReply) => void

/** Sees to a request for an address where nothing is; there is no route to see to it. */
export interface Observed {
  nowhere(request: FastifyRequest, reply: FastifyReply): void
}

/**
 * What is known of each request: its scope, so that lines and spans made for it name it; how long it took; and its span. A
 * route's cells are found once, when it is declared, so that a request costs two additions.
 */
export function observeRequests(http: FastifyInstance, log: Log): Observed {
  http.decorateRequest('span', undefined)
  http.addHook('onRequest', (request, _reply, done) => {
    if (isTraced()) request.span = openRequestSpan(request)
    inScope(request as Scope, done)
  })
  http.addHook('onRoute', (route) => {
    const observe = observer(route, log)
    const others = route.onResponse === undefined ? [] : [route.onResponse].flat()
    route.onResponse = [
      (request, reply, done) => {
        observe(request, reply)
        done()
      },
      ...others,
    ]
  })
  const observeNowhere = observer({ url: 'none', method: 'ANY' }, log)
  return {
    nowhere: (request, reply) => void reply.raw.once('finish', () => observeNowhere(request, reply)),
  }
}

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

function observer({ url, method }: Pick<RouteOptions, 'url' | 'method'>, log: Log): Observe {
  const cells: Histogram[] = []
  const cellOf = (i: number) => answered.of(url, `${method}`, CLASSES[i] ?? '5xx')
  const tells = log.isLevelEnabled('debug')
  return (request, reply) => {
    const i = Math.trunc(reply.statusCode / 100) - 1
    cells[i] ??= cellOf(i)
    cells[i].observe(reply.elapsedTime / 1000)
    if (request.span) endRequestSpan(request, request.span, reply)
    if (!tells) return
    const [status, ms] = [reply.statusCode, Math.round(reply.elapsedTime)]
    log.debug({ method: request.method, route: url, status, ms, requestId: request.id }, 'answered')
  }
}

function openRequestSpan({ method, routeOptions, headers }: FastifyRequest): OpenSpan | undefined {
  const route = routeOptions.url ?? 'none'
  const parent = headers.traceparent
  return openSpan({
    name: `${method} ${route}`,
    kind: 'server',
    // The template only: an address may hold a number.
    attributes: { 'http.request.method': method, 'http.route': route },
    parent: typeof parent === 'string' ? parent : undefined,
  })
}

function endRequestSpan(request: FastifyRequest, span: OpenSpan, { statusCode }: FastifyReply): void {
  const attributes = { 'http.response.status_code': statusCode, 'baohao.brand': brandOf(request) }
  span.end(attributes, statusCode >= 500 ? `${statusCode}` : undefined)
}
