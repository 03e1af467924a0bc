import type { Db } from './db.ts'
import { defineErrors, refuse } from './error.ts'
import type { Http } from './http.ts'

export const healthErrors = defineErrors({
  'database-away': ['unavailable', 'The database does not answer'],
})

/** `/healthz`: the process answers. `/readyz`: it can serve, that is, the database answers. */
export function healthRoutes(db: Db): (http: Http) => Promise<void> {
  const access = { who: ['anyone'], reach: 'nothing of any brand' } as const
  return async (http) => {
    http.get('/healthz', { config: { access } }, async () => ({ status: 'ok' }))
    http.get('/readyz', { config: { access } }, async () => {
      await db.platform.query('select 1 as ready').catch(() => {
        throw refuse(healthErrors['database-away'])
      })
      return { status: 'ready' }
    })
  }
}
