import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface CopyButtonProps {
  readonly text: string
  /** What is copied, for screen readers: the order number. */
  readonly what: string
}

export function CopyButton({ text, what }: CopyButtonProps) {
  const { t } = useTranslation('kit')
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])

  // Browsers without the permission leave the text on screen to be selected by hand; there is nothing to report.
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    )
  }

  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      aria-label={t('copyLabel', { what })}
      onClick={copy}
      className="inline-flex min-h-target shrink-0 whitespace-nowrap items-center gap-1 rounded-full px-3 text-sm font-medium text-brand-ink hover:bg-brand-soft"
    >
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite">{t(copied ? 'copied' : 'copy')}</span>
    </button>
  )
}
