import { X509Certificate } from 'node:crypto'
import { chinaTime } from '../clock.ts'
import type { Route } from '../http.ts'
import { latestPanel, noticePanel } from '../web/desk.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { UnionPay } from './index.ts'
import { responseWords } from './response.ts'
import { type Order, type Transaction, transactionsNumbered } from './transaction.ts'
import { formatFen } from './yuan.ts'

const words: Words<
  | 'title'
  | 'lede'
  | 'addresses'
  | 'gateway'
  | 'files'
  | 'clock'
  | 'merchants'
  | 'none'
  | 'certificates'
  | 'certificateNote'
  | 'until'
  | 'orders'
  | 'noOrders'
  | 'open'
  | 'transactions'
  | 'noTransactions'
  | '01'
  | '04'
  | '31'
  | 'notices'
> = {
  'zh-CN': {
    title: '银联（沙箱）',
    lede: '银联在线网关 5.1.0 的替身：签名、证书链、后台通知和对账文件都按公开资料实现，没有真实的钱。',
    addresses: '接入地址',
    gateway: '网关',
    files: '对账文件',
    clock: '通知重发的时间比例',
    merchants: '商户',
    none: '还没有登记商户',
    certificates: '证书链',
    certificateNote: '每条应答和通知都带签名证书，商户要一直验到根证书。',
    until: '有效期至',
    orders: '最近到收银台的订单',
    noOrders: '还没有订单',
    open: '待支付',
    transactions: '最近交易',
    noTransactions: '还没有交易',
    '01': '消费',
    '04': '退货',
    '31': '消费撤销',
    notices: '最近后台通知',
  },
  en: {
    title: 'UnionPay (sandbox)',
    lede: 'A stand-in for the online gateway 5.1.0: signatures, certificates, back notices and settlement files as public sources tell them, without real money.',
    addresses: 'Addresses',
    gateway: 'Gateway',
    files: 'Settlement files',
    clock: 'Time scale of the retry ladder',
    merchants: 'Merchants',
    none: 'No merchant is registered yet',
    certificates: 'Certificate chain',
    certificateNote:
      'Every answer and notice brings the signing certificate; merchants check it up to the root.',
    until: 'good until',
    orders: 'Latest orders at the cashier',
    noOrders: 'No orders yet',
    open: 'to be paid',
    transactions: 'Latest transactions',
    noTransactions: 'No transactions yet',
    '01': 'Payment',
    '04': 'Refund',
    '31': 'Void',
    notices: 'Latest back notices',
  },
}

type Say = (typeof words)['en']

/** The rail's own page: its book as it stands, its certificates and its retry clock. */
export function unionPayDeskRoutes(unionPay: UnionPay, address: string): Route[] {
  return [
    {
      method: 'GET',
      path: '/unionpay',
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
<div class="stack broad">${orderPanel(unionPay, say, to)}${transactionPanel(unionPay, say)}${toldPanel(unionPay, language)}</div>
<div class="stack">
<section class="panel"><h2>${say.addresses}</h2><ul class="rows">
<li><span>${say.gateway}</span><code>${address}</code></li>
<li><span>${say.files}</span><code>${new URL(address).origin}</code></li>
<li><span>${say.clock}</span><code>${unionPay.retryScale()}</code></li>
</ul></section>
${merchantPanel(unionPay, say)}
${unionPay.state.merchants.size > 0 && certificatePanel(unionPay, say)}
</div>
</div>`,
        })
      },
    },
  ]
}

function merchantPanel({ state }: UnionPay, say: Say): Markup {
  const row = ({ merId, certId, name }: { merId: string; certId: string; name: string }) =>
    html`<li><span class="entry">${name}<span class="side"><code>${merId}</code> · certId <code>${certId}</code></span></span></li>`
  return html`<section class="panel" aria-labelledby="merchants"><h2 id="merchants">${say.merchants}</h2>
${state.merchants.size === 0 && html`<p class="empty">${say.none}</p>`}
<ul class="rows">${[...state.merchants.values()].map(row)}</ul></section>`
}

function certificatePanel({ authority }: UnionPay, say: Say): Markup {
  const { rootCertificate, middleCertificate } = authority.certificates()
  const row = (source: string | Buffer) => {
    const { subject, serialNumber, validToDate } = new X509Certificate(source)
    const name = /CN=(.*)/.exec(subject)?.[1]
    return html`<li><span class="entry">${name}<span class="side"><code>${serialNumber}</code> · ${say.until} ${chinaTime(validToDate.getTime()).slice(0, 10)}</span></span></li>`
  }
  const upper = [rootCertificate, middleCertificate].map((der) => row(Buffer.from(der, 'base64')))
  return html`<section class="panel" aria-labelledby="certificates"><h2 id="certificates">${say.certificates}</h2>
<p class="hint">${say.certificateNote}</p>
<ul class="rows">${[...upper, row(authority.signer().certificate)]}</ul></section>`
}

function orderPanel({ state }: UnionPay, say: Say, to: (path: string) => string): Markup {
  const row = ([cashierId, order]: [string, Order]) => {
    const tries = transactionsNumbered(state, order.merId, order.orderId)
    const last = tries.find(({ respCode }) => respCode === '00') ?? tries.at(-1)
    return html`<li><span class="entry"><a href="${to(`/unionpay/cashier/${cashierId}`)}">${order.subject ?? order.orderId}</a>
<span class="side"><code>${order.orderId}</code> · ${state.merchants.get(order.merId)?.name}</span></span>
<span class="entry end"><strong>${formatFen(order.amountMinor)}</strong>${last ? chip(last.respCode) : html`<span class="chip">${say.open}</span>`}</span></li>`
  }
  return latestPanel({ id: 'orders', heading: say.orders, empty: say.noOrders, items: state.orders, row })
}

function chip(respCode: string): Markup {
  const look = respCode === '00' ? 'good' : respCode === '05' ? '' : 'bad'
  return html`<span class="chip ${look}">${responseWords(respCode)}</span>`
}

function transactionPanel({ state }: UnionPay, say: Say): Markup {
  const row = (one: Transaction) => html`<li>
<span class="entry"><span>${say[one.kind]} · <code>${one.orderId}</code></span><span class="side">${chinaTime(one.at)} GMT+8 · queryId <code>${one.queryId}</code></span></span>
<span class="entry end"><strong>${formatFen(`${one.amountMinor}`)}</strong>${chip(one.respCode)}</span></li>`
  const items = state.transactions.values()
  return latestPanel({ id: 'transactions', heading: say.transactions, empty: say.noTransactions, items, row })
}

function toldPanel({ state, notices }: UnionPay, language: Language): Markup {
  return noticePanel(language, {
    heading: words[language].notices,
    records: state.notices,
    nextSendingAt: notices.nextSendingAt,
    entry: ({ fields, queryId }) =>
      html`${fields.orderId}<span class="side">queryId <code>${queryId}</code></span>`,
  })
}
