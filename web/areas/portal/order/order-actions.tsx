import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { numberOfOrder } from '../../../device/known-numbers.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { isUndecided } from '../payment/poll.ts'

/** Where to go from here: the receipt once there is one, the next top-up once this one is over, help always. */
export function OrderActions({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation(['order', 'refund'])
  const [item] = order.items
  // The server masks a stranger's number; this device may know it whole.
  const number = item && !item.msisdn.includes('*') ? item.msisdn : numberOfOrder(order.id)
  return (
    <>
      <div className="grid gap-3 md:auto-cols-fr md:grid-flow-col">
        {order.final && (
          <Link to="/" search={number === undefined ? {} : { number }} className={buttonClass()}>
            {t('order.again')}
          </Link>
        )}
        {order.receiptNumber !== null && (
          <Link to="/orders/$id/receipt" params={{ id: order.id }} className={buttonClass('secondary')}>
            {t('order.receipt')}
          </Link>
        )}
        <Link to="/help/contact" search={{ order: order.id }} className={buttonClass('secondary')}>
          {t('order.contact')}
        </Link>
      </div>
      {order.state === 'credited' && !isUndecided(order) && (
        <p className="flex flex-wrap justify-center gap-x-6">
          <Link to="/help/contact" search={{ order: order.id }} className={buttonClass('quiet')}>
            {t('order.wrongNumber')}
          </Link>
          <Link to="/orders/$id/refund" params={{ id: order.id }} className={buttonClass('quiet')}>
            {t('refund:open')}
          </Link>
        </p>
      )}
    </>
  )
}
