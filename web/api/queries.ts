import { queryOptions } from '@tanstack/react-query'
import type { MyLinesView } from '../../contract/line.ts'
import type { SessionView } from '../../contract/session.ts'
import type { OrdersView, OrderView, ReceiptView } from '../../contract/top-up.ts'
import { request } from './request.ts'

/** Reads of the portal, each with the key its writes invalidate. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => request<SessionView>('/v1/session', { signal }),
})

export const myLinesQuery = queryOptions({
  queryKey: ['my-lines'],
  queryFn: ({ signal }) => request<MyLinesView>('/v1/me/lines', { signal }),
})

export const ordersQuery = queryOptions({
  queryKey: ['orders'],
  queryFn: ({ signal }) => request<OrdersView>('/v1/top-ups', { signal }),
})

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ['order', id],
    queryFn: ({ signal }) => request<OrderView>(`/v1/top-ups/${encodeURIComponent(id)}`, { signal }),
  })

export const receiptQuery = (id: string) =>
  queryOptions({
    queryKey: ['receipt', id],
    queryFn: ({ signal }) =>
      request<ReceiptView>(`/v1/top-ups/${encodeURIComponent(id)}/receipt`, { signal }),
  })
