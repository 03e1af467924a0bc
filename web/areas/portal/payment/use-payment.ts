import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { OrderView, PaymentStarted } from '../../../../contract/top-up.ts'
import { orderQuery } from '../../../api/queries.ts'
import { ApiProblem } from '../../../api/request.ts'
import { authorisationPath, startPayment } from '../../../api/top-ups.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useOrder } from './use-order.ts'
import { rememberProvider, type Way } from './ways.ts'

/** The provider is still being asked for the way on: the same request, under its same key, in a moment. */
export function isUnderWay(problem: unknown): boolean {
  const codes: readonly string[] = ['payment-in-progress', 'payment-unknown']
  return problem instanceof ApiProblem && codes.includes(problem.code)
}

interface Begun {
  readonly way: Way
  /** The quote of a way in another currency than the order's. */
  readonly quote: string | undefined
}

/** Begins a payment and goes where it leads; a code to scan is shown, and the order watched, until it is paid. */
export function usePayment(order: OrderView) {
  const locale = useLanguage()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const toOrder = () => navigate({ to: '/orders/$id', params: { id: order.id } })
  const starting = useMutation({
    retry: (tries, problem) => tries < 5 && isUnderWay(problem),
    retryDelay: 2_000,
    mutationFn: ({ way: { provider, scene }, quote }: Begun) =>
      startPayment(order.id, { provider, scene, locale, ...(quote === undefined ? {} : { quote }) }),
    onSuccess: async (started, { way }) => {
      rememberProvider(way.provider)
      void queries.invalidateQueries({ queryKey: orderQuery(order.id).queryKey })
      if (started.qr !== undefined) return
      // Whichever way the person comes back from the wallet, they come back to the order.
      await toOrder()
      leave(started)
    },
  })
  const start = (way: Way, quote?: string) => {
    if (way.scene !== 'jsapi') return starting.mutate({ way, quote })
    // WeChat is asked first who pays, and sends the browser back to the order, where the payment begins.
    rememberProvider(way.provider)
    void toOrder().then(() => location.assign(authorisationPath(order.id)))
  }
  const qr = starting.data?.qr
  const watched = useOrder(order.id, qr !== undefined)
  const moved = watched.data !== undefined && watched.data.state !== 'awaiting-payment'
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving depends on the order's state alone
  useEffect(() => {
    if (moved) void toOrder()
  }, [moved])
  return {
    qr,
    busy: starting.isPending || (starting.data !== undefined && qr === undefined),
    problem: starting.error,
    start,
    reset: starting.reset,
  }
}

/** To the provider's page: by address, or by a form that the browser posts. */
function leave({ redirectUrl, form }: PaymentStarted): void {
  if (redirectUrl !== undefined) location.assign(redirectUrl)
  if (form !== undefined) post(form)
}

function post(form: NonNullable<PaymentStarted['form']>): void {
  const element = document.createElement('form')
  element.method = 'post'
  element.action = form.action
  for (const [name, value] of Object.entries(form.fields)) {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    field.value = value
    element.append(field)
  }
  document.body.append(element)
  element.submit()
}
