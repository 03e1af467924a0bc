import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

interface BeforeAfterProps {
  /** Left out where it stands beside. */
  readonly name?: ReactNode
  /** Absent where nothing was known before. */
  readonly before?: ReactNode
  readonly after: ReactNode
}

/** What a payment changes: the balance or the date as it is, and as it will be. */
export function BeforeAfter({ name, before, after }: BeforeAfterProps) {
  const { t } = useTranslation('kit')
  return (
    <span
      className={classNames(
        'flex flex-wrap items-center gap-x-1.5 text-sm text-ink-soft',
        name === undefined && 'justify-end',
      )}
    >
      {name}
      {before !== undefined && (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          {before}
          <ArrowRight aria-hidden className="size-3.5" />
          <span className="sr-only">{t('becomes')}</span>
        </span>
      )}
      <span className="font-medium whitespace-nowrap text-ink">{after}</span>
    </span>
  )
}
