import { describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { identityHouse } from '../../test/support/identity.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { createHttp } from '../platform/http.ts'
import { identityChecks } from './checks.ts'
import { activeApiKeys } from './index.ts'
import { cookieName } from './session.ts'

const DAY_MS = 86_400_000
const PASSWORD = 'seven giraffes knit quietly'
const COOKIE = cookieName('laika')
const routes = {
  '/t/anyone': { who: ['anyone'], reach: 'nothing' },
  '/t/guest': { who: ['guest', 'login'], reach: 'own' },
  '/t/login': { who: ['login'], reach: 'own' },
  '/t/password': { who: ['login'], assurance: 'password', reach: 'own' },
  '/t/key': { who: ['api-key'], scope: 'line:read', reach: 'every line' },
  '/t/both': { who: ['login', 'api-key'], scope: 'line:read', assurance: 'password', reach: 'own or every' },
} as const
const house = await identityHouse({}, (http) => {
  for (const [url, access] of Object.entries(routes)) {
    http.get(url, { config: { access } }, async ({ principal, brand }) => ({ principal, brand: brand.key }))
  }
  http.post(
    '/v1/notifications/:provider/:brand/:merchant',
    { config: { access: { who: ['provider'], reach: 'its own payments' }, crossSite: true } },
    async ({ principal, brand }) => ({ principal, brand: brand.key }),
  )
  http.get('/healthz', { config: { access: { who: ['anyone'], reach: 'nothing' } } }, async () => ({
    ok: true,
  }))
})
const { db, clock, identity, visit, codeFor, registered, http } = house
const laika = db.of('laika')

const make = (scopes: string[], brand = 'laika', replaces?: string) =>
  db.of(brand).tx((tx) =>
    identity.createApiKey(tx, {
      name: 'till',
      scopes,
      dealer: null,
      actor: 'operator alice',
      ...(replaces === undefined ? {} : { replaces }),
    }),
  )
const bearer = (text: string) => ({ authorization: `Bearer ${text}` })

async function guest(number = '15400000001'): Promise<Visitor> {
  const visitor = visit()
  const code = await codeFor(visitor, 'payer', number)
  await visitor.send('POST', '/v1/codes/payer', { number, code })
  clock.advance(60_000)
  return visitor
}

const nobody = visit()
const aGuest = await guest()
const bySms = await registered('15400000100')
await registered('15400000101', PASSWORD)
const byPassword = visit()
await byPassword.send('POST', '/v1/log-ins', {
  by: 'password',
  name: '15400000101',
  password: PASSWORD,
  captcha: await byPassword.captcha(),
})
const reader = await make(['line:read'])
const seller = await make(['top-up:place'])

describe('a route lets in whom its access names, and nobody else', () => {
  const guestRefusals = { '/t/anyone': 200, '/t/guest': 200 }
  test.each([
    ['nobody', () => nobody, {}, { '/t/anyone': 200 }, 'not-authenticated'],
    ['a guest', () => aGuest, {}, guestRefusals, 'not-authenticated'],
  ] as const)('%s', async (_, who, headers, allowed: Record<string, number>, code) => {
    for (const url of Object.keys(routes)) {
      const answer = await who().get(url, headers)
      if (url in allowed) expect([url, answer.status]).toEqual([url, 200])
      else expect([url, answer.status, answer.body.code]).toEqual([url, 401, code])
    }
  })

  test.each([
    ['sms', () => bySms, '/t/login', 200, undefined],
    ['sms', () => bySms, '/t/guest', 200, undefined],
    ['sms', () => bySms, '/t/password', 403, 'assurance-too-low'],
    ['sms', () => bySms, '/t/both', 403, 'assurance-too-low'],
    ['sms', () => bySms, '/t/key', 403, 'forbidden'],
    ['password', () => byPassword, '/t/password', 200, undefined],
    ['password', () => byPassword, '/t/both', 200, undefined],
    ['password', () => byPassword, '/t/key', 403, 'forbidden'],
  ] as const)('a log-in by %s %#', async (_, who, url, status, code) => {
    const answer = await who().get(url)
    expect([answer.status, answer.body.code]).toEqual([status, code])
    if (code === 'assurance-too-low') expect(answer.body.needed).toBe('password')
  })

  test.each([
    [reader, '/t/key', 200, undefined],
    [reader, '/t/both', 200, undefined],
    [reader, '/t/anyone', 200, undefined],
    [reader, '/t/login', 403, 'forbidden'],
    [reader, '/t/guest', 403, 'forbidden'],
    [seller, '/t/key', 403, 'scope-missing'],
    [seller, '/t/both', 403, 'scope-missing'],
  ] as const)('an API key %#', async (key, url, status, code) => {
    const answer = await visit().get(url, bearer(key.text))
    expect([answer.status, answer.body.code]).toEqual([status, code])
    if (code === 'scope-missing') expect(answer.body.scope).toBe('line:read')
  })

  test('a route that declares no access fails at start', async () => {
    const bare = await createHttp({
      clock,
      log: house.log,
      secureOrigin: false,
      trustedProxies: 0,
      formTargets: [],
    })
    expect(() => bare.get('/open', async () => 'hello')).toThrow('declares no access')
  })
})

describe('brands', () => {
  test('a host that serves no brand is 421, wherever it asks; health needs none', async () => {
    for (const url of ['/v1/session', '/t/anyone', '/nothing-here']) {
      const answer = await http.inject({ url, headers: { host: 'elsewhere.test' } })
      expect([answer.statusCode, answer.json().code]).toEqual([421, 'host-unknown'])
    }
    expect((await http.inject({ url: '/healthz', headers: { host: 'elsewhere.test' } })).statusCode).toBe(200)
    expect((await http.inject({ url: '/nothing-here', headers: { host: 'laika.test' } })).json().code).toBe(
      'route-not-found',
    )
  })

  test('a session of laika is nothing in harbour, under whatever name', async () => {
    const token = bySms.cookies.get(COOKIE) as string
    const harbour = visit('harbour')
    for (const name of [COOKIE, cookieName('harbour')]) {
      harbour.cookies.set(name, token)
      expect((await harbour.get('/v1/session')).body.kind).toBe('none')
      expect((await harbour.get('/t/login')).status).toBe(401)
    }
    expect((await bySms.get('/t/login')).body.brand).toBe('laika')
  })

  test('an API key of laika is nothing in harbour, as it is or with the name changed', async () => {
    const harbour = visit('harbour')
    for (const text of [reader.text, reader.text.replace('bh_laika_', 'bh_harbour_')]) {
      const answer = await harbour.get('/t/key', bearer(text))
      expect([answer.status, answer.body.code]).toEqual([401, 'api-key-invalid'])
    }
    const own = await make(['line:read'], 'harbour')
    expect((await harbour.get('/t/key', bearer(own.text))).body.brand).toBe('harbour')
  })

  test('a key names its brand where the host names none', async () => {
    const at = (host: string) => http.inject({ url: '/t/key', headers: { host, ...bearer(reader.text) } })
    expect((await at('api.elsewhere.test')).json().brand).toBe('laika')
  })

  test('a notification’s path names its brand, at any host, and its sender is nobody', async () => {
    const notify = (brand: string) =>
      http.inject({
        method: 'POST',
        url: `/v1/notifications/alipay/${brand}/2021000000000000`,
        headers: { host: 'laika.test', origin: 'https://provider.example', authorization: 'Bearer nonsense' },
        payload: {},
      })
    expect((await notify('harbour')).json()).toEqual({ principal: null, brand: 'harbour' })
    expect((await notify('nobrand')).statusCode).toBe(421)
  })
})

describe('API keys', () => {
  test('the text is told once; the table has its hash', async () => {
    expect(reader.text).toBe(`bh_laika_${idToWire(reader.id)}_${reader.text.slice(-43)}`)
    const [row] = await laika.query<{ text: string }>(
      'select k::text as text from {{brand}}.api_key k where id = $1',
      [reader.id],
    )
    expect(row?.text).not.toContain(reader.text.slice(-43))
    expect(row?.text).not.toContain(Buffer.from(reader.text.slice(-43), 'base64url').toString('hex'))
    const audit = await laika.query(
      "select 1 from {{brand}}.audit where act = 'API key made' and subject = $1",
      [reader.id],
    )
    expect(audit).toHaveLength(1)
  })

  test.each([
    ['no scheme', (text: string) => text],
    ['another scheme', (text: string) => `Basic ${text}`],
    [
      'one bit of the secret',
      (text: string) => `Bearer ${text.slice(0, -2)}${text.at(-2) === 'A' ? 'B' : 'A'}${text.at(-1)}`,
    ],
    ['a longer secret', (text: string) => `Bearer ${text}A`],
    [
      'a key id that is not there',
      (text: string) => `Bearer ${text.replace(/_[0-7][^_]{25}_/, `_${idToWire(crypto.randomUUID())}_`)}`,
    ],
    ['a brand that is not there', (text: string) => `Bearer ${text.replace('laika', 'nobrand')}`],
    ['nothing', () => 'Bearer '],
  ])('%s is invalid, on open routes too', async (_, change) => {
    for (const url of ['/t/key', '/t/anyone']) {
      const answer = await visit().get(url, { authorization: change(reader.text) })
      expect([answer.status, answer.body.code]).toEqual([401, 'api-key-invalid'])
    }
  })

  test('a disabled key is refused on the very next request', async () => {
    const key = await make(['line:read'])
    const ask = () => visit().get('/t/key', bearer(key.text))
    expect((await ask()).status).toBe(200)
    const ending = { id: key.id, actor: 'operator alice', reason: 'left' }
    await laika.tx((tx) => identity.endApiKey(tx, ending))
    expect((await ask()).body.code).toBe('api-key-invalid')
    await laika.tx((tx) => identity.endApiKey(tx, ending))
    const audit = await laika.query("select 1 from {{brand}}.audit where act = 'API key disabled'")
    expect(audit).toHaveLength(1)
  })

  test('a key that replaces another keeps the scope of idempotency keys', async () => {
    const old = await make(['line:read'])
    const next = await make(['line:read'], 'laika', old.id)
    const idOf = async (text: string) => (await visit().get('/t/key', bearer(text))).body.principal.id
    expect(await idOf(next.text)).toBe(await idOf(old.text))
    const actives = () => laika.tx((tx) => activeApiKeys(tx, [old.id, reader.id]))
    await laika.tx((tx) =>
      identity.endApiKey(tx, { id: old.id, actor: 'operator alice', reason: 'replaced' }),
    )
    expect(await actives()).toEqual(new Set([old.id, reader.id]))
    await laika.tx((tx) => identity.endApiKey(tx, { id: next.id, actor: 'operator alice', reason: 'ended' }))
    expect(await actives()).toEqual(new Set([reader.id]))
  })

  test('two hundred at once are looked up together and each gets its own answer', async () => {
    const keys = [reader, seller]
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        visit().get('/t/anyone', bearer((keys[i % 2] as typeof reader).text)),
      ),
    )
    expect(answers.every((a, i) => a.body.principal.id === keys[i % 2]?.id)).toBe(true)
  })
})

