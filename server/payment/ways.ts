import { PaymentWays } from '../../contract/payment.ts'
import { type Brand, type Switches, WHOLE_BRAND } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Access, Http } from '../platform/http.ts'
import { type Breaker, railName } from './breaker.ts'
import { type OfferedRail, offeredRails } from './merchant-store.ts'
import { wayOperations } from './operations.ts'

export interface WaysDeps {
  readonly db: Db
  readonly clock: Clock
  readonly switches: Switches
  readonly breaker: Breaker
  /** Whether orders can be quoted in a currency that is not the brand's; absent: they are paid in that alone. */
  readonly quotable?: (brand: Brand, currency: string) => Promise<'now' | 'no-rate' | 'never'>
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
  { db, clock, switches, breaker, quotable = async () => 'never' as const }: WaysDeps,
  brand: Brand,
): Promise<PaymentWays> {
  const { key } = brand
  const [rails, off] = await Promise.all([offeredRails(db.of(key), brand.currency), switches.off(key)])
  const others = new Set(rails.map(({ currency }) => currency).filter((each) => each !== brand.currency))
  const quoted = new Map(
    await Promise.all([...others].map(async (each) => [each, await quotable(brand, each)] as const)),
  )
  const noticeOf = (kind: string, name: string) =>
    off.find((each) => each.kind === kind && each.name === name)?.notice ?? null
  const nowMs = clock.instant()
  const whyOff = ({ provider, merchant, currency }: OfferedRail) => {
    const notice = noticeOf('rail', provider)
    if (notice) return { why: 'switched-off' as const, notice }
    if (quoted.get(currency) === 'no-rate') return { why: 'no-rate' as const, notice: null }
    const resting = breaker.isOpen(railName(key, provider, merchant), nowMs)
    return resting ? { why: 'not-answering' as const, notice: null } : null
  }
  const ways = rails
    .filter(({ currency }) => quoted.get(currency) !== 'never')
    .map((rail) => {
      const { provider, currency, inApp } = rail
      return { provider, currency, ...(inApp && { inApp: true as const }), off: whyOff(rail) }
    })
  return { ways, maintenance: noticeOf('brand', WHOLE_BRAND) }
}
