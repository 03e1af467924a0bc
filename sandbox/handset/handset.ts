import { chinaTime } from '../clock.ts'
import { text } from '../fields.ts'
import { type Answer, json, plain, type Request, type Route, seeOther } from '../http.ts'
import type { Registry } from '../registry.ts'
import type { Smsc } from '../smsc/index.ts'
import { fragment, html, keepLanguage, languageOf, type Markup, page, type Words } from '../web/page.ts'
import { dial, type UssdAnswer } from './ussd.ts'

export interface HandsetDeps {
  registry: Registry
  smsc: Smsc
}

const words: Words<
  'title' | 'of' | 'nobody' | 'ussd' | 'dial' | 'send' | 'more' | 'failed' | 'messages' | 'empty' | 'parts'
> = {
  'zh-CN': {
    title: '手机',
    of: '运营商',
    nobody: '没有运营商登记这个号段，只能收短信',
    ussd: '拨号查询',
    dial: 'USSD 代码',
    send: '拨出',
    more: '网络等待您继续输入',
    failed: '没有结果',
    messages: '短信',
    empty: '还没有短信，收到后自动显示',
    parts: '条合并',
  },
  en: {
    title: 'Handset',
    of: 'Operator',
    nobody: 'No operator has registered this number range; it can only receive messages',
    ussd: 'Dial a code',
    dial: 'USSD code',
    send: 'Dial',
    more: 'The network waits for your next input',
    failed: 'No answer',
    messages: 'Messages',
    empty: 'No messages yet. New ones appear by themselves.',
    parts: 'parts',
  },
}

const msisdnForm = /^[1-9]\d{2,14}$/

/** `+86 170 1234-0001` as the network writes it, or undefined. */
export function readMsisdn(given: string): string | undefined {
  const digits = given.replace(/[\s()+-]/g, '')
  return msisdnForm.test(digits) ? digits : undefined
}

/** A page per number: the messages it got, and a field for USSD codes. */
export function handsetRoutes({ registry, smsc }: HandsetDeps): Route[] {
  /** What each handset's screen shows; gone with the process, as with a real screen. */
  const screens = new Map<string, UssdAnswer>()

  async function dialFrom(msisdn: string, code: string): Promise<UssdAnswer> {
    const operator = registry.operatorOfNumber(msisdn)
    return operator
      ? await dial(operator, msisdn, code)
      : { error: 'No operator has registered this number range.' }
  }

  /** Routes under a number: others are answered 404 in one place. */
  const ofNumber =
    (answer: (request: Request, msisdn: string) => Answer | Promise<Answer>): Route['answer'] =>
    (request) => {
      const msisdn = readMsisdn(request.parts.msisdn ?? '')
      return msisdn ? answer(request, msisdn) : plain(404, 'A number is 3 to 15 digits, country code first.')
    }

  return [
    {
      method: 'GET',
      path: '/handset',
      answer: (request) => {
        const msisdn = readMsisdn(request.url.searchParams.get('msisdn') ?? '')
        return seeOther(keepLanguage(request, msisdn ? `/handset/${msisdn}` : '/'))
      },
    },
    {
      method: 'GET',
      path: '/handset/:msisdn',
      answer: ofNumber((request, msisdn) => {
        const operator = registry.operatorOfNumber(msisdn)
        const inbox = messageList(request, smsc, msisdn)
        return handsetPage(request, msisdn, operator?.name, screens.get(msisdn), inbox)
      }),
    },
    {
      method: 'GET',
      path: '/handset/:msisdn/messages',
      answer: ofNumber((request, msisdn) => fragment(messageList(request, smsc, msisdn))),
    },
    {
      method: 'POST',
      path: '/handset/:msisdn/ussd',
      answer: ofNumber(async (request, msisdn) => {
        const code = request.form().get('text')?.trim() ?? ''
        if (code !== '') screens.set(msisdn, await dialFrom(msisdn, code))
        return seeOther(keepLanguage(request, `/handset/${msisdn}`))
      }),
    },
    {
      method: 'GET',
      path: '/api/handset/:msisdn/messages',
      answer: ofNumber((_request, msisdn) => json({ messages: smsc.messagesOf(msisdn) })),
    },
    {
      method: 'POST',
      path: '/api/handset/:msisdn/ussd',
      answer: ofNumber(async (request, msisdn) => {
        const answer = await dialFrom(msisdn, text(request.json(), 'text'))
        return json(answer, 'error' in answer ? 502 : 200)
      }),
    },
  ]
}

function messageList(request: Request, smsc: Smsc, msisdn: string): Markup {
  const say = words[languageOf(request)]
  const messages = smsc.messagesOf(msisdn)
  if (messages.length === 0) return html`<p class="empty" data-testid="no-messages">${say.empty}</p>`
  return html`<ol class="bubbles">${messages.map(
    (message) => html`<li data-testid="message">
<p class="meta"><span data-testid="message-from">${message.from}${message.parts > 1 && ` · ${message.parts} ${say.parts}`}</span><time>${chinaTime(message.at)} GMT+8</time></p>
<p class="text" data-testid="message-text">${message.text}</p>
</li>`,
  )}</ol>`
}

function handsetPage(
  request: Request,
  msisdn: string,
  operatorName: string | undefined,
  screen: UssdAnswer | undefined,
  inbox: Markup,
): Answer {
  const say = words[languageOf(request)]
  return page(request, {
    title: `${msisdn} · ${say.title}`,
    look: 'phone',
    main: html`<h1 data-testid="handset-number">+${msisdn}</h1>
<p class="hint">${operatorName ? `${say.of} ${operatorName}` : say.nobody}</p>
<section class="panel" aria-labelledby="ussd-title">
<h2 id="ussd-title">${say.ussd}</h2>
<form method="post" action="${keepLanguage(request, `/handset/${msisdn}/ussd`)}">
<label for="ussd-text">${say.dial}</label>
<div class="inline"><input id="ussd-text" name="text" value="*101#" autocomplete="off" inputmode="tel" data-testid="ussd-text"><button data-testid="ussd-send">${say.send}</button></div>
</form>
${screen && screenOf(screen, say)}
</section>
<section class="panel" aria-labelledby="messages-title">
<h2 id="messages-title">${say.messages}</h2>
<div data-refresh="${keepLanguage(request, `/handset/${msisdn}/messages`)}" data-testid="messages" aria-live="polite">${inbox}</div>
</section>`,
  })
}

function screenOf(screen: UssdAnswer, say: (typeof words)['en']): Markup {
  if ('error' in screen) {
    return html`<p class="screen bad" role="alert" data-testid="ussd-error">${say.failed}: ${screen.error}</p>`
  }
  const more = screen.continue && html`<p class="hint">${say.more}</p>`
  return html`<p class="screen" role="status" data-testid="ussd-answer">${screen.text}</p>${more}`
}