describe('sessions', () => {
  test('the cookie is __Host-, HttpOnly, Secure, SameSite=Lax, and the table has only its hash', async () => {
    const visitor = visit()
    const code = await codeFor(visitor, 'payer', '15400000002')
    const answer = await visitor.send('POST', '/v1/codes/payer', { number: '15400000002', code })
    const token = visitor.cookies.get(COOKIE) as string
    expect(answer.headers['set-cookie']).toBe(
      `__Host-portal-laika=${token}; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax`,
    )
    const rows = await laika.query<{ text: string }>('select s::text as text from {{brand}}.session s')
    const raw = Buffer.from(token, 'base64url').toString('hex')
    for (const { text } of rows) expect(text.includes(token) || text.includes(raw)).toBe(false)
  })

  test('a token known before a log-in opens nothing after it', async () => {
    const victim = await guest('15400000003')
    const planted = visit()
    planted.cookies.set(COOKIE, victim.cookies.get(COOKIE) as string)
    expect((await planted.get('/v1/session')).body.kind).toBe('guest')
    const code = await codeFor(victim, 'log-in', '15400000100')
    await victim.send('POST', '/v1/log-ins', { by: 'sms-code', number: '15400000100', code })
    expect((await victim.get('/v1/session')).body.kind).toBe('login')
    expect((await planted.get('/v1/session')).body.kind).toBe('none')
  })

  test('a token known before a payer’s phone was proved opens nothing after it, and the guest stays the same', async () => {
    const victim = await guest('15400000004')
    const idOf = async (v: Visitor) => (await v.get('/t/guest')).body.principal.id
    const before = await idOf(victim)
    const planted = visit()
    planted.cookies.set(COOKIE, victim.cookies.get(COOKIE) as string)
    const code = await codeFor(victim, 'payer', '15400000004')
    await victim.send('POST', '/v1/codes/payer', { number: '15400000004', code })
    expect(await idOf(victim)).toBe(before)
    expect((await planted.get('/v1/session')).body.kind).toBe('none')
    clock.advance(60_000)
  })

  test('a token that somebody makes up is nothing', async () => {
    for (const token of ['A'.repeat(43), 'x', "' or 1=1 --", 'A'.repeat(5000)]) {
      const visitor = visit()
      visitor.cookies.set(COOKIE, token)
      expect((await visitor.get('/v1/session')).body.kind).toBe('none')
    }
  })

  test('logging out ends it at once and takes the cookie', async () => {
    const visitor = await guest('15400000005')
    const copy = visit()
    copy.cookies.set(COOKIE, visitor.cookies.get(COOKIE) as string)
    expect((await visitor.send('DELETE', '/v1/session')).status).toBe(204)
    expect(visitor.cookies.has(COOKIE)).toBe(false)
    expect((await copy.get('/v1/session')).body.kind).toBe('none')
    expect((await visit().send('DELETE', '/v1/session')).status).toBe(204)
  })

  test('the payer’s proof lasts ten minutes, a guest a day', async () => {
    const visitor = await guest('15400000006')
    const proved = async () => (await visitor.get('/t/guest')).body.principal?.payer
    expect(await proved()).toMatchObject({ msisdn: '8615400000006' })
    clock.advance(9 * 60_000)
    expect(await proved()).toBeNull()
    clock.advance(DAY_MS - 10 * 60_000 - 1)
    expect((await visitor.get('/v1/session')).body.kind).toBe('guest')
    clock.advance(1)
    expect((await visitor.get('/v1/session')).body.kind).toBe('none')
  })

  test('a log-in ends thirty days after it was last used, and ninety after it began', async () => {
    const idle = await registered('15400000007')
    const busy = await registered('15400000008')
    for (let day = 0; day < 89; day++) {
      clock.advance(DAY_MS)
      expect([day, (await busy.get('/v1/session')).body.kind]).toEqual([day, 'login'])
      if (day === 28) expect((await idle.get('/t/login')).status).toBe(200)
      if (day === 29 + 29) expect((await idle.get('/t/login')).status).toBe(401)
    }
    clock.advance(DAY_MS)
    expect((await busy.get('/v1/session')).body.kind).toBe('none')
  })

  test('use is noted at most every five minutes', async () => {
    const visitor = await guest('15400000009')
    const seen = async () => {
      const { session } = (await visitor.get('/t/guest')).body.principal
      const [row] = await laika.query<{ seen_at: number }>(
        'select seen_at from {{brand}}.session where id = $1',
        [session],
      )
      return clock.instant() - (row?.seen_at ?? 0)
    }
    clock.advance(3 * 60_000)
    expect(await seen()).toBe(4 * 60_000)
    clock.advance(60_000)
    expect(await seen()).toBe(0)
  })
})

