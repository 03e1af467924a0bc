import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { figures, SECONDS } from './figures.ts'
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

/**
 * What is known of each request: its scope, so that lines and spans made for it name it; how long it took; and its span. A
 * route's cells are found once, when it is declared, so that a request costs two additions.
 */
export function observeRequests(http: FastifyInstance, log: Log): void {
  http.decorateRequest('span', undefined)
  http.addHook('onRequest', (request, _reply, done) => {
    if (isTraced()) request.span = openRequestSpan(request)
    inScope(request as Scope, done)
  })
  http.addHook('onRoute', (route) => {
    const seen = observer(route)
    const others = route.onResponse === undefined ? [] : [route.onResponse].flat()
    route.onResponse = [seen, ...others]
  })
  const nowhere = observer({ url: 'none', method: 'ANY' })
  http.addHook('onResponse', (request, reply, done) => {
    if (request.is404) nowhere(request, reply, () => undefined)
    if (request.span) endRequestSpan(request, request.span, reply)
    if (log.isLevelEnabled('debug')) {
      const { method, routeOptions } = request
      const ms = Math.round(reply.elapsedTime)
      log.debug(
        { method, route: routeOptions.url, status: reply.statusCode, ms, requestId: request.id },
        'answered',
      )
    }
    done()
  })
}

type Observer = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

function observer({ url, method }: Pick<RouteOptions, 'url' | 'method'>): Observer {
  const cells = ['1xx', '2xx', '3xx', '4xx', '5xx'].map(
    (status) => () => answered.of(url, `${method}`, status),
  )
  const found: ReturnType<(typeof cells)[0]>[] = []
  return (_request, reply, done) => {
    const i = Math.trunc(reply.statusCode / 100) - 1
    found[i] ??= (cells[i] ?? (cells[4] as (typeof cells)[0]))()
    found[i].observe(reply.elapsedTime / 1000)
    done()
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
