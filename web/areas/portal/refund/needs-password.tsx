import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { SessionView } from '../../../../contract/session.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'

interface NeedsPasswordProps {
  readonly order: string
  readonly session: SessionView
}

/** A code may reach somebody else who holds the number by now; whoever came by one logs in by password, or asks a person. */
export function NeedsPassword({ order, session }: NeedsPasswordProps) {
  const { t } = useTranslation('refund')
  const next = useLocation({ select: ({ pathname }) => pathname })
  const hasNone = session.kind === 'login' && !session.hasPassword
  return (
    <>
      <Notice tone="warn">
        <Sentence>{t(hasNone ? 'password.none' : 'password.why')}</Sentence>
      </Notice>
      <div className="grid gap-3 md:grid-cols-2">
        {hasNone ? (
          <Link to="/me/security" className={buttonClass('primary', 'large')}>
            {t('password.set')}
          </Link>
        ) : (
          <Link to="/login" search={{ next }} className={buttonClass('primary', 'large')}>
            {t('password.logIn')}
          </Link>
        )}
        <Link
          to="/help/contact"
          search={{ order, topic: 'refund' }}
          className={buttonClass('secondary', 'large')}
        >
          {t('password.contact')}
        </Link>
      </div>
    </>
  )
}
