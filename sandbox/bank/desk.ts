import { chinaTime } from '../clock.ts'
import { BadRequest } from '../fields.ts'
import { type Request, type Route, seeOther } from '../http.ts'
import { decimal } from '../statement/booking.ts'
import { latestPanel, noticePanel } from '../web/desk.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Bank } from './index.ts'
import type { BankAccount, Booked } from './state.ts'
import { accountDay, dayOf } from './statements.ts'
import { readTransfer } from './transfers.ts'

const words: Words<
  | 'title'
  | 'lede'
  | 'none'
  | 'pay'
  | 'payNote'
  | 'to'
  | 'amount'
  | 'reference'
  | 'referenceNote'
  | 'name'
  | 'account'
  | 'payNow'
  | 'payer'
  | 'done'
  | 'accounts'
  | 'holds'
  | 'statements'
  | 'back'
  | 'backNote'
  | 'backNow'
  | 'from'
  | 'backReference'
  | 'payee'
  | 'payeeAccount'
  | 'bookings'
  | 'noBookings'
  | 'reversed'
  | 'notices'
  | 'key'
> = {
  'zh-CN': {
    title: '银行（沙箱）',
    lede: '商户的开户行，也是付款人的手机银行：在这里转账，看账户明细，下载 CAMT.053 和 CSV 对账单。没有真实的钱。',
    none: '还没有登记账户',
    pay: '转账（付款人）',
    payNote: '照着订单页上的收款账户、金额和附言填写。',
    to: '收款账户',
    amount: '金额',
    reference: '附言',
    referenceNote: '就是订单页上的参考号',
    name: '付款人姓名',
    account: '付款人账号',
    payNow: '转账',
    payer: '张三',
    done: '已入账',
    accounts: '账户',
    holds: '余额',
    statements: '今天的对账单',
    back: '转出（商户）',
    backNote: '退款：附言写 baohao bank-statement refunds 给出的参考号。',
    backNow: '转出',
    from: '付款账户',
    backReference: '附言',
    payee: '收款人姓名',
    payeeAccount: '收款人账号',
    bookings: '最近流水',
    noBookings: '还没有流水',
    reversed: '冲正',
    notices: '最近到账通知',
    key: '通知的签名公钥',
  },
  en: {
    title: 'Bank (sandbox)',
    lede: 'The bank of the merchants, and of those who pay them: make a transfer, see the account, download its statement as CAMT.053 or CSV. No real money.',
    none: 'No account is registered yet',
    pay: 'Make a transfer (payer)',
    payNote: 'Write what the page of the order says: the account, the amount and the reference.',
    to: 'To',
    amount: 'Amount',
    reference: 'Reference',
    referenceNote: 'The one on the page of the order',
    name: "Payer's name",
    account: "Payer's account",
    payNow: 'Transfer',
    payer: 'Jo Smith',
    done: 'Booked',
    accounts: 'Accounts',
    holds: 'holds',
    statements: "Today's statement",
    back: 'Send money (merchant)',
    backNote: 'A refund bears the reference that “baohao bank-statement refunds” shows.',
    backNow: 'Send',
    from: 'From',
    backReference: 'Reference',
    payee: "Payee's name",
    payeeAccount: "Payee's account",
    bookings: 'Latest bookings',
    noBookings: 'Nothing was booked yet',
    reversed: 'reversal',
    notices: 'Latest notices',
    key: 'Public key of the notices',
  },
}

type Say = (typeof words)['en']

/** The bank's own page: whoever pays makes a transfer here, and its customer sees the account. */
export function bankDeskRoutes(bank: Bank, address: string): Route[] {
  const accept = (direction: 'credit' | 'debit'): Route => ({
    method: 'POST',
    path: direction === 'credit' ? '/bank/pay' : '/bank/send',
    answer: async (request) => {
      const form = Object.fromEntries(request.form())
      const account = bank.state.accounts.get(form.to ?? '')
      try {
        if (!account) throw new BadRequest('There is no such account.')
        await bank.transfers.make(account, readTransfer({ ...form, direction }))
      } catch (error) {
        if (!(error instanceof BadRequest)) throw error
        return desk(bank, address, request, error.message)
      }
      return seeOther(keepLanguage(request, '/bank?done=yes'))
    },
  })
  return [
    { method: 'GET', path: '/bank', answer: (request) => desk(bank, address, request) },
    accept('credit'),
    accept('debit'),
  ]
}

