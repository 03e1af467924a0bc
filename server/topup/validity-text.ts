import en from '../../i18n/en/validity.json' with { type: 'json' }
import zhCN from '../../i18n/zh-CN/validity.json' with { type: 'json' }
import type { Brand } from '../brand/index.ts'
import { moneyText } from '../line/index.ts'
import {
  type DisclosedStage,
  type Disclosure,
  type EpochDay,
  formatDay,
  lastSafeDay,
  type Policy,
} from '../policy/index.ts'

export type Locale = 'zh-CN' | 'en'

/** What may be promised of the number clock, and everything the policy discloses. */
export interface Promised {
  readonly told: Disclosure
  /** The number clock afterwards; null: no end. */
  readonly until: EpochDay | null
  readonly moved: boolean
  readonly addedDays: number | null
}

const words: Readonly<Record<Locale, typeof zhCN>> = { 'zh-CN': zhCN, en }

/**
 * The validity text of a sale, as it is shown and then kept with the order: until when the number is kept, what follows if
 * nothing extends it, and what becomes of the balance. To a stranger the ladder is told in days, without a date of the line.
 */
export function validityText(
  brand: Pick<Brand, 'currency'>,
  policy: Policy,
  promised: Promised & { readonly own: boolean },
  locale: Locale,
): string {
  const say = words[locale]
  const { told, own } = promised
  const money = (minor: bigint) => moneyText(minor, brand.currency, locale)
  const sentences = [
    kept(say, promised),
    ...(own ? clocks(say, promised) : []),
    ...ladder(say, policy, told.ladder, own, locale),
    ...balance(say, told),
    ...(own && told.oldBalance === 'forfeited' ? [say.oldBalance] : []),
    ...(own && told.reclaimFeeMinor > 0n ? [fill(say.reclaimFee, { fee: money(told.reclaimFeeMinor) })] : []),
    ...(told.retentionFeeMinor === null
      ? []
      : [fill(say.retentionFee, { fee: money(told.retentionFeeMinor) })]),
  ]
  return sentences.join(locale === 'zh-CN' ? '' : ' ')
}

type Words = typeof zhCN

function kept(say: Words, { until, moved, addedDays, own }: Promised & { readonly own: boolean }): string {
  const as = own ? say.own : say.other
  const safe = lastSafeDay(until)
  if (safe === null) return as.endless
  const blanks = { date: formatDay(safe), days: String(addedDays) }
  if (!moved) return fill(as.unmoved, blanks)
  return fill(addedDays === null ? as.dated : as.longer, blanks)
}

/** Dates besides the number's, where they differ from it. */
function clocks(say: Words, { told, until }: Promised): string[] {
  return told.clocks.flatMap(({ clock, lastSafeDay: safe }) =>
    clock === 'number' || safe === null || safe === lastSafeDay(until)
      ? []
      : [fill(say.clock[clock], { date: formatDay(safe) })],
  )
}

function ladder(
  say: Words,
  policy: Policy,
  stages: readonly DisclosedStage[],
  own: boolean,
  locale: Locale,
): string[] {
  if (stages.length === 0) return []
  const steps = stages.map(({ stage, begins, lastDay }, place) => {
    const name = stage as keyof Words['begins']
    if (own) return fill(say.begins[name], { date: formatDay(begins) })
    if (lastDay === null || name === 'ceased') {
      return place === 0 ? say.atLast[name] : fill(say.then, { stage: say.atLast[name] })
    }
    return fill(say.lasts[name], { days: String(lastDay - begins + 1) })
  })
  const usedToo = policy.rules['outgoing-use'][policy.leadingClock].length > 0
  const list = steps.join(locale === 'zh-CN' ? '，' : ', ')
  return [fill(usedToo ? say.laterUsed : say.later, { stages: list })]
}

/** The first thing that happens to the balance, and the worst that may follow. */
function balance(say: Words, { ladder, creditEnd }: Disclosure): string[] {
  const losses: string[] = []
  for (const { stage, balance } of ladder) {
    if (balance === 'kept') continue
    const said = say.balance[stage as keyof Words['begins']]
    const loss = balance === 'frozen' ? said.frozen : said.forfeited
    if (balance !== 'frozen') {
      losses.push(loss)
      break
    }
    if (losses.length === 0) losses.push(loss)
  }
  if (creditEnd !== 'kept')
    losses.unshift(creditEnd === 'frozen' ? say.creditEnd.frozen : say.creditEnd.forfeited)
  return losses.length === 0 ? [say.balance.kept] : losses
}

function fill(text: string, blanks: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (blank, name: string) => blanks[name] ?? blank)
}
