import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

/** The grey shape of something on its way; decoration only. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span aria-hidden className={classNames('block animate-breathe rounded-md bg-hairline', className)} />
  )
}

/** Lines of text on their way, announced once. */
export function Loading({ lines = 3 }: { readonly lines?: number }) {
  const { t } = useTranslation('kit')
  return (
    <div role="status" className="space-y-3 py-2">
      <span className="sr-only">{t('loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={line} className={classNames('h-5', line === lines - 1 ? 'w-3/5' : 'w-full')} />
      ))}
    </div>
  )
}
