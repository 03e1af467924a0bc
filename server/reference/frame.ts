import type { Brand } from '../brand/index.ts'
import { type Html, html } from './html.ts'
import { type Language, textsOf, type Words } from './reader.ts'

/** Who reads, and where. */
export interface Reader {
  readonly brand: Brand
  readonly language: Language
  readonly words: Words
  /** The page’s address without `lang`. */
  readonly path: string
  /** What was searched for; empty: nothing. */
  readonly query: string
  /** Where the brand answers, as the reader reached it. */
  readonly origin: string
}

export interface Page {
  readonly title: string
  /** The entry of the bar that is marked. */
  readonly place: 'api' | 'problems'
  /** What stands beside the content on a desk, and folded above it on a phone. */
  readonly aside: Html
  readonly main: Html
}

/** A whole page. Styles and script are files of ours: the house’s policy lets nothing inline run. */
export function framed(reader: Reader, { title, place, aside, main }: Page): string {
  const { language, words, brand, path } = reader
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  const mark = (here: Page['place']) => here === place && html` aria-current="page"`
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${brand.name[language]}</title>
<link rel="stylesheet" href="/docs/assets/frame.css">
<link rel="stylesheet" href="/docs/assets/content.css">
<script src="/docs/assets/reference.js" defer></script>
</head>
<body data-copied="${words.copied}">
<a class="skip" href="#content">${words.skip}</a>
<header class="bar">
<a class="brand" href="${linked(reader, '/docs/api')}"><b>${brand.name[language]}</b> <span>API</span></a>
<nav aria-label="${words.title}">
<a href="${linked(reader, '/docs/api')}"${mark('api')}>${words.api}</a>
<a href="${linked(reader, '/problems')}"${mark('problems')}>${words.problems}</a>
<a href="/v1/openapi.json" class="wide">OpenAPI</a>
<a href="${path}?lang=${other}" hreflang="${other}" lang="${other}">${textsOf[language].words.otherLanguage}</a>
</nav>
</header>
<div class="desk">
${aside}
<main id="content" tabindex="-1">
${main}
</main>
</div>
</body>
</html>
`.html
}

/** Links keep a language that was chosen. */
export function linked({ language, brand }: Reader, path: string): string {
  return language === brand.locale ? path : `${path}?lang=${language}`
}

/** A list that is searched: without scripts the form asks the server, with them the list narrows while one types. */
export function searchedList(reader: Reader, label: string, action: string, list: Html): Html {
  const { words, language, query } = reader
  return html`<aside>
<form role="search" action="${action}">
<input type="hidden" name="lang" value="${language}">
<label for="search">${label}</label>
<div class="field"><input id="search" type="search" name="q" value="${query}" autocomplete="off" spellcheck="false"><button>${words.find}</button></div>
</form>
<p class="none" role="status">${list.html === '' ? words.none : ''}</p>
<details class="contents" open><summary>${words.menu}</summary>
<nav aria-label="${words.menu}" data-none="${words.none}">${list}</nav>
</details>
</aside>`
}

/** Whether a text has every word that was searched for. */
export function matches(query: string, text: string): boolean {
  const found = text.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => found.includes(word))
}

export function jsonBlock(value: unknown): Html {
  return html`<pre tabindex="0"><code>${JSON.stringify(value, null, 2)}</code></pre>`
}
