import { PaymentWays } from '../../contract/payment.ts'
import { type Brand, type Switches, WHOLE_BRAND } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Access, Http } from '../platform/http.ts'
import { type Breaker, railName } from './breaker.ts'
import { offeredRails } from './merchant-store.ts'
import { wayOperations } from './operations.ts'

export interface WaysDeps {
  readonly db: Db
  readonly clock: Clock
  readonly switches: Switches
  readonly breaker: Breaker
}

const publicFacts: Access = { who: ['anyone'], reach: 'by what the brand is paid' }

/** `GET /v1/payment-ways`. */
export function wayRoutes(deps: WaysDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.get(
      '/v1/payment-ways',
      {
        config: { access: publicFacts, operation: wayOperations.readPaymentWays },
        schema: { response: { 200: PaymentWays } },
      },
      async ({ brand }) => await viewWays(deps, brand),
    )
  }
}

async function viewWays(
  { db, clock, switches, breaker }: WaysDeps,
  { key, currency }: Brand,
): Promise<PaymentWays> {
  const [rails, off] = await Promise.all([offeredRails(db.of(key), currency), switches.off(key)])
  const noticeOf = (kind: string, name: string) =>
    off.find((each) => each.kind === kind && each.name === name)?.notice ?? null
  const nowMs = clock.instant()
  const ways = rails.map(({ provider, merchant, inApp }) => {
    const rail = { provider, ...(inApp && { inApp: true as const }) }
    const notice = noticeOf('rail', provider)
    if (notice) return { ...rail, off: { why: 'switched-off' as const, notice } }
    const resting = breaker.isOpen(railName(key, provider, merchant), nowMs)
    return { ...rail, off: resting ? { why: 'not-answering' as const, notice: null } : null }
  })
  return { ways, maintenance: noticeOf('brand', WHOLE_BRAND) }
}
