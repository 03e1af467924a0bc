import { useTranslation } from 'react-i18next'
import type { MoneyWire } from '../../../../contract/money.ts'
import type { ListedPackage } from '../../../../contract/offer.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { formatMoney } from '../../../ui/format.ts'
import { useAppearance } from '../../../ui/use-appearance.ts'
import { useAllowanceWords } from '../line/allowance-words.ts'
import { type Effect, perDay } from './choice.ts'

/** `90 分钟语音`, `90 条短信`, `300 MB 流量`; what a package lacks is left out. */
export function usePackageContents(): (offer: ListedPackage) => readonly string[] {
  const { t } = useTranslation('purchase')
  const words = useAllowanceWords()
  return ({ allowances, roaming }) => {
    const amounts = [
      ['voice-seconds', allowances.voiceSeconds.toString()],
      ['sms', allowances.sms.toString()],
      ['data-bytes', allowances.dataBytes],
    ] as const
    const held = amounts.filter(([, amount]) => amount !== '0').map(([unit, amount]) => words(unit, amount))
    return [...held, ...(roaming ? [t('offers.roaming')] : [])]
  }
}

/** What an offer does to the date, and what a day of it costs; a stranger's date is nobody's business. */
export function useEffectWords(): (effect: Effect, price: MoneyWire, own: boolean) => readonly string[] {
  const { t } = useTranslation('purchase')
  const language = useLanguage()
  return ({ lastSafeDay, addedDays }, price, own) => {
    const daily = perDay(price, addedDays)
    return [
      lastSafeDay !== null && t('offers.lastSafeDay', { date: lastSafeDay }),
      !own && addedDays !== null && t('offers.addedDays', { count: addedDays }),
      own && lastSafeDay === null && t('offers.endless'),
      daily && t('offers.perDay', { price: formatMoney(daily, language) }),
    ].filter((words) => typeof words === 'string')
  }
}

/** What the person knows already says more than what we recommend; easy reading recommends nothing. */
export function useBadge(
  lastTime: string | undefined,
): (key: string, recommended: boolean) => string | undefined {
  const { t } = useTranslation('purchase')
  const { reading } = useAppearance()
  return (key, recommended) => {
    if (key === lastTime) return t('offers.lastTime')
    return recommended && reading === 'normal' ? t('offers.recommended') : undefined
  }
}
