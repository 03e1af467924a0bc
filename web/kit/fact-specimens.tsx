import { useTranslation } from 'react-i18next'
import { useLanguage } from '../language/use-language.ts'
import { useBrand, useNumberPlan } from '../ui/brand-context.ts'
import { Facts } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { DateText, InstantText } from '../ui/date-text.tsx'
import { formatDateTime, moneyPhrase } from '../ui/format.ts'
import { MoneyText } from '../ui/money-text.tsx'
import { groupNumber, maskNumber, toMsisdn } from '../ui/number-plan.ts'
import { QrImage } from '../ui/qr-image.tsx'
import { Ring, useDaysLeftText } from '../ui/ring.tsx'
import { OrderChip, type OrderFace, StageChip } from '../ui/state-chip.tsx'
import { Timeline, type TimelineItem } from '../ui/timeline.tsx'
import { Specimen } from './specimen.tsx'

const orderFaces: readonly OrderFace[] = [
  'awaiting-payment',
  'paid',
  'held',
  'credited',
  'partly-refunded',
  'refunding',
  'refund-abnormal',
  'refunded',
  'expired',
  'reversed',
]
const stages = [
  'pre-active',
  'active',
  'outbound-barred',
  'fully-barred',
  'quarantined',
  'ceased',
  'ported-out',
] as const

const sampleOrder = '01JD9Z3K6N8Q4W2V7X5Y0ABCDE'
const sampleInstant = '2026-11-22T06:05:09Z'

export function ChipSpecimen() {
  return (
    <Specimen of="chips">
      <div className="flex flex-wrap gap-2">
        {orderFaces.map((state) => (
          <OrderChip key={state} state={state} />
        ))}
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        {stages.map((stage) => (
          <StageChip key={stage} stage={stage} />
        ))}
      </div>
    </Specimen>
  )
}

export function MoneySpecimen() {
  const { t } = useTranslation(['ui-kit', 'portal', 'state'])
  const { currency, zone, numberExample } = useBrand()
  const language = useLanguage()
  const plan = useNumberPlan()
  const msisdn = toMsisdn(numberExample.replaceAll(' ', ''), plan) ?? numberExample
  const elsewhere = zone === 'Asia/Shanghai' ? 'America/New_York' : 'Asia/Shanghai'
  return (
    <Specimen of="money">
      <p className="flex flex-wrap items-baseline gap-x-6 gap-y-2">
        <MoneyText money={{ amountMinor: '4980', currency }} size="large" />
        <MoneyText money={{ amountMinor: '123456789', currency }} />
        <MoneyText money={{ amountMinor: '-20', currency }} />
        <span>
          {t('money.sentence', { amount: moneyPhrase({ amountMinor: '5000', currency }, language) })}
        </span>
      </p>
      <p className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        <InstantText at={sampleInstant} />
        <InstantText at={sampleInstant} show="time" />
        <DateText date="2027-05-21" />
        <span>
          {t('money.other')}{' '}
          {formatDateTime(sampleInstant, { timeZone: zone, viewerZone: elsewhere, language })}
        </span>
      </p>
      <p className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        <span>{groupNumber(msisdn, plan)}</span>
        <span>
          {t('money.masked')} {maskNumber(msisdn, plan)}
        </span>
      </p>
    </Specimen>
  )
}

export function RingSpecimen() {
  const daysLeftText = useDaysLeftText()
  return (
    <Specimen of="ring">
      <ul className="grid grid-cols-2 gap-5 md:grid-cols-3">
        {[180, 92, 21, 5, 0, -3, null].map((daysLeft) => (
          <li
            key={daysLeft ?? 'never'}
            className="flex flex-col items-center gap-2 text-center md:flex-row md:text-start"
          >
            <Ring daysLeft={daysLeft} />
            <span>{daysLeftText(daysLeft)}</span>
          </li>
        ))}
      </ul>
    </Specimen>
  )
}

export function TimelineSpecimen() {
  const { t } = useTranslation(['ui-kit', 'portal', 'state'])
  const step = (
    key: 'paid' | 'credited' | 'notified' | 'held' | 'expired',
    state: TimelineItem['state'],
    second?: number,
  ) => ({
    key,
    text: t(`state:step.${key}`),
    state,
    ...(second === undefined
      ? {}
      : { time: <InstantText at={`2026-11-22T06:05:0${second}Z`} show="time" /> }),
  })
  return (
    <Specimen of="timeline">
      <div className="grid gap-8 md:grid-cols-3">
        <Timeline
          label={t('timeline.label')}
          items={[step('paid', 'done', 1), step('credited', 'now'), step('notified', 'later')]}
        />
        <Timeline
          label={t('timeline.held')}
          items={[step('paid', 'done', 1), { ...step('held', 'waiting', 4), note: t('timeline.why') }]}
        />
        <Timeline label={t('timeline.expired')} items={[step('expired', 'ended', 9)]} />
      </div>
    </Specimen>
  )
}

export function FactSpecimen() {
  const { t } = useTranslation(['ui-kit', 'portal', 'state'])
  const { currency } = useBrand()
  return (
    <Specimen of="facts">
      <Facts
        rows={[
          [
            t('fact.number'),
            <span key="order" className="inline-flex flex-wrap items-center justify-end">
              <span className="text-sm break-all">{sampleOrder}</span>
              <CopyButton text={sampleOrder} what={t('fact.number')} />
            </span>,
          ],
          [t('fact.target'), '154****1234'],
          [t('fact.paid'), <MoneyText key="paid" money={{ amountMinor: '4980', currency }} />],
        ]}
      />
    </Specimen>
  )
}

export function QrSpecimen() {
  return (
    <Specimen of="qr">
      <QrImage text={`https://receipt.example/${sampleOrder}`} />
    </Specimen>
  )
}
