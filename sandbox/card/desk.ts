import { utcTime } from '../clock.ts'
import type { Route } from '../http.ts'
import type { NotificationRecord } from '../notification.ts'
import { html, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import { amountText } from './checkout-words.ts'
import type { CardEvent } from './event.ts'
import type { CardGateway } from './index.ts'
import type { CardMerchant } from './merchants.ts'
import { refundedMinor, type Session } from './payment.ts'

const words: Words<
  | 'title'
  | 'lede'
  | 'none'
  | 'account'
  | 'endpoint'
  | 'keys'
  | 'keysNote'
  | 'payments'
  | 'noPayments'
  | 'events'
  | 'noEvents'
  | 'next'
  | 'sent'
  | 'acknowledged'
  | 'dropped'
  | 'givenUp'
  | 'refunded'
  | 'disputed'
> = {
  'zh-CN': {
    title: '银行卡网关（沙箱）',
    lede: '按 Stripe 的接口收银行卡：收银台会话、退款、拒付、对账单、签名通知。下面是它自己的账本和通知时钟（UTC）。',
    none: '还没有登记收银行卡的商户',
    account: '账户',
    endpoint: '通知地址',
    keys: '密钥',
    keysNote: '只显示末四位；完整密钥由控制接口给出。',
    payments: '最近付款',
    noPayments: '还没有付款',
    events: '最近通知',
    noEvents: '还没有通知',
    next: '下次发送',
    sent: '已发送次数',
    acknowledged: '已确认',
    dropped: '已丢弃',
    givenUp: '不再发送',
    refunded: '已退',
    disputed: '拒付',
  },
  en: {
    title: 'Card gateway (sandbox)',
    lede: "Takes cards over Stripe's wire: checkout sessions, refunds, disputes, balance reports, signed events. Below are its own book and its retry clock (UTC).",
    none: 'No merchant takes cards yet',
    account: 'Account',
    endpoint: 'Endpoint',
    keys: 'Keys',
    keysNote: 'Last four characters only; the control API gives the whole.',
    payments: 'Latest payments',
    noPayments: 'No payments yet',
    events: 'Latest events',
    noEvents: 'No events yet',
    next: 'next sending',
    sent: 'sent',
    acknowledged: 'acknowledged',
    dropped: 'dropped',
    givenUp: 'given up',
    refunded: 'refunded',
    disputed: 'dispute',
  },
}

type Say = (typeof words)['en']

/** The gateway's own page, for people: whom it serves, what its book says, and when it tries to tell them again. */
export function deskRoutes(gateway: CardGateway, origin: () => string): Route[] {
  return [
    {
      method: 'GET',
      path: '/card',
      answer: (request) => {
        const language = languageOf(request)
        const say = words[language]
        const merchants = gateway.merchants.all()
        return page(request, {
          title: say.title,
          look: 'desk',
          main: html`<h1>${say.title}</h1>
<p class="lede">${say.lede} <code>${origin()}</code></p>
${merchants.length === 0 && html`<p class="empty">${say.none}</p>`}
${merchants.map((merchant) => merchantPanels(gateway, merchant, say, language))}`,
        })
      },
    },
  ]
}

function merchantPanels(gateway: CardGateway, merchant: CardMerchant, say: Say, language: Language): Markup {
  const { account } = merchant
  const sessions = [...gateway.state.sessions.values()].filter(({ order }) => order.account === account)
  const events = [...gateway.state.events.values()].filter(
    ({ notification }) => notification.account === account,
  )
  const lastFour = (key: string) => `…${key.slice(-4)}`
  return html`<div class="grid" data-testid="card-merchant-${account}">
<section class="panel"><h2>${merchant.name}</h2><ul class="rows">
<li><span>${say.account}</span><code>${account}</code></li>
<li><span>${say.endpoint}</span><code>${merchant.webhookUrl}</code></li>
<li><span>${say.keys}</span><code>sk_test_${lastFour(merchant.secretKey)} · ${gateway.merchants.webhookSecrets(account).map(lastFour).join(' ')}</code></li>
</ul><p class="hint">${say.keysNote}</p></section>
<div class="stack broad"><section class="panel"><h2>${say.payments}</h2>
${sessions.length === 0 && html`<p class="empty">${say.noPayments}</p>`}
<ul class="rows">${sessions
    .toReversed()
    .slice(0, 20)
    .map((session) => sessionRow(session, say))}</ul></section>
<section class="panel"><h2>${say.events}</h2>
${events.length === 0 && html`<p class="empty">${say.noEvents}</p>`}
<ul class="rows">${events
    .toReversed()
    .slice(0, 20)
    .map((record) => eventRow(gateway, record, say, language))}</ul></section></div>
</div>`
}

function sessionRow(session: Session, say: Say): Markup {
  const { order, status, intent, createdAt } = session
  const charge = intent?.charge
  const card = charge && `${charge.card.brand} ···· ${charge.card.last4}`
  const refunded = charge ? refundedMinor(charge) : 0n
  const notes = [
    utcTime(createdAt),
    order.clientReferenceId,
    card,
    refunded > 0n && `${say.refunded} ${amountText(order.currency, refunded)}`,
    charge?.dispute && `${say.disputed} ${charge.dispute.status}`,
  ].filter((note) => typeof note === 'string')
  const amount = amountText(order.currency, charge?.amountMinor ?? BigInt(order.amountMinor))
  const chip = { complete: 'good', expired: 'bad', open: '' }[status]
  return html`<li><span class="entry"><span>${order.product}</span><span class="side">${notes.join(' · ')}</span></span>
<span class="entry end"><strong>${amount}</strong><span class="chip ${chip}">${status}</span></span></li>`
}

function eventRow(
  gateway: CardGateway,
  record: NotificationRecord<CardEvent>,
  say: Say,
  language: Language,
): Markup {
  const { notification: event, sendings, dropped } = record
  const next = gateway.events.nextSendingAt(record)
  const done = sendings.some(({ acknowledged }) => acknowledged)
  const fate = done
    ? say.acknowledged
    : dropped
      ? say.dropped
      : next === undefined
        ? say.givenUp
        : `${say.next} ${utcTime(next)}`
  const answers = sendings.map(({ status }) => status).join(language === 'en' ? ', ' : '、')
  return html`<li><span class="entry"><code>${event.type}</code><span class="side">${utcTime(event.at)} · <code>${event.id}</code></span></span>
<span class="entry end"><span class="chip ${done ? 'good' : ''}">${fate}</span><span class="side">${say.sent} ${sendings.length}${answers && ` (${answers})`}</span></span></li>`
}
