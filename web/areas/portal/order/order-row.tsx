import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { OrderView } from '../../../../contract/top-up.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { InstantText } from '../../../ui/date-text.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { OrderChip } from '../../../ui/state-chip.tsx'
import { orderFace } from './order-face.ts'

/** An order in a list: for which number, what, when, how much, and how it stands. */
export function OrderRow({ order }: { readonly order: OrderView }) {
  const language = useLanguage()
  const plan = useNumberPlan()
  return (
    <Link
      to="/orders/$id"
      params={{ id: order.id }}
      className="flex items-center gap-3 rounded-xl bg-surface p-4 shadow-card hover:bg-sunken"
    >
      <span className="flex min-w-0 flex-1 items-center justify-between gap-3 in-data-[reading=elder]:flex-col in-data-[reading=elder]:items-stretch">
        <span className="min-w-0">
          {order.items.map((item) => (
            <span key={`${item.msisdn} ${item.offer.name[language]}`} className="block">
              <span className="font-semibold whitespace-nowrap">{groupNumber(item.msisdn, plan)}</span>{' '}
              <span className="inline-block text-ink-soft">{item.offer.name[language]}</span>
            </span>
          ))}
          <span className="mt-1 block text-sm text-ink-soft">
            <InstantText at={order.placedAt} />
          </span>
        </span>
        <span className="flex shrink-0 flex-col items-end gap-1 in-data-[reading=elder]:flex-row in-data-[reading=elder]:flex-wrap in-data-[reading=elder]:items-center in-data-[reading=elder]:justify-between">
          <span className="text-lg font-semibold">
            <MoneyText money={order.price} />
          </span>
          <OrderChip state={orderFace(order)} />
        </span>
      </span>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
    </Link>
  )
}
