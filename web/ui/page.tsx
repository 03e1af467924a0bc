import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBrandName } from './brand-context.ts'
import { classNames } from './class-names.ts'

interface PageProps {
  /** Names the page on screen, in the tab and in the history. */
  readonly title: string
  readonly lead?: ReactNode
  /** `column` for forms and reading, `wide` for pages with a second column. */
  readonly width?: 'column' | 'wide'
  /** The title stands on a band of the brand's colour, and the first card overlaps it. */
  readonly band?: boolean
  readonly children: ReactNode
}

export function Page({ title, lead, width = 'column', band = false, children }: PageProps) {
  const { t } = useTranslation()
  const brand = useBrandName()
  useEffect(() => {
    document.title = t('pageTitle', { page: title, brand })
  }, [t, title, brand])
  const column = classNames('mx-auto w-full px-4', width === 'wide' ? 'max-w-page' : 'max-w-column')
  return (
    <>
      <div className={classNames(band && 'relative overflow-hidden bg-brand text-on-brand')}>
        {band && <BandRings />}
        <div className={classNames(column, 'relative pt-4 md:pt-10', band && 'pb-16 md:pb-20')}>
          <h1 className="text-xl font-semibold md:text-2xl">{title}</h1>
          {lead !== undefined && <p className={classNames('mt-1', !band && 'text-ink-soft')}>{lead}</p>}
        </div>
      </div>
      <div
        className={classNames(
          column,
          'relative space-y-4 pb-6 md:space-y-6 md:pb-10',
          band ? '-mt-12 md:-mt-14' : 'mt-4 md:mt-6',
        )}
      >
        {children}
      </div>
    </>
  )
}

/** The brand mark's rings, large and faint, running off the band's end. */
function BandRings() {
  return (
    <svg
      aria-hidden
      viewBox="0 0 200 200"
      fill="none"
      strokeWidth="14"
      className="absolute -end-10 -bottom-24 size-72 stroke-on-brand opacity-10"
    >
      <circle cx="100" cy="100" r="30" />
      <circle cx="100" cy="100" r="60" />
      <circle cx="100" cy="100" r="90" />
    </svg>
  )
}
