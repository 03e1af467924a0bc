import { useTranslation } from 'react-i18next'
import type { PaymentWays } from '../../../../contract/payment.ts'
import { browserKind } from '../../../device/browser-kind.ts'
import { useMethodName } from '../order/use-method-name.ts'
import { railsElsewhere } from './ways.ts'

interface ElsewhereProps {
  readonly ways: PaymentWays['ways']
  /** Currency of the order. */
  readonly own: string
}

/** Inside another wallet's app: which of the brand's rails do not open here, and where they do. */
export function Elsewhere({ ways, own }: ElsewhereProps) {
  const { t, i18n } = useTranslation('purchase')
  const methodName = useMethodName()
  const rails = railsElsewhere(ways, browserKind(), own)
  if (rails.length === 0) return null
  const named = new Intl.ListFormat(i18n.language).format(rails.map(methodName))
  return <p className="text-sm text-ink-soft">{t('cashier.elsewhere', { rails: named })}</p>
}
