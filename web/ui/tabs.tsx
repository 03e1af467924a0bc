import { type ReactNode, useId } from 'react'
import { classNames } from './class-names.ts'

interface TabsProps<Value extends string> {
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly text: ReactNode }[]
  readonly value: Value
  readonly onValue: (value: Value) => void
}

/** A choice between views as native radios: arrow keys, form semantics and high contrast come with them. */
export function Tabs<Value extends string>({ label, options, value, onValue }: TabsProps<Value>) {
  const name = useId()
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{label}</legend>
      <div className="flex gap-0.5 overflow-x-auto rounded-full bg-hairline p-1">
        {options.map((option) => (
          <label
            key={option.value}
            className={classNames(
              'relative grid min-h-target min-w-fit flex-1 place-items-center rounded-full px-1.5 text-center whitespace-nowrap md:px-4 transition-colors',
              'has-focus-visible:outline-3 has-focus-visible:-outline-offset-2 has-focus-visible:outline-brand-ink',
              option.value === value
                ? 'bg-surface font-semibold text-brand-ink shadow-card'
                : 'text-ink-soft hover:text-ink',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValue(option.value)}
              className="absolute inset-0 size-full appearance-none rounded-full outline-none"
            />
            <span className="min-w-[calc(var(--target)-0.75rem)]">{option.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
