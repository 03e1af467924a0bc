import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import { html, keepLanguage, languageOf, type Markup, page } from '../web/page.ts'
import { verdictPage } from '../web/verdict.ts'
import { testCards } from './card-number.ts'
import type { Tried } from './checkout.ts'
import { amountText, checkoutWords, type DeclineWord, declineWord, type Say } from './checkout-words.ts'
import type { CardGateway } from './index.ts'
import type { Session } from './payment.ts'

/**
 * The vendor's hosted page: the one place where a card's number is ever typed. It comes in a form's body, is judged and
 * forgotten; no address, page, book or log holds it.
 */
export function checkoutRoutes(gateway: CardGateway): Route[] {
  const act = (path: string, work: (session: Session, request: Request) => Promise<Tried>): Route => ({
    method: 'POST',
    path: `/checkout/:session/${path}`,
    answer: async (request) => {
      const session = await sessionOf(gateway, request)
      if (!session) return verdict(request, 'bad', 'unknown', 'unknownNote', 404)
      return go(request, session, await work(session, request))
    },
  })
  return [
    {
      method: 'GET',
      path: '/checkout/:session',
      answer: async (request) => {
        const session = await sessionOf(gateway, request)
        if (!session) return verdict(request, 'bad', 'unknown', 'unknownNote', 404)
        return showSession(request, gateway, session)
      },
    },
    act('pay', (session, request) => gateway.checkout.pay(session, request.form().get('number') ?? '')),
    act('challenge', (session, request) =>
      gateway.checkout.answerChallenge(session, request.form().get('answer') === 'complete'),
    ),
  ]
}

async function sessionOf(gateway: CardGateway, request: Request): Promise<Session | undefined> {
  const session = gateway.state.sessions.get(request.parts.session ?? '')
  return session && (await gateway.checkout.look(session))
}

/** Where the browser goes after a try. The reason of a refusal travels as a word of ours, never what was typed. */
function go(request: Request, session: Session, tried: Tried): Answer {
  const here = `/checkout/${session.id}`
  switch (tried.kind) {
    case 'paid':
      return seeOther(successAddress(session))
    case 'declined':
      return seeOther(keepLanguage(request, `${here}?declined=${declineWord(tried.decline)}`))
    case 'challenge':
    case 'over':
      return seeOther(keepLanguage(request, here))
  }
}

function successAddress({ id, order }: Session): string {
  return order.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', id)
}

function showSession(request: Request, gateway: CardGateway, session: Session): Answer {
  const { status, order } = session
  if (status === 'complete') {
    return verdict(request, 'good', 'paid', 'paidNote', 200, successAddress(session))
  }
  if (status === 'expired' && !gateway.merchants.knobs(order.account).paidAfterClose) {
    return verdict(request, 'bad', 'expired', 'expiredNote', 410, order.cancelUrl ?? undefined)
  }
  return session.challenge ? challengePage(request, session) : payPage(request, gateway, session)
}

function payPage(request: Request, gateway: CardGateway, session: Session): Answer {
  const say = checkoutWords[languageOf(request)]
  const { order } = session
  const declined = request.url.searchParams.get('declined')
  const problem = declined !== null && say[isDecline(declined) ? declined : 'declineGeneric']
  const action = keepLanguage(request, `/checkout/${session.id}/pay`)
  return page(request, {
    title: say.title,
    look: 'wallet',
    main: html`<section class="pay card-pay" aria-labelledby="pay-title">
${head(say, session)}
<div class="pay-body">
<dl class="facts">
<div><dt>${say.merchant}</dt><dd data-testid="card-merchant">${gateway.merchants.find(order.account)?.name}</dd></div>
<div><dt>${say.item}</dt><dd data-testid="card-item">${order.product}</dd></div>
</dl>
${problem && html`<p class="notice bad" role="alert" data-testid="card-error" data-decline="${declined ?? ''}">${problem}</p>`}
<form method="post" action="${action}" autocomplete="off">
<div><label for="number">${say.number}</label><input id="number" name="number" inputmode="numeric" autocomplete="off" maxlength="23" required placeholder="4242 4242 4242 4242" data-testid="card-number"></div>
<div class="card-row">
<div><label for="expiry">${say.expiry}</label><input id="expiry" inputmode="numeric" autocomplete="off" maxlength="7" placeholder="12 / 34" data-testid="card-expiry"></div>
<div><label for="cvc">${say.cvc}</label><input id="cvc" inputmode="numeric" autocomplete="off" maxlength="4" placeholder="123" data-testid="card-cvc"></div>
</div>
<button data-testid="card-pay">${say.pay} ${amountText(order.currency, BigInt(order.amountMinor))}</button>
</form>
${order.cancelUrl !== null && html`<div class="acts"><a class="button plain" href="${order.cancelUrl}" data-testid="card-cancel">${say.cancel}</a></div>`}
<p class="hint">${say.note}</p>
</div>
</section>
${testCardPanel(say, action)}`,
  })
}

