import { X } from 'lucide-react'
import { type ChangeEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { classNames } from './class-names.ts'
import { Field, type FieldTexts, inputClass } from './field.tsx'
import { editEntry, showEntry } from './number-entry.ts'
import type { NumberPlan } from './number-plan.ts'

interface NumberFieldProps extends FieldTexts {
  /** Digits as dialled, without gaps; see readEntry. */
  readonly value: string
  readonly onValue: (entry: string) => void
  readonly plan: NumberPlan
  readonly disabled?: boolean
  /** A number of the plan that belongs to nobody, shown while the field is empty. */
  readonly example?: string
  /** Lets a form bring the person back to this field. */
  readonly ref?: Ref<HTMLInputElement>
}

/** A phone number, large and in its groups while it is typed. Takes any pasted form; the caret stays where the person left it. */
export function NumberField(props: NumberFieldProps) {
  const { label, hint, error, optional, value, onValue, plan, disabled, example, ref } = props
  const { t } = useTranslation('kit')
  const box = useRef<HTMLInputElement>(null)
  const caret = useRef<number | null>(null)
  useImperativeHandle(ref, () => box.current as HTMLInputElement)
  const shown = showEntry(value, plan)

  useLayoutEffect(() => {
    if (caret.current === null) return
    box.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })

  function edit(event: ChangeEvent<HTMLInputElement>) {
    const { value: raw, selectionStart } = event.target
    const { inputType = '' } = event.nativeEvent as InputEvent
    const next = editEntry({ before: value, raw, caret: selectionStart ?? raw.length, inputType }, plan)
    caret.current = next.caret
    onValue(next.entry)
  }

  return (
    <Field label={label} hint={hint} error={error} optional={optional ?? false}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            ref={box}
            type="tel"
            inputMode="tel"
            autoComplete="tel-national"
            disabled={disabled}
            value={shown}
            onChange={edit}
            placeholder={example === undefined ? undefined : t('example', { example })}
            className={classNames(
              inputClass,
              'min-h-16 pe-14',
              // Empty, it is set as its example is: a smaller placeholder would stand on the large number's line.
              value === '' ? 'text-lg' : 'text-[min(1.75rem,7.2vw)] font-semibold',
            )}
          />
          {value !== '' && !disabled && (
            <button
              type="button"
              aria-label={t('clear')}
              onClick={() => {
                onValue('')
                box.current?.focus()
              }}
              className="absolute inset-y-0 end-2 my-auto grid size-target place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink"
            >
              <X aria-hidden className="size-5" />
            </button>
          )}
        </div>
      )}
    </Field>
  )
}
