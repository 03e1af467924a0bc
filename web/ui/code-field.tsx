import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'
import { Field, type FieldTexts } from './field.tsx'

const codeLength = 6

interface CodeFieldProps extends FieldTexts {
  readonly value: string
  readonly onValue: (code: string) => void
  /** Called once with the sixth digit. */
  readonly onWhole?: (code: string) => void
  readonly disabled?: boolean
}

/** Six cells drawn over one real input, so that phones fill in the code from the text message and paste works anywhere. */
export function CodeField(props: CodeFieldProps) {
  const { label, hint, error, aside, value, onValue, onWhole, disabled = false } = props
  const { t } = useTranslation('kit')
  const [focused, setFocused] = useState(false)
  const active = Math.min(value.length, codeLength - 1)

  function change(raw: string) {
    const code = raw.normalize('NFKC').replace(/\D/g, '').slice(0, codeLength)
    onValue(code)
    if (code.length === codeLength && code !== value) onWhole?.(code)
  }

  return (
    <Field label={label} hint={hint ?? t('codeDigits')} error={error} aside={aside}>
      {(control) => (
        <div className="relative max-w-96">
          <input
            {...control}
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9]{6}"
            disabled={disabled}
            value={value}
            onChange={(event) => change(event.target.value)}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
            className="absolute inset-0 size-full bg-transparent text-transparent caret-transparent outline-none selection:bg-transparent"
          />
          <div aria-hidden className="pointer-events-none grid grid-cols-6 gap-2">
            {Array.from({ length: codeLength }, (_, at) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are their places
                key={at}
                className={classNames(
                  'grid h-14 place-items-center rounded-lg border text-xl font-semibold',
                  disabled ? 'border-hairline bg-sunken text-ink-soft' : 'bg-surface',
                  !disabled && (error ? 'border-bad-ink' : 'border-outline'),
                  focused && at === active && 'outline-3 outline-offset-2 outline-brand-ink',
                )}
              >
                {value[at] ?? ''}
              </span>
            ))}
          </div>
        </div>
      )}
    </Field>
  )
}
