import { BrandView } from '../../contract/brand.ts'
import type { Http } from '../platform/http.ts'
import type { Brand } from './brand.ts'

export interface BrandRoutesDeps {
  readonly demo: boolean
  /** The brand's business date, `2026-11-22`. */
  readonly today: (brand: Brand) => string
}

/** `GET /v1/brand`: the first thing a page asks. */
export function brandRoutes({ demo, today }: BrandRoutesDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.get(
      '/v1/brand',
      {
        config: { access: { who: ['anyone'], reach: 'public facts of the brand' } },
        schema: { response: { 200: BrandView } },
      },
      async (request) => {
        const {
          key,
          name,
          locale,
          currency,
          zone,
          accent,
          hotline,
          email,
          smsSender,
          numberExample,
          numberPlan,
        } = request.brand
        return {
          key,
          name,
          locale,
          currency,
          zone,
          accent,
          hotline,
          email,
          smsSender,
          numberExample,
          countryCode: numberPlan[0]?.countryCode ?? '',
          paymentMethods: ['alipay' as const],
          demo,
          today: today(request.brand),
        }
      },
    )
  }
}
