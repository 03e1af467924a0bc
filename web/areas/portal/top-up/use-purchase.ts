import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { OrderView, PlaceTopUp } from '../../../../contract/top-up.ts'
import { offersQuery, orderQuery, ordersKey, paymentWaysQuery } from '../../../api/queries.ts'
import { ApiProblem } from '../../../api/request.ts'
import { placeTopUp } from '../../../api/top-ups.ts'
import { browserKind } from '../../../device/browser-kind.ts'
import { notePlaced } from '../../../device/known-numbers.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { waysHere } from '../payment/ways.ts'
import type { Choice } from './choice.ts'

/** What stands between 立即充值 and the wallet, one at a time. */
export type PurchaseStep =
  | { readonly at: 'open-in-browser' }
  | { readonly at: 'proof' }
  | { readonly at: 'duplicate'; readonly problem: ApiProblem }
  | { readonly at: 'cashier'; readonly order: OrderView }

export interface Purchase {
  readonly step: PurchaseStep | null
  readonly busy: boolean
  /** A refusal that no step answers; null when there is none. */
  readonly problem: unknown
  begin(choice: Choice): void
  /** The payer's phone is proved: the same request, under its same key. */
  proved(): void
  /** Yes, a second one like it. */
  confirmDuplicate(): void
  close(): void
}

/** Refusals that a step of their own answers. */
function stepFor(problem: unknown): PurchaseStep | null {
  if (!(problem instanceof ApiProblem)) return null
  if (problem.code === 'verification-needed') return { at: 'proof' }
  return problem.code === 'duplicate-recent' ? { at: 'duplicate', problem } : null
}

/** Places the order for a line, through whatever is asked for on the way. */
export function usePurchase(msisdn: string): Purchase {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const locale = useLanguage()
  const [step, setStep] = useState<PurchaseStep | null>(null)
  const placing = useMutation({
    mutationFn: ({ body }: { body: PlaceTopUp; offer: string }) => placeTopUp(body),
    onSuccess: (order, { offer }) => {
      notePlaced(order.id, { msisdn, offer })
      queries.setQueryData(orderQuery(order.id).queryKey, order)
      void queries.invalidateQueries({ queryKey: ordersKey })
      setStep({ at: 'cashier', order })
    },
    onError: (problem) => {
      setStep(stepFor(problem))
      // Another price table, or offers that ended: what is on the page is no longer what is sold.
      if (problem instanceof ApiProblem && /^price-changed$|^offer-not-/.test(problem.code)) {
        void queries.invalidateQueries({ queryKey: offersQuery(msisdn).queryKey })
      }
    },
  })
  const again = (change: Partial<PlaceTopUp>) => {
    const { variables } = placing
    if (variables) placing.mutate({ ...variables, body: { ...variables.body, ...change } })
  }
  const placeChoice = ({ offerId, amount, price, key }: Choice) => {
    const item = { number: msisdn, offerId, ...(amount && { amount }) }
    placing.mutate({ body: { items: [item], expected: price, locale }, offer: key })
  }
  /** An order that cannot be paid in here is not placed: the browser it must be paid in has another session. */
  const beginInWeChat = async (choice: Choice) => {
    const offered = await queries.fetchQuery(paymentWaysQuery).catch(() => null)
    const usable = offered ? waysHere(offered.ways, 'inside-wechat', null, choice.price.currency) : []
    if (usable.some(({ off }) => off === null)) return placeChoice(choice)
    // “在浏览器打开” takes the address along, so the address takes the number.
    void navigate({ to: '/', search: { number: msisdn }, replace: true })
    setStep({ at: 'open-in-browser' })
  }
  return {
    step,
    busy: placing.isPending,
    problem: placing.isError && stepFor(placing.error) === null ? placing.error : null,
    begin(choice) {
      if (browserKind() === 'inside-wechat') void beginInWeChat(choice)
      else placeChoice(choice)
    },
    proved: () => again({}),
    confirmDuplicate: () => again({ confirmDuplicate: true }),
    close: () => setStep(null),
  }
}
