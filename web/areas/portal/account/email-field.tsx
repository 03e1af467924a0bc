import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from '../../../ui/field.tsx'
import { isEmail, meantEmail } from './email.ts'

interface EmailFieldProps {
  readonly label: ReactNode
  /** Holds the place of what may be wrong. */
  readonly hint: ReactNode
  readonly value: string
  readonly onValue: (value: string) => void
  /** What the form or the server has against it. */
  readonly error?: ReactNode
}

/** An e-mail address. A likely slip in the domain is offered right, to be taken by a tap; it is never changed by itself. */
export function EmailField({ label, hint, value, onValue, error }: EmailFieldProps) {
  const { t } = useTranslation('account')
  const [left, setLeft] = useState(false)
  const meant = meantEmail(value)
  const malformed = left && value !== '' && !isEmail(value)
  return (
    <div>
      <TextField
        label={label}
        hint={hint}
        error={error ?? (malformed ? t('email.invalid') : undefined)}
        type="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onValue={onValue}
        onFocus={() => setLeft(false)}
        onBlur={() => setLeft(true)}
      />
      <div aria-live="polite">
        {meant !== null && (
          <p className="mt-1 flex flex-wrap items-center gap-x-3 text-sm text-warn-ink">
            {t('email.suggest', { email: meant })}
            <button
              type="button"
              onClick={() => onValue(meant)}
              className="inline-flex min-h-target items-center rounded-full px-2 font-medium break-all text-brand-ink underline"
            >
              {t('email.use', { email: meant })}
            </button>
          </p>
        )}
      </div>
    </div>
  )
}
