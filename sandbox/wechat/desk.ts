import { chinaTime } from '../clock.ts'
import type { Route } from '../http.ts'
import { latestPanel, noticePanel } from '../web/desk.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Deal } from './deal.ts'
import type { Wechat } from './index.ts'
import type { WechatMerchant } from './merchants.ts'
import type { PlatformKey } from './platform-keys.ts'
import { formatYuan } from './yuan.ts'

const words: Words<
  | 'title'
  | 'lede'
  | 'api'
  | 'code'
  | 'browser'
  | 'keys'
  | 'keyNote'
  | 'signs'
  | 'valid'
  | 'none'
  | 'clock'
  | 'orders'
  | 'noOrders'
  | 'notices'
> = {
  'zh-CN': {
    title: '微信支付（沙箱）',
    lede: '微信支付 API v3 的替身：签名、加密、通知重发和账单都与真实系统一致，没有真实的钱。',
    api: '接口地址',
    code: '出示付款码',
    browser: '在微信里打开网页',
    keys: '商户与平台密钥',
    keyNote: '平台证书按序列号轮换：新的签名，旧的仍有效。',
    signs: '签名中',
    valid: '仍有效',
    none: '还没有登记商户',
    clock: '通知重发的时间比例',
    orders: '最近订单',
    noOrders: '还没有订单',
    notices: '最近通知',
  },
  en: {
    title: 'WeChat Pay (sandbox)',
    lede: 'A stand-in for API v3: signatures, sealing, the retry ladder and bills are as in the real one, without real money.',
    api: 'API address',
    code: "Show a payer's code",
    browser: 'Open a page inside WeChat',
    keys: 'Merchants and platform keys',
    keyNote: 'Certificates rotate by serial number: the new one signs, the old one stays valid.',
    signs: 'signs',
    valid: 'valid',
    none: 'No merchant is registered yet',
    clock: 'Time scale of the retry ladder',
    orders: 'Latest orders',
    noOrders: 'No orders yet',
    notices: 'Latest notifications',
  },
}

type Say = (typeof words)['en']

/** The rail's own page: its book as it stands, its keys and its retry clock. */
export function wechatDeskRoutes(wechat: () => Wechat, origin: () => string): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat',
      answer: (request) => {
        const language = languageOf(request)
        const say = words[language]
        const to = (path: string) => keepLanguage(request, path)
        return page(request, {
          title: say.title,
          look: 'desk',
          main: html`<h1>${say.title}</h1>
<p class="lede">${say.lede}</p>
<div class="grid">
<section class="panel"><h2>${say.api}</h2><ul class="rows">
<li><span>API v3</span><code>${origin()}</code></li>
<li><span>${say.clock}</span><code>${wechat().retryScale()}</code></li>
<li><a href="${to('/wechat/payer-code')}">${say.code}</a></li>
<li><a href="${origin()}/">${say.browser}</a></li>
</ul></section>
${keyPanel(wechat(), say)}
${orderPanel(wechat(), say, to)}
${toldPanel(wechat(), language)}
</div>`,
        })
      },
    },
  ]
}

function keyPanel({ merchants, keys }: Wechat, say: Say): Markup {
  const known = merchants.all()
  return html`<section class="panel" aria-labelledby="keys"><h2 id="keys">${say.keys}</h2>
<p class="hint">${say.keyNote}</p>
${known.length === 0 && html`<p class="empty">${say.none}</p>`}
<ul class="rows">${known.map((merchant) => keyRow(merchant, keys.of(merchant.mchId), say))}</ul></section>`
}

function keyRow({ mchId, appId, name }: WechatMerchant, keys: PlatformKey[], say: Say): Markup {
  const shown = keys.map(
    ({ serial }, age) =>
      html`<span class="side"><code>${serial.slice(0, 16)}…</code> <span class="chip ${age === 0 && 'good'}">${age === 0 ? say.signs : say.valid}</span></span>`,
  )
  return html`<li><span class="entry">${name}<span class="side"><code>${mchId}</code> · <code>${appId}</code></span>${shown}</span></li>`
}

function orderPanel({ state, merchants }: Wechat, say: Say, to: (path: string) => string): Markup {
  const row = (deal: Deal) => html`<li>
<span class="entry"><a href="${to(`/wechat/pay/${deal.dealId}`)}">${deal.order.description}</a>
<span class="side">${chinaTime(deal.createdAt)} GMT+8 · ${merchants.find(deal.order.mchId)?.name} · ${deal.order.tradeType}</span></span>
<span class="entry end"><strong>${formatYuan(deal.totalMinor)}</strong><span class="chip ${chipOf(deal)}">${deal.state}</span></span>
</li>`
  const items = state.deals.values()
  return latestPanel({ id: 'orders', heading: say.orders, empty: say.noOrders, look: 'broad', items, row })
}

function chipOf({ state }: Deal): string {
  if (state === 'SUCCESS') return 'good'
  return state === 'NOTPAY' || state === 'USERPAYING' ? '' : 'bad'
}

function toldPanel({ state, notifications }: Wechat, language: Language): Markup {
  return noticePanel(language, {
    heading: words[language].notices,
    look: 'broad',
    records: state.notifications,
    nextSendingAt: notifications.nextSendingAt,
    entry: ({ eventType, at, id }) =>
      html`${eventType}<span class="side">${chinaTime(at)} GMT+8 · <code>${id}</code></span>`,
  })
}
