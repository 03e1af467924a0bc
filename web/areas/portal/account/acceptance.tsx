import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

interface AcceptanceProps {
  readonly accepted: boolean
  readonly onAccepted: (accepted: boolean) => void
  /** The form was tried without it. */
  readonly missing: boolean
}

/** Unticked, and the texts one tap away in a window of their own so that nothing typed is lost. */
export function Acceptance({ accepted, onAccepted, missing }: AcceptanceProps) {
  const { t } = useTranslation(['account', 'portal', 'legal'])
  const link = (to: '/terms' | '/privacy', text: string) => (
    <Link to={to} target="_blank" className="text-brand-ink underline">
      {text}
    </Link>
  )
  return (
    <div>
      <div className="flex items-center gap-3">
        <input
          id="accepted"
          type="checkbox"
          checked={accepted}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? 'accepted-missing' : undefined}
          onChange={(event) => onAccepted(event.target.checked)}
          className="size-6 shrink-0 accent-brand"
        />
        <label htmlFor="accepted" className="flex min-h-target items-center">
          <span>
            {t('register.accept')} {link('/terms', t('portal:footer.terms'))} {t('register.and')}{' '}
            {link('/privacy', t('portal:footer.privacy'))}{' '}
            <span className="whitespace-nowrap text-ink-soft">
              {t('register.acceptVersion', { version: t('legal:version') })}
            </span>
          </span>
        </label>
      </div>
      {missing && (
        <p id="accepted-missing" role="status" className="flex gap-1.5 text-sm text-bad-ink">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('register.acceptMissing')}
        </p>
      )}
    </div>
  )
}
