import { Check } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'

export interface RadioRow<Value extends string> {
  readonly value: Value
  readonly icon?: ReactNode
  readonly text: ReactNode
  readonly hint?: ReactNode
  /** It is shown and cannot be chosen; the hint says why. */
  readonly off?: boolean
}

interface RadioRowsProps<Value extends string> {
  readonly label: string
  readonly rows: readonly RadioRow<Value>[]
  readonly value: Value | undefined
  readonly onValue: (value: Value) => void
}

/** A choice of one among few, a line each, as payment methods are listed. */
export function RadioRows<Value extends string>({ label, rows, value, onValue }: RadioRowsProps<Value>) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm text-ink-soft">{label}</legend>
      <div className="divide-y divide-hairline rounded-lg border border-hairline">
        {rows.map((row) => {
          const checked = row.value === value
          return (
            <label
              key={row.value}
              className="relative flex min-h-[calc(var(--target)+1px)] items-center gap-3 px-3 py-2.5 has-focus-visible:outline-3 has-focus-visible:-outline-offset-2 has-focus-visible:outline-brand-ink"
            >
              <input
                type="radio"
                name={name}
                value={row.value}
                checked={checked}
                disabled={row.off}
                onChange={() => onValue(row.value)}
                className="absolute inset-0 size-full appearance-none rounded-lg outline-none"
              />
              {row.off ? <span className="opacity-40 grayscale">{row.icon}</span> : row.icon}
              <span className="min-w-0 flex-1">
                <span className={classNames('block font-medium', row.off && 'text-ink-soft')}>
                  {row.text}
                </span>
                {row.hint !== undefined && <span className="block text-sm text-ink-soft">{row.hint}</span>}
              </span>
              <span
                aria-hidden
                className={classNames(
                  'grid size-6 shrink-0 place-items-center rounded-full',
                  checked ? 'bg-brand text-on-brand' : row.off ? 'invisible' : 'border-2 border-outline',
                )}
              >
                {checked && <Check strokeWidth={3} className="size-4" />}
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
