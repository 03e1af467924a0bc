import { BrandView, ChannelsView } from '../../contract/brand.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Access, Http } from '../platform/http.ts'
import { appRoutes } from './app-routes.ts'
import type { Brand } from './brand.ts'
import { hotlineAt } from './hotline.ts'
import { brandOperations } from './operations.ts'

export interface BrandRoutesDeps {
  readonly demo: boolean
  /** The brand's business date, `2026-11-22`. */
  readonly today: (brand: Brand) => string
  /** The brand's business clock, in milliseconds since 1970. */
  readonly now: (brand: Brand) => number
}

const publicFacts: Access = { who: ['anyone'], reach: 'public facts of the brand' }

/** The app's manifest and icons; `GET /v1/brand`, the first thing a page asks; `GET /v1/channels`, where the brand speaks from. */
export function brandRoutes({ demo, today, now }: BrandRoutesDeps): (http: Http) => Promise<void> {
  return async (http) => {
    await http.register(appRoutes)
    http.get(
      '/v1/brand',
      {
        config: { access: publicFacts, operation: brandOperations.readBrand },
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
          demo,
          today: today(request.brand),
        }
      },
    )
    http.get(
      '/v1/channels',
      {
        config: { access: publicFacts, operation: brandOperations.readChannels },
        schema: { response: { 200: ChannelsView } },
      },
      async ({ brand }) => viewChannels(brand, now(brand)),
    )
  }
}

function viewChannels({ hotline, email, smsSign, channels }: Brand, nowMs: number): ChannelsView {
  const { open, changesAtMs } = hotlineAt(hotline, nowMs)
  const { number, hours, zone } = hotline
  const changesAt = changesAtMs === null ? null : isoInstant(changesAtMs)
  return { ...channels, email, smsSign, hotline: { number, hours, zone, open, changesAt } }
}
