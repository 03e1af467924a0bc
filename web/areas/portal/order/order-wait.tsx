import { ShieldCheck, Timer } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { InstantText } from '../../../ui/date-text.tsx'
import { formatCountdown } from '../../../ui/format.ts'
import { Sentence } from '../../../ui/sentence.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import type { Chapter } from './order-story.ts'

interface OrderWaitProps {
  readonly order: OrderView
  readonly chapter: Chapter
}

/** What who waits can count on: how long a credit takes, and when the money goes back by itself. */
export function OrderWait({ order, chapter }: OrderWaitProps) {
  const { t } = useTranslation('order')
  const span = useSpan()
  const { wait } = order
  // Who has not paid yet is told what follows paying; what was promised and not kept is told above.
  const by = chapter === 'unpaid' ? null : order.resolvesBy
  // How long a transfer takes is told with where to send it.
  const toldElsewhere = chapter === 'late' || chapter === 'recallable' || chapter === 'transfer'
  if (toldElsewhere || (wait === null && by === null)) return null
  return (
    <dl className="mt-5 w-full space-y-2 rounded-lg bg-sunken px-4 py-3 text-sm">
      {wait !== null && wait.usualSeconds !== null && wait.longSeconds !== null && (
        <Row icon={<Timer className="size-5" />} name={t('wait.pace')}>
          {t('wait.usually', { usual: span(wait.usualSeconds), long: span(wait.longSeconds) })}
        </Row>
      )}
      <Row icon={<ShieldCheck className="size-5" />} name={t(by === null ? 'wait.refund' : 'wait.latest')}>
        {by === null ? (
          t('wait.refundAfter', { time: span(wait?.refundAfterSeconds ?? 0) })
        ) : (
          <RefundAt at={by} />
        )}
      </Row>
    </dl>
  )
}

/** Longer than this nobody watches the seconds. */
const countedSeconds = 3_600

function RefundAt({ at }: { readonly at: string }) {
  const { t } = useTranslation('order')
  const left = useSecondsLeft(Date.parse(at)) ?? 0
  return (
    <>
      <InstantText at={at} />
      {left < countedSeconds && (
        // A timer is read when somebody looks at it, not announced every second.
        <span role="timer" aria-live="off" className="block font-medium tabular-nums">
          <Sentence>{left === 0 ? t('wait.now') : t('wait.left', { time: formatCountdown(left) })}</Sentence>
        </span>
      )}
    </>
  )
}

interface RowProps {
  readonly icon: ReactNode
  readonly name: string
  readonly children: ReactNode
}

function Row({ icon, name, children }: RowProps) {
  return (
    <div className="flex gap-3 text-start">
      <dt className="flex shrink-0 gap-2 text-ink-soft">
        <span aria-hidden className="text-brand-ink">
          {icon}
        </span>
        {name}
      </dt>
      <dd className="min-w-0 flex-1 text-end text-pretty">
        {typeof children === 'string' ? <Sentence>{children}</Sentence> : children}
      </dd>
    </div>
  )
}

/** `8 秒`, `3 分钟`: whole minutes from two minutes on, never less than was measured. */
function useSpan(): (seconds: number) => string {
  const { t } = useTranslation('order')
  return (seconds) =>
    seconds < 120
      ? t('wait.seconds', { count: seconds })
      : t('wait.minutes', { count: Math.ceil(seconds / 60) })
}
