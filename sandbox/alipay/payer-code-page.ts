import QRCode from 'qrcode'
import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import { fragment, html, keepLanguage, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Alipay } from './index.ts'
import { type PayerCode, type PayerWish, payerWishes } from './payer-codes.ts'
import { tradeByCashierId } from './trade.ts'
import { formatYuan } from './yuan.ts'

const words: Words<
  | 'title'
  | 'lede'
  | 'digits'
  | 'at-once'
  | 'password'
  | 'poor'
  | 'wish'
  | 'fresh'
  | 'good'
  | 'expired'
  | 'asked'
  | 'confirm'
  | 'paid'
  | 'closed'
  | 'declined'
> = {
  'zh-CN': {
    title: '付款码（沙箱）',
    lede: '给收银员扫，或者把数字报给他。一分钟有效，只能用一次。',
    digits: '付款码数字',
    'at-once': '免密，直接扣款',
    password: '要输密码（10003）',
    poor: '余额不足',
    wish: '商户扣款时',
    fresh: '换一个码',
    good: '等商户扫码',
    expired: '这个码过期了，请换一个。',
    asked: '商户请您付款',
    confirm: '去确认',
    paid: '已付款',
    closed: '交易已关闭，没有扣款',
    declined: '余额不足，没有扣款',
  },
  en: {
    title: "Payer's code (sandbox)",
    lede: 'For the clerk to scan, or to be read out. Good for a minute, and once.',
    digits: 'The code in digits',
    'at-once': 'pay at once, no password',
    password: 'ask for a password (10003)',
    poor: 'not enough money',
    wish: 'When the merchant charges it',
    fresh: 'Another code',
    good: 'Waiting to be scanned',
    expired: 'This code has expired. Take another.',
    asked: 'The merchant asks you to pay',
    confirm: 'Go and confirm',
    paid: 'Paid',
    closed: 'The trade is closed; nothing was taken',
    declined: 'Not enough money; nothing was taken',
  },
}

/** The wallet at a counter: shows a code, and what became of it. */
export function payerCodeRoutes(alipay: () => Alipay, now: () => number): Route[] {
  const state = (request: Request) => {
    const code = alipay().codes.find(request.parts.code ?? '')
    return code ? stateMarkup(request, alipay(), code, now()) : html`${words[languageOf(request)].expired}`
  }
  return [
    {
      method: 'POST',
      path: '/wallet/payer-code',
      answer: (request) => {
        const asked = request.form().get('wish')
        const wish = payerWishes.find((one) => one === asked) ?? 'at-once'
        const { code } = alipay().codes.issue(wish)
        return seeOther(keepLanguage(request, `/wallet/payer-code/${code}`))
      },
    },
    { method: 'GET', path: '/wallet/payer-code', answer: (request) => codePage(request) },
    {
      method: 'GET',
      path: '/wallet/payer-code/:code',
      answer: (request) => codePage(request, alipay().codes.find(request.parts.code ?? ''), state(request)),
    },
    {
      method: 'GET',
      path: '/wallet/payer-code/:code/state',
      answer: (request) => fragment(state(request)),
    },
  ]
}

async function codePage(request: Request, code?: PayerCode, state?: Markup): Promise<Answer> {
  const say = words[languageOf(request)]
  const to = (path: string) => keepLanguage(request, path)
  const option = (wish: PayerWish) =>
    html`<option value="${wish}" ${wish === (code?.wish ?? 'at-once') && html`selected`}>${say[wish]}</option>`
  const shown =
    code &&
    html`<div class="payer-code">${{ markup: await QRCode.toString(code.code, { type: 'svg', margin: 0 }) }}
<p class="hint">${say.digits}</p><p><code data-testid="payer-code">${code.code.replace(/(\d{4})(?=\d)/g, '$1 ')}</code></p></div>
<p class="notice" role="status" data-testid="payer-code-state" data-refresh="${to(`/wallet/payer-code/${code.code}/state`)}">${state ?? html``}</p>`
  return page(request, {
    title: say.title,
    look: 'wallet',
    main: html`<section class="pay" aria-labelledby="code-title">
<div class="pay-head"><h1 id="code-title">${say.title}</h1><p>${say.lede}</p></div>
<div class="pay-body">
${shown}
<form method="post" action="${to('/wallet/payer-code')}">
<div><label for="wish">${say.wish}</label><select id="wish" name="wish" data-testid="payer-code-wish">${payerWishes.map(option)}</select></div>
<button class="${code ? 'plain' : ''}" data-testid="payer-code-fresh">${say.fresh}</button></form>
</div></section>`,
  })
}

function stateMarkup(request: Request, alipay: Alipay, code: PayerCode, now: number): Markup {
  const say = words[languageOf(request)]
  const trade = code.cashierId === undefined ? undefined : tradeByCashierId(alipay.state, code.cashierId)
  if (!trade) return html`${code.expiresAt > now ? say.good : say.expired}`
  const amount = `¥${formatYuan(trade.totalMinor)}`
  if (trade.paidAt !== undefined) return html`${say.paid} ${amount}`
  if (trade.status === 'TRADE_CLOSED') return html`${say.closed}`
  if (code.wish === 'poor') return html`${say.declined}`
  const there = keepLanguage(request, `/wallet/trade/${trade.cashierId}`)
  return html`${say.asked} ${amount} · <a href="${there}" data-testid="payer-code-confirm">${say.confirm}</a>`
}
