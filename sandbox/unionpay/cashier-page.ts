import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import { html, keepLanguage, languageOf, type Markup, page, type Words } from '../web/page.ts'
import { verdictPage } from '../web/verdict.ts'
import { cardNamed, cards } from './cards.ts'
import type { UnionPay } from './index.ts'
import { responseWords } from './response.ts'
import { type Order, transactionNumbered } from './transaction.ts'
import { formatFen } from './yuan.ts'

const words: Words<
  | 'title'
  | 'pay'
  | 'merchant'
  | 'subject'
  | 'order'
  | 'queryId'
  | 'choose'
  | 'confirm'
  | 'giveUp'
  | 'note'
  | 'paid'
  | 'paidNote'
  | 'back'
  | 'declined'
  | 'timeout'
  | 'timeoutNote'
  | 'unknown'
  | 'unknownNote'
  | 'refused'
> = {
  'zh-CN': {
    title: '银联收银台（沙箱）',
    pay: '待支付',
    merchant: '收款方',
    subject: '商品',
    order: '商户订单号',
    queryId: '查询流水号',
    choose: '选择付款方式',
    confirm: '确认付款',
    giveUp: '放弃付款',
    note: '您是测试者：卡号都是假的，选哪张就是哪种结果。',
    paid: '付款成功',
    paidNote: '正在返回商户页面。',
    back: '返回商户',
    declined: '银行没有放行，没有扣款。请换一种付款方式。',
    timeout: '订单已超时',
    timeoutNote: '过了商户给的付款时间，不能再付。没有扣款。',
    unknown: '没有这个订单',
    unknownNote: '链接无效。',
    refused: '商户的请求被拒绝',
  },
  en: {
    title: 'UnionPay cashier (sandbox)',
    pay: 'To pay',
    merchant: 'Payee',
    subject: 'Item',
    order: 'Merchant order no.',
    queryId: 'Query no.',
    choose: 'Pay with',
    confirm: 'Pay',
    giveUp: 'Give up',
    note: 'You are the tester: no card is real, and each has its own outcome.',
    paid: 'Paid',
    paidNote: 'Going back to the merchant.',
    back: 'Back to the merchant',
    declined: 'The bank said no and took nothing. Choose another way to pay.',
    timeout: 'The order timed out',
    timeoutNote: "The merchant's time for paying is over. Nothing was taken.",
    unknown: 'No such order',
    unknownNote: 'The link is not valid.',
    refused: "The merchant's request was refused",
  },
}

/** Where the payer stands after the merchant's form: chooses a card, pays or gives up. */
export function unionPayCashierRoutes(unionPay: UnionPay): Route[] {
  const path = '/unionpay/cashier/:cashier'
  const orderOf = ({ parts }: Request) => unionPay.state.orders.get(parts.cashier ?? '')
  return [
    { method: 'GET', path, answer: (request) => show(request, unionPay, orderOf(request)) },
    {
      method: 'POST',
      path: `${path}/pay`,
      answer: async (request) => {
        const card = cardNamed(request.form().get('card') ?? '')
        const order = orderOf(request)
        if (!order || !card) return show(request, unionPay, order)
        const paid = await unionPay.cashier.pay(request.parts.cashier ?? '', card)
        const declined = !('refused' in paid) && paid.transaction.respCode !== '00'
        const tail = declined ? `?declined=${card.id}` : ''
        return seeOther(keepLanguage(request, `/unionpay/cashier/${request.parts.cashier}${tail}`))
      },
    },
    {
      method: 'POST',
      path: `${path}/give-up`,
      answer: (request) => {
        const order = orderOf(request)
        if (!order?.frontUrl) return show(request, unionPay, order)
        // Nothing is booked for a payer who leaves, and nothing signed is carried back: 307 posts the empty form on.
        return { status: 307, headers: { location: order.frontUrl } }
      },
    },
  ]
}

/** What the payer's browser shows when UnionPay refuses the merchant's form. */
export function unionPayRefusalPage(request: Request, reason: string): Answer {
  return verdict(request, 'bad', 'refused', reason, 200)
}

