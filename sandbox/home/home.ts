import { type Alipay, formatYuan, type Trade } from '../alipay/index.ts'
import { chinaTime } from '../clock.ts'
import type { Route } from '../http.ts'
import type { Mail } from '../mail/index.ts'
import type { Registry } from '../registry.ts'
import type { Smsc } from '../smsc/index.ts'
import { latestPanel } from '../web/desk.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Guide } from './guide-file.ts'

/** Where the sandbox listens. */
export interface Addresses {
  home: string
  /** Alipay's gateway with its path. */
  gateway: string
  /** UnionPay's gateway up to its methods. */
  unionpay: string
  /** Origin of WeChat Pay's API v3. */
  wechat: string
  /** Origin of the card gateway. */
  card: string
  /** Where the bank's customers download statements. */
  bank: string
  smpp: { host: string; port: number }
  smtp: { host: string; port: number }
}

export interface HomeDeps {
  registry: Registry
  alipay(): Alipay
  smsc: Smsc
  mail: Mail
  addresses(): Addresses
  guide(): Guide | undefined
}

const words: Words<
  | 'title'
  | 'lede'
  | 'handsets'
  | 'number'
  | 'open'
  | 'noHandsets'
  | 'wallet'
  | 'walletNote'
  | 'code'
  | 'scan'
  | 'payerCode'
  | 'mailboxes'
  | 'address'
  | 'noMailboxes'
  | 'trades'
  | 'noTrades'
  | 'operators'
  | 'noOperators'
  | 'links'
  | 'cards'
  | 'bank'
  | 'admin'
  | 'adminNote'
> = {
  'zh-CN': {
    title: '沙箱：外部世界的替身',
    lede: '这里模拟支付宝、手机、短信中心和邮箱，协议与真实系统一致，但没有真实的钱和真实的号码。',
    handsets: '手机',
    number: '号码（含国家码）',
    open: '打开',
    noHandsets: '还没有手机收到短信',
    wallet: '支付宝钱包',
    walletNote: '网页支付会自动跳到钱包；扫码支付请粘贴二维码内容。',
    code: '二维码内容',
    scan: '扫一扫',
    payerCode: '付款码：在柜台给收银员扫',
    mailboxes: '邮箱',
    address: '邮箱地址',
    noMailboxes: '还没有邮箱收到邮件',
    trades: '最近交易',
    noTrades: '还没有交易',
    operators: '运营商与商户',
    noOperators: '还没有登记运营商或商户',
    links: '接入地址',
    cards: '银行卡（Stripe）',
    bank: '银行转账',
    admin: '故障旋钮与控制',
    adminNote: '需要控制令牌',
  },
  en: {
    title: 'Sandbox: a stand-in for the outside world',
    lede: 'Alipay, handsets, the message centre and mailboxes, true to their protocols, with no real money and no real numbers.',
    handsets: 'Handsets',
    number: 'Number with country code',
    open: 'Open',
    noHandsets: 'No handset has received a message yet',
    wallet: 'Alipay wallet',
    walletNote: 'Page payments lead here by themselves. For a QR payment, paste what the code says.',
    code: 'QR code content',
    scan: 'Scan',
    payerCode: "Payer's code, to be scanned at a counter",
    mailboxes: 'Mailboxes',
    address: 'Mail address',
    noMailboxes: 'No mailbox has received mail yet',
    trades: 'Latest trades',
    noTrades: 'No trades yet',
    operators: 'Operators and merchants',
    noOperators: 'No operator or merchant is registered yet',
    links: 'Addresses',
    cards: 'Cards (Stripe)',
    bank: 'Bank transfers',
    admin: 'Fault knobs and control',
    adminNote: 'Needs the control token',
  },
}

type Say = (typeof words)['en']

/** The front door: everything there is, and the way to it. */
export function homeRoutes(deps: HomeDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      answer: (request) => {
        const say = words[languageOf(request)]
        const to = (path: string) => keepLanguage(request, path)
        return page(request, {
          title: say.title,
          look: 'desk',
          main: html`<h1>${say.title}</h1>
<p class="lede">${say.lede}</p>
${guidePanel(deps, languageOf(request), to)}
<div class="grid">
${handsetPanel(deps, say, to)}
${walletPanel(say, to)}
${mailboxPanel(deps, say, to)}
${tradePanel(deps, say, to)}
<div class="stack">${operatorPanel(deps, say)}${linkPanel(deps, say, to)}</div>
</div>`,
        })
      },
    },
  ]
}

type To = (path: string) => string

/** Where a visitor should begin, once somebody has said where that is. */
function guidePanel({ guide }: HomeDeps, language: Language, to: To): Markup {
  const told = guide()
  if (!told) return html``
  return html`<a class="panel guide-link" href="${to('/guide')}" data-testid="home-guide">
<strong>${told.title[language]}</strong><span>${told.lead[language]}</span></a>`
}

