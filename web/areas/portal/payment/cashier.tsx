import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PaymentWays } from '../../../../contract/payment.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { paymentWaysQuery } from '../../../api/queries.ts'
import { browserKind } from '../../../device/browser-kind.ts'
import { numberOfOrder } from '../../../device/known-numbers.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { formatCountdown, formatMoney } from '../../../ui/format.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { QrImage } from '../../../ui/qr-image.tsx'
import { type RadioRow, RadioRows } from '../../../ui/radio-rows.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { OpenInBrowser } from './open-in-browser.tsx'
import { RailMark } from './rail-mark.tsx'
import { usePayment } from './use-payment.ts'
import { lastProvider, type Provider, type Way, type WayId, waysHere } from './ways.ts'

/** Longer than this nobody counts: an order that waits for a transfer waits for days. */
const COUNTED_SECONDS = 3_600

interface CashierProps {
  readonly order: OrderView
  /** The order ran out; the person wants a new one. */
  readonly onAgain: () => void
}

/** Sum, method, and the way to the wallet. */
export function Cashier({ order, onAgain }: CashierProps) {
  const ways = useQuery(paymentWaysQuery)
  const left = useSecondsLeft(order.payBy === null ? null : Date.parse(order.payBy))
  if (left === 0) return <TimeIsOver onAgain={onAgain} />
  return (
    <div className="space-y-5">
      <Sum order={order} left={left} />
      <Loaded query={ways}>{(offered) => <Paying order={order} offered={offered} />}</Loaded>
    </div>
  )
}

/** The choice of a way and what it leads to; where none works here, how to get to where one does. */
function Paying({ order, offered }: { readonly order: OrderView; readonly offered: PaymentWays }) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const kind = browserKind()
  const rows = waysHere(offered.ways, kind, lastProvider())
  const usable = rows.filter(({ off }) => off === null)
  const [chosen, setChosen] = useState<WayId>()
  const payment = usePayment(order)
  const way = usable.find(({ id }) => id === chosen) ?? usable[0]
  if (offered.maintenance !== null) return <Notice tone="warn">{offered.maintenance[language]}</Notice>
  if (payment.qr !== undefined && way !== undefined) {
    return <ScanCode provider={way.provider} text={payment.qr} onOtherWay={payment.reset} />
  }
  if (way === undefined) {
    if (kind === 'inside-wechat') return <OpenInBrowser number={numberOfOrder(order.id)} />
    return (
      <>
        {rows.length > 0 && <Methods rows={rows} value={undefined} onValue={setChosen} />}
        <Notice tone="warn">{t('cashier.noWay')}</Notice>
      </>
    )
  }
  return (
    <>
      <Methods rows={rows} value={way.id} onValue={setChosen} />
      {payment.problem !== null && <ProblemNotice problem={payment.problem} />}
      <ConfirmButton order={order} way={way} busy={payment.busy} onConfirm={() => payment.start(way)} />
    </>
  )
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
      {order.recallSeconds > 0 && (
        <p className="mt-3 rounded-lg bg-info-soft px-4 py-2 text-start text-sm text-info-ink">
          <Sentence>{t('cashier.recallable', { count: Math.ceil(order.recallSeconds / 60) })}</Sentence>
        </p>
      )}
      {left !== null && left < COUNTED_SECONDS && (
        <p className="mt-3 text-sm text-ink-soft">{t('cashier.left', { time: formatCountdown(left) })}</p>
      )}
    </div>
  )
}

interface MethodsProps {
  readonly rows: readonly Way[]
  readonly value: WayId | undefined
  readonly onValue: (id: WayId) => void
}

function Methods({ rows, value, onValue }: MethodsProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const shown = rows.map(
    ({ id, provider, off }): RadioRow<WayId> => ({
      value: id,
      icon: <RailMark provider={provider} />,
      text: t(`cashier.ways.${id}.text`),
      hint:
        off === null ? t(`cashier.ways.${id}.hint`) : (off.notice?.[language] ?? t('cashier.notAnswering')),
      off: off !== null,
    }),
  )
  return <RadioRows label={t('cashier.method')} rows={shown} value={value} onValue={onValue} />
}

interface ConfirmButtonProps {
  readonly order: OrderView
  readonly way: Way
  readonly busy: boolean
  readonly onConfirm: () => void
}

function ConfirmButton({ order, way, busy, onConfirm }: ConfirmButtonProps) {
  const { t } = useTranslation('purchase')
  const amount = formatMoney(order.price, useLanguage())
  const words = () => {
    if (way.provider === 'bank') return t('cashier.toTransfer')
    return busy
      ? t('cashier.leaving', { rail: t(`cashier.rails.${way.provider}`) })
      : t('cashier.confirm', { amount })
  }
  return (
    // However many ways there are above it, it is in sight.
    <div className="sticky bottom-0 -mx-4 -mb-3 bg-surface px-4 py-3 md:-mx-6 md:px-6">
      <Button size="large" wide busy={busy} onClick={onConfirm}>
        {words()}
      </Button>
    </div>
  )
}

interface ScanCodeProps {
  readonly provider: Provider
  readonly text: string
  readonly onOtherWay: () => void
}

function ScanCode({ provider, text, onOtherWay }: ScanCodeProps) {
  const { t } = useTranslation('purchase')
  const scan = t('cashier.scan', { rail: t(`cashier.rails.${provider}`) })
  return (
    <div className="flex flex-col items-center gap-3 text-center">
      <QrImage text={text} label={scan} />
      <p role="status">
        <span className="block font-medium">{scan}</span>
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
