import { CircleCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../../../../contract/support.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Sentence } from '../../../ui/sentence.tsx'

interface CaseSentProps {
  readonly opened: CaseView
  readonly onAgain: () => void
}

/** The number to quote, large and to be copied; whether it was also sent is said as it is. */
export function CaseSent({ opened: { number, reply }, onAgain }: CaseSentProps) {
  const { t } = useTranslation('help')
  const heading = useRef<HTMLHeadingElement>(null)
  // What stood here was just submitted: whoever cannot see the change is brought to it.
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="flex flex-col items-center text-center">
      <span className="mb-3 grid size-16 place-items-center rounded-full bg-good-soft text-good-ink">
        <CircleCheck aria-hidden className="size-8" />
      </span>
      <h3 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
        {t('form.sent')}
      </h3>
      <p className="mt-3 text-sm text-ink-soft">{t('form.sentNumber')}</p>
      <p className="flex flex-wrap items-center justify-center gap-x-2">
        <span className="font-mono text-xl font-semibold">{number}</span>
        <CopyButton text={number} what={t('form.sentNumber')} />
      </p>
      <p className="mt-2 mb-6 text-ink-soft">
        <Sentence>{t(reply.confirmed ? 'form.sentConfirmed' : 'form.sentShown', { to: reply.to })}</Sentence>
      </p>
      <Button look="secondary" onClick={onAgain}>
        {t('form.another')}
      </Button>
    </div>
  )
}