function handsetPanel({ smsc, registry }: HomeDeps, say: Say, to: To): Markup {
  const numbers = smsc.handsets().slice(0, 8)
  return html`<section class="panel" aria-labelledby="handsets">
<h2 id="handsets">${say.handsets}</h2>
<form action="/handset"><label for="msisdn">${say.number}</label>
<div class="inline"><input id="msisdn" name="msisdn" type="tel" autocomplete="off" required data-testid="home-msisdn"><button data-testid="home-open-handset">${say.open}</button></div></form>
${numbers.length === 0 && html`<p class="empty">${say.noHandsets}</p>`}
<ul class="rows">${numbers.map(
    (number) =>
      html`<li><a href="${to(`/handset/${number}`)}">+${number}</a><span class="side">${registry.operatorOfNumber(number)?.name}</span></li>`,
  )}</ul>
</section>`
}

function walletPanel(say: Say, to: To): Markup {
  return html`<section class="panel" aria-labelledby="wallet">
<h2 id="wallet">${say.wallet}</h2>
<p class="hint">${say.walletNote}</p>
<form action="/wallet/scan"><label for="code">${say.code}</label>
<div class="inline"><input id="code" name="code" autocomplete="off" required data-testid="home-code"><button data-testid="home-scan">${say.scan}</button></div></form>
<p><a href="${to('/wallet/payer-code')}" data-testid="home-payer-code">${say.payerCode}</a></p>
</section>`
}

function mailboxPanel({ mail }: HomeDeps, say: Say, to: To): Markup {
  const addresses = mail.mailboxes().slice(0, 8)
  return html`<section class="panel" aria-labelledby="mailboxes">
<h2 id="mailboxes">${say.mailboxes}</h2>
<form action="/mailbox"><label for="address">${say.address}</label>
<div class="inline"><input id="address" name="address" type="email" autocomplete="off" required><button>${say.open}</button></div></form>
${addresses.length === 0 && html`<p class="empty">${say.noMailboxes}</p>`}
<ul class="rows">${addresses.map(
    (address) => html`<li><a href="${to(`/mailbox/${encodeURIComponent(address)}`)}">${address}</a></li>`,
  )}</ul>
</section>`
}

function tradePanel({ alipay, registry }: HomeDeps, say: Say, to: To): Markup {
  const row = (trade: Trade) => html`<li>
<span class="entry"><a href="${to(`/wallet/trade/${trade.cashierId}`)}">${trade.order.subject}</a>
<span class="side">${chinaTime(trade.createdAt)} GMT+8 · ${registry.merchant(trade.order.appId)?.name}</span></span>
<span class="entry end"><strong>${formatYuan(trade.totalMinor)}</strong><span class="chip ${chipOf(trade)}">${trade.status}</span></span>
</li>`
  const items = alipay().state.trades.values()
  return latestPanel({ id: 'trades', heading: say.trades, empty: say.noTrades, look: 'broad', items, row })
}

function chipOf(trade: Trade): string {
  if (trade.status === 'TRADE_SUCCESS' || trade.status === 'TRADE_FINISHED') return 'good'
  return trade.status === 'TRADE_CLOSED' ? 'bad' : ''
}

function operatorPanel({ registry }: HomeDeps, say: Say): Markup {
  const operators = registry.operators()
  const merchants = registry.merchants()
  const none = operators.length + merchants.length === 0
  return html`<section class="panel" aria-labelledby="operators">
<h2 id="operators">${say.operators}</h2>
${none && html`<p class="empty">${say.noOperators}</p>`}
<ul class="rows">
${operators.map((operator) => html`<li><span>${operator.name}</span><a href="${operator.baseUrl}">${operator.baseUrl}</a></li>`)}
${merchants.map((merchant) => html`<li><span>${merchant.name}</span><span class="side">Alipay <code>${merchant.appId}</code></span></li>`)}
</ul>
</section>`
}

function linkPanel({ addresses }: HomeDeps, say: Say, to: To): Markup {
  const { gateway, unionpay, wechat, card, bank, smpp, smtp } = addresses()
  return html`<section class="panel" aria-labelledby="links">
<h2 id="links">${say.links}</h2>
<ul class="rows">
<li><span>Alipay</span><code>${gateway}</code></li>
<li><a href="${to('/unionpay')}">UnionPay</a><code>${unionpay}</code></li>
<li><a href="${to('/wechat')}">WeChat Pay v3</a><code>${wechat}</code></li>
<li><a href="${to('/card')}">${say.cards}</a><code>${card}</code></li>
<li><a href="${to('/bank')}">${say.bank}</a><code>${bank}</code></li>
<li><span>SMPP 3.4</span><code>${smpp.host}:${smpp.port}</code></li>
<li><span>SMTP</span><code>${smtp.host}:${smtp.port}</code></li>
<li><a href="${to('/admin')}">${say.admin}</a><span class="side">${say.adminNote}</span></li>
</ul>
</section>`
}
