import { useTranslation } from 'react-i18next'
import type { MoneyWire } from '../../../../contract/money.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Button } from '../../../ui/button.tsx'
import { formatMoney } from '../../../ui/format.ts'
import type { Way } from './ways.ts'

interface ConfirmButtonProps {
  /** What is paid by it. */
  readonly money: MoneyWire
  readonly way: Way
  readonly busy: boolean
  readonly onConfirm: () => void
}

export function ConfirmButton({ money, way, busy, onConfirm }: ConfirmButtonProps) {
  const { t } = useTranslation('purchase')
  const amount = formatMoney(money, useLanguage())
  const words = () => {
    if (way.provider === 'bank') return t('cashier.toTransfer')
    return busy
      ? t('cashier.leaving', { rail: t(`cashier.rails.${way.provider}`) })
      : t('cashier.confirm', { amount })
  }
  return (
    // However many ways there are above it, it is in sight.
    <div className="sticky bottom-0 -mx-4 -mb-3 bg-surface px-4 py-3 md:-mx-6 md:px-6">
      <Button size="large" wide busy={busy} onClick={onConfirm}>
        {words()}
      </Button>
    </div>
  )
}
