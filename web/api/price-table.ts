import { queryOptions } from '@tanstack/react-query'
import type { PriceTableView } from '../../contract/offer.ts'
import { request } from './request.ts'

/** What is on sale for no number in particular; without a network, as the service worker kept it at the last visit. */
export const priceTableQuery = queryOptions({
  queryKey: ['price-table'],
  queryFn: ({ signal }) => request<PriceTableView>('/v1/price-table', { signal }),
})
