import en from '../../i18n/en/ussd.json' with { type: 'json' }
import zhCN from '../../i18n/zh-CN/ussd.json' with { type: 'json' }
import type { Brand } from '../brand/index.ts'
import { moneyText } from './money-text.ts'
import { balanceView, type ViewDeps } from './view.ts'
import type { ReadLine } from './view-store.ts'

const texts = { en, 'zh-CN': zhCN } as const
const BALANCE = '*101#'

/**
 * What a handset shows for what was dialled, in the brand's language: at most 182 characters of the GSM 7-bit alphabet,
 * or 80 of UCS-2 (3GPP TS 23.038, 5: 160 octets).
 */
export function ussdText(deps: ViewDeps, brand: Brand, line: ReadLine, dialled: string): string {
  const says = texts[brand.locale]
  if (dialled.trim() !== BALANCE) return fill(says.help, { hotline: brand.hotline.number })
  const { stage, clocks } = balanceView(deps, brand, line)
  const balance = moneyText(line.balanceMinor, brand.currency, brand.locale)
  if (stage === 'pre-active' || stage === 'ceased' || stage === 'ported-out')
    return fill(says[stage], { balance })
  const kept = clocks.find((shown) => shown.clock === 'number')
  if (!kept || kept.lastSafeDay === null) return fill(says.endless, { balance })
  const days = Math.max(0, kept.daysLeft ?? 0)
  const dated = days === 1 && 'dated_one' in says ? says.dated_one : says.dated_other
  return fill(dated, { balance, date: kept.lastSafeDay, days: days.toString() })
}

function fill(text: string, blanks: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => blanks[name] ?? '')
}
