import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import { html, keepLanguage, languageOf, page } from '../web/page.ts'
import { verdictPage, walletActs } from '../web/verdict.ts'
import type { Deal } from './deal.ts'
import type { Wechat } from './index.ts'
import { checkLaunch } from './launch.ts'
import { WechatRefusal } from './refusal.ts'
import { type WalletWord, walletWords } from './wallet-words.ts'
import { formatYuan } from './yuan.ts'

/**
 * The payer's side: behind a scanned code, an H5 address, a launch from inside WeChat, and the code shown at a counter.
 * `redirect_url` is the merchant's own addition to an H5 address: where the browser goes afterwards.
 */
export function wechatWalletRoutes(wechat: () => Wechat): Route[] {
  const dealOf = (request: Request) => wechat().state.deals.get(request.parts.deal ?? '')
  const arrive = (request: Request, deal: Deal | undefined) =>
    deal ? seeOther(payPath(request, deal)) : verdict(request, 'bad', 'unknown', 'unknownNote', 404)
  return [
    {
      method: 'GET',
      path: '/wechat/scan',
      answer: (request) => arrive(request, wechat().cashier.follow(request.url.searchParams.get('pr') ?? '')),
    },
    {
      method: 'GET',
      path: '/wechat/h5',
      answer: (request) => {
        const { searchParams } = request.url
        const deal = wechat().cashier.follow(searchParams.get('package') ?? '')
        return arrive(request, deal?.order.prepayId === searchParams.get('prepay_id') ? deal : undefined)
      },
    },
    {
      method: 'GET',
      path: '/wechat/launch',
      answer: (request) => {
        const found = checkLaunch(wechat(), request.url.searchParams)
        return 'wrong' in found
          ? verdict(request, 'bad', 'launch', found.wrong, 400)
          : arrive(request, found.deal)
      },
    },
    {
      method: 'GET',
      path: '/wechat/payer-code',
      answer: (request) => payerCodePage(request, wechat()),
    },
    {
      method: 'GET',
      path: '/wechat/pay/:deal',
      answer: (request) => showDeal(request, wechat(), dealOf(request)),
    },
    {
      method: 'POST',
      path: '/wechat/pay/:deal/confirm',
      answer: async (request) => {
        const deal = dealOf(request)
        if (!deal) return showDeal(request, wechat(), undefined)
        const paid = await wechat()
          .cashier.pay(deal)
          .then(
            () => true,
            (error: unknown) => {
              if (!(error instanceof WechatRefusal)) throw error
              return false
            },
          )
        return seeOther((paid && returnAddress(request)) || payPath(request, deal))
      },
    },
    {
      method: 'POST',
      path: '/wechat/pay/:deal/refuse',
      answer: async (request) => {
        const deal = dealOf(request)
        if (!deal) return showDeal(request, wechat(), undefined)
        await wechat().cashier.refuse(deal)
        return seeOther(returnAddress(request) ?? payPath(request, deal, { refused: 'yes' }))
      },
    },
  ]
}

/** Where the merchant wants the browser back; nothing in it says whether anybody paid. */
function returnAddress(request: Request): string | undefined {
  const given = request.url.searchParams.get('redirect_url')
  const address = given === null ? null : URL.parse(given)
  return address && /^https?:$/.test(address.protocol) ? address.href : undefined
}

function payPath(request: Request, deal: Deal, more: Record<string, string> = {}, act = ''): string {
  const back = request.url.searchParams.get('redirect_url')
  const query = new URLSearchParams({ ...more, ...(back === null ? {} : { redirect_url: back }) }).toString()
  const path = `/wechat/pay/${deal.dealId}${act}`
  return keepLanguage(request, query === '' ? path : `${path}?${query}`)
}

