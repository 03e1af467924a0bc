import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { NumberField } from '../../../ui/number-field.tsx'
import { groupNumber, maskNumber, numberLength, toMsisdn } from '../../../ui/number-plan.ts'
import { useProblemTexts } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { type LineQuery, LineState, useLineError } from './line-state.tsx'
import { nearMiss } from './near-miss.ts'
import type { KnownNumbers } from './use-known-numbers.ts'

interface NumberCardProps {
  /** Digits as dialled. */
  readonly entry: string
  readonly onEntry: (entry: string) => void
  readonly line: LineQuery
  readonly known: KnownNumbers
  readonly again: AgainProps | null
}

/** Whose number: the field, numbers one tap away, what stands in the way, and how the line stands. */
export function NumberCard({ entry, onEntry, line, known, again }: NumberCardProps) {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const problemTexts = useProblemTexts()
  const lineError = useLineError(line)
  const msisdn = toMsisdn(entry, plan)
  const tooLong = entry.replace('+', '').length > numberLength(plan)
  const error = tooLong ? problemTexts({ code: 'number-invalid' }).text : lineError
  return (
    <Card>
      <NumberField
        label={t('topUp.number')}
        error={error && <Sentence>{error}</Sentence>}
        plan={plan}
        example={example}
        value={entry}
        onValue={onEntry}
      />
      <NumberChips entry={entry} onEntry={onEntry} known={known} />
      {msisdn !== null && <NearMissNotice msisdn={msisdn} known={known} onEntry={onEntry} />}
      {msisdn !== null && <LineState line={line} />}
      {again && <AgainField {...again} />}
    </Card>
  )
}

/** One tap instead of eleven digits. While a number is typed only those that begin like it stay. */
function NumberChips({ entry, onEntry, known }: Pick<NumberCardProps, 'entry' | 'onEntry' | 'known'>) {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const dialled = (msisdn: string) => readEntry(msisdn, plan)
  const isWhole = [...known.mine, ...known.recent.map(({ msisdn }) => msisdn)].map(dialled).includes(entry)
  const offered = (msisdn: string) =>
    dialled(msisdn) !== entry && (isWhole || dialled(msisdn).startsWith(entry))
  const mine = known.mine.filter(offered)
  const recent = known.recent.map(({ msisdn }) => msisdn).filter(offered)
  const chips = (title: string, numbers: readonly string[], show: (msisdn: string) => string) =>
    numbers.length > 0 && (
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <span className="text-sm text-ink-soft">{title}</span>
        {numbers.map((msisdn) => (
          <button
            key={msisdn}
            type="button"
            onClick={() => onEntry(dialled(msisdn))}
            className="min-h-target rounded-full border border-hairline bg-sunken px-4 font-medium hover:border-brand-line hover:bg-brand-soft"
          >
            {show(msisdn)}
          </button>
        ))}
      </div>
    )
  return (
    <>
      {chips(t('topUp.mine'), mine, (msisdn) => groupNumber(msisdn, plan))}
      {chips(t('topUp.recent'), recent, (msisdn) => maskNumber(msisdn, plan))}
      {entry === '' && known.recent.length > 0 && (
        <Button look="quiet" className="-ms-3 px-3 text-sm" onClick={known.forget}>
          {t('topUp.forget')}
        </Button>
      )}
    </>
  )
}

interface NearMissProps extends Pick<NumberCardProps, 'known' | 'onEntry'> {
  readonly msisdn: string
}

function NearMissNotice({ msisdn, known, onEntry }: NearMissProps) {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const near = nearMiss(msisdn, [...known.mine, ...known.recent.map((recent) => recent.msisdn)])
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

export interface AgainProps {
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
