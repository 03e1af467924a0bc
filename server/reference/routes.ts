import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendUnlessKnown } from '../platform/entity-tag.ts'
import { refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { httpErrors } from '../platform/problem.ts'
import { operationPage, overviewPage, placedOperations } from './api-pages.ts'
import { problemKinds } from './catalogues.ts'
import { type ApiDocument, apiDocument } from './document.ts'
import type { Reader } from './frame.ts'
import { referenceOperations } from './operations.ts'
import { missingPage, problemPage, problemsPage, problemView } from './problem-pages.ts'
import { languageOf, textsOf, wantsJson } from './reader.ts'
import { contractSchemas } from './schemas.ts'

const reading: Access = { who: ['anyone'], reach: 'the description of the API, no data' }
const FIVE_MINUTES = 'public, max-age=300'

/** The description of the routes of this server, to programs and to people. */
export async function referenceRoutes(http: Http): Promise<void> {
  // Made once all routes are there.
  let made: { readonly document: ApiDocument; readonly text: string } | undefined
  const described = () => {
    const document = made?.document ?? apiDocument(http.routeTable, contractSchemas)
    made ??= { document, text: JSON.stringify(document) }
    return made
  }
  http.get(
    '/v1/openapi.json',
    { config: { access: reading, operation: referenceOperations.readDescription } },
    async (request, reply) => {
      reply.type('application/json; charset=utf-8').header('cache-control', FIVE_MINUTES)
      return sendUnlessKnown(request, reply, described().text)
    },
  )
  apiPages(http, () => described().document)
  problemPages(http, () => described().document)
  assets(http)
}

function apiPages(http: Http, document: () => ApiDocument): void {
  http.get('/docs/api', { config: { access: reading } }, async (request, reply) =>
    page(reply, overviewPage(readerOf(request), document())),
  )
  http.get('/docs/api/:operation', { config: { access: reading } }, async (request, reply) => {
    const { operation: id } = request.params as { operation: string }
    const placed = placedOperations(document()).find(({ operation }) => operation.operationId === id)
    if (!placed) throw refuse(httpErrors['route-not-found'])
    return page(reply, operationPage(readerOf(request), document(), placed))
  })
}

function problemPages(http: Http, document: () => ApiDocument): void {
  http.get('/problems', { config: { access: reading } }, async (request, reply) => {
    if (!wantsJson(request)) return page(reply, problemsPage(readerOf(request)))
    const language = languageOf(request)
    const problems = [...problemKinds.values()].map((kind) => problemView(kind, language))
    return json(request, reply, { problems })
  })
  http.get('/problems/:code', { config: { access: reading } }, async (request, reply) => {
    const kind = problemKinds.get((request.params as { code: string }).code)
    if (wantsJson(request)) {
      if (!kind) throw refuse(httpErrors['route-not-found'])
      return json(request, reply, problemView(kind, languageOf(request)))
    }
    const reader = readerOf(request)
    return kind
      ? page(reply, problemPage(reader, kind, document()))
      : page(reply.status(404), missingPage(reader))
  })
}

function assets(http: Http): void {
  const files = new Map(
    [
      ['frame.css', 'text/css; charset=utf-8'] as const,
      ['content.css', 'text/css; charset=utf-8'] as const,
      ['reference.js', 'text/javascript; charset=utf-8'] as const,
    ].map(([name, type]) => [
      name as string,
      { type, text: readFileSync(join(import.meta.dirname, 'assets', name), 'utf8') },
    ]),
  )
  http.get('/docs/assets/:file', { config: { access: reading } }, async (request, reply) => {
    const file = files.get((request.params as { file: string }).file)
    if (!file) throw refuse(httpErrors['route-not-found'])
    reply.type(file.type).header('cache-control', 'no-cache')
    return sendUnlessKnown(request, reply, file.text)
  })
}

function readerOf(request: FastifyRequest): Reader {
  const language = languageOf(request)
  const { q } = request.query as { q?: unknown }
  return {
    brand: request.brand,
    language,
    words: textsOf[language].words,
    path: request.url.split('?', 1)[0] as string,
    query: typeof q === 'string' ? q.trim().slice(0, 80) : '',
    origin: `${request.protocol}://${request.host}`,
  }
}

const VARY = 'accept, accept-language'

function page(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': FIVE_MINUTES, vary: VARY })
    .send(text)
}

function json(request: FastifyRequest, reply: FastifyReply, value: unknown): FastifyReply {
  reply
    .type('application/json; charset=utf-8')
    .headers({ 'cache-control': FIVE_MINUTES, vary: VARY, 'content-language': languageOf(request) })
  return reply.send(JSON.stringify(value))
}
