import { useTranslation } from 'react-i18next'
import type { OrderItem, OrderView } from '../../../../contract/top-up.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Card, type Fact, Facts } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { DateText, InstantText } from '../../../ui/date-text.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Sentence } from '../../../ui/sentence.tsx'
import { usePaidIn } from './paid-in.tsx'
import { useMethodName } from './use-method-name.ts'

const isNothing = (money: OrderView['captured']) => BigInt(money.amountMinor) === 0n

/** What the validity text promises is kept by a credit that came or may still come. */
const stillHolds: Readonly<Record<OrderView['state'], boolean>> = {
  'awaiting-payment': true,
  paid: true,
  held: true,
  credited: true,
  refunding: false,
  'refund-abnormal': false,
  refunded: false,
  reversed: false,
  expired: false,
}

/** What has gone back, wholly or in part, may have taken days along. */
function holds({ state, refunded, reversed }: OrderView): boolean {
  return stillHolds[state] && isNothing(refunded) && reversed === undefined
}

/** What was bought for whom, and the numbers that support asks for. */
export function OrderFacts({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation(['order', 'state'])
  const methodName = useMethodName()
  const itemRows = useItemRows()
  const paidIn = usePaidIn(order.paidIn)
  const paid: readonly Fact[] = isNothing(order.captured)
    ? [[t('order.price'), <MoneyText key="price" money={order.price} />]]
    : [[t('order.paidAmount'), <MoneyText key="paid" money={order.captured} />]]
  return (
    <Card title={t('order.facts')}>
      <Facts
        rows={[
          ...order.items.flatMap((item) => itemRows(item, order)),
          ...paid,
          ...paidIn.paid,
          ...(isNothing(order.refunded)
            ? []
            : [[t('order.refunded'), <MoneyText key="refunded" money={order.refunded} />] as const]),
          ...paidIn.refunded,
          ...(order.reversed === undefined
            ? []
            : [[t('order.reversed'), <MoneyText key="reversed" money={order.reversed} />] as const]),
          ...(order.provider !== null && !isNothing(order.captured)
            ? [[t('order.paidWith'), methodName(order.provider)] as const]
            : []),
          [t('order.placedAt'), <InstantText key="placed" at={order.placedAt} />],
          [
            t('order.number'),
            <span key="number" className="-me-3 flex items-center justify-between">
              <span className="text-sm break-all">{order.id}</span>
              <CopyButton text={order.id} what={t('order.number')} />
            </span>,
            'long',
          ],
        ]}
      />
      {holds(order) &&
        order.items.map((item) => (
          <div key={item.msisdn} className="mt-4 rounded-lg bg-sunken px-4 py-3 text-sm text-ink-soft">
            <p className="mb-1 font-medium text-ink">{t('order.promised')}</p>
            <p>
              <Sentence>{item.validityText}</Sentence>
            </p>
          </div>
        ))}
    </Card>
  )
}

/** What the number gained is told once it has gained it. */
function useItemRows(): (item: OrderItem, order: OrderView) => readonly Fact[] {
  const { t } = useTranslation('order')
  const language = useLanguage()
  const plan = useNumberPlan()
  return (item, order) => [
    [
      t('order.target'),
      <span key="target" className="whitespace-nowrap">
        {groupNumber(item.msisdn, plan)}
      </span>,
    ],
    [t('order.offer'), item.offer.name[language]],
    ...(item.settles === undefined
      ? []
      : [[t('order.settles'), <MoneyText key="settles" money={item.settles.amount} />] as const]),
    ...(item.balanceAfter === null || !holds(order)
      ? []
      : [[t('order.newBalance'), <MoneyText key="balance" money={item.balanceAfter} />] as const]),
    ...(item.lastSafeDay === null || !holds(order)
      ? []
      : [[t('order.newDate'), <DateText key="date" date={item.lastSafeDay} />] as const]),
    ...(order.state === 'credited' && item.lastSafeDay === null && item.addedDays !== null
      ? [[t('order.newDays'), t('order.days', { count: item.addedDays })] as const]
      : []),
  ]
}