function show(request: Request, unionPay: UnionPay, order: Order | undefined): Answer {
  const say = words[languageOf(request)]
  if (!order) return verdict(request, 'bad', 'unknown', say.unknownNote, 404)
  const { merId, orderId } = order
  const paid = transactionNumbered(unionPay.state, merId, orderId)
  if (paid?.respCode === '00') {
    const facts = html`<div><dt>${say.order}</dt><dd><code>${orderId}</code></dd></div>
<div><dt>${say.queryId}</dt><dd><code>${paid.queryId}</code></dd></div>`
    const acts = returnForm(unionPay, request.parts.cashier ?? '', say.back)
    return verdict(request, 'good', 'paid', say.paidNote, 200, { facts, acts })
  }
  const late = order.expiresAt <= unionPay.nowFor(merId) && !unionPay.knobs(merId).paidAfterClose
  if (late) return verdict(request, 'bad', 'timeout', say.timeoutNote, 410)
  return cashierPage(request, unionPay, order)
}

/** The browser's way back is a form of signed fields, sent by itself: a POST from UnionPay's site to the merchant's. */
function returnForm(unionPay: UnionPay, cashierId: string, label: string): Markup | undefined {
  const back = unionPay.frontReturn(cashierId)
  if (!back) return undefined
  const inputs = Object.entries(back.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="post" action="${back.action}" data-submit data-testid="unionpay-return">${inputs}<button data-testid="unionpay-back">${label}</button></form><script src="/submit.js" defer></script>`
}

function cashierPage(request: Request, unionPay: UnionPay, order: Order): Answer {
  const language = languageOf(request)
  const say = words[language]
  const merchant = unionPay.state.merchants.get(order.merId)
  const declined = cardNamed(request.url.searchParams.get('declined') ?? '')
  const action = (act: string) => keepLanguage(request, `/unionpay/cashier/${request.parts.cashier}/${act}`)
  const choice = (card: (typeof cards)[number], index: number) => html`<label class="choice">
<input type="radio" name="card" value="${card.id}" ${index === 0 && html`checked`} data-testid="unionpay-card-${card.id}">
<span>${card.name[language]}<small>${card.note[language]}</small></span></label>`
  return page(request, {
    title: say.title,
    look: 'wallet',
    main: html`<section class="pay unionpay" aria-labelledby="pay-title">
<div class="pay-head">
<h1 id="pay-title">${say.title} · ${say.pay}</h1>
<p class="pay-amount" data-testid="unionpay-amount"><small>¥</small>${formatFen(order.amountMinor)}</p>
</div>
<div class="pay-body">
${declined && html`<p class="notice bad" role="alert" data-testid="unionpay-declined">${say.declined} ${responseWords(declined.says)}</p>`}
<dl class="facts">
<div><dt>${say.merchant}</dt><dd data-testid="unionpay-merchant">${merchant?.name}</dd></div>
${order.subject !== undefined && html`<div><dt>${say.subject}</dt><dd data-testid="unionpay-subject">${order.subject}</dd></div>`}
<div><dt>${say.order}</dt><dd><code>${order.orderId}</code></dd></div>
</dl>
<form method="post" action="${action('pay')}">
<fieldset class="choices"><legend>${say.choose}</legend>${cards.map(choice)}</fieldset>
<button data-testid="unionpay-confirm">${say.confirm}</button></form>
<form method="post" action="${action('give-up')}"><button class="plain" data-testid="unionpay-give-up">${say.giveUp}</button></form>
<p class="hint">${say.note}</p>
</div>
</section>`,
  })
}

function verdict(
  request: Request,
  mark: 'good' | 'bad',
  word: 'paid' | 'timeout' | 'unknown' | 'refused',
  note: string,
  status: number,
  more: { facts?: Markup; acts?: Markup | undefined } = {},
): Answer {
  const say = words[languageOf(request)]
  const head = say[word]
  return verdictPage(request, {
    ...{ title: say.title, mark, head, note, status, testId: 'unionpay-verdict', word },
    ...more,
  })
}
