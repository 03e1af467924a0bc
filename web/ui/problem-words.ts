import type { MoneyWire } from '../../contract/money.ts'
import type { ProblemBody } from '../api/request.ts'
import type { Language } from '../language/language.ts'
import { moneyPhrase } from './format.ts'

/** What a problem's sentence is filled with: its members as people read them, and the variant they ask for. */
export interface ProblemWords {
  readonly blanks: Readonly<Record<string, string>>
  /** i18next context: `limit-reached.text_day`. */
  readonly context: string | undefined
}

function isMoney(value: unknown): value is MoneyWire {
  return typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value
}

function read(value: unknown, language: Language): string | null {
  if (isMoney(value)) return moneyPhrase(value, language)
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (!Array.isArray(value)) return null
  return value.map((item) => read(item, language)).join(language === 'zh-CN' ? '、' : ', ')
}

/** Sums as phrases, lists joined, numbers and strings as they are; other members are for programs. */
export function problemWords(body: ProblemBody, language: Language): ProblemWords {
  const blanks: Record<string, string> = {}
  for (const [member, value] of Object.entries(body)) {
    const words = read(value, language)
    if (words !== null) blanks[member] = words
  }
  return { blanks, context: variantOf(body) }
}

/** Two codes say different things by their members: a limit per order, day or month; a range or only a least amount. */
function variantOf({ code, per, max }: ProblemBody): string | undefined {
  if (code === 'limit-reached') return String(per)
  return code === 'amount-not-allowed' && max === undefined ? 'least' : undefined
}