function showDeal(request: Request, wechat: Wechat, deal: Deal | undefined): Answer {
  const say = walletWords[languageOf(request)]
  if (!deal) return verdict(request, 'bad', 'unknown', 'unknownNote', 404)
  if (deal.state === 'SUCCESS' || deal.state === 'REFUND') {
    return verdict(request, 'good', 'paid', 'paidNote', 200, deal)
  }
  const { mchId, description, outTradeNo } = deal.order
  const late = deal.state === 'CLOSED' && wechat.merchants.knobs(mchId).paidAfterClose
  if (deal.state !== 'NOTPAY' && deal.state !== 'USERPAYING' && !late) {
    return verdict(request, 'bad', 'closed', 'closedNote', 410, deal)
  }
  if (request.url.searchParams.get('refused') === 'yes') {
    return verdict(request, 'wait', 'refused', 'refusedNote', 200, deal)
  }
  return page(request, {
    title: say.title,
    look: 'wallet',
    main: html`<section class="pay wechat" aria-labelledby="pay-title">
<div class="pay-head">
<h1 id="pay-title">${say.title} · ${say.pay}</h1>
<p class="pay-amount" data-testid="wallet-amount"><small>¥</small>${formatYuan(deal.totalMinor)}</p>
</div>
<div class="pay-body">
<dl class="facts">
<div><dt>${say.merchant}</dt><dd data-testid="wallet-merchant">${wechat.merchants.find(mchId)?.name}</dd></div>
<div><dt>${say.subject}</dt><dd data-testid="wallet-subject">${description}</dd></div>
<div><dt>${say.order}</dt><dd><code data-testid="wallet-order">${outTradeNo}</code></dd></div>
<div><dt>${say.method}</dt><dd>${say.change}</dd></div>
</dl>
<form method="post" action="${payPath(request, deal, {}, '/confirm')}"><button id="wallet-confirm" data-testid="wallet-confirm">${say.confirm}</button></form>
<form method="post" action="${payPath(request, deal, {}, '/refuse')}"><button id="wallet-refuse" data-testid="wallet-refuse" class="plain">${say.refuse}</button></form>
<p class="hint">${say.note}</p>
</div>
</section>`,
  })
}

function payerCodePage(request: Request, wechat: Wechat): Answer {
  const say = walletWords[languageOf(request)]
  const { code } = wechat.payerCodes.issue()
  const waiting = [...wechat.state.deals.values()].filter(({ state }) => state === 'USERPAYING').reverse()
  return page(request, {
    title: `${say.code} · ${say.title}`,
    look: 'wallet',
    main: html`<section class="pay wechat" aria-labelledby="code-title">
<div class="pay-head">
<h1 id="code-title">${say.title} · ${say.code}</h1>
<p class="pay-code" data-testid="wallet-payer-code">${code.replace(/(\d{4})(?=\d)/g, '$1 ')}</p>
</div>
<div class="pay-body">
<p class="hint">${say.codeNote}</p>
<div class="acts"><a class="button plain" href="${keepLanguage(request, '/wechat/payer-code')}">${say.fresh}</a></div>
<h2 class="pay-more">${say.waiting}</h2>
${waiting.length === 0 && html`<p class="empty">${say.nothing}</p>`}
<ul class="rows">${waiting.map(
      (deal) =>
        html`<li><a href="${payPath(request, deal)}">${deal.order.description}</a><strong>${formatYuan(deal.totalMinor)}</strong></li>`,
    )}</ul>
</div>
</section>`,
  })
}

/** `note` is a word of the wallet or a text of its own. */
function verdict(
  request: Request,
  mark: 'good' | 'bad' | 'wait',
  head: WalletWord,
  note: WalletWord | (string & {}),
  status: number,
  deal?: Deal,
): Answer {
  const say = walletWords[languageOf(request)]
  const again = mark === 'wait' && deal?.state === 'NOTPAY' ? payPath(request, deal) : undefined
  return verdictPage(request, {
    title: say.title,
    mark,
    head: say[head],
    note: Object.hasOwn(say, note) ? say[note as WalletWord] : `${say.launchNote}${note}`,
    status,
    testId: 'wallet-verdict',
    word: head,
    look: 'wechat',
    facts:
      deal &&
      html`<div><dt>${say.subject}</dt><dd>${deal.order.description}</dd></div>
<div><dt>${say.amount}</dt><dd>¥${formatYuan(deal.totalMinor)}</dd></div>
<div><dt>${say.order}</dt><dd><code>${deal.order.outTradeNo}</code></dd></div>
${deal.transactionId !== undefined && html`<div><dt>${say.transaction}</dt><dd><code>${deal.transactionId}</code></dd></div>`}`,
    acts: walletActs(say, again, deal && returnAddress(request)),
  })
}
