import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NumberField } from '../../../ui/number-field.tsx'
import type { NumberPlan } from '../../../ui/number-plan.ts'
import { lengthFault } from './number-length.ts'

interface PhoneFieldProps {
  readonly label?: string
  /** Holds the place of what may be wrong: a line that came when the field is left would move what is about to be pressed. */
  readonly hint: ReactNode
  readonly example: string
  readonly plan: NumberPlan
  readonly value: string
  readonly onValue: (entry: string) => void
  /** The form was tried: an empty field is a fault. */
  readonly demanded: boolean
  /** What the server has against the number. */
  readonly error: string | undefined
}

/** A person's own number: once it is left, or at once when it is too long, it says how many digits it is off by. */
export function PhoneField({ label, hint, example, plan, value, onValue, demanded, error }: PhoneFieldProps) {
  const { t } = useTranslation(['account', 'portal'])
  const [left, setLeft] = useState(value !== '')
  const fault = lengthFault(value, plan)
  const words = () => {
    if (demanded && value === '') return t('register.numberMissing')
    if (fault?.is === 'long') return t('register.numberLong', { count: fault.count })
    if (fault && (left || demanded)) return t('register.numberShort', { count: fault.count })
    return error
  }
  return (
    // The field within is what is entered and left; its events bubble to here.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div onFocus={() => setLeft(false)} onBlur={() => setLeft(true)}>
      <NumberField
        label={label ?? t('portal:topUp.number')}
        hint={hint}
        example={example}
        plan={plan}
        value={value}
        onValue={onValue}
        error={words()}
      />
    </div>
  )
}
