import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Printer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MoneyWire } from '../../../../contract/money.ts'
import type { ReceiptView } from '../../../../contract/top-up.ts'
import { receiptQuery } from '../../../api/queries.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Card, Facts } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { usePaidIn } from './paid-in.tsx'
import { useMethodName } from './use-method-name.ts'

const route = getRouteApi('/orders/$id/receipt')

export function ReceiptPage() {
  const { t } = useTranslation('order')
  const { id } = route.useParams()
  const receipt = useQuery(receiptQuery(id))
  return (
    <Page title={t('receipt.title')}>
      <Loaded query={receipt}>{(loaded) => <ReceiptPaper receipt={loaded} />}</Loaded>
    </Page>
  )
}

/** The receipt as it was frozen at crediting; sums of nothing are left out, as on paper. */
function ReceiptPaper({ receipt }: { readonly receipt: ReceiptView }) {
  const { t } = useTranslation(['order', 'state', 'portal'])
  const methodName = useMethodName()
  const language = useLanguage()
  const plan = useNumberPlan()
  const paidIn = usePaidIn(receipt.paidIn)
  const sum = (name: string, money: MoneyWire) => [name, <MoneyText key={name} money={money} />] as const
  const sumIfAny = (name: string, money: MoneyWire) =>
    BigInt(money.amountMinor) === 0n ? [] : [sum(name, money)]
  return (
    <>
      <Card className="print:plain">
        <p className="text-center text-lg font-semibold">{receipt.brandName[language]}</p>
        <p className="mb-4 text-center text-sm text-ink-soft">{receipt.number}</p>
        <Facts
          rows={[
            [
              t('order.number'),
              <span key="order" className="block text-end text-sm break-all">
                {receipt.orderId}
              </span>,
              'long',
            ],
            [t('receipt.issuedAt'), <InstantText key="issued" at={receipt.issuedAt} />],
            [t('order.target'), groupNumber(receipt.msisdn, plan)],
            [t('order.offer'), receipt.offerName[language]],
            ...sumIfAny(t('receipt.face'), receipt.face),
            ...sumIfAny(t('receipt.bonus'), receipt.bonus),
            ...sumIfAny(t('receipt.surcharge'), receipt.surcharge),
            ...(receipt.settled === undefined ? [] : [sum(t('order.settles'), receipt.settled)]),
            sum(t('receipt.paid'), receipt.paid),
            ...paidIn.paid,
            ...sumIfAny(t('receipt.refunded'), receipt.refunded),
            ...paidIn.refunded,
            [t('order.paidWith'), methodName(receipt.method)],
            ...(receipt.lastSafeDay === null ? [] : [[t('order.newDate'), receipt.lastSafeDay] as const]),
          ]}
        />
        <p className="mt-4 text-sm font-medium">{t('order.promised')}</p>
        <p className="text-sm text-ink-soft">
          <Sentence>{receipt.validityText}</Sentence>
        </p>
        <p className="mt-4 border-t border-dashed border-outline pt-4 text-center text-sm text-ink-soft">
          {t('receipt.notInvoice')} ·{' '}
          <span className="whitespace-nowrap">
            {t('portal:footer.hotline')} {receipt.hotline}
          </span>
        </p>
      </Card>
      <div className="grid gap-3 md:grid-cols-2 print:hidden">
        <Button onClick={() => window.print()}>
          <Printer aria-hidden className="size-5" />
          {t('receipt.print')}
        </Button>
        <Link to="/orders/$id" params={{ id: receipt.orderId }} className={buttonClass('secondary')}>
          {t('receipt.back')}
        </Link>
      </div>
    </>
  )
}
