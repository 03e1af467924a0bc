import { sentenceOf } from '../../test/matrix/outcome.ts'
import { knobs, type Rail, rails } from '../../test/matrix/table.ts'
import { type Both, type Language, table } from './language.ts'

const names: Readonly<Record<Rail, Both>> = {
  alipay: { en: 'Alipay', 'zh-CN': '支付宝' },
  wechat: { en: 'WeChat Pay', 'zh-CN': '微信支付' },
  unionpay: { en: 'UnionPay', 'zh-CN': '银联' },
  card: { en: 'cards', 'zh-CN': '境外银行卡' },
  bank: { en: 'bank transfer', 'zh-CN': '银行转账' },
}

const words = {
  en: {
    title: '# Every rail, and every way paying goes wrong',
    intro:
      'What becomes of the money when a provider, a network or somebody else misbehaves. `test/journeys/rails-matrix.test.ts` plays each cell over the whole program and the sandbox with an order, a merchant (at the bank an account) and a day’s bill of its own, and holds it against the ledger, the provider’s own book, the order’s page, the messages sent, and the bill or statement; afterwards `fsck` passes. This page is made from the table that it plays.',
    head: 'what goes wrong',
    never: 'n/a',
    notes: [
      '**Credited once**: one posting, the line has exactly what was bought, the page and the SMS say so. **Refunded once**: all of it is back with the payer, the line has nothing, the page and the SMS say so. No break on the bill unless one is named; each break has an owner.',
      '**By query**: no notification could count, so the provider’s answer did. An open payment is asked about every ten seconds, every three once its payer is back; at UnionPay 5, 10, 30, 60 and 120 minutes after it began, and every three seconds once its payer is back.',
      '**By statement**: the bank’s notice (camt.054) is its notification; where none could count, its statement did, which is the bill as well. Each cell takes it in as camt.053 and as CSV, and the second adds nothing. One that does not come to its balances is refused whole.',
      '**Seen to by a person**: the entry waits with [its reason](../operating/bank-statements.md) and an owner, with the order that it may mean beside it, until somebody matches it or transfers it back. **Returned once**: the transfer never counted; all of it is back with the payer, and the order can still be paid.',
      'What a provider says rightly signed is believed: where it names another amount than was paid, that amount goes back (WeChat Pay refuses, and a person sees to it), and the bill of the day shows what was really paid.',
      'UnionPay and card gateways never carry out a refund that failed once under its number, so a person pays it back another way.',
    ],
  },
  'zh-CN': {
    title: '# 各种支付方式，各种意外',
    intro:
      '支付机构、网络或他人出错时，钱最后去了哪里。`test/journeys/rails-matrix.test.ts` 用完整的程序和沙箱逐格演练，每格有自己的订单、商户（银行转账则是账户）和当日账单，并与账本、支付机构自己的账、订单页面、已发短信、账单或对账单逐一核对，最后 `fsck` 通过。本页由它所演练的同一张表生成。',
    head: '什么出了错',
    never: '不适用',
    notes: [
      '**到账一次**：只记一笔，号码得到的恰好是所买的，页面和短信如实告知。**退款一次**：全额退回付款人，号码分文未得，页面和短信如实告知。除注明者外，账单没有差错；每条差错都有负责人。',
      '**查询得知**：没有通知可以采信，以支付机构对查询的应答为准。未结束的支付每十秒查询一次，付款人返回后每三秒一次；银联在发起后第 5、10、30、60、120 分钟查询，付款人返回后每三秒一次。',
      '**对账单得知**：银行的到账通知（camt.054）就是它的通知；没有通知可以采信时，以对账单为准，它同时也是账单。每格先后导入 camt.053 和 CSV，后一份不会多出任何一笔。与余额不符的对账单整份拒收。',
      '**人工处理**：该笔流水带着[原因](../operating/bank-statements.md)和负责人等待处理，旁边列出可能对应的订单，由人对上订单或转账退回。**原款转回一次**：这笔转账从未计入订单，全额转回付款人，订单仍可支付。',
      '支付机构签名正确的说法予以采信：通知的金额与实付不符时，按通知的金额退回（微信支付会拒绝，转人工处理），当日账单会显示实付多少。',
      '银联和境外银行卡网关不会用同一退款号再次执行失败过的退款，由人工另行退还。',
    ],
  },
} satisfies Record<Language, unknown>

export function railsMatrixPage(language: Language): string {
  const { title, intro, head, never, notes } = words[language]
  const rows = knobs.map(({ words: knob, cells }) => [
    knob[language],
    ...rails.map((rail) => {
      const cell = cells[rail]
      if ('never' in cell) return `${never}${language === 'en' ? ': ' : '：'}${cell.never[language]}`
      return sentenceOf(cell.outcome, language)
    }),
  ])
  const columns = [head, ...rails.map((rail) => names[rail][language])]
  return `${title}\n\n${intro}\n\n${table(columns, rows)}\n\n${notes.join('\n\n')}\n`
}
