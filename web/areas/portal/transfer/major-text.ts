import type { MoneyWire } from '../../../../contract/money.ts'
import { moneyParts } from '../../../ui/format.ts'

/** An amount as a banking app takes it: `1234.56`, without sign of its currency and without separators. */
export function majorText(money: MoneyWire): string {
  return moneyParts(money, 'en').digits.replaceAll(',', '')
}
