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
  readonly children: ReactNode
}

export function Page({ title, lead, width = 'column', children }: PageProps) {
  const { t } = useTranslation()
  const brand = useBrandName()
  useEffect(() => {
    document.title = t('pageTitle', { page: title, brand })
  }, [t, title, brand])
  return (
    <div
      className={classNames(
        'mx-auto w-full px-4 py-6 md:py-10',
        width === 'wide' ? 'max-w-page' : 'max-w-column',
      )}
    >
      <h1 className="text-xl font-semibold md:text-2xl">{title}</h1>
      {lead !== undefined && <p className="mt-1 text-ink-soft">{lead}</p>}
      <div className="mt-4 space-y-4 md:mt-6 md:space-y-6">{children}</div>
    </div>
  )
}
