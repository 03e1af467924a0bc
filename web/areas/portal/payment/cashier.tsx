import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView, StartPayment } from '../../../../contract/top-up.ts'
import { orderQuery } from '../../../api/queries.ts'
import { ApiProblem } from '../../../api/request.ts'
import { startPayment } from '../../../api/top-ups.ts'
import { browserKind } from '../../../device/browser-kind.ts'
import { numberOfOrder } from '../../../device/known-numbers.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { formatCountdown, formatMoney } from '../../../ui/format.ts'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { QrImage } from '../../../ui/qr-image.tsx'
import { RadioRows } from '../../../ui/radio-rows.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { AlipayMark } from './alipay-mark.tsx'
import { OpenInBrowser } from './open-in-browser.tsx'
import { useOrder } from './use-order.ts'

type Scene = StartPayment['scene']

interface CashierProps {
  readonly order: OrderView
  /** The order ran out; the person wants a new one. */
  readonly onAgain: () => void
}

/** A phone opens the wallet; at a desk the phone scans, or the wallet's own page takes a log-in. */
const scenes: Readonly<Record<'phone' | 'desktop', readonly Scene[]>> = {
  phone: ['wap'],
  desktop: ['qr', 'page'],
}

/** Sum, method, and the way to the wallet. */
export function Cashier({ order, onAgain }: CashierProps) {
  const kind = browserKind()
  const offered = scenes[kind === 'desktop' ? 'desktop' : 'phone']
  const [scene, setScene] = useState(offered[0] as Scene)
  const payment = usePayment(order)
  const left = useSecondsLeft(order.payBy === null ? null : Date.parse(order.payBy))
  if (kind === 'inside-wechat') return <OpenInBrowser number={numberOfOrder(order.id)} />
  if (left === 0) return <TimeIsOver onAgain={onAgain} />
  return (
    <div className="space-y-5">
      <Sum order={order} left={left} />
      {payment.qr === undefined ? (
        <>
          <Methods offered={offered} scene={scene} onScene={setScene} />
          {payment.problem !== null && <ProblemNotice problem={payment.problem} />}
          <ConfirmButton order={order} busy={payment.busy} onConfirm={() => payment.start(scene)} />
        </>
      ) : (
        <ScanCode text={payment.qr} onOtherWay={payment.reset} />
      )}
    </div>
  )
}

const underWay: readonly string[] = ['payment-in-progress', 'payment-unknown']

/** Begins a payment and goes where it leads; a code to scan is shown, and the order watched, until it is paid. */
function usePayment(order: OrderView) {
  const locale = useLanguage()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const toOrder = () => navigate({ to: '/orders/$id', params: { id: order.id } })
  const starting = useMutation({
    // The provider is still being asked for the way on: the same request, under its same key, in a moment.
    retry: (tries, problem) => tries < 5 && problem instanceof ApiProblem && underWay.includes(problem.code),
    retryDelay: 2_000,
    mutationFn: (scene: Scene) => startPayment(order.id, { provider: 'alipay', scene, locale }),
    onSuccess: async ({ redirectUrl }) => {
      void queries.invalidateQueries({ queryKey: orderQuery(order.id).queryKey })
      if (redirectUrl === undefined) return
      // Whichever way the person comes back from the wallet, they come back to the order.
      await toOrder()
      location.assign(redirectUrl)
    },
  })
  const qr = starting.data?.qr
  const watched = useOrder(order.id, qr !== undefined)
  const moved = watched.data !== undefined && watched.data.state !== 'awaiting-payment'
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving depends on the order's state alone
  useEffect(() => {
    if (moved) void toOrder()
  }, [moved])
  return {
    qr,
    busy: starting.isPending || starting.data?.redirectUrl !== undefined,
    problem: starting.error,
    start: starting.mutate,
    reset: starting.reset,
  }
}

/** The sum and what it is for; the words of its validity were told with the offer and are repeated here. */
function Sum({ order, left }: { readonly order: OrderView; readonly left: number | null }) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const plan = useNumberPlan()
  return (
    <div className="text-center">
      <MoneyText money={order.price} size="large" />
      {order.items.map((item) => (
        <div key={item.msisdn} className="mt-1">
          <p>
            {t('cashier.for', { number: groupNumber(item.msisdn, plan) })} · {item.offer.name[language]}
          </p>
          <p className="mt-2 rounded-lg bg-sunken px-4 py-2 text-start text-sm text-ink-soft">
            <Sentence>{item.validityText}</Sentence>
          </p>
        </div>
      ))}
      {left !== null && (
        <p className="mt-3 text-sm text-ink-soft">{t('cashier.left', { time: formatCountdown(left) })}</p>
      )}
    </div>
  )
}

interface MethodsProps {
  readonly offered: readonly Scene[]
  readonly scene: Scene
  readonly onScene: (scene: Scene) => void
}

function Methods({ offered, scene, onScene }: MethodsProps) {
  const { t } = useTranslation('purchase')
  const words: Readonly<Record<Scene, readonly [text: string, hint: string]>> = {
    wap: [t('cashier.wallet'), t('cashier.walletHint')],
    qr: [t('cashier.qr'), t('cashier.qrHint')],
    page: [t('cashier.page'), t('cashier.pageHint')],
  }
  const rows = offered.map((value) => ({
    value,
    icon: <AlipayMark />,
    text: words[value][0],
    hint: words[value][1],
  }))
  return <RadioRows label={t('cashier.method')} rows={rows} value={scene} onValue={onScene} />
}

interface ConfirmButtonProps {
  readonly order: OrderView
  readonly busy: boolean
  readonly onConfirm: () => void
}

function ConfirmButton({ order, busy, onConfirm }: ConfirmButtonProps) {
  const { t } = useTranslation('purchase')
  const amount = formatMoney(order.price, useLanguage())
  return (
    <Button size="large" wide busy={busy} onClick={onConfirm}>
      {t(busy ? 'cashier.leaving' : 'cashier.confirm', { amount })}
    </Button>
  )
}

function ScanCode({ text, onOtherWay }: { readonly text: string; readonly onOtherWay: () => void }) {
  const { t } = useTranslation('purchase')
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <QrImage text={text} label={t('cashier.scan')} />
      <p role="status">
        <span className="block font-medium">{t('cashier.scan')}</span>
        <span className="block text-sm text-ink-soft">{t('cashier.scanHint')}</span>
      </p>
      <Button look="quiet" onClick={onOtherWay}>
        {t('cashier.otherWay')}
      </Button>
    </div>
  )
}

function TimeIsOver({ onAgain }: { readonly onAgain: () => void }) {
  const { t } = useTranslation('purchase')
  return (
    <div className="space-y-5 text-center">
      <p role="status">{t('cashier.over')}</p>
      <Button size="large" wide onClick={onAgain}>
        {t('cashier.again')}
      </Button>
    </div>
  )
}