/** Every card the gateway knows, one press away: what the payer would otherwise look up. */
function testCardPanel(say: Say, action: string): Markup {
  const row = ({ number, brand, means }: (typeof testCards)[number]) => html`<li>
<span class="entry"><strong>${say[means]}</strong><span class="side">${brand} <code>${grouped(number)}</code></span></span>
<form method="post" action="${action}"><input type="hidden" name="number" value="${number}"><button class="plain small" data-testid="card-use-${number.slice(-4)}">${say.use}</button></form>
</li>`
  return html`<details class="panel card-list"><summary><h2>${say.testCards}</h2></summary>
<ul class="rows">${testCards.map(row)}</ul></details>`
}

/** As printed on the card. */
function grouped(number: string): string {
  const form = number.length === 15 ? /^(\d{4})(\d{6})(\d{5})$/ : /^(\d{4})(\d{4})(\d{4})(\d{4})$/
  return number.replace(form, (...parts) => parts.slice(1, number.length === 15 ? 4 : 5).join(' '))
}

function isDecline(word: string): word is DeclineWord {
  return word.startsWith('decline') && Object.hasOwn(checkoutWords.en, word)
}

function head(say: Say, { order }: Session): Markup {
  return html`<div class="pay-head">
<h1 id="pay-title">${say.title}</h1>
<p class="pay-amount" data-testid="card-amount">${amountText(order.currency, BigInt(order.amountMinor))}</p>
</div>`
}

/** The issuer's own page, as 3-D Secure shows it. */
function challengePage(request: Request, session: Session): Answer {
  const say = checkoutWords[languageOf(request)]
  const action = keepLanguage(request, `/checkout/${session.id}/challenge`)
  const { brand, last4 } = session.challenge?.card ?? { brand: '', last4: '' }
  return page(request, {
    title: say.bank,
    look: 'wallet',
    main: html`<section class="pay card-bank" aria-labelledby="pay-title">
${head({ ...say, title: say.bank }, session)}
<div class="pay-body">
<dl class="facts"><div><dt>${say.card}</dt><dd><code data-testid="card-last4">${brand} •••• ${last4}</code></dd></div></dl>
<p class="hint">${say.bankNote}</p>
<form method="post" action="${action}"><input type="hidden" name="answer" value="complete"><button data-testid="card-challenge-complete">${say.complete}</button></form>
<form method="post" action="${action}"><input type="hidden" name="answer" value="fail"><button class="plain" data-testid="card-challenge-fail">${say.fail}</button></form>
</div>
</section>`,
  })
}

function verdict(
  request: Request,
  mark: 'good' | 'bad',
  title: 'paid' | 'expired' | 'unknown',
  note: 'paidNote' | 'expiredNote' | 'unknownNote',
  status: number,
  back?: string,
): Answer {
  const say = checkoutWords[languageOf(request)]
  return verdictPage(request, {
    title: say.title,
    mark,
    head: say[title],
    note: say[note],
    status,
    testId: 'card-verdict',
    word: title,
    acts:
      back === undefined
        ? undefined
        : html`<a class="button plain" href="${back}" data-testid="card-back">${say.back}</a>`,
  })
}
