import { createBatcher } from '../platform/batcher.ts'
import type { BrandDb } from '../platform/db.ts'
import { never, refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { type ApiKey, opens, principalOfKey, readApiKey } from './api-key.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { type Principal, reaches } from './principal.ts'
import { cookieName, isOver, principalOf, SEEN_EVERY_MS, type Session, tokenHash } from './session.ts'
import { apiKeys, noteSeen, sessionsByToken } from './store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null when the request carries no session and no API key. */
    principal: Principal | null
  }
}

/** Keys and sessions are looked up on every request, so that ending one has effect at once; a batch makes that cheap. */
interface Lookups {
  session(tokenHash: Buffer): Promise<Session | null>
  apiKey(id: string): Promise<ApiKey | null>
}

const MAX_BATCH = 1_000
const MAX_QUEUE = 4_000

function createLookups(db: BrandDb, { clock }: Pick<Identities, 'clock'>): Lookups {
  const bounds = { maxBatch: MAX_BATCH, maxQueue: MAX_QUEUE, isOutage: () => true }
  const sessions = createBatcher<Buffer, Session | null>({
    ...bounds,
    async run(hashes) {
      const nowMs = clock.instant()
      const found = await sessionsByToken(db, hashes)
      const live = [...found.values()].filter((session) => !isOver(session, nowMs))
      const unseen = live.filter((session) => nowMs >= session.seenAtMs + SEEN_EVERY_MS)
      if (unseen.length > 0)
        await noteSeen(
          db,
          unseen.map((session) => session.id),
          nowMs,
        )
      return hashes
        .map((hash) => found.get(hash.toString('hex')) ?? null)
        .map((s) => (s && !isOver(s, nowMs) ? s : null))
    },
  })
  const keys = createBatcher<string, ApiKey | null>({
    ...bounds,
    async run(ids) {
      const found = await apiKeys(db, ids)
      return ids.map((id) => found.get(id) ?? null)
    },
  })
  return { session: (hash) => sessions.submit(hash), apiKey: (id) => keys.submit(id) }
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
    const session = hash && (await lookups.session(hash))
    return session && principalOf(session, identities.clock.instant())
  }
  // Fastify: the hook is for all routes of the house, not only for those below this plugin.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}

async function byApiKey(authorization: string, brand: string, lookups: Lookups): Promise<Principal> {
  const shown = readApiKey(authorization)
  const key = shown?.brand === brand ? await lookups.apiKey(shown.id) : null
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
