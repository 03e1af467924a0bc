import type { OrderView, PaymentStarted, PlaceTopUp, StartPayment } from '../../contract/top-up.ts'
import { serverNow } from '../device/server-clock.ts'
import { isKept, type KeptKey, keepKey } from './kept-key.ts'
import { ApiProblem, request } from './request.ts'

/** Refusals that the same request, under the same key, may still turn into a yes. */
const passing: readonly string[] = ['verification-needed', 'payment-in-progress']

/** A request is answered for good by a plain no; a lost answer and a fault of the server's leave it open. */
function isFinalNo(problem: unknown): boolean {
  if (!(problem instanceof ApiProblem)) return false
  return problem.status >= 400 && problem.status < 500 && !passing.includes(problem.code)
}

async function send<Answer>(path: string, body: unknown, kept: KeptKey): Promise<Answer> {
  try {
    return await request<Answer>(path, { method: 'POST', body, idempotencyKey: kept.key })
  } catch (problem) {
    if (isFinalNo(problem)) kept.forget()
    throw problem
  }
}

function awaitsPayment({ state, payBy }: OrderView): boolean {
  return state === 'awaiting-payment' && (payBy === null || Date.parse(payBy) > serverNow())
}

/** A request that is over with its answer: the next one like it is another. */
export async function sendKept<Answer>(path: string, body: unknown, kind: string): Promise<Answer> {
  const kept = keepKey(kind, body)
  const answer = await send<Answer>(path, body, kept)
  kept.forget()
  return answer
}

/**
 * Places an order, or finds the one that this very request made before and that still awaits payment. One that was paid or
 * ran out since is not what the person asks for now, so a second order is asked for under a key of its own.
 */
export async function placeTopUp(body: PlaceTopUp): Promise<OrderView> {
  const kept = keepKey('top-up', body)
  const order = await send<OrderView>('/v1/top-ups', body, kept)
  if (!kept.reused || awaitsPayment(order)) return order
  kept.forget()
  return send<OrderView>('/v1/top-ups', body, keepKey('top-up', body))
}

const pathOf = (order: string, rest = '') => `/v1/top-ups/${encodeURIComponent(order)}${rest}`

/** Begins a payment, or gives the way to the one this tab began before and that still waits. */
export async function startPayment(order: string, body: StartPayment): Promise<PaymentStarted> {
  const path = pathOf(order, '/payments')
  const kept = keepKey(`payment:${order}`, body)
  const started = await send<PaymentStarted>(path, body, kept)
  if (!kept.reused || Date.parse(started.expiresAt) > serverNow()) return started
  kept.forget()
  return send<PaymentStarted>(path, body, keepKey(`payment:${order}`, body))
}

/** Where the browser goes to be known to WeChat; it comes back to the page of the order. */
export function authorisationPath(order: string): string {
  return pathOf(order, '/authorisation')
}

/** Ends an unpaid order; one that has ended stays so. */
export async function cancelTopUp(order: string): Promise<OrderView> {
  return request<OrderView>(pathOf(order, '/cancel'), { method: 'POST' })
}

/** Takes a paid order back before it is credited; a lost answer is asked for again under the same key. */
export async function recallTopUp(order: string): Promise<OrderView> {
  return await sendKept<OrderView>(pathOf(order, '/recall'), {}, `recall:${order}`)
}

/** Whether this tab has been to the wallet for an order. */
export function wentToWallet(order: string): boolean {
  return isKept(`payment:${order}`)
}

/** The payer is back from the wallet: the provider is asked at once. */
export async function tellReturned(order: string): Promise<null> {
  await request(pathOf(order, '/returned'), { method: 'POST' })
  return null
}