describe('other sites', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 204],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://laika.test' }, 204],
  ])('a write with %j is %i', async (headers, status) => {
    const answer = await http.inject({
      method: 'DELETE',
      url: '/v1/session',
      headers: { host: 'laika.test', ...headers },
    })
    expect(answer.statusCode).toBe(status)
    if (status === 403) expect(answer.json().code).toBe('origin-refused')
  })
})

describe('fsck', () => {
  const plant: Record<string, string> = {
    ID1: `insert into laika.log_in (id, phone, locale, created_at) values (gen_random_uuid(), '8615499999999', 'en', now())`,
    ID2: `update laika.log_in set disabled_at = now() where phone = '8615400000100'`,
    ID3: `insert into laika.api_key (id, principal, name, secret_hash, scopes, dealer, created_at)
      select gen_random_uuid(), principal, 'x', secret_hash, scopes, gen_random_uuid(), now() from laika.api_key limit 1`,
  }
  test.each(identityChecks)('$id finds what breaks it and nothing else', async ({ id, sql }) => {
    await registered(`1540000${5000 + Number.parseInt(id.slice(2), 10)}`)
    const broken = () => laika.query(sql)
    expect(await broken()).toEqual([])
    await house.owner.query('begin')
    await house.owner.query(plant[id] as string)
    const { rows } = await house.owner.query(sql.replaceAll('{{brand}}', 'laika'))
    await house.owner.query('rollback')
    expect(rows.length).toBeGreaterThan(0)
  })
})
