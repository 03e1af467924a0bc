import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { LineView, MyLinesView, StrangerLineView } from '../../contract/line.ts'
import type { OffersView } from '../../contract/offer.ts'
import type { PaymentWays } from '../../contract/payment.ts'
import type { QuoteView } from '../../contract/quote.ts'
import type { SessionView } from '../../contract/session.ts'
import type { OrdersQuery, OrdersView, OrderView, ReceiptView } from '../../contract/top-up.ts'
import { request } from './request.ts'
import { tellReturned } from './top-ups.ts'

/** Reads of the portal, each with the key its writes invalidate. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request<SessionView>('/v1/session', { signal }),
})

/** Nobody has signed in. */
export const noSession: SessionView = {
  kind: 'none',
  assurance: null,
  msisdn: null,
  email: null,
  hasPassword: false,
  payerVerifiedUntil: null,
}

/** From now on the page speaks for this session: what was read as somebody else, or as nobody, is forgotten. */
export function becomeSession(queries: QueryClient, session: SessionView): void {
  const [name] = sessionQuery.queryKey
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== name || queryKey.length > 1 })
  queries.setQueryData(sessionQuery.queryKey, session)
}

export const myLinesQuery = queryOptions({
  queryKey: ['my-lines'],
  queryFn: ({ signal }) => request<MyLinesView>('/v1/me/lines', { signal }),
})

export const lineQuery = (msisdn: string) =>
  queryOptions({
    queryKey: ['line', msisdn],
    queryFn: ({ signal }) => request<LineView | StrangerLineView>(`/v1/lines/${msisdn}`, { signal }),
  })

/** Today's price table with what each offer does to this number's date. */
export const offersQuery = (msisdn: string) =>
  queryOptions({
    queryKey: ['offers', msisdn],
    queryFn: ({ signal }) => request<OffersView>(`/v1/lines/${msisdn}/offers`, { signal }),
  })

/** By what can be paid now; asked each time a cashier opens, as a rail may be off a minute later. */
export const paymentWaysQuery = queryOptions({
  queryKey: ['payment-ways'],
  queryFn: ({ signal }) => request<PaymentWays>('/v1/payment-ways', { signal }),
})

/** What an order costs in another currency. The server gives the same answer while it stands, so it is asked once. */
export const quoteQuery = (order: string, currency: string) =>
  queryOptions({
    queryKey: ['quote', order, currency],
    queryFn: ({ signal }) =>
      request<QuoteView>(`/v1/top-ups/${encodeURIComponent(order)}/quotes`, {
        ...{ method: 'POST', body: { currency }, signal },
      }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })

/** What begins the key of every list of orders. */
export const ordersKey = ['orders'] as const

export const ordersQuery = (filter: OrdersQuery) =>
  queryOptions({
    queryKey: [...ordersKey, filter],
    queryFn: ({ signal }) =>
      request<OrdersView>(`/v1/top-ups?${new URLSearchParams({ ...filter })}`, { signal }),
  })

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: ({ signal }) => request<OrderView>(`/v1/top-ups/${encodeURIComponent(id)}`, { signal }),
  })

/** The word that the payer is back, said once: asking it again would be saying it again. */
export const returnedQuery = (id: string) =>
  queryOptions({
    queryKey: ['returned', id],
    queryFn: () => tellReturned(id),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

export const receiptQuery = (id: string) =>
  queryOptions({
    queryKey: ['receipt', id],
    queryFn: ({ signal }) =>
      request<ReceiptView>(`/v1/top-ups/${encodeURIComponent(id)}/receipt`, { signal }),
  })
