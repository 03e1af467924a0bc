import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from './error.ts'
import type { Http } from './http.ts'
import { httpErrors } from './problem.ts'

export interface PagesDeps {
  /** Where `vite build web` and its compressed copies lie. */
  readonly dist: string
  /** The language of a page before its scripts have run. */
  readonly languageOf: (request: FastifyRequest) => string
}

const access = { who: ['anyone'], reach: 'the pages themselves, no data' } as const
const A_YEAR_SECONDS = 31_536_000

/**
 * The web app: hashed files under `/assets/` for ever, its other files as they are, and `index.html` for every other address
 * that is not the API's. The page carries the answer's own nonce, so nothing that was injected into it runs.
 */
export function pages({ dist, languageOf }: PagesDeps): (http: Http) => Promise<void> {
  const index = freshFile(join(dist, 'index.html'))
  return async (http) => {
    await http.register(fastifyStatic, {
      root: dist,
      serve: false,
      preCompressed: true,
      etag: true,
      acceptRanges: false,
    })
    http.get('/assets/:file', { config: { access } }, async (request, reply) => {
      reply.header('cache-control', `public, max-age=${A_YEAR_SECONDS}, immutable`)
      return sendFile(request, reply, 'assets/', '')
    })
    // The service worker stands at the root: it may only keep what lies below it.
    http.get('/:file.js', { config: { access } }, async (request, reply) =>
      sendFile(request, reply, '', '.js'),
    )
    http.get('/*', { config: { access } }, async (request, reply) => {
      const page = request.url.startsWith('/v1/') ? undefined : index()
      if (page === undefined) throw refuse(httpErrors['route-not-found'])
      const nonce = randomBytes(16).toString('hex')
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', http.pagePolicy(nonce))
        .send(
          page
            .replaceAll('__CSP_NONCE__', nonce)
            .replace('<html lang="zh-CN"', `<html lang="${languageOf(request)}"`),
        )
    })
  }
}

/** A name as the build gives them: no way to another directory, no hidden file. */
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

function sendFile(request: FastifyRequest, reply: FastifyReply, before: string, after: string): FastifyReply {
  const { file } = request.params as { file: string }
  if (!FILE_NAME.test(file)) throw refuse(httpErrors['route-not-found'])
  return reply.sendFile(`${before}${file}${after}`, { cacheControl: false })
}

/** Reads a file again only when it has changed; undefined while it does not exist (the first build is still running). */
function freshFile(path: string): () => string | undefined {
  let readAt = -1
  let text: string | undefined
  return () => {
    if (!existsSync(path)) return undefined
    const { mtimeMs } = statSync(path)
    if (mtimeMs !== readAt) {
      text = readFileSync(path, 'utf8')
      readAt = mtimeMs
    }
    return text
  }
}
