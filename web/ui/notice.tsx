import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'
import { type Tone, toneClass } from './tone.ts'

const icons = { info: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const

interface NoticeProps {
  readonly tone?: Tone
  readonly title?: ReactNode
  readonly children: ReactNode
  /** What the person can do next: a button or a link. */
  readonly action?: ReactNode
}

/** One thing the person should know, where it belongs. Problems interrupt screen readers, the rest waits its turn. */
export function Notice({ tone = 'info', title, children, action }: NoticeProps) {
  const { t } = useTranslation('kit')
  const Icon = icons[tone]
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames('flex gap-3 rounded-lg border px-4 py-3', toneClass[tone])}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1">
        <span className="sr-only">{t(`tone.${tone}`)}</span>
        {title !== undefined && <p className="font-semibold">{title}</p>}
        <div>{children}</div>
        {action !== undefined && <div className="mt-2">{action}</div>}
      </div>
    </div>
  )
}