function desk(bank: Bank, address: string, request: Request, problem?: string) {
  const language = languageOf(request)
  const say = words[language]
  const to = (path: string) => keepLanguage(request, path)
  const accounts = [...bank.state.accounts.values()]
  const done = request.url.searchParams.get('done') === 'yes' && problem === undefined
  return page(request, {
    title: say.title,
    look: 'desk',
    status: problem === undefined ? 200 : 400,
    main: html`<h1>${say.title}</h1>
<p class="lede">${say.lede}</p>
${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
${done && html`<p class="notice" role="status" data-testid="bank-done">${say.done}</p>`}
${accounts.length === 0 && html`<p class="empty">${say.none}</p>`}
<div class="grid">
<div class="stack">${transferPanel(accounts, say, language, 'pay', to('/bank/pay'))}${transferPanel(accounts, say, language, 'back', to('/bank/send'))}</div>
<div class="stack broad">${accountPanel(bank, address, say)}${bookingPanel(bank, say)}${toldPanel(bank, language)}
<section class="panel"><h2>${say.key}</h2><p><code>${bank.key.publicKey}</code></p></section></div>
</div>`,
  })
}

function transferPanel(
  accounts: BankAccount[],
  say: Say,
  language: Language,
  what: 'pay' | 'back',
  action: string,
): Markup {
  const pays = what === 'pay'
  const field = (name: string, label: string, value: string, more: Markup = html``) =>
    html`<p><label for="${what}-${name}">${label}</label><input id="${what}-${name}" name="${name}" value="${value}" autocomplete="off" data-testid="bank-${what}-${name}" ${more}></p>`
  const option = ({ id, holder, number, currency }: BankAccount) =>
    html`<option value="${id}">${holder} · ${number} · ${currency}</option>`
  const other = language === 'en' ? '10203040' : '6222020200112233445'
  return html`<section class="panel" aria-labelledby="${what}"><h2 id="${what}">${say[what]}</h2>
<p class="hint">${pays ? say.payNote : say.backNote}</p>
<form method="post" action="${action}" class="stack">
<p><label for="${what}-to">${pays ? say.to : say.from}</label><select id="${what}-to" name="to" data-testid="bank-${what}-to">${accounts.map(option)}</select></p>
${field('amount', say.amount, '', html`inputmode="decimal" required`)}
${field('text', pays ? `${say.reference} · ${say.referenceNote}` : say.backReference, '')}
${field('name', pays ? say.name : say.payee, say.payer, html`required`)}
${field('account', pays ? say.account : say.payeeAccount, other, html`required`)}
<button data-testid="bank-${what}-now">${pays ? say.payNow : say.backNow}</button></form></section>`
}

function accountPanel({ state, now }: Bank, address: string, say: Say): Markup {
  const row = (account: BankAccount) => {
    const day = dayOf(account, now())
    const { openingMinor, bookings } = accountDay(state, account, day)
    const holds = bookings.reduce(
      (sum, { direction, amountMinor }) => sum + (direction === 'credit' ? amountMinor : -amountMinor),
      openingMinor,
    )
    const file = (form: string) => `${address}/accounts/${account.id}/statements/${day}.${form}`
    return html`<li><span class="entry">${account.holder}<span class="side"><code>${account.sortCode} ${account.number}</code> · <code>${account.id}</code></span>
<span class="side">${say.statements}: <a href="${file('xml')}">CAMT.053</a> <a href="${file('csv?encoding=utf-8')}">CSV UTF-8</a> <a href="${file('csv?encoding=gbk')}">CSV GBK</a></span></span>
<span class="entry end"><strong>${account.currency} ${holds < 0n && '−'}${decimal(holds)}</strong></span></li>`
  }
  return html`<section class="panel" aria-labelledby="accounts"><h2 id="accounts">${say.accounts}</h2>
<ul class="rows">${[...state.accounts.values()].map(row)}</ul></section>`
}

function bookingPanel({ state }: Bank, say: Say): Markup {
  const row = ({ accountId, at, booking }: Booked) => html`<li>
<span class="entry"><span>${booking.text || '—'}</span><span class="side">${booking.name} <code>${booking.account}</code></span><span class="side">${chinaTime(at)} GMT+8 · <code>${booking.reference}</code></span></span>
<span class="entry end"><strong>${booking.direction === 'credit' ? '+' : '−'}${decimal(booking.amountMinor)}</strong><span class="chip ${booking.reversal && 'bad'}">${booking.reversal ? say.reversed : accountId}</span></span></li>`
  return latestPanel({
    id: 'bookings',
    heading: say.bookings,
    empty: say.noBookings,
    items: state.booked,
    row,
  })
}

function toldPanel({ state, notices }: Bank, language: Language): Markup {
  return noticePanel(language, {
    heading: words[language].notices,
    records: state.notices,
    nextSendingAt: notices.nextSendingAt,
    entry: ({ reference }) => html`<code>${reference}</code>`,
  })
}
