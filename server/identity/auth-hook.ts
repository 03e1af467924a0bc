import type { BrandDb } from '../platform/db.ts'
import { never, refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { createReadBatcher } from '../platform/read-batcher.ts'
import { type ApiKey, opens, principalOfKey, readApiKey } from './api-key.ts'
import { apiKeys } from './api-key-store.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { type Principal, reaches } from './principal.ts'
import { cookieName, isOver, principalOf, SEEN_EVERY_MS, type Session, tokenHash } from './session.ts'
import { noteSeen, sessionsByToken } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null when the request carries no session and no API key. */
    principal: Principal | null
  }
}

/** Keys and sessions are looked up on every request, so that ending one has effect at once; a batch makes that cheap. */
interface Lookups {
  /** By the token's hash in hexadecimal. */
  session(tokenHash: string): Promise<Session | undefined>
  apiKey(id: string): Promise<ApiKey | undefined>
}

const BOUNDS = { maxBatch: 1_000, maxQueue: 4_000 }

function createLookups(db: BrandDb, { clock }: Pick<Identities, 'clock'>): Lookups {
  return {
    session: createReadBatcher({ ...BOUNDS, read: (hashes) => liveSessions(db, hashes, clock.instant()) }),
    apiKey: createReadBatcher({ ...BOUNDS, read: (ids) => apiKeys(db, ids) }),
  }
}

/** Those of these sessions that are not over; that they are in use is noted now and then. */
async function liveSessions(
  db: BrandDb,
  hashes: readonly string[],
  nowMs: number,
): Promise<Map<string, Session>> {
  const found = await sessionsByToken(
    db,
    hashes.map((hash) => Buffer.from(hash, 'hex')),
  )
  const live = new Map([...found].filter(([, session]) => !isOver(session, nowMs)))
  const unseen = [...live.values()].filter((session) => nowMs >= session.seenAtMs + SEEN_EVERY_MS)
  if (unseen.length > 0) {
    await noteSeen(
      db,
      unseen.map((session) => session.id),
      nowMs,
    )
  }
  return live
}

/** Sets `request.principal` and lets a request through only as its route's `access` says. Needs `request.brand`. */
export function createAuthHook(identities: Identities): (http: Http) => Promise<void> {
  const byBrand = new Map<string, Lookups>()
  const lookupsOf = (brand: string) => {
    const lookups = byBrand.get(brand) ?? createLookups(identities.db.of(brand), identities)
    byBrand.set(brand, lookups)
    return lookups
  }
  const plugin = async (http: Http) => {
    http.decorateRequest('principal', null)
    http.addHook('onRequest', async (request) => {
      const { access } = request.routeOptions.config
      // Providers prove themselves by a signature in the body; an address without a route is nobody's.
      if (!access || !request.brand || access.who.includes('provider')) return
      const { authorization } = request.headers
      request.principal =
        authorization === undefined
          ? await bySession(request.cookies[cookieName(request.brand.key)], lookupsOf(request.brand.key))
          : await byApiKey(authorization, request.brand.key, lookupsOf(request.brand.key))
      demandAccess(access, request.principal)
    })
  }
  async function bySession(token: string | undefined, lookups: Lookups): Promise<Principal | null> {
    const hash = tokenHash(token)
    const session = hash && (await lookups.session(hash.toString('hex')))
    return session ? principalOf(session, identities.clock.instant()) : null
  }
  // Fastify: the hook is for all routes of the house, not only for those below this plugin.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

async function byApiKey(authorization: string, brand: string, lookups: Lookups): Promise<Principal> {
  const shown = readApiKey(authorization)
  const key = shown?.brand === brand ? await lookups.apiKey(shown.id) : undefined
  if (!shown || !key || !opens(key, shown.secret)) throw refuse(identityErrors['api-key-invalid'])
  return principalOfKey(key)
}

/** Throws unless a route's `access` lets the principal in. */
export function demandAccess(access: Access, principal: Principal | null): void {
  const { who, scope, assurance } = access
  if (!principal || !who.includes(principal.kind)) {
    if (who.includes('anyone')) return
    // A guest may still log in; any other principal is simply the wrong one.
    throw refuse(
      principal && principal.kind !== 'guest'
        ? identityErrors.forbidden
        : identityErrors['not-authenticated'],
    )
  }
  switch (principal.kind) {
    case 'api-key':
      if (scope !== undefined && !principal.scopes.includes(scope)) {
        throw refuse(identityErrors['scope-missing'], { scope })
      }
      return
    case 'login':
      if (assurance !== undefined && !reaches(principal.assurance, assurance)) {
        throw refuse(identityErrors['assurance-too-low'], { needed: assurance })
      }
      return
    case 'guest':
      return
    default:
      never(principal.kind)
  }
}
