import { PriceTableView } from '../../contract/offer.ts'
import type { Brand } from '../brand/index.ts'
import { sendUnlessKnown } from '../platform/entity-tag.ts'
import type { Access, Http } from '../platform/http.ts'
import type { EpochDay } from './offer.ts'
import { catalogOperations } from './operations.ts'
import type { PriceTables } from './price-tables.ts'
import { viewPriceTable } from './view-price-table.ts'

export interface CatalogRoutesDeps {
  readonly priceTable: PriceTables
  /** The brand's business date. */
  readonly todayOf: (brand: Brand) => EpochDay
}

const publicPrices: Access = { who: ['anyone'], reach: 'the public price table of the brand' }
/** A new version begins with a day: for so long at most somebody reads the one before. */
const A_MINUTE = 'public, max-age=60'

/** `GET /v1/price-table`: prices before anybody has typed a number, and for when there is no network. */
export function catalogRoutes({ priceTable, todayOf }: CatalogRoutesDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.get(
      '/v1/price-table',
      {
        config: { access: publicPrices, operation: catalogOperations.readPriceTable },
        schema: { response: { 200: PriceTableView } },
      },
      async (request, reply) => {
        const today = todayOf(request.brand)
        const view = viewPriceTable(await priceTable(request.brand.key, today), today)
        reply.type('application/json; charset=utf-8').header('cache-control', A_MINUTE)
        return sendUnlessKnown(request, reply, JSON.stringify(view))
      },
    )
  }
}
