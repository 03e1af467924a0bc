import { useTranslation } from 'react-i18next'
import type { ClockView, LineView } from '../../../../contract/line.ts'
import { classNames } from '../../../ui/class-names.ts'
import { daysTone, useDaysLeftText } from '../../../ui/ring.tsx'
import { Sentence } from '../../../ui/sentence.tsx'

/** Until when a number is kept, and what ends on another day than it. */
export function LineDates({
  line: { keptUntil, clocks },
}: {
  readonly line: Pick<LineView, 'keptUntil' | 'clocks'>
}) {
  return (
    <>
      <KeptUntil kept={keptUntil} />
      {clocks
        .filter(({ clock, lastSafeDay }) => clock !== 'number' && lastSafeDay !== keptUntil?.lastSafeDay)
        .map((clock) => (
          <OtherClock key={clock.clock} clock={clock} />
        ))}
    </>
  )
}

/** The one date the product promises; close to its end it is coloured as the ring is. */
function KeptUntil({ kept }: { readonly kept: ClockView | null }) {
  const { t } = useTranslation()
  const daysLeftText = useDaysLeftText()
  if (kept?.lastSafeDay == null) return <p className="font-medium">{t('topUp.keptAlways')}</p>
  return (
    <p className={classNames('font-medium', daysTone(kept.daysLeft))}>
      <Sentence>
        {t('topUp.keptUntil', { date: kept.lastSafeDay, left: daysLeftText(kept.daysLeft) })}
      </Sentence>
    </p>
  )
}

/** The date alone, and that it is near in words: the ring beside it holds the days. */
export function ShortKept({ kept }: { readonly kept: ClockView | null }) {
  const { t } = useTranslation('kit')
  const daysLeftText = useDaysLeftText()
  return (
    <span className={classNames('block text-sm whitespace-nowrap', daysTone(kept?.daysLeft ?? null))}>
      {kept?.lastSafeDay == null ? t('neverEnds') : t('keptUntil', { date: kept.lastSafeDay })}
      <span className="sr-only"> {kept?.lastSafeDay != null && daysLeftText(kept.daysLeft)}</span>
    </span>
  )
}

/** 服务有效期至 and 话费有效期至. */
function OtherClock({ clock }: { readonly clock: ClockView }) {
  const { t } = useTranslation(['portal', 'state', 'kit'])
  const daysLeftText = useDaysLeftText()
  const name = t(`state:clock.${clock.clock}`)
  const words =
    clock.lastSafeDay === null
      ? `${name} ${t('kit:neverEnds')}`
      : t('topUp.clockUntil', { clock: name, date: clock.lastSafeDay, left: daysLeftText(clock.daysLeft) })
  return (
    <p className="text-sm text-ink-soft">
      <Sentence>{words}</Sentence>
    </p>
  )
}
