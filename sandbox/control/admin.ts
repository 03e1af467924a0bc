import { createHash } from 'node:crypto'
import { BadRequest, type Fields } from '../fields.ts'
import { type Answer, type Request, type Route, seeOther } from '../http.ts'
import { knobChoices } from '../knobs.ts'
import type { Registry } from '../registry.ts'
import { html, keepLanguage, type Language, languageOf, type Markup, page, type Words } from '../web/page.ts'
import { sameToken } from './token.ts'

export interface AdminDeps {
  registry: Pick<Registry, 'retryScale' | 'setRetryScale'>
  /** In the order of the page. */
  rails: AdminRail[]
  token: string
}

/** A rail, or the SMSC, on this page: what its forms do, and its panels. */
export interface AdminRail {
  acts: { path: string; work: (request: Request) => unknown }[]
  panels(language: Language, say: Say, to: (path: string) => string): Markup[]
}

export interface KnobRail<Knobs extends object> {
  /** In paths, e.g. `wechat`. */
  name: string
  heading: string
  merchants(): { id: string; name: string }[]
  knobs(id: string): Knobs
  turn(id: string, change: Fields): Promise<unknown>
  quiet: Knobs
  words: Record<Language, Record<keyof Knobs, string>>
  acts: Record<string, { label: Record<Language, string>; work(id: string): Promise<unknown> }>
}

/** A rail whose merchants have knobs, and acts of their own. */
export function railKnobs<Knobs extends object>(rail: KnobRail<Knobs>): AdminRail {
  const path = (id: string, act: string) => `/admin/${rail.name}/${id}/${act}`
  const idOf = ({ parts }: Request) => parts.id ?? ''
  const own = Object.entries(rail.acts).map(([act, { work }]) => ({
    path: path(':id', act),
    work: (request: Request) => work(idOf(request)),
  }))
  return {
    acts: [
      {
        path: path(':id', 'knobs'),
        work: (request) => rail.turn(idOf(request), readKnobForm(request, rail.quiet)),
      },
      { path: path(':id', 'reset'), work: (request) => rail.turn(idOf(request), { reset: true }) },
      ...own,
    ],
    panels: (language, say, to) =>
      rail.merchants().map(({ id, name }) =>
        knobPanel(say, {
          heading: `${rail.heading} · ${name}`,
          id,
          action: (act) => to(path(encodeURIComponent(id), act)),
          knobs: rail.knobs(id),
          quiet: rail.quiet,
          words: rail.words[language],
          acts: Object.fromEntries(
            Object.entries(rail.acts).map(([act, { label }]) => [act, label[language]]),
          ),
        }),
      ),
  }
}

const words: Words<
  | 'title'
  | 'lede'
  | 'token'
  | 'enter'
  | 'wrong'
  | 'save'
  | 'reset'
  | 'clock'
  | 'scale'
  | 'scaleNote'
  | 'saved'
  | 'where'
  | 'none'
> = {
  'zh-CN': {
    title: '故障旋钮',
    lede: '让沙箱故意出错，看系统能否应付。旋钮按商户、按运营商分开，立即生效，重启后仍在。',
    token: '控制令牌',
    enter: '进入',
    wrong: '令牌不对',
    save: '保存',
    reset: '全部复位',
    clock: '通知重发时钟',
    scale: '时间比例',
    scaleNote: '1 为真实时间；0.001 时 4 分钟变成 240 毫秒。',
    saved: '已保存',
    where: '令牌在数据目录的 control-token 文件里。',
    none: '还没有登记商户或运营商',
  },
  en: {
    title: 'Fault knobs',
    lede: 'Make the sandbox misbehave and see whether the system copes. Knobs belong to one merchant or operator, work at once and survive a restart.',
    token: 'Control token',
    enter: 'Enter',
    wrong: 'That is not the token.',
    save: 'Save',
    reset: 'Reset all',
    clock: 'Notification retry clock',
    scale: 'Time scale',
    scaleNote: '1 is real time; at 0.001 four minutes become 240 ms.',
    saved: 'Saved',
    where: 'The token is in the file control-token in the data directory.',
    none: 'No merchant or operator is registered yet',
  },
}

type Say = (typeof words)['en']

/** The knobs as a page, for people. Lets in whoever once typed the token; the cookie holds only its hash. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const { registry, rails, token } = deps
  const pass = createHash('sha256').update(`admin ${token}`).digest('hex')
  const admitted = (request: Request) =>
    sameToken(/(?:^|; )sandbox_admin=([0-9a-f]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '', pass)
  const back = (request: Request) => seeOther(keepLanguage(request, '/admin?saved=yes'))
  const act = (path: string, work: (request: Request) => unknown): Route => ({
    method: 'POST',
    path,
    answer: async (request) => {
      if (!admitted(request)) return seeOther(keepLanguage(request, '/admin'))
      try {
        await work(request)
      } catch (error) {
        if (!(error instanceof BadRequest)) throw error
        return adminPage(request, deps, error.message)
      }
      return back(request)
    },
  })
  return [
    {
      method: 'GET',
      path: '/admin',
      answer: (request) => (admitted(request) ? adminPage(request, deps) : doorPage(request, 200)),
    },
    {
      method: 'POST',
      path: '/admin/enter',
      answer: (request) => {
        if (!sameToken(request.form().get('token')?.trim() ?? '', token)) return doorPage(request, 403)
        const cookie = `sandbox_admin=${pass}; HttpOnly; SameSite=Strict; Path=/admin`
        const { headers, ...answer } = seeOther(keepLanguage(request, '/admin'))
        return { ...answer, headers: { ...headers, 'set-cookie': cookie } }
      },
    },
    ...rails.flatMap((rail) => rail.acts.map(({ path, work }) => act(path, work))),
    act('/admin/clock', (request) => {
      const scale = request.form().get('scale') ?? ''
      if (!/^(1|0\.\d{1,6})$/.test(scale) || /^0\.0*$/.test(scale)) {
        throw new BadRequest('The scale is 1 or a decimal below it, e.g. 0.001.')
      }
      return registry.setRetryScale(JSON.parse(scale) as number)
    }),
  ]
}

/** A form leaves unticked boxes out, so every knob is read: what is absent is off. */
function readKnobForm(request: Request, quiet: object): Fields {
  const form = request.form()
  return Object.fromEntries(
    Object.entries(quiet).map(([name, value]) => {
      const given = form.get(name)?.trim() ?? ''
      if (typeof value === 'boolean') return [name, given === 'on']
      if (typeof value === 'number') return [name, /^\d{1,9}$/.test(given) ? Number.parseInt(given, 10) : 0]
      return [name, given]
    }),
  )
}

