import { type Alipay, businessWord, formatYuan, type Trade, tradeByCashierId } from '../alipay/index.ts'
import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import type { Registry } from '../registry.ts'
import { html, keepLanguage, languageOf, page, type Words } from '../web/page.ts'
import { verdictPage, walletActs } from '../web/verdict.ts'

export interface WalletDeps {
  registry: Registry
  /** Asked at each request: the wallet's pages are built before Alipay is. */
  alipay(): Alipay
}

const words: Words<
  | 'title'
  | 'pay'
  | 'amount'
  | 'subject'
  | 'merchant'
  | 'order'
  | 'trade'
  | 'method'
  | 'balance'
  | 'confirm'
  | 'refuse'
  | 'note'
  | 'paid'
  | 'paidNote'
  | 'refused'
  | 'refusedNote'
  | 'closed'
  | 'closedNote'
  | 'unknown'
  | 'unknownNote'
  | 'broken'
  | 'again'
  | 'back'
> = {
  'zh-CN': {
    title: '支付宝钱包（沙箱）',
    pay: '待支付',
    amount: '金额',
    subject: '商品',
    merchant: '收款方',
    order: '商户订单号',
    trade: '交易号',
    method: '付款方式',
    balance: '沙箱余额（138****8000）',
    confirm: '确认支付',
    refuse: '拒绝支付',
    note: '您是测试者：确认即付款成功，拒绝则订单仍待付款。',
    paid: '支付成功',
    paidNote: '请回到商户页面查看结果。',
    refused: '已拒绝支付',
    refusedNote: '没有扣款，订单仍待付款，可重新支付。',
    closed: '交易已关闭',
    closedNote: '订单已超时或已被商户关闭，不能再支付。',
    unknown: '没有这笔交易',
    unknownNote: '二维码或链接无效。',
    broken: '商户的请求被拒绝',
    again: '重新支付',
    back: '返回商户',
  },
  en: {
    title: 'Alipay wallet (sandbox)',
    pay: 'To pay',
    amount: 'Amount',
    subject: 'Item',
    merchant: 'Payee',
    order: 'Merchant order no.',
    trade: 'Trade no.',
    method: 'Pay with',
    balance: 'Sandbox balance (138****8000)',
    confirm: 'Confirm payment',
    refuse: 'Refuse',
    note: 'You are the tester: confirming pays, refusing leaves the order unpaid.',
    paid: 'Payment successful',
    paidNote: 'Return to the merchant to see the result.',
    refused: 'Payment refused',
    refusedNote: 'Nothing was charged. The order is still open and can be paid.',
    closed: 'Trade closed',
    closedNote: 'The order timed out or the merchant closed it. It can no longer be paid.',
    unknown: 'No such trade',
    unknownNote: 'The QR code or link is not valid.',
    broken: "The merchant's request was refused",
    again: 'Pay again',
    back: 'Back to the merchant',
  },
}

/** The buyer's side: what stands behind a page payment and behind a scanned code. */
export function walletRoutes({ registry, alipay }: WalletDeps): Route[] {
  const tradeOf = (request: Request) => tradeByCashierId(alipay().state, request.parts.cashier ?? '')

  return [
    {
      method: 'GET',
      path: '/wallet/scan',
      answer: async (request) => {
        // A person may paste the code's whole address; its own `code` is what counts.
        const given = request.url.searchParams.get('code')?.trim() ?? ''
        const address = URL.parse(given)
        // The other wallet's codes are scanned by the same box.
        if (address?.pathname === '/wechat/scan') {
          return seeOther(keepLanguage(request, `${address.pathname}${address.search}`))
        }
        const code = address?.searchParams.get('code') ?? given
        const trade = await alipay().cashier.scan(code)
        if (!('refused' in trade)) return seeOther(keepLanguage(request, `/wallet/trade/${trade.cashierId}`))
        return trade.refused === 'TRADE_NOT_EXIST'
          ? verdict(request, 'bad', 'unknown', 'unknownNote', 404)
          : verdict(request, 'bad', 'broken', businessWord(trade.refused), 409)
      },
    },
    {
      method: 'GET',
      path: '/wallet/trade/:cashier',
      answer: (request) => showTrade(request, registry, alipay(), tradeOf(request)),
    },
    {
      method: 'POST',
      path: '/wallet/trade/:cashier/confirm',
      answer: async (request) => {
        const trade = tradeOf(request)
        if (!trade) return showTrade(request, registry, alipay(), undefined)
        const payment = await alipay().cashier.pay(trade)
        const back = 'refused' in payment ? undefined : alipay().signedReturn(trade)
        return seeOther(back ?? keepLanguage(request, `/wallet/trade/${trade.cashierId}`))
      },
    },
    {
      method: 'POST',
      path: '/wallet/trade/:cashier/refuse',
      answer: (request) => {
        const trade = tradeOf(request)
        if (!trade) return showTrade(request, registry, alipay(), undefined)
        const back = refusalReturn(trade)
        return seeOther(back ?? keepLanguage(request, `/wallet/trade/${trade.cashierId}?refused=yes`))
      },
    },
  ]
}

