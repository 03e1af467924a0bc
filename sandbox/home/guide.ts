import type { Route } from '../http.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import type { Guide, GuideBrand, GuideNumber, GuidePerson, GuideThing } from './guide-file.ts'

const words: Words<
  | 'who'
  | 'number'
  | 'email'
  | 'lines'
  | 'noEmail'
  | 'codeOnly'
  | 'emailOnly'
  | 'things'
  | 'people'
  | 'stages'
  | 'logIn'
  | 'open'
  | 'handset'
  | 'none'
  | 'noneTitle'
> = {
  'zh-CN': {
    who: '谁',
    number: '登录号码',
    email: '邮箱',
    lines: '号码数',
    noEmail: '没有邮箱',
    codeOnly: '只能用验证码',
    emailOnly: '只能用邮箱',
    things: '值得一试',
    people: '可以登录的人',
    stages: '各种状态的号码',
    logIn: '登录',
    open: '打开首页',
    handset: '打开手机',
    none: '启动演示后，这里会列出可以登录的账号和值得一试的事。',
    noneTitle: '还没有指南',
  },
  en: {
    who: 'Who',
    number: 'Number to log in with',
    email: 'E-mail',
    lines: 'Numbers',
    noEmail: 'no e-mail',
    codeOnly: 'by code only',
    emailOnly: 'by e-mail only',
    things: 'Worth trying',
    people: 'People who can log in',
    stages: 'Numbers in every stage',
    logIn: 'Log in',
    open: 'Open the first page',
    handset: 'Open handset',
    none: 'Once the demonstration runs, who can log in and what to try are listed here.',
    noneTitle: 'No guide yet',
  },
}

/** A page's language, its words, and how it links to other pages of the sandbox. */
interface Look {
  language: Language
  say: (typeof words)['en']
  to: (path: string) => string
}

/** Who can log in, and what to try: the demo's table of contents. */
export function guideRoutes(guide: () => Guide | undefined): Route[] {
  return [
    {
      method: 'GET',
      path: '/guide',
      answer: (request) => {
        const language = languageOf(request)
        const say = words[language]
        const told = guide()
        if (!told) {
          const main = html`<h1>${say.noneTitle}</h1><p class="lede">${say.none}</p>`
          return page(request, { title: say.noneTitle, look: 'desk', main })
        }
        const look = { language, say, to: (path: string) => keepLanguage(request, path) }
        return page(request, { title: told.title[language], look: 'desk', main: guideMain(told, look) })
      },
    },
  ]
}

function guideMain(guide: Guide, look: Look): Markup {
  const { language, say } = look
  return html`<h1>${guide.title[language]}</h1>
<p class="lede">${guide.lead[language]}</p>
<section class="guide" aria-labelledby="things">
<div class="guide-head"><h2 id="things">${say.things}</h2>
<p class="secret">${guide.token.label[language]} <code>${guide.token.command}</code></p></div>
<ol class="things">${guide.things.map((thing) => thingMarkup(thing, look))}</ol>
</section>
<section class="guide" aria-labelledby="people">
<div class="guide-head"><h2 id="people">${say.people}</h2>
<p class="secret">${guide.password.label[language]} <code data-testid="guide-password">${guide.password.value}</code></p></div>
${guide.brands.map((brand) => brandMarkup(brand, look))}
</section>`
}

function thingMarkup({ title, text, links, command }: GuideThing, { language, to }: Look): Markup {
  const address = (path: string) => (path.startsWith('/') ? to(path) : path)
  return html`<li class="thing" data-testid="guide-thing"><h3>${title[language]}</h3>
<p>${text[language]}</p>
${command !== null && html`<pre tabindex="0"><code>${command}</code></pre>`}
${
  links.length > 0 &&
  html`<p class="thing-links">${links.map(
    ({ label, path }) => html`<a href="${address(path)}">${label[language]}</a> `,
  )}</p>`
}</li>`
}

function brandMarkup(brand: GuideBrand, look: Look): Markup {
  const { language, say } = look
  return html`<section class="panel brand" data-testid="guide-brand">
<header><h3>${brand.name[language]}</h3>
<p><a class="button small" href="${brand.logIn}">${say.logIn}</a> <a class="button plain small" href="${brand.baseUrl}/">${say.open}</a></p></header>
<table class="people">
<thead><tr><th scope="col">${say.who}</th><th scope="col">${say.number}</th><th scope="col">${say.email}</th><th scope="col" class="count">${say.lines}</th></tr></thead>
<tbody>${brand.people.map((person) => personMarkup(person, look))}</tbody>
</table>
<h4>${say.stages}</h4>
<dl class="stages">${brand.stages.map(
    ({ name, numbers }) =>
      html`<div><dt>${name[language]}</dt><dd>${numbers.map((number) => html`<span>${number.text}</span> `)}</dd></div>`,
  )}</dl>
</section>`
}

function personMarkup(person: GuidePerson, look: Look): Markup {
  const { language, say } = look
  const { title, story, number, email, hasPassword, numberLost, lines } = person
  const only = numberLost ? say.emailOnly : hasPassword ? null : say.codeOnly
  return html`<tr data-testid="guide-person"><th scope="row">${title[language]}<span>${story[language]}</span></th>
<td data-label="${say.number}">${numberMarkup(number, look)}${only !== null && html` <span class="chip">${only}</span>`}</td>
<td data-label="${say.email}">${email === null ? html`<span class="side">${say.noEmail}</span>` : html`<code>${email}</code>`}</td>
<td data-label="${say.lines}" class="count">${lines}</td></tr>`
}

/** The number as it is written; the handset that gets its codes is one press away. */
function numberMarkup({ msisdn, text }: GuideNumber, { say, to }: Look): Markup {
  return html`<a class="number" href="${to(`/handset/${msisdn}`)}" aria-label="${text}, ${say.handset}">${text}</a>`
}
