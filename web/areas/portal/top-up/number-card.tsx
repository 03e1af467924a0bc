import { useTranslation } from 'react-i18next'
import { onDemand } from '../../../language/on-demand.tsx'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Card } from '../../../ui/card.tsx'
import { NumberField } from '../../../ui/number-field.tsx'
import { numberLength } from '../../../ui/number-plan.ts'
import type { AboutNumberProps } from './about-number.tsx'
import { numberProblem } from './number-problem.ts'

/** All that is said of a number: the field itself takes input before it is here. */
const about = onDemand({
  texts: 'portal',
  load: async () => (await import('./about-number.tsx')).AboutNumber,
  Waiting: () => null,
})

/** Whose number: the field, how the line stands, what stands in the way, and numbers one tap away. */
export function NumberCard(props: AboutNumberProps) {
  const { entry, onEntry, line } = props
  const { t } = useTranslation()
  // Sentences for problems arrive just after the first paint.
  const problems = useTranslation('problem', { useSuspense: false })
  const plan = useNumberPlan()
  const example = useNumberExample()
  const tooLong = entry.replace('+', '').length > numberLength(plan)
  const problem = tooLong ? 'number-invalid' : numberProblem(line.error)
  return (
    <Card>
      <NumberField
        label={t('topUp.number')}
        error={problem && problems.t(`${problem}.text`, { defaultValue: '' })}
        plan={plan}
        example={example}
        value={entry}
        onValue={onEntry}
      />
      <about.Component {...props} />
    </Card>
  )
}
