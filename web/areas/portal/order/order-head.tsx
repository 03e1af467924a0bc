import {
  CircleCheck,
  CircleX,
  Clock,
  Hourglass,
  Landmark,
  LoaderCircle,
  RotateCcw,
  TriangleAlert,
  Undo2,
  Wallet,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { Card } from '../../../ui/card.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { formatCountdown } from '../../../ui/format.ts'
import { Sentence } from '../../../ui/sentence.tsx'
import type { Tone } from '../../../ui/tone.ts'
import { useReadAloud } from '../../../ui/use-read-aloud.ts'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { type Chapter, chapterTone, useStoryText } from './order-story.ts'
import { OrderWait } from './order-wait.tsx'

const icons = {
  unpaid: Wallet,
  transfer: Landmark,
  checking: LoaderCircle,
  late: Hourglass,
  recallable: Undo2,
  paid: LoaderCircle,
  held: Clock,
  credited: CircleCheck,
  'partly-refunded': RotateCcw,
  refunding: RotateCcw,
  'refund-abnormal': TriangleAlert,
  refunded: RotateCcw,
  expired: CircleX,
  cancelled: CircleX,
  reversed: RotateCcw,
} as const satisfies Readonly<Record<Chapter, unknown>>

const grounds: Readonly<Record<Tone, string>> = {
  info: 'bg-info-soft text-info-ink',
  good: 'bg-good-soft text-good-ink',
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad-ink',
}

interface OrderHeadProps {
  readonly order: OrderView
  readonly chapter: Chapter
  /** What can be done at this point. */
  readonly children?: ReactNode
}

/** How the order stands, in the largest words of its page. */
export function OrderHead({ order, chapter, children }: OrderHeadProps) {
  const { t } = useTranslation('order')
  const storyText = useStoryText()
  const left = useSecondsLeft(order.payBy === null ? null : Date.parse(order.payBy))
  const Icon = icons[chapter]
  const title = t(`story.${chapter}.title`)
  const text = storyText(chapter, order, formatCountdown(left ?? 0))
  useReadAloud(chapter, `${title} ${text}`)
  const turning = chapter === 'checking' || chapter === 'paid'
  return (
    <Card>
      <div className="flex flex-col items-center text-center">
        <span
          aria-hidden
          className={classNames(
            'mb-3 grid size-16 place-items-center rounded-full',
            grounds[chapterTone[chapter]],
          )}
        >
          <Icon className={classNames('size-8', turning && 'animate-spin')} />
        </span>
        <div role="status">
          <h2 className="text-xl font-semibold">{title}</h2>
          <p
            className={classNames(
              'phrased mx-auto mt-1 max-w-96',
              chapter === 'credited' ? 'text-lg font-medium text-brand-ink' : 'text-ink-soft',
            )}
          >
            <StoryText live={chapter !== 'unpaid'}>{text}</StoryText>
          </p>
        </div>
        {children !== undefined && <div className="mt-5 w-full">{children}</div>}
        <OrderWait order={order} chapter={chapter} />
      </div>
    </Card>
  )
}

/** A countdown is read when somebody looks at it, not announced every second. */
function StoryText({ live, children }: { readonly live: boolean; readonly children: string }) {
  return (
    <span aria-live={live ? undefined : 'off'}>
      <Sentence>{children}</Sentence>
    </span>
  )
}
