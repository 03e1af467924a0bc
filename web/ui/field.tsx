import { CircleAlert } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'

export interface FieldTexts {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** Takes the hint's place, so nothing below jumps. */
  readonly error?: ReactNode
  readonly optional?: boolean
  /** Stands at the end of the label's line. */
  readonly aside?: ReactNode
}

/** What the input must carry so that label, hint and error are read with it. */
export interface FieldControl {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

interface FieldProps extends FieldTexts {
  readonly children: (control: FieldControl) => ReactNode
}

/** Label above, one line below: the hint, or the error in its place. */
export function Field({ label, hint, error, optional = false, aside, children }: FieldProps) {
  const { t } = useTranslation('kit')
  const id = useId()
  const below = `${id}-below`
  const hasError = error !== undefined && error !== ''
  const described = hasError || hint !== undefined
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between gap-3">
        <label htmlFor={id} className="font-medium">
          {label}
          {optional && <span className="ms-2 text-sm font-normal text-ink-soft">{t('optional')}</span>}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': described ? below : undefined,
        'aria-invalid': hasError || undefined,
      })}
      <div id={below} aria-live="polite" className="mt-1.5 text-sm empty:hidden">
        {hasError ? (
          <p className="flex gap-1.5 text-bad-ink">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            <span>{error}</span>
          </p>
        ) : (
          hint !== undefined && <p className="text-ink-soft">{hint}</p>
        )}
      </div>
    </div>
  )
}

/** The box every text input is drawn in. */
export const inputClass = classNames(
  'w-full rounded-lg border border-outline bg-surface px-4 text-ink',
  'focus-visible:border-brand-ink aria-invalid:border-bad-ink',
  'disabled:border-hairline disabled:bg-sunken disabled:text-ink-soft',
)

interface TextFieldProps extends FieldTexts, Omit<ComponentProps<'input'>, 'onChange' | 'value' | 'id'> {
  readonly value: string
  readonly onValue: (value: string) => void
  /** Stands inside the box at its end: a button to send a code, a unit. */
  readonly end?: ReactNode
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, optional, aside, value, onValue, end, className, ...input } = props
  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false} aside={aside}>
      {(control) => (
        <div className="relative">
          <input
            {...input}
            {...control}
            value={value}
            onChange={(event) => onValue(event.target.value)}
            className={classNames(
              inputClass,
              'min-h-[calc(var(--target)+0.25rem)]',
              end !== undefined && 'pe-20',
              className,
            )}
          />
          {end !== undefined && <div className="absolute inset-y-0 end-2 flex items-center">{end}</div>}
        </div>
      )}
    </Field>
  )
}
