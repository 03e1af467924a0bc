import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from '../../../ui/class-names.ts'
import { PasswordField } from '../../../ui/password-field.tsx'
import { type PasswordStrength, passwordStrength, shortestPassword } from './password-strength.ts'

interface NewPasswordFieldProps {
  readonly label: ReactNode
  readonly hint: ReactNode
  readonly optional?: boolean
  readonly value: string
  readonly onValue: (value: string) => void
  /** What others would try first: the person's own number. */
  readonly known: string
  readonly error?: ReactNode
}

const bars = { short: 0, weak: 1, fair: 2, strong: 3 } as const
const colours = { short: '', weak: 'bg-bad-ink', fair: 'bg-warn-ink', strong: 'bg-good-ink' } as const

/** A password to be chosen, with what it is worth in words while it is typed. */
export function NewPasswordField({ value, known, error, ...field }: NewPasswordFieldProps) {
  const strength = passwordStrength(value, known)
  return (
    <div>
      <PasswordField {...field} value={value} error={error} autoComplete="new-password" />
      {value !== '' && error === undefined && <Strength strength={strength} />}
    </div>
  )
}

function Strength({ strength }: { readonly strength: PasswordStrength }) {
  const { t } = useTranslation('account')
  const words =
    strength.is === 'short'
      ? t('password.short', { count: strength.missing, least: shortestPassword })
      : t(`password.${strength.is}`)
  return (
    <div className="mt-2">
      <div aria-hidden className="grid max-w-48 grid-cols-3 gap-1.5">
        {[1, 2, 3].map((bar) => (
          <span
            key={bar}
            className={classNames(
              'h-1.5 rounded-full',
              bar <= bars[strength.is] ? colours[strength.is] : 'bg-hairline',
            )}
          />
        ))}
      </div>
      <p aria-live="polite" className="mt-1 text-sm text-ink-soft">
        <span className="sr-only">{t('password.strength')} </span>
        {words}
      </p>
    </div>
  )
}