/** A buyer who refuses brings nothing signed back: there is nothing to sign for. */
export function refusalReturn(trade: Trade): string | undefined {
  return trade.order.quitUrl ?? trade.order.returnUrl
}

/** What the buyer's browser shows when the gateway refuses a page payment. */
export function gatewayRefusalPage(refusal: { subCode: string; subMsg: string }, request: Request): Answer {
  return verdict(request, 'bad', 'broken', `${refusal.subCode} ${refusal.subMsg}`, 200)
}

function showTrade(request: Request, registry: Registry, alipay: Alipay, trade: Trade | undefined): Answer {
  const say = words[languageOf(request)]
  if (!trade) return verdict(request, 'bad', 'unknown', 'unknownNote', 404)
  if (trade.paidAt !== undefined) {
    return verdict(request, 'good', 'paid', 'paidNote', 200, trade, alipay.signedReturn(trade))
  }
  const { appId } = trade.order
  const payable = trade.status === 'WAIT_BUYER_PAY' || registry.alipayKnobs(appId).paidAfterClose
  if (!payable) return verdict(request, 'bad', 'closed', 'closedNote', 410, trade, refusalReturn(trade))
  if (request.url.searchParams.get('refused') === 'yes') {
    return verdict(request, 'wait', 'refused', 'refusedNote', 200, trade)
  }
  const action = (act: string) => keepLanguage(request, `/wallet/trade/${trade.cashierId}/${act}`)
  return page(request, {
    title: say.title,
    look: 'wallet',
    main: html`<section class="pay" aria-labelledby="pay-title">
<div class="pay-head">
<h1 id="pay-title">${say.title} · ${say.pay}</h1>
<p class="pay-amount" data-testid="wallet-amount"><small>${currencySign(trade)}</small>${formatYuan(trade.totalMinor)}</p>
</div>
<div class="pay-body">
<dl class="facts">
<div><dt>${say.merchant}</dt><dd data-testid="wallet-merchant">${registry.merchant(appId)?.name}</dd></div>
<div><dt>${say.subject}</dt><dd data-testid="wallet-subject">${trade.order.subject}</dd></div>
<div><dt>${say.order}</dt><dd><code data-testid="wallet-order">${trade.order.outTradeNo}</code></dd></div>
<div><dt>${say.method}</dt><dd>${say.balance}</dd></div>
</dl>
<form method="post" action="${action('confirm')}"><button id="wallet-confirm" data-testid="wallet-confirm">${say.confirm}</button></form>
<form method="post" action="${action('refuse')}"><button id="wallet-refuse" data-testid="wallet-refuse" class="plain">${say.refuse}</button></form>
<p class="hint">${say.note}</p>
</div>
</section>`,
  })
}

function currencySign(trade: Trade): string {
  const { transCurrency } = trade.order
  return transCurrency === undefined || transCurrency === 'CNY' ? '¥' : `${transCurrency} `
}

type Word = keyof (typeof words)['en']

/** `note` is a word of this page or a text of its own. */
function verdict(
  request: Request,
  mark: 'good' | 'bad' | 'wait',
  head: Word,
  note: Word | (string & {}),
  status: number,
  trade?: Trade,
  back?: string,
): Answer {
  const say = words[languageOf(request)]
  const retry =
    mark === 'wait' && trade ? keepLanguage(request, `/wallet/trade/${trade.cashierId}`) : undefined
  return verdictPage(request, {
    title: say.title,
    mark,
    head: say[head],
    note: Object.hasOwn(say, note) ? say[note as Word] : note,
    status,
    testId: 'wallet-verdict',
    word: head,
    facts:
      trade &&
      html`<div><dt>${say.subject}</dt><dd>${trade.order.subject}</dd></div>
<div><dt>${say.amount}</dt><dd>${currencySign(trade)}${formatYuan(trade.totalMinor)}</dd></div>
<div><dt>${say.order}</dt><dd><code>${trade.order.outTradeNo}</code></dd></div>
<div><dt>${say.trade}</dt><dd><code>${trade.tradeNo}</code></dd></div>`,
    acts: walletActs(say, retry, back),
  })
}
