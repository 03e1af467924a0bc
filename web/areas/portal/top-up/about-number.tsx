import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { NumberField } from '../../../ui/number-field.tsx'
import { maskNumber, numberLength, toMsisdn } from '../../../ui/number-plan.ts'
import { Sentence } from '../../../ui/sentence.tsx'
import { KnownNumberChips } from './known-number-chips.tsx'
import { type LineQuery, LineState } from './line-state.tsx'
import { nearMiss } from './near-miss.ts'
import type { KnownNumbers } from './use-known-numbers.ts'

export interface AboutNumberProps {
  /** Digits as dialled. */
  readonly entry: string
  readonly onEntry: (entry: string) => void
  readonly line: LineQuery
  readonly known: KnownNumbers
  readonly again: AgainProps | null
}

/** What stands under the number's field. */
export function AboutNumber({ entry, onEntry, line, known, again }: AboutNumberProps) {
  const msisdn = toMsisdn(entry, useNumberPlan())
  return (
    <>
      {msisdn !== null && <NearMissNotice msisdn={msisdn} known={known} onEntry={onEntry} />}
      {msisdn !== null && <LineState line={line} />}
      {again && <AgainField {...again} />}
      <KnownNumberChips entry={entry} onEntry={onEntry} known={known} />
    </>
  )
}

interface NearMissProps extends Pick<AboutNumberProps, 'known' | 'onEntry'> {
  readonly msisdn: string
}

function NearMissNotice({ msisdn, known, onEntry }: NearMissProps) {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const near = nearMiss(
    msisdn,
    [...known.mine, ...known.recent].map((number) => number.msisdn),
  )
  if (!near) return null
  const number = maskNumber(near.msisdn, plan)
  return (
    <div className="mt-3">
      <Notice
        tone="warn"
        action={
          <Button look="secondary" onClick={() => onEntry(readEntry(near.msisdn, plan))}>
            {t('topUp.nearMissUse', { number })}
          </Button>
        }
      >
        <Sentence>{t(`topUp.nearMiss_${near.how}`, { number })}</Sentence>
      </Notice>
    </div>
  )
}

interface AgainProps {
  readonly value: string
  readonly onValue: (entry: string) => void
  /** What it must equal. */
  readonly entry: string
  /** The person wanted to go on without it. */
  readonly missed: boolean
  readonly ref: Ref<HTMLInputElement>
}

/** A stranger's number is typed a second time: money on a wrong number is hard to bring back. */
function AgainField({ value, onValue, entry, missed, ref }: AgainProps) {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const differs = value.length >= numberLength(plan) && value !== entry
  const error = differs
    ? t('topUp.numberMismatch')
    : missed && value !== entry && t('topUp.numberAgainMissing')
  return (
    <div className="mt-4">
      <NumberField
        ref={ref}
        label={t('topUp.numberAgain')}
        hint={t(value === entry ? 'topUp.numberAgree' : 'topUp.numberAgainHint')}
        error={error || undefined}
        plan={plan}
        value={value}
        onValue={onValue}
      />
    </div>
  )
}
