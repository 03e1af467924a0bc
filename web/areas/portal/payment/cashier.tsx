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
import { formatCountdown } from '../../../ui/format.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { QrImage } from '../../../ui/qr-image.tsx'
import { type RadioRow, RadioRows } from '../../../ui/radio-rows.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { OpenInBrowser } from './open-in-browser.tsx'
import { useCurrencyName } from './quote-words.tsx'
import { QuotedPayment } from './quoted-payment.tsx'
import { RailMark } from './rail-mark.tsx'
import { usePayment } from './use-payment.ts'
import { lastProvider, type Provider, type Way, waysHere } from './ways.ts'

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
  const rows = waysHere(offered.ways, kind, lastProvider(), order.price.currency)
  const usable = rows.filter(({ off }) => off === null)
  const [chosen, setChosen] = useState<string>()
  const payment = usePayment(order)
  const way = usable.find(({ key }) => key === chosen) ?? usable[0]
  const { busy, problem } = payment
  /** What was wrong with one way says nothing of another. */
  const choose = (key: string) => {
    if (problem !== null) payment.reset()
    setChosen(key)
  }
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
      <Methods rows={rows} value={way.key} onValue={choose} />
      <Elsewhere ways={offered.ways} own={order.price.currency} />
      {way.currency === null ? (
        <>
          {problem !== null && <ProblemNotice problem={problem} />}
          <ConfirmButton money={order.price} way={way} busy={busy} onConfirm={() => payment.start(way)} />
        </>
      ) : (
        <QuotedPayment
          {...{ order, way, busy, problem, currency: way.currency }}
          onConfirm={(quote) => payment.start(way, quote)}
          onForget={payment.reset}
        />
      )}
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

/** What is said of a way that is off where the operator has said nothing. */
const whyOff = {
  'switched-off': 'cashier.notAnswering',
  'not-answering': 'cashier.notAnswering',
  'no-rate': 'quote.noRate',
} as const

interface MethodsProps {
  readonly rows: readonly Way[]
  readonly value: string | undefined
  readonly onValue: (key: string) => void
}

function Methods({ rows, value, onValue }: MethodsProps) {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  const currencyName = useCurrencyName()
  const shown = rows.map(
    ({ key, id, provider, currency, off }): RadioRow<string> => ({
      value: key,
      icon: <RailMark provider={provider} />,
      text:
        currency === null
          ? t(`cashier.ways.${id}.text`)
          : t('quote.way', { way: t(`cashier.ways.${id}.text`), currency: currencyName(currency) }),
      hint: off === null ? t(`cashier.ways.${id}.hint`) : (off.notice?.[language] ?? t(whyOff[off.why])),
      off: off !== null,
    }),
  )
  return <RadioRows label={t('cashier.method')} rows={shown} value={value} onValue={onValue} />
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
