import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../ui/copy-button.tsx'

interface OpenInBrowserProps {
  /** The number to go on with, E.164 digits. */
  readonly number: string | undefined
}

/** WeChat blocks Alipay's pages, so nothing can be paid in it: how to go on in the phone's own browser. */
export function OpenInBrowser({ number }: OpenInBrowserProps) {
  const { t } = useTranslation('purchase')
  const link = `${location.origin}/${number === undefined ? '' : `?number=${number}`}`
  return (
    <div className="space-y-4">
      <p>{t('browser.lead')}</p>
      <ol className="list-inside list-decimal space-y-2 rounded-lg bg-sunken px-4 py-3 font-medium">
        <li>{t('browser.first')}</li>
        <li>{t('browser.second')}</li>
        <li>{t('browser.third')}</li>
      </ol>
      <div>
        <p className="text-sm text-ink-soft">{t('browser.or')}</p>
        <p className="flex items-center justify-between gap-2">
          <span className="min-w-0 text-sm break-all">{link}</span>
          <CopyButton text={link} what={t('browser.link')} />
        </p>
      </div>
    </div>
  )
}
