import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { wentToWallet } from '../../../api/top-ups.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useBrand } from '../../../ui/brand-context.ts'
import { viewerZone } from '../../../ui/date-text.tsx'
import { formatDateTime, formatMoney } from '../../../ui/format.ts'
import type { Tone } from '../../../ui/tone.ts'
import { orderFace } from './order-face.ts'

/**
 * What the top of an order's page says: `transfer` while one to the bank is awaited; `checking` while a payment is under way and nobody knows yet how it ended; `cancelled` where
 * the payer ended it, `expired` where its time did; `late` where nobody knows even at the time that was promised; `recallable` while a
 * paid order for a number new to its payer can be taken back.
 */
export type Chapter =
  | Exclude<ReturnType<typeof orderFace>, 'awaiting-payment'>
  | 'unpaid'
  | 'transfer'
  | 'checking'
  | 'late'
  | 'recallable'
  | 'cancelled'

/** `overdue`: the moment `resolvesBy` is past. */
export function chapterOf(order: OrderView, returned: boolean, overdue: boolean): Chapter {
  const face = orderFace(order)
  if (face === 'expired' && order.timeline.some(({ step }) => step === 'cancelled')) return 'cancelled'
  if (order.heldReason === 'recall-window') return 'recallable'
  if (face !== 'awaiting-payment') return face
  // Who has been to the wallet waits for its answer; until it is known nobody says that the payment failed.
  const inWallet = order.paymentState === 'pending' && order.provider !== 'bank' && wentToWallet(order.id)
  if (!returned && !inWallet && order.paymentState !== 'unknown')
    return order.transfer ? 'transfer' : 'unpaid'
  return overdue ? 'late' : 'checking'
}

export const chapterTone: Readonly<Record<Chapter, Tone>> = {
  unpaid: 'warn',
  transfer: 'info',
  checking: 'info',
  late: 'warn',
  recallable: 'info',
  paid: 'info',
  held: 'warn',
  credited: 'good',
  'partly-refunded': 'info',
  refunding: 'info',
  'refund-abnormal': 'warn',
  refunded: 'info',
  expired: 'info',
  cancelled: 'info',
  reversed: 'info',
}

const reasons = [
  'amount-mismatch',
  'currency-mismatch',
  'number-reassigned',
  'line-ceased',
  'line-refuses',
  'limit-reached',
] as const

/** The sentence under the title. `payIn`: the time left, as `29:05`. */
export function useStoryText(): (chapter: Chapter, order: OrderView, payIn: string) => string {
  const { t } = useTranslation('order')
  const language = useLanguage()
  const { zone: timeZone } = useBrand()
  const dateTime = (at: string) => formatDateTime(at, { timeZone, viewerZone: viewerZone(), language })
  const held = ({ heldReason, resolvesBy }: OrderView) => {
    const reason = t(`reason.${reasons.find((known) => known === heldReason) ?? 'other'}`)
    return resolvesBy === null
      ? t('story.held.back', { reason })
      : t('story.held.text', { reason, time: dateTime(resolvesBy) })
  }
  const credited = ({ items: [item] }: OrderView) => {
    if (item?.lastSafeDay != null) return t('story.credited.kept', { date: item.lastSafeDay })
    if (item?.addedDays != null) return t('story.credited.longer', { count: item.addedDays })
    return t('story.credited.text')
  }
  return (chapter, order, payIn) => {
    switch (chapter) {
      case 'unpaid':
        return t('story.unpaid.text', { time: payIn })
      case 'held':
        return held(order)
      case 'recallable':
        return t('story.recallable.text', { time: dateTime(order.resolvesBy ?? order.placedAt) })
      case 'late':
        return t('story.late.text', { time: dateTime(order.lookedIntoBy ?? order.placedAt) })
      case 'credited':
        return credited(order)
      case 'partly-refunded':
      case 'refunded':
        return t(`story.${chapter}.text`, { amount: formatMoney(order.refunded, language) })
      case 'refunding':
        return t('story.refunding.text', {
          amount: formatMoney(order.refund?.amount ?? order.captured, language),
        })
      case 'expired':
      case 'cancelled':
        // No provider closed anything: a transfer that was made is on its way whatever became of the order.
        return t(order.provider === 'bank' ? 'story.transfer.over' : `story.${chapter}.text`)
      default:
        return t(`story.${chapter}.text`)
    }
  }
}
