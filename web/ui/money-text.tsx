import type { MoneyWire } from '../../contract/money.ts'
import { useLanguage } from '../language/use-language.ts'
import { classNames } from './class-names.ts'
import { moneyParts } from './format.ts'

interface MoneyTextProps {
  readonly money: MoneyWire
  /** `large` sets the symbol smaller than the digits, as price tags do. */
  readonly size?: 'inherit' | 'large'
}

export function MoneyText({ money, size = 'inherit' }: MoneyTextProps) {
  const { lead, digits } = moneyParts(money, useLanguage())
  return (
    <span className={classNames('whitespace-nowrap', size === 'large' && 'text-2xl font-semibold')}>
      <span className={size === 'large' ? 'text-base' : undefined}>{lead}</span>
      {digits}
    </span>
  )
}
