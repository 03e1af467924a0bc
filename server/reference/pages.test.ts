import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apiHouse } from '../../test/support/api-house.ts'
import { statusOf } from '../platform/problem.ts'
import { problemKinds } from './catalogues.ts'
import { textsOf } from './reader.ts'

const { http } = await apiHouse()
const host = 'laika.test'
const get = (url: string, headers: Record<string, string> = {}) =>
  http.inject({ url, headers: { host, accept: 'text/html', ...headers } })
const codes = [...problemKinds.keys()]

describe('the description', () => {
  it('is served whole to anyone, and once only to who keeps it', async () => {
    const first = await get('/v1/openapi.json')
    expect(first.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(first.headers['cache-control']).toBe('public, max-age=300')
    expect(first.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Baohao API' } })
    expect(first.json().paths).toHaveProperty('/v1/agent/top-ups.post.operationId', 'sellTopUp')
    const etag = first.headers.etag as string
    const again = await get('/v1/openapi.json', { 'if-none-match': `"other", W/${etag}` })
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag])
    expect((await get('/v1/openapi.json', { 'if-none-match': '"other"' })).statusCode).toBe(200)
  })
})

describe('problems', () => {
  it('are all of every room', () => {
    const rooms = join(import.meta.dirname, '..')
    const declared = readdirSync(rooms, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(rooms, name), 'utf8'))
      .flatMap((text) => /= defineErrors\(\{([\s\S]*?)\n\}\)/.exec(text)?.[1] ?? [])
      .flatMap((body) => [...body.matchAll(/^ {2}(?:'([a-z-]+)'|([a-z]+)): \[/gm)])
      .map((match) => match[1] ?? match[2])
    expect(declared.length).toBeGreaterThan(80)
    expect(declared.filter((code) => !codes.includes(code as string))).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('all have their help in %s, and no help is of nothing', (language) => {
    expect(Object.keys(textsOf[language].help).toSorted()).toEqual(codes)
  })

  it.each(codes)('%s: its page and its JSON say what it is', async (code) => {
    const answer = await get(`/problems/${code}`, { 'accept-language': 'en' })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(answer.body).toContain(`<h1><code>${code}</code></h1>`)
    const status = statusOf(problemKinds.get(code) as { kind: 'refused' })
    const told = await get(`/problems/${code}`, { accept: 'application/json', 'accept-language': 'zh' })
    expect(told.json()).toMatchObject({
      ...{ code, status, ...textsOf['zh-CN'].help[code] },
      example: { type: `/problems/${code}`, code, status },
    })
    expect(told.headers['content-language']).toBe('zh-CN')
  })

  it('tell that money may have moved only where it may have', async () => {
    const { problems } = (await get('/problems', { accept: 'application/json' })).json() as {
      problems: { code: string; moneyMoved: unknown }[]
    }
    expect(problems.filter(({ moneyMoved }) => moneyMoved !== false)).toMatchObject([
      { code: 'database-away' },
      { code: 'internal' },
    ])
  })

  it('lead from a refusal to its page', async () => {
    const refused = await get('/v1/lines/999', { accept: 'application/json' })
    const { type, code } = refused.json() as { type: string; code: string }
    const page = await get(new URL(type, `http://${host}/v1/lines/999`).pathname)
    expect(page.body).toContain(`<code>${code}</code>`)
  })

  it('that are none are not found, in the form that was asked for', async () => {
    const page = await get('/problems/no-such')
    expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    const told = await get('/problems/no-such', { accept: 'application/problem+json' })
    expect([told.statusCode, told.json().code]).toEqual([404, 'route-not-found'])
  })
})

describe('the language', () => {
  it.each([
    ['what is asked for by ?lang', '/problems?lang=en', 'zh-CN', 'en'],
    ['what the browser likes best', '/problems', 'fr, en;q=0.8, zh;q=0.9', 'zh-CN'],
    ['not what it refuses', '/problems', 'zh;q=0, en;q=0.1', 'en'],
    ['the brand’s, where the browser knows neither', '/problems', 'fr', 'zh-CN'],
  ])('is %s', async (_, url, accept, lang) => {
    expect((await get(url, { 'accept-language': accept })).body).toContain(`<html lang="${lang}">`)
  })
})

describe('pages of the API', () => {
  it('exist for every operation and lead nowhere that is not', async () => {
    const pages = ['/docs/api', '/problems']
    const seen = new Set<string>()
    for (let page = pages.pop(); page !== undefined; page = pages.pop()) {
      if (seen.has(page)) continue
      seen.add(page)
      const answer = await get(page)
      expect([page, answer.statusCode]).toEqual([page, 200])
      if (!answer.headers['content-type']?.toString().includes('html')) continue
      for (const [, link = ''] of answer.body.matchAll(/(?:href|src)="(\/[^"#]*)"/g)) pages.push(link)
    }
    expect([...seen].filter((page) => page.startsWith('/docs/api/')).length).toBeGreaterThan(20)
    expect([...seen].filter((page) => page.startsWith('/docs/assets/'))).toHaveLength(3)
  })

  it('are searched by path, words and codes', async () => {
    const found = async (q: string) =>
      [
        ...(await get(`/docs/api?q=${encodeURIComponent(q)}`)).body.matchAll(
          /<li data-words[^>]*><a href="\/docs\/api\/(\w+)/g,
        ),
      ].map((match) => match[1])
    expect(await found('float-low')).toEqual(['sellTopUp'])
    expect(await found('AGENT post')).toEqual(['sellTopUp'])
    expect(await found('no such thing')).toEqual([])
    expect((await get('/docs/api?q=no+such+thing')).body).toContain(textsOf['zh-CN'].words.none)
  })

  it('show what was searched for as text, whatever it is', async () => {
    const { body } = await get('/docs/api?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E')
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
    expect(body).not.toContain('<script>')
  })

  it('run nothing inline and load nothing from elsewhere', async () => {
    const { body } = await get('/docs/api/sellTopUp')
    expect(body).not.toMatch(/<style|style="|\son\w+=|<script(?! src="\/docs\/assets\/)/)
    expect([...body.matchAll(/(?:href|src)="(https?:[^"]*)"/g)]).toEqual([])
  })

  it('show the brand’s own number and currency in what is to be typed', async () => {
    const { body } = await get('/docs/api/sellTopUp', { host: 'harbour.test' })
    expect(body).toContain('&quot;GBP&quot;')
    expect(body).toContain('http://harbour.test/v1/agent/top-ups')
  })

  it('that are none are not found', async () => {
    expect((await get('/docs/api/noSuch')).statusCode).toBe(404)
    expect((await get('/docs/assets/none.css')).statusCode).toBe(404)
  })
})
