import { refuse } from '../platform/error.ts'
import type { Http } from '../platform/http.ts'
import { httpErrors } from '../platform/problem.ts'
import type { Brand } from './brand.ts'
import type { Brands } from './registry.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request this is. Set on every route but `/healthz`, `/readyz` and `/metrics`. */
    brand: Brand
  }
}

export interface RequestBrandDeps {
  readonly brands: Brands
  /** Listening port to brand key, in demo and test only: Node does not resolve `*.localhost`. */
  readonly portBrands: ReadonlyMap<number, string>
}

/** What of a request decides its brand. */
export interface RequestAddress {
  readonly url: string
  readonly authorization: string | undefined
  /** Without port. */
  readonly hostname: string
  readonly localPort: number | undefined
}

const BRANDLESS = new Set(['/healthz', '/readyz', '/metrics'])
const NOTIFICATION = /^\/v1\/notifications\/[^/?]+\/([^/?]+)\/[^/?]+/
const API_KEY = /^Bearer bh_([a-z][a-z0-9]{1,20})_/

/**
 * The brand of a request: its notification path says it, else its API key, else its host, else the port it came in by.
 * A key shown at a host of another brand does not carry over: the host's brand stands, and there the key is invalid.
 * Undefined when nothing names a brand; there is no default.
 */
export function brandOfRequest(address: RequestAddress, deps: RequestBrandDeps): Brand | undefined {
  const { brands, portBrands } = deps
  const notified = NOTIFICATION.exec(address.url)?.[1]
  if (notified !== undefined) return brands.find(notified)
  const keyed = brands.find(API_KEY.exec(address.authorization ?? '')?.[1] ?? '')
  const hosted =
    brands.byHost(address.hostname.toLowerCase()) ?? brands.find(portBrands.get(address.localPort ?? 0) ?? '')
  return hosted ?? keyed
}

/** Sets `request.brand` or answers 421 `host-unknown`. */
export function requestBrand(deps: RequestBrandDeps): (http: Http) => Promise<void> {
  const plugin = async (http: Http) => {
    http.decorateRequest('brand')
    http.addHook('onRequest', async (request) => {
      if (BRANDLESS.has(request.routeOptions.url ?? '')) return
      const brand = brandOfRequest(
        {
          url: request.url,
          authorization: request.headers.authorization,
          hostname: request.hostname,
          localPort: request.socket.localPort,
        },
        deps,
      )
      if (!brand) throw refuse(httpErrors['host-unknown'])
      request.brand = brand
    })
  }
  // Fastify: the hook is for all routes of the house, not only for those below this plugin.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
