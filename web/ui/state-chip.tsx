import { useTranslation } from 'react-i18next'
import type { Stage } from '../../contract/line.ts'
import type { OrderState } from '../../contract/top-up.ts'
import { classNames } from './class-names.ts'
import { type Tone, toneClass } from './tone.ts'

/** What a person reads of an order: its state, and whether part of a credited one went back. */
export type OrderFace = OrderState | 'partly-refunded'

const orderTone: Readonly<Record<OrderFace, Tone | 'plain'>> = {
  'awaiting-payment': 'warn',
  paid: 'info',
  held: 'warn',
  credited: 'good',
  'partly-refunded': 'info',
  refunding: 'info',
  'refund-abnormal': 'warn',
  refunded: 'plain',
  expired: 'plain',
  reversed: 'plain',
}

const stageTone: Readonly<Record<Stage, Tone | 'plain'>> = {
  'pre-active': 'info',
  active: 'good',
  'outbound-barred': 'warn',
  'fully-barred': 'warn',
  quarantined: 'bad',
  ceased: 'plain',
  'ported-out': 'plain',
}

function chipClass(tone: Tone | 'plain'): string {
  return classNames(
    'inline-flex items-center rounded-full border px-2.5 py-0.5 text-sm font-medium whitespace-nowrap',
    tone === 'plain' ? 'border-hairline bg-sunken text-ink-soft' : toneClass[tone],
  )
}

export function OrderChip({ state }: { readonly state: OrderFace }) {
  const { t } = useTranslation('state')
  return <span className={chipClass(orderTone[state])}>{t(`order.${state}`)}</span>
}

export function StageChip({ stage }: { readonly stage: Stage }) {
  const { t } = useTranslation('state')
  return <span className={chipClass(stageTone[stage])}>{t(`stage.${stage}`)}</span>
}
