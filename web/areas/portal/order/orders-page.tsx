import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderGroup } from '../../../../contract/top-up.ts'
import { myLinesQuery, ordersQuery, sessionQuery } from '../../../api/queries.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { OrderRow } from './order-row.tsx'

const route = getRouteApi('/orders')
const groups = [
  'awaiting-payment',
  'under-way',
  'credited',
  'refunds',
] as const satisfies readonly OrderGroup[]

/** What the list is narrowed to; in the address, so that going back finds it again. */
export interface OrdersFilter {
  readonly group?: OrderGroup
  readonly number?: string
}

/** One's orders, newest first, by what they wait for and by number. */
export function OrdersPage() {
  const { t } = useTranslation('order')
  const filter = route.useSearch()
  const navigate = useNavigate()
  const narrow = (next: OrdersFilter) => void navigate({ to: '/orders', search: next, replace: true })
  const { group, number } = filter
  // Who has no orders here has nothing to filter.
  const isNobody = useQuery(sessionQuery).data?.kind === 'none'
  return (
    <Page title={t('orders.title')}>
      {!isNobody && (
        <Tabs
          label={t('orders.filter')}
          options={(['all', ...groups] as const).map((value) => ({
            value,
            text: t(`orders.group.${value}`),
          }))}
          value={group ?? 'all'}
          onValue={(value) =>
            narrow({ ...(value !== 'all' && { group: value }), ...(number !== undefined && { number }) })
          }
        />
      )}
      <NumberFilter
        number={number}
        onNumber={(next) => narrow({ ...(group && { group }), ...(next !== undefined && { number: next }) })}
      />
      <OrderList key={`${group} ${number}`} filter={filter} />
    </Page>
  )
}

interface NumberFilterProps {
  readonly number: string | undefined
  readonly onNumber: (number: string | undefined) => void
}

/** Of a family of numbers, the orders of one. */
function NumberFilter({ number, onNumber }: NumberFilterProps) {
  const { t } = useTranslation('order')
  const plan = useNumberPlan()
  const signedIn = useQuery(sessionQuery).data?.kind === 'login'
  const lines = useQuery({ ...myLinesQuery, enabled: signedIn }).data?.lines ?? []
  if (lines.length < 2 && number === undefined) return null
  const numbers = [
    ...new Set([...lines.map(({ msisdn }) => msisdn), ...(number === undefined ? [] : [number])]),
  ]
  return (
    <Tabs
      label={t('orders.ofNumber')}
      options={[
        { value: '', text: t('orders.allNumbers') },
        ...numbers.map((msisdn) => ({ value: msisdn, text: groupNumber(msisdn, plan) })),
      ]}
      value={number ?? ''}
      onValue={(value) => onNumber(value === '' ? undefined : value)}
    />
  )
}

/** Page after page, each asked for when the person wants it. */
function OrderList({ filter }: { readonly filter: OrdersFilter }) {
  const [pages, setPages] = useState<readonly (string | undefined)[]>([undefined])
  return pages.map((before, at) => (
    <OrdersSlice
      key={before ?? ''}
      filter={filter}
      before={before}
      onMore={at === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined}
    />
  ))
}

interface OrdersSliceProps {
  readonly filter: OrdersFilter
  readonly before: string | undefined
  /** Only of the last slice: the way on from it. */
  readonly onMore: ((next: string) => void) | undefined
}

function OrdersSlice({ filter, before, onMore }: OrdersSliceProps) {
  const { t } = useTranslation('order')
  const orders = useQuery(ordersQuery({ ...filter, ...(before !== undefined && { before }) }))
  return (
    <Loaded query={orders}>
      {({ orders: shown, next }) =>
        shown.length === 0 ? (
          <Card>
            <NoOrders narrowed={filter.group !== undefined || filter.number !== undefined} />
          </Card>
        ) : (
          <>
            <ul className="space-y-3">
              {shown.map((order) => (
                <li key={order.id}>
                  <OrderRow order={order} />
                </li>
              ))}
            </ul>
            {next !== undefined && onMore && (
              <Button look="secondary" wide onClick={() => onMore(next)}>
                {t('orders.more')}
              </Button>
            )}
          </>
        )
      }
    </Loaded>
  )
}

function NoOrders({ narrowed }: { readonly narrowed: boolean }) {
  const { t } = useTranslation('order')
  if (narrowed) {
    return (
      <Empty
        title={t('orders.emptyFilter')}
        action={
          <Link to="/orders" className={buttonClass('secondary')}>
            {t('orders.showAll')}
          </Link>
        }
      />
    )
  }
  return (
    <Empty
      title={t('orders.empty')}
      hint={t('orders.emptyHint')}
      action={
        <Link to="/" className={buttonClass()}>
          {t('orders.emptyAction')}
        </Link>
      }
    />
  )
}
