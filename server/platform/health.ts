import { defineErrors, refuse } from './error.ts'
import type { Http } from './http.ts'
import type { Readiness } from './readiness.ts'

export const healthErrors = defineErrors({
  'database-away': [
    'unavailable',
    'The database does not answer',
    { retryAfterSeconds: 2, moneyMoved: 'unknown' },
  ],
  'not-ready': [
    'unavailable',
    'This server cannot serve now',
    {
      dependencies: { process: 'ok', database: 'does not answer', migrations: 'not known' },
      retryAfterSeconds: 2,
    },
  ],
})

const LOOK_AGAIN_SECONDS = 2

/** `/healthz`: the process answers. `/readyz`: it can serve; each thing it leans on is named. */
export function healthRoutes(readiness: Readiness): (http: Http) => Promise<void> {
  const access = { who: ['anyone'], reach: 'nothing of any brand' } as const
  return async (http) => {
    http.get('/healthz', { config: { access } }, async () => ({ status: 'ok' }))
    http.get('/readyz', { config: { access } }, async () => {
      const { ready, dependencies } = await readiness.look()
      if (!ready)
        throw refuse(healthErrors['not-ready'], { dependencies, retryAfterSeconds: LOOK_AGAIN_SECONDS })
      return { status: 'ready', dependencies }
    })
  }
}
