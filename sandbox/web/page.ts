import type { Answer, Request } from '../http.ts'

export type Language = 'zh-CN' | 'en'

/** Both languages of a page's words, with the same keys. */
export type Words<Key extends string> = Record<Language, Record<Key, string>>

/** `?lang=` wins over Accept-Language; Chinese unless the browser asks for English first. */
export function languageOf(request: Request): Language {
  const asked = request.url.searchParams.get('lang') ?? request.headers['accept-language'] ?? ''
  return asked.trim().toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}

/** Keeps `?lang=` while a visitor moves from page to page; without it the browser's own language goes on deciding. */
export function keepLanguage(request: Request, path: string): string {
  const lang = request.url.searchParams.get('lang')
  if (lang === null) return path
  return `${path}${path.includes('?') ? '&' : '?'}lang=${encodeURIComponent(lang)}`
}

/** Text that is HTML already. Everything else put into `html` is escaped. */
export interface Markup {
  markup: string
}

type Piece = string | number | Markup | readonly Markup[] | undefined | false

export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  const parts = strings.map((part, index) => part + render(pieces[index]))
  return { markup: parts.join('') }
}

function render(piece: Piece): string {
  if (piece === undefined || piece === false) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(`${piece}`)
  if ('markup' in piece) return piece.markup
  return piece.map((item) => item.markup).join('')
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

const frameWords: Words<'ribbon' | 'home' | 'other'> = {
  'zh-CN': { ribbon: '沙箱 · 模拟环境，不涉及真实资金', home: '沙箱首页', other: 'English' },
  en: { ribbon: 'Sandbox · a simulation, no real money', home: 'Sandbox home', other: '中文' },
}

export interface PageContent {
  title: string
  main: Markup
  /** Gives the page its look: `wallet`, `phone`, or the wide `desk`. */
  look: 'wallet' | 'phone' | 'desk'
  status?: number
}

// No form-action: after a payment the form's answer leads the browser back to the merchant's own origin.
const contentPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"

/** A whole page: the ribbon that says what this is, a language switch, and the content. */
export function page(request: Request, content: PageContent): Answer {
  const language = languageOf(request)
  const words = frameWords[language]
  const other = new URL(request.url)
  other.searchParams.set('lang', language === 'en' ? 'zh-CN' : 'en')
  const document = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${content.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script src="/refresh.js" defer></script>
</head>
<body class="${content.look}">
<header class="ribbon" data-testid="sandbox-ribbon">
<a class="ribbon-home" href="${keepLanguage(request, '/')}">${words.home}</a>
<p>${words.ribbon}</p>
<a class="ribbon-language" href="${other.pathname}${other.search}" hreflang="${language === 'en' ? 'zh-CN' : 'en'}">${words.other}</a>
</header>
<main>${content.main}</main>
</body>
</html>
`
  return {
    status: content.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      vary: 'accept-language',
    },
    body: document.markup,
  }
}

/** Part of a page, for `refresh.js` to put in place of the old one. */
export function fragment(markup: Markup): Answer {
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: markup.markup }
}
