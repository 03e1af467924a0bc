import { chinaTime } from '../clock.ts'
import { json, type Request, type Route, seeOther } from '../http.ts'
import { fragment, html, keepLanguage, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Mail } from './mail.ts'

const words: Words<'title' | 'empty' | 'attachments'> = {
  'zh-CN': { title: '邮箱', empty: '还没有邮件，收到后自动显示', attachments: '附件' },
  en: {
    title: 'Mailbox',
    empty: 'No mail yet. New letters appear by themselves.',
    attachments: 'Attachments',
  },
}

/** A page per address with every letter it got, as text; the JSON has the HTML too. */
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
        const letters = keepLanguage(request, `/mailbox/${encodeURIComponent(address(request))}/letters`)
        return page(request, {
          title: `${address(request)} · ${say.title}`,
          look: 'phone',
          main: html`<h1>${address(request)}</h1>
<p class="hint">${say.title}</p>
<div data-refresh="${letters}" aria-live="polite">${letterList(request, mail, address(request))}</div>`,
        })
      },
    },
    {
      method: 'GET',
      path: '/mailbox/:address/letters',
      answer: (request) => fragment(letterList(request, mail, address(request))),
    },
    {
      method: 'GET',
      path: '/api/mailbox/:address/messages',
      answer: (request) => json({ messages: mail.lettersTo(address(request)) }),
    },
  ]
}

function letterList(request: Request, mail: Mail, address: string): Markup {
  const say = words[languageOf(request)]
  const letters = mail.lettersTo(address)
  if (letters.length === 0) return html`<p class="panel empty" data-testid="no-letters">${say.empty}</p>`
  return html`${letters.map(
    (letter) => html`<article class="panel letter" data-testid="letter">
<h2 data-testid="letter-subject">${letter.subject}</h2>
<p class="hint">${letter.sender} · ${chinaTime(letter.at)}</p>
<pre data-testid="letter-text">${letter.text}</pre>
${
  letter.attachments.length > 0 &&
  html`<p class="hint">${say.attachments}: ${letter.attachments.map((item) => item.name).join(', ')}</p>`
}
</article>`,
  )}`
}
