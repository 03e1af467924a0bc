import type { Answer, Request } from '../http.ts'
import { html, type Markup, page } from './page.ts'

interface Verdict {
  /** Of the rail's pages. */
  title: string
  mark: 'good' | 'bad' | 'wait'
  head: string
  note: string
  status: number
  /** For tests: whose verdict it is, and which. */
  testId: string
  word: string
  /** The rail's colours. */
  look?: 'wechat'
  /** Rows of a `dl`. */
  facts?: Markup | undefined
  /** The way on. */
  acts?: Markup | undefined
}

const signs = { good: '✓', bad: '✕', wait: '–' }

/** What a payer's page ends in: one plain statement of how things stand, and the way on. */
export function verdictPage(request: Request, verdict: Verdict): Answer {
  const { title, mark, head, note, status, testId, word, look, facts, acts } = verdict
  return page(request, {
    title: `${head} · ${title}`,
    look: 'wallet',
    status,
    main: html`<section class="pay ${look}">
<div class="verdict" data-testid="${testId}" data-verdict="${word}">
<span class="mark ${mark}" aria-hidden="true">${signs[mark]}</span>
<h1>${head}</h1>
<p>${note}</p>
</div>
<div class="pay-body">
${facts && html`<dl class="facts">${facts}</dl>`}
${acts && html`<div class="acts">${acts}</div>`}
</div>
</section>`,
  })
}

/** A wallet's ways on: to pay after all, and back to the merchant. */
export function walletActs(
  say: { again: string; back: string },
  again: string | undefined,
  back: string | undefined,
): Markup {
  return html`${again !== undefined && html`<a class="button" href="${again}" data-testid="wallet-again">${say.again}</a>`}
${back !== undefined && html`<a class="button plain" href="${back}" data-testid="wallet-back">${say.back}</a>`}`
}
