import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuoteView } from '../../../../contract/quote.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { quoteQuery } from '../../../api/queries.ts'
import { ApiProblem } from '../../../api/request.ts'
import { Button } from '../../../ui/button.tsx'
import { formatCountdown } from '../../../ui/format.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { marginText, RateText } from './quote-words.tsx'
import type { Way } from './ways.ts'

interface QuotedPaymentProps {
  readonly order: OrderView
  readonly way: Way
  readonly currency: string
  readonly busy: boolean
  readonly problem: Error | null
  readonly onConfirm: (quote: string) => void
  /** What was wrong is dealt with: a new quote is on the table. */
  readonly onForget: () => void
}

/** What the order costs in the way's currency, by what rate and for how long, and the way to pay just that. */
export function QuotedPayment({ order, currency, onForget, ...paying }: QuotedPaymentProps) {
  const asked = useQuery(quoteQuery(order.id, currency))
  const again = () => {
    onForget()
    void asked.refetch()
  }
  return <Loaded query={asked}>{(quote) => <Quoted quote={quote} onAgain={again} {...paying} />}</Loaded>
}

interface QuotedProps extends Pick<QuotedPaymentProps, 'way' | 'busy' | 'problem' | 'onConfirm'> {
  readonly quote: QuoteView
  readonly onAgain: () => void
}

function Quoted({ quote, way, busy, problem, onConfirm, onAgain }: QuotedProps) {
  const { t } = useTranslation('purchase')
  const left = useSecondsLeft(Date.parse(quote.expiresAt))
  const ended = problem instanceof ApiProblem && problem.code === 'quote-expired'
  if (left === 0 || ended) {
    const action = <Button onClick={onAgain}>{t('quote.again')}</Button>
    return (
      <Notice tone="warn" action={action}>
        {t('quote.ended')}
      </Notice>
    )
  }
  return (
    <>
      <QuoteCard quote={quote} left={left ?? 0} />
      {problem !== null && <ProblemNotice problem={problem} />}
      <ConfirmButton money={quote.amount} way={way} busy={busy} onConfirm={() => onConfirm(quote.id)} />
    </>
  )
}

/** Both sums, the rate with whose it is and of when, and what the brand adds. */
function QuoteCard({ quote, left }: { readonly quote: QuoteView; readonly left: number }) {
  const { t } = useTranslation('purchase')
  const margin = marginText(quote)
  const card = useRef<HTMLElement>(null)
  // It comes below what was just tapped, where the button would cover it.
  useEffect(() => card.current?.scrollIntoView({ block: 'end' }), [])
  return (
    <section
      ref={card}
      aria-label={t('quote.title')}
      className="scroll-mb-28 rounded-lg bg-sunken px-4 py-3 text-sm"
    >
      <p className="flex items-baseline justify-between gap-x-4">
        <span className="text-ink-soft">{t('quote.toPay')}</span>
        <MoneyText money={quote.amount} size="large" />
      </p>
      <dl className="mt-2 space-y-1">
        <Row name={t('quote.price')}>
          <MoneyText money={quote.price} />
        </Row>
        <Row name={t('quote.rate')}>
          <RateText quote={quote} />
        </Row>
        {margin !== null && <Row name={t('quote.margin')}>{t('quote.marginOf', { percent: margin })}</Row>}
      </dl>
      <p className="mt-3 border-t border-hairline pt-2 text-ink-soft">
        {t('quote.left', { time: formatCountdown(left) })}
      </p>
    </section>
  )
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-x-4">
      <dt className="shrink-0 text-ink-soft">{name}</dt>
      <dd className="min-w-0 text-end">{children}</dd>
    </div>
  )
}
