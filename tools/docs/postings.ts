import { type AccountKind, accountKinds } from '../../server/ledger/account.ts'
import { type Leg, type PostingName, postings } from '../../server/ledger/postings.ts'
import { type Language, table } from './language.ts'
import { accountWords, postingWords } from './ledger-words.ts'

const words = {
  en: {
    title: '# Postings and accounts',
    intro:
      'Every way money can move, from `server/ledger/postings.ts`: the list is closed. Each line of a posting is one transfer from the account debited to the account credited, so every posting nets to zero for every amount; lines of amount zero are left out. How to read them: [Ledger](../concepts/ledger.md).',
    postings: '## Postings',
    postingHead: ['posting', 'is', 'debit', 'credit', 'amount'],
    accounts: '## Accounts',
    accountIntro:
      'One account for each kind, subject and currency. What an account may not go below is a CHECK of the database, not a habit of the code.',
    accountHead: ['account', 'holds', 'grows on', 'may go below zero'],
    side: { debit: 'debit', credit: 'credit' },
    yes: 'yes',
    no: 'never',
    closes: '(closes what was held)',
  },
  'zh-CN': {
    title: '# 记账规则与科目',
    intro:
      '资金的全部流动方式，取自 `server/ledger/postings.ts`，此外别无他法。每一行是一笔转账，从借方科目到贷方科目，所以无论金额多少，每组记账都借贷相等；金额为零的行不写。怎么读：[账本](../concepts/ledger.md)。',
    postings: '## 记账规则',
    postingHead: ['规则', '含义', '借', '贷', '金额'],
    accounts: '## 科目',
    accountIntro:
      '每种科目按对象、币种各开一个账户。余额不能低于多少，由数据库的 CHECK 约束保证，不靠代码自觉。',
    accountHead: ['科目', '核算内容', '增加方', '可为负'],
    side: { debit: '借', credit: '贷' },
    yes: '可以',
    no: '不可',
    closes: '（结清挂账）',
  },
} satisfies Record<Language, unknown>

export function postingsPage(language: Language): string {
  const own = words[language]
  const legs = Object.entries(postings).flatMap(([name, posting]) =>
    (posting as readonly Leg[]).map(({ debit, credit, amount, closes }, i) => [
      i === 0 ? `\`${name}\`` : '',
      i === 0 ? postingWords[name as PostingName][language] : '',
      `\`${debit}\``,
      `\`${credit}\``,
      closes ? `${amount} ${own.closes}` : amount,
    ]),
  )
  const accounts = Object.entries(accountKinds).map(([kind, { nature, mayGoBelowZero }]) => [
    `\`${kind}\``,
    accountWords[kind as AccountKind][language],
    own.side[nature],
    mayGoBelowZero ? own.yes : own.no,
  ])
  const { title, intro, postingHead, accountIntro, accountHead } = own
  const parts = [
    ...[title, intro, own.postings, table(postingHead, legs)],
    ...[own.accounts, accountIntro, table(accountHead, accounts)],
  ]
  return `${parts.join('\n\n')}\n`
}
