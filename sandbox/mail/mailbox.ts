import { chinaTime } from '../clock.ts'
import { json, type Request, type Route, seeOther } from '../http.ts'
import { fragment, html, keepLanguage, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Mail } from './mail.ts'

const words: Words<'title' | 'empty' | 'attachments'> = {
  'zh-CN': { title: '邮箱', empty: '还没有邮件，收到后自动显示', attachments: '附件' },
  en: {
    title: 'Mailbox',
    empty: 'No mail yet. New messages appear by themselves.',
    attachments: 'Attachments',
  },
}

/** A page per address with every message it got, as text; the JSON has the HTML too. */
export function mailboxRoutes(mail: Mail): Route[] {
  const address = (request: Request) => request.parts.address ?? ''
  return [
    {
      method: 'GET',
      path: '/mailbox',
      answer: (request) => {
        const wanted = request.url.searchParams.get('address')?.trim() ?? ''
        return seeOther(keepLanguage(request, wanted === '' ? '/' : `/mailbox/${encodeURIComponent(wanted)}`))
      },
    },
    {
      method: 'GET',
      path: '/mailbox/:address',
      answer: (request) => {
        const say = words[languageOf(request)]
        const messages = keepLanguage(request, `/mailbox/${encodeURIComponent(address(request))}/messages`)
        return page(request, {
          title: `${address(request)} · ${say.title}`,
          look: 'phone',
          main: html`<h1>${address(request)}</h1>
<p class="hint">${say.title}</p>
<div data-refresh="${messages}" aria-live="polite">${messageList(request, mail, address(request))}</div>`,
        })
      },
    },
    {
      method: 'GET',
      path: '/mailbox/:address/messages',
      answer: (request) => fragment(messageList(request, mail, address(request))),
    },
    {
      method: 'GET',
      path: '/api/mailbox/:address/messages',
      answer: (request) => json({ messages: mail.messagesTo(address(request)) }),
    },
  ]
}

function messageList(request: Request, mail: Mail, address: string): Markup {
  const say = words[languageOf(request)]
  const messages = mail.messagesTo(address)
  if (messages.length === 0) return html`<p class="panel empty" data-testid="no-messages">${say.empty}</p>`
  return html`${messages.map(
    (message) => html`<article class="panel mail" data-testid="message">
<h2 data-testid="message-subject">${message.subject}</h2>
<p class="hint">${message.sender} · ${chinaTime(message.at)} GMT+8</p>
<pre data-testid="message-text">${message.text}</pre>
${
  message.attachments.length > 0 &&
  html`<p class="hint">${say.attachments}: ${message.attachments.map((item) => item.name).join(', ')}</p>`
}
</article>`,
  )}`
}
