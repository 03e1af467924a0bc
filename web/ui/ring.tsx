import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

const radius = 34
const circumference = 2 * Math.PI * radius

interface RingProps {
  /** Days until the last safe day; null when the date never ends. */
  readonly daysLeft: number | null
  /** The span a full ring stands for. */
  readonly span?: number
  /** Beside one line or two of text. */
  readonly small?: boolean
}

/** Text colour by what is left: a month and a week are when a person should act. */
export function daysTone(daysLeft: number | null): string {
  if (daysLeft === null || daysLeft > 30) return 'text-brand-ink'
  return daysLeft > 7 ? 'text-warn-ink' : 'text-bad-ink'
}

/** How `daysLeft` reads in words: 还剩 180 天, today is the last day, ended 3 days ago. */
export function useDaysLeftText(): (daysLeft: number | null) => string {
  const { t } = useTranslation('kit')
  return (daysLeft) => {
    if (daysLeft === null) return t('neverEnds')
    if (daysLeft === 0) return t('lastDay')
    return daysLeft > 0 ? t('daysLeft', { count: daysLeft }) : t('daysOver', { count: -daysLeft })
  }
}

/** Days left as a ring with the number in it. The words stand beside it, so the drawing itself is silent. */
export function Ring({ daysLeft, span = 180, small = false }: RingProps) {
  const { t } = useTranslation('kit')
  const part = daysLeft === null ? 1 : Math.min(1, Math.max(0, daysLeft / span))
  return (
    <span
      aria-hidden
      className={classNames(
        'relative grid shrink-0 place-items-center',
        small ? 'size-12' : 'size-[min(5rem,20vw)]',
        daysTone(daysLeft),
      )}
    >
      <svg aria-hidden viewBox="0 0 80 80" className="absolute inset-0 -rotate-90">
        <circle cx="40" cy="40" r={radius} fill="none" strokeWidth="6" className="stroke-hairline" />
        {part > 0 && (
          <circle
            cx="40"
            cy="40"
            r={radius}
            fill="none"
            strokeWidth="6"
            strokeLinecap="round"
            stroke="currentColor"
            strokeDasharray={`${part * circumference} ${circumference}`}
          />
        )}
      </svg>
      <span className="relative text-center leading-none">
        <span className={classNames('block font-semibold', small ? 'text-sm' : 'text-[min(1.375rem,5.6vw)]')}>
          {daysLeft === null ? '∞' : Math.max(0, daysLeft)}
        </span>
        {daysLeft !== null && !small && (
          <span className="text-sm text-ink-soft">{t('daysUnit', { count: Math.max(0, daysLeft) })}</span>
        )}
      </span>
    </span>
  )
}
