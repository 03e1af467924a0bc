import { Check, Clock, LoaderCircle, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

/** `waiting`: held up, and somebody is seeing to it; `ended`: nothing more will come. */
export type StepState = 'done' | 'now' | 'later' | 'waiting' | 'ended'

export interface TimelineItem {
  readonly key: string
  readonly text: ReactNode
  /** When it happened, shown at the line's end. */
  readonly time?: ReactNode
  readonly note?: ReactNode
  readonly state: StepState
}

const dots = {
  done: 'bg-good-ink text-surface',
  now: 'bg-brand-soft text-brand-ink',
  later: 'border-2 border-outline',
  waiting: 'bg-warn-ink text-surface',
  ended: 'bg-outline text-surface',
} as const

/** Steps in the order they come true; new ones are announced without taking the focus. */
export function Timeline({
  items,
  label,
}: {
  readonly items: readonly TimelineItem[]
  readonly label: string
}) {
  const { t } = useTranslation('kit')
  return (
    <ol aria-label={label} aria-live="polite">
      {items.map((item, at) => (
        <li key={item.key} className="relative flex gap-3 pb-6 last:pb-0">
          {at < items.length - 1 && (
            <span
              aria-hidden
              className={classNames(
                'absolute start-3 top-7 bottom-0 w-0.5 -translate-x-1/2',
                item.state === 'done' ? 'bg-good-ink' : 'bg-hairline',
              )}
            />
          )}
          <span
            aria-hidden
            className={classNames('grid size-6 shrink-0 place-items-center rounded-full', dots[item.state])}
          >
            {item.state === 'done' && <Check strokeWidth={3} className="size-4" />}
            {item.state === 'now' && <LoaderCircle className="size-4 animate-spin" />}
            {item.state === 'waiting' && <Clock strokeWidth={2.5} className="size-4" />}
            {item.state === 'ended' && <Minus strokeWidth={3} className="size-4" />}
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex items-baseline justify-between gap-4">
              <span className={classNames(item.state === 'later' ? 'text-ink-soft' : 'font-medium')}>
                {item.text}
                <span className="sr-only">{t(`stepState.${item.state}`)}</span>
              </span>
              {item.time !== undefined && <span className="shrink-0 text-sm text-ink-soft">{item.time}</span>}
            </div>
            {item.note !== undefined && <div className="mt-0.5 text-sm text-ink-soft">{item.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  )
}
