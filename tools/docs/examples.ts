import { accountKinds } from '../../server/ledger/account.ts'
import { Book } from '../../server/ledger/book.ts'
import type { Account, AccountKind, LineAccount } from '../../server/ledger/index.ts'
import { refundable } from '../../server/ledger/refundable.ts'
import { formatDay, parseDay } from '../../server/policy/day.ts'
import { extend } from '../../server/policy/extend.ts'
import type { PolicyState } from '../../server/policy/policy.ts'
import { presetOf } from '../../server/policy/presets.ts'
import { clockUntil, ladderOf, leastTopUpMinor, topUpAt } from '../../server/policy/stage.ts'
import { lastSafeDay, validUntil } from '../../server/policy/validity.ts'
import { type Both, type Language, major, productText, table } from './language.ts'

const steps: Readonly<Record<'bought' | 'used' | 'asked' | 'sent', Both>> = {
  bought: { en: 'bought', 'zh-CN': '购买到账' },
  used: { en: 'used', 'zh-CN': '使用扣费' },
  asked: { en: 'refund begins', 'zh-CN': '开始退款' },
  sent: { en: 'refund done', 'zh-CN': '退款完成' },
}

/** Opens an empty account of a kind, as the ledger's book takes it. */
function empty(kind: AccountKind): Account {
  return { id: kind, kind, balanceMinor: 0n, floorMinor: accountKinds[kind].mayGoBelowZero ? null : 0n }
}

const emptyLine: LineAccount = {
  ...empty('line-balance'),
  kind: 'line-balance',
  ...{ line: 'line', epoch: 1, paidMinor: 0n, bonusMinor: 0n, paidCostMinor: 0n, owedMinor: 0n },
}

/**
 * 50.00 of credit bought for 49.80, 20.00 of it used, the rest given back: posted to the ledger's own book, with the
 * balances that the book writes.
 */
export function ledgerExample(language: Language): string {
  let id = 0
  const book = new Book(() => `${++id}`)
  const kinds = [
    'provider-clearing',
    'discount',
    'promotion-bonus',
    'usage-revenue',
    'refund-clearing',
  ] as const
  const accounts = Object.fromEntries(kinds.map((kind) => [kind, empty(kind)])) as Record<
    (typeof kinds)[number],
    Account
  >
  const parties = { ...accounts, 'line-balance': emptyLine }
  const rows: string[][] = []
  const write = (step: keyof typeof steps, outcome: ReturnType<Book['post']>) => {
    if (!outcome.posted) throw new Error(`${step} was not posted`)
    for (const [i, transfer] of outcome.transfers.entries())
      rows.push([
        i === 0 ? steps[step][language] : '',
        `\`${transfer.debitAccount}\``,
        `\`${transfer.creditAccount}\``,
        major(transfer.amountMinor),
        major(transfer.debitAfterMinor),
        major(transfer.creditAfterMinor),
      ])
    return outcome.transfers
  }
  write(
    'bought',
    book.post('online-top-up', {
      amounts: { price: 4980n, discount: 20n, bonus: 0n },
      parties,
      cause: 'order',
    }),
  )
  write('used', book.post('usage', { amounts: { paid: 2000n, bonus: 0n }, parties, cause: 'usage' }))
  const back = refundable(book.lineMoney(emptyLine), { faceMinor: 5000n, unrefundedMinor: 4980n })
  write(
    'asked',
    book.post('credit-refunding', {
      amounts: { cost: back.costMinor, discount: back.discountMinor },
      parties,
      cause: 'order',
      holdId: 'refund',
    }),
  )
  write(
    'sent',
    book.post('refund-sent', {
      amounts: { refunded: back.costMinor },
      parties,
      cause: 'order',
      pendingOf: 'refund',
    }),
  )
  const heads: Record<Language, string[]> = {
    en: ['step', 'debit', 'credit', 'amount', 'debit after', 'credit after'],
    'zh-CN': ['步骤', '借', '贷', '金额', '借方余额', '贷方余额'],
  }
  return table(heads[language], rows)
}

const TODAY = parseDay('2026-11-22')

/** A line of the preset `china-keep`, topped up with 50.00 in time: its dates before, after, and what would follow. */
export function clocksExample(language: Language): string {
  const policy = presetOf('china-keep', 1)
  const before: PolicyState = {
    standing: 'in-service',
    ceasedOn: null,
    service: validUntil(parseDay('2026-12-04')),
    credit: null,
    number: null,
  }
  const { state: after } = extend(policy, before, {
    kind: 'top-up',
    on: TODAY,
    amountMinor: 5000n,
    balanceAfterMinor: 6230n,
    length: null,
  })
  const dates = (clock: 'service' | 'number') =>
    [before, after].map((state) => {
      const until = clockUntil(policy, state, clock)
      if (until === null) throw new Error(`the ${clock} clock does not end`)
      return { until: formatDay(until), safe: formatDay(lastSafeDay(until)) }
    })
  const heads: Record<Language, string[]> = {
    en: ['clock', '`until`', 'shown as', '`until` after it', 'shown as'],
    'zh-CN': ['时钟', '`until`', '页面显示', '充值后 `until`', '页面显示'],
  }
  const rows = (['service', 'number'] as const).map((clock) => [
    productText(language, `state.clock.${clock}`),
    ...dates(clock).flatMap(({ until, safe }) => [until, `**${safe}**`]),
  ])
  return table(heads[language], rows)
}

/** The same line, if nobody tops it up again: the day each stage begins. */
export function ladderExample(language: Language): string {
  const policy = presetOf('china-keep', 1)
  const state: PolicyState = {
    standing: 'in-service',
    ceasedOn: null,
    service: validUntil(parseDay('2027-06-02')),
    credit: null,
    number: null,
  }
  const heads: Record<Language, string[]> = {
    en: ['from', 'stage', 'a top-up of CNY 10 or more'],
    'zh-CN': ['从这天起', '阶段', '这时充值 10 元以上'],
  }
  const effects: Record<Language, Record<ReturnType<typeof topUpAt>, string>> = {
    en: {
      'restores-service': 'brings it back into service',
      'restores-number': 'brings the number back',
      refused: 'is refused, and nothing is charged',
    },
    'zh-CN': {
      'restores-service': '立即恢复使用',
      'restores-number': '找回号码',
      refused: '不接受，也不扣款',
    },
  }
  const rows = ladderOf(policy, state).map(({ stage, begins }) => {
    const effect = topUpAt(policy, stage)
    if (effect !== 'refused' && leastTopUpMinor(policy, stage) !== 1000n)
      throw new Error(`another least in ${stage}`)
    return [formatDay(begins), productText(language, `state.stage.${stage}`), effects[language][effect]]
  })
  return table(heads[language], rows)
}
