import { Check, Copy, TextCursor } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from './copy-text.ts'

interface CopyButtonProps {
  readonly text: string
  /** What is copied, for screen readers: the order number. */
  readonly what: string
}

const icons = { copy: Copy, copied: Check, copyByHand: TextCursor } as const

/** Copies a text and says so; where the browser lets nobody copy, it says that the text is to be selected by hand. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const { t } = useTranslation('kit')
  const [state, setState] = useState<keyof typeof icons>('copy')

  useEffect(() => {
    if (state === 'copy') return
    const timer = setTimeout(() => setState('copy'), state === 'copied' ? 2000 : 6000)
    return () => clearTimeout(timer)
  }, [state])

  const copy = () => void copyText(text).then((copied) => setState(copied ? 'copied' : 'copyByHand'))
  const Icon = icons[state]
  return (
    <button
      type="button"
      aria-label={t('copyLabel', { what })}
      onClick={copy}
      className="inline-flex min-h-target shrink-0 whitespace-nowrap items-center gap-1 rounded-full px-3 text-sm font-medium text-brand-ink hover:bg-brand-soft"
    >
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite">{t(state)}</span>
    </button>
  )
}
