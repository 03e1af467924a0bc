import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { BrandView } from '../../contract/brand.ts'
import type { SessionView } from '../../contract/session.ts'
import { appManifest, brandPresets, readBrand } from '../../server/brand/index.ts'
import { createClock } from '../../server/platform/clock.ts'
import { buildWeb, sourceHash } from '../../tools/build-web.ts'
import { answerByScript } from './scripted-api.ts'

const cache = join(import.meta.dirname, '../../node_modules/.cache')
const KEPT_MS = 3_600_000

/** Copies what `npm test` has just built for the running houses; false where that was made from other sources. */
function takeBuilt(staging: string): boolean {
  const [built, hash] = [join(import.meta.dirname, '../../web/dist'), sourceHash()]
  const isOf = (dist: string) =>
    existsSync(join(dist, '.built-from')) && readFileSync(join(dist, '.built-from'), 'utf8') === hash
  if (!isOf(built)) return false
  cpSync(built, staging, { recursive: true })
  // A build empties its directory before it begins: what is still stamped was copied whole.
  return isOf(built)
}

/**
 * The build of the sources as they are, apart from the one that a running house serves. Each has a directory of its own, so
 * that runs over different sources do not take it from under one another; those an hour old are removed.
 */
async function builtPages(): Promise<string> {
  const dist = join(cache, `pages-${sourceHash().slice(0, 16)}`)
  if (existsSync(dist)) return dist
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache).filter((name) => name.startsWith('pages-'))) {
    // Another run may be removing it too.
    const kept = statSync(join(cache, old), { throwIfNoEntry: false })
    const isOld = kept && createClock().instant() - kept.mtimeMs > KEPT_MS
    if (isOld) rmSync(join(cache, old), { recursive: true, force: true })
  }
  const staging = mkdtempSync(`${dist}-`)
  if (!takeBuilt(staging)) await buildWeb(staging)
  try {
    renameSync(staging, dist)
  } catch (error) {
    rmSync(staging, { recursive: true, force: true })
    if (!existsSync(dist)) throw error
  }
  return dist
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

/** Pages alone, for what needs no house behind them. */
export interface PageServer {
  readonly origin: string
  /** Where the build under test lies. */
  readonly dist: string
  /** From now on the service worker is that of another release of the same pages. */
  releaseAgain(): void
  close(): Promise<void>
}

/** Where there is nothing to see: a page of the same origin that runs no script. */
export const blankPath = '/blank'

/** Somebody who has just come. */
export const nobody: SessionView = {
  kind: 'none',
  assurance: null,
  msisdn: null,
  email: null,
  hasPassword: false,
  payerVerifiedUntil: null,
}

/** What a brand's pages are told of it. */
export function brandView(key: string): BrandView {
  const preset = brandPresets.find((candidate) => candidate.key === key)
  if (!preset) throw new Error(`no brand preset ${key}`)
  const { name, locale, currency, zone, accent, hotline, email, smsSender, numberExample, numberPlan } =
    readBrand(key, preset.facts)
  const countryCode = numberPlan[0]?.countryCode ?? ''
  return {
    ...{ key, name, locale, currency, zone, accent, hotline, email, smsSender, numberExample, countryCode },
    demo: true,
    today: '2026-11-22',
  }
}

/**
 * Builds the pages and serves them as one brand, for a visitor without a session, under a content policy as strict as the
 * product's: `'self'` and nothing inline. `more`: what else is answered under `/v1`.
 */
export async function servePages(
  brandKey: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<PageServer> {
  const dist = await builtPages()
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/brand': brandView(brandKey),
    '/v1/session': nobody,
    '/app.webmanifest': appManifest(brandView(brandKey)),
    ...more,
  }

  let release = 0
  async function answer(path: string, response: ServerResponse): Promise<void> {
    response.setHeader(
      'content-security-policy',
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    )
    if (path === blankPath) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>blank</title>')
      return
    }
    if (path.startsWith('/v1/') || path in answers) {
      const found = answers[path]
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify(found ?? { code: 'route-not-found' }))
      return
    }
    const file = extname(path) in types ? path : '/index.html'
    const bytes = await readFile(join(dist, file))
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
    // As the product serves them: their names say what is in them.
    if (file.startsWith('/assets/'))
      response.setHeader('cache-control', 'public, max-age=31536000, immutable')
    response.end(file === '/service-worker.js' ? `${bytes}//${release}` : bytes)
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://pages')
    if (pathname.startsWith('/v1/') && answerByScript(request, response)) return
    answer(pathname, response).catch(() => response.writeHead(404).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dist,
    releaseAgain: () => void release++,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