function doorPage(request: Request, status: number): Answer {
  const say = words[languageOf(request)]
  return page(request, {
    title: say.title,
    look: 'phone',
    status,
    main: html`<h1>${say.title}</h1>
<p class="hint">${say.where}</p>
<section class="panel"><form method="post" action="${keepLanguage(request, '/admin/enter')}">
<label for="token">${say.token}</label>
<div class="inline"><input id="token" name="token" type="password" autocomplete="off" required data-testid="admin-token"><button data-testid="admin-enter">${say.enter}</button></div>
${status === 403 && html`<p class="notice bad" role="alert">${say.wrong}</p>`}
</form></section>`,
  })
}

function adminPage(request: Request, { registry, rails }: AdminDeps, problem?: string): Answer {
  const language = languageOf(request)
  const say = words[language]
  const to = (path: string) => keepLanguage(request, path)
  const panels = rails.flatMap((rail) => rail.panels(language, say, to))
  return page(request, {
    title: say.title,
    look: 'desk',
    status: problem === undefined ? 200 : 400,
    main: html`<h1>${say.title}</h1>
<p class="lede">${say.lede}</p>
${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
${request.url.searchParams.get('saved') === 'yes' && html`<p class="notice" role="status">${say.saved}</p>`}
${panels.length === 0 && html`<p class="empty">${say.none}</p>`}
${panels}
<section class="panel"><h2>${say.clock}</h2>
<form method="post" action="${to('/admin/clock')}"><label for="scale">${say.scale}</label>
<div class="inline brief"><input id="scale" name="scale" inputmode="decimal" value="${registry.retryScale()}"><button>${say.save}</button></div>
<p class="hint">${say.scaleNote}</p></form></section>`,
  })
}

interface KnobPanel<Knobs extends object> {
  heading: string
  id: string
  action(act: string): string
  knobs: Knobs
  quiet: Knobs
  words: Record<keyof Knobs, string>
  /** Further buttons: act -> label. */
  acts: Record<string, string>
}

function knobPanel<Knobs extends object>(say: Say, panel: KnobPanel<Knobs>): Markup {
  const names = Object.keys(panel.quiet) as (keyof Knobs & string)[]
  const turned = names.filter((name) => panel.knobs[name] !== panel.quiet[name]).length
  const button = (act: string, label: string) =>
    html`<button class="plain small" formaction="${panel.action(act)}">${label}</button>`
  return html`<details class="panel" ${turned > 0 && html`open`} data-testid="knobs-${panel.id}">
<summary><h2>${panel.heading} <code>${panel.id}</code></h2>${turned > 0 && html`<span class="chip bad">${turned}</span>`}</summary>
<form method="post" action="${panel.action('knobs')}">
<div class="knobs">${names.map((name) => knobField(panel, name))}</div>
<div class="acts"><button class="small" data-testid="knobs-save-${panel.id}">${say.save}</button>
${button('reset', say.reset)}${Object.entries(panel.acts).map(([act, label]) => button(act, label))}</div>
</form>
</details>`
}

function knobField<Knobs extends object>(panel: KnobPanel<Knobs>, name: keyof Knobs & string): Markup {
  const value = panel.knobs[name]
  const id = `${panel.id}-${name}`
  const on = value !== panel.quiet[name] && 'on'
  return html`<div class="knob ${on}"><div><label for="${id}">${name}</label><p class="hint">${panel.words[name]}</p></div>${knobInput(panel, name, id)}</div>`
}

function knobInput<Knobs extends object>(
  panel: KnobPanel<Knobs>,
  name: keyof Knobs & string,
  id: string,
): Markup {
  const value = panel.knobs[name]
  if (typeof value === 'boolean') {
    return html`<input type="checkbox" id="${id}" name="${name}" ${value && html`checked`}>`
  }
  const choices = knobChoices[name]
  if (choices) {
    const option = (choice: string) => html`<option ${choice === value && html`selected`}>${choice}</option>`
    return html`<select id="${id}" name="${name}">${choices.map(option)}</select>`
  }
  const digits = typeof value === 'number' && html`inputmode="numeric"`
  return html`<input id="${id}" name="${name}" value="${`${value}`}" autocomplete="off" ${digits}>`
}
