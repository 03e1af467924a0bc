import { queryOptions } from '@tanstack/react-query'
import type { AskRefund, RefundsView, RefundView } from '../../contract/refund.ts'
import { request } from './request.ts'
import { sendKept } from './top-ups.ts'

const pathOf = (order: string) => `/v1/top-ups/${encodeURIComponent(order)}/refunds`

/** What could go back of an order at this moment, and what was asked for before; it changes with every call that is made. */
export const refundsQuery = (order: string) =>
  queryOptions({
    queryKey: ['refunds', order],
    queryFn: ({ signal }) => request<RefundsView>(pathOf(order), { signal }),
    staleTime: 0,
  })

/** Asks for money back; a lost answer is asked for again under the same key. */
export async function askRefund(order: string, body: AskRefund): Promise<RefundView> {
  return await sendKept<RefundView>(pathOf(order), body, `refund:${order}`)
}
