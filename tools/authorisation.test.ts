import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idToWire } from '../contract/id.ts'
import { makeCertificate } from '../sandbox/certificate.ts'
import { buildHouse, type House, TERMS_VERSION } from '../server/house.ts'
import { identityErrors } from '../server/identity/index.ts'
import type { NewMerchant } from '../server/payment/index.ts'
import type { Http, RouteRow } from '../server/platform/http.ts'
import { newId } from '../server/platform/id.ts'
import { rsaPair } from '../test/support/alipay-stand-in.ts'
import { testDatabase } from '../test/support/database.ts'
import { lastCode, type Visitor, visitor } from '../test/support/visitor.ts'

const PAGE = join(import.meta.dirname, '../docs/security/authorisation.md')
const MERCHANT = '2021000000000009'
const PASSWORD = 'nine kettles whistle at dawn'
const HOST = 'laika.test'
const masterKey = randomBytes(32)

const database = await testDatabase()
await database.owner.query(
  `insert into platform.brand_host (host, brand) select key || '.test', key from platform.brand`,
)
const house: House = await buildHouse({
  databaseUrl: database.appUrl,
  clock: database.clock,
  log: database.log,
  masterKey,
  demo: true,
  secureOrigin: false,
  trustedProxies: 0,
  channels: () => ({ sms: null, email: null }),
  originOf: (brand) => `http://${brand}.test`,
  portBrands: new Map(),
  formTargets: [],
})
const http: Http = await house.http()
await http.ready()
afterAll(async () => {
  await http.close()
  await house.close()
})

const rows = http.routeTable
const byAddress = (a: RouteRow, b: RouteRow) => a.url.localeCompare(b.url) || a.method.localeCompare(b.method)

/** In the form that the formatter gives tables: every column as wide as its widest cell. */
function table(cells: readonly (readonly string[])[]): string {
  const [head = []] = cells
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [head, rule, ...cells.slice(1)].map(line).join('\n')
}

function page(): string {
  const routes = [...rows]
    .sort(byAddress)
    .map(({ method, url, who, scope = '', assurance = '', reach }) => [
      `\`${method} ${url}\``,
      who.join(', '),
      scope,
      assurance,
      reach,
    ])
  return `# Who may call what

Deny by default: a route that declares no access keeps the program from starting, and this table is generated from what the
running routes declare (\`UPDATE_SNAPSHOT=1 npx vitest run tools/authorisation.test.ts\`). The same test calls every route as
everybody whom it does not let in and sees 401 or 403.

- **Who**: \`anyone\` needs no session, though one may show more; \`guest\` is a session without an account; \`login\` is an account's
  session; \`api-key\` is a program; \`provider\` proves itself by the signature over its body and carries no session.
- **Scope**: what an API key must carry. **Assurance**: the least a log-in's session must have proved, in rising order \`sms\`,
  \`password\`, \`strong\`.
- **Reach**: whose things. An id that is somebody else's is answered like one that does not exist.

${table([['Route', 'Who', 'Scope', 'Assurance', 'Reach'], ...routes])}
`
}

/** An address of the route's form, of things that do not exist. */
function addressOf(url: string): string {
  const values: Readonly<Record<string, string>> = {
    brand: 'laika',
    merchant: MERCHANT,
    number: '15400009999',
    id: idToWire(newId(database.clock.instant())),
    file: 'none',
  }
  return url.replace('*', 'none').replace(/:([a-z]+)/g, (_, name: string) => values[name] ?? 'none')
}

/** Somebody who calls, and what its principal is. */
interface Caller {
  readonly name: string
  readonly kind: 'guest' | 'login' | 'api-key' | null
  readonly assurance?: 'sms' | 'password'
  readonly scopes?: readonly string[]
  readonly visit: Visitor
  readonly headers: Record<string, string>
}

const everyScope = [...new Set(rows.flatMap(({ scope }) => scope ?? []))]
const callers: Caller[] = []

async function codeFor(visit: Visitor, purpose: string, number: string): Promise<string> {
  const captcha = await visit.captcha()
  const sent = await visit.send('POST', '/v1/codes', { purpose, to: number, captcha, locale: 'zh-CN' })
  expect(sent.status, JSON.stringify(sent.body)).toBe(202)
  return await lastCode(database.db, masterKey, 'laika', `86${number}`)
}

async function register(number: string, more: object): Promise<Visitor> {
  const visit = visitor(http, HOST)
  const code = await codeFor(visit, 'register', number)
  const accepted = { acceptedTerms: true, termsVersion: TERMS_VERSION, locale: 'zh-CN' }
  const made = await visit.send('POST', '/v1/registrations', { number, code, ...accepted, ...more })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return visit
}

/** A dealer's key, so that what a dealer may not reach is told from what its key may not. */
async function apiKey(name: string, scopes: readonly string[]): Promise<Caller> {
  const { text } = await house.db.of('laika').tx(async (tx) => {
    const { id: dealer } = await house.dealers.createDealer(tx, { name, commissionBp: 0 })
    return await house.identity.createApiKey(tx, { name, scopes, dealer, actor: 'test' })
  })
  return {
    name,
    kind: 'api-key',
    scopes,
    visit: visitor(http, HOST),
    headers: { authorization: `Bearer ${text}` },
  }
}

/** One of each rail, whose keys sign nothing that is sent here. */
async function addMerchants(): Promise<void> {
  const common = { id: MERCHANT, currency: 'CNY', enabled: true, gateway: 'http://127.0.0.1:9/gateway.do' }
  const { key, privateKey } = rsaPair()
  const authority = makeCertificate({
    ...{ subject: { CN: 'root' }, issuer: { CN: 'root' }, key, issuerKey: key, authority: true },
    ...{ from: Date.UTC(2026, 0, 1), until: Date.UTC(2036, 0, 1) },
  }).toString('base64')
  const rails: readonly NewMerchant[] = [
    {
      ...common,
      provider: 'alipay',
      seller: '2088000000000009',
      privateKey,
      providerKeys: [rsaPair().publicKey],
    },
    {
      ...{ ...common, provider: 'wechat', seller: MERCHANT, privateKey, providerKeys: [] },
      secrets: { apiV3Key: 'k'.repeat(32) },
      settings: { appId: 'wx0123456789abcdef', serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' },
    },
    {
      ...{ ...common, provider: 'card', seller: MERCHANT, privateKey: null, providerKeys: [] },
      secrets: { secretKey: 'sk_test_0123456789', webhookSecret: 'whsec_0123456789' },
    },
    {
      ...{ ...common, provider: 'unionpay', seller: MERCHANT, privateKey, providerKeys: [] },
      settings: { certId: '1', rootCertificate: authority, middleCertificate: authority },
    },
    {
      ...{ ...common, provider: 'bank', seller: '0200049609200123456', gateway: '', privateKey: null },
      providerKeys: [rsaPair().publicKey],
    },
  ]
  await house.db.of('laika').tx(async (tx) => {
    for (const rail of rails) await house.payments.addMerchant(tx, rail)
  })
}

beforeAll(async () => {
  await addMerchants()
  const guest = visitor(http, HOST)
  const code = await codeFor(guest, 'payer', '15400000001')
  await guest.send('POST', '/v1/codes/payer', { number: '15400000001', code })
  const bySms = await register('15400000002', {})
  await register('15400000003', { password: PASSWORD })
  const byPassword = visitor(http, HOST)
  const captcha = await byPassword.captcha()
  await byPassword.send('POST', '/v1/log-ins', {
    by: 'password',
    name: '15400000003',
    password: PASSWORD,
    captcha,
  })
  callers.push(
    { name: 'nobody', kind: null, visit: visitor(http, HOST), headers: {} },
    { name: 'a guest', kind: 'guest', visit: guest, headers: {} },
    { name: 'a log-in by code', kind: 'login', assurance: 'sms', visit: bySms, headers: {} },
    { name: 'a log-in by password', kind: 'login', assurance: 'password', visit: byPassword, headers: {} },
    await apiKey('an API key without scopes', []),
    await apiKey('an API key with every scope', everyScope),
  )
})

const ASSURANCES = ['sms', 'password', 'strong']

/** What the table promises this caller on this route: null where it is let in, else how it is refused. */
function promised(
  { who, scope, assurance }: RouteRow,
  caller: Caller,
): [status: number, code: string] | null {
  const open = who.includes('anyone')
  if (caller.kind === null || !who.includes(caller.kind)) {
    if (open) return null
    const wrong = caller.kind === 'login' || caller.kind === 'api-key'
    return wrong ? [403, 'forbidden'] : [401, 'not-authenticated']
  }
  if (caller.kind === 'api-key' && scope !== undefined && !caller.scopes?.includes(scope))
    return [403, 'scope-missing']
  const reached = ASSURANCES.indexOf(caller.assurance ?? '')
  if (caller.kind === 'login' && assurance !== undefined && reached < ASSURANCES.indexOf(assurance))
    return [403, 'assurance-too-low']
  return null
}

async function call({ method, url }: RouteRow, { visit, headers }: Caller) {
  const address = addressOf(url)
  // Pages answer with HTML, which is no JSON to read.
  const response = await http.inject({
    method: method as 'GET',
    url: address,
    headers: {
      host: HOST,
      'sec-fetch-site': 'same-origin',
      cookie: [...visit.cookies].map((pair) => pair.join('=')).join('; '),
      ...headers,
    },
  })
  const json = response.headers['content-type']?.toString().includes('json')
  return { status: response.statusCode, code: json ? (response.json() as { code?: string }).code : undefined }
}

const HOOK_CODES = ['not-authenticated', 'forbidden', 'scope-missing', 'assurance-too-low'] as const
const routes = rows.filter(({ who }) => !who.includes('provider'))
/** The end of a session comes last: callers need theirs until then. */
const ending = (row: RouteRow) => (row.method === 'DELETE' && row.url === '/v1/session' ? 1 : 0)
const inOrder = [...routes].sort((a, b) => ending(a) - ending(b) || byAddress(a, b))

it('the page in docs/security is what the routes declare', () => {
  if (process.env.UPDATE_SNAPSHOT) writeFileSync(PAGE, page())
  expect(readFileSync(PAGE, 'utf8')).toBe(page())
})

it('knows the codes of refused access', () => {
  expect(HOOK_CODES.every((code) => code in identityErrors)).toBe(true)
})

describe.each(inOrder.map((row) => [`${row.method} ${row.url}`, row] as const))('%s', (_, row) => {
  it('refuses whom it does not let in, and nobody else', async () => {
    for (const caller of callers) {
      const refused = promised(row, caller)
      const { status, code } = await call(row, caller)
      if (refused) expect([caller.name, status, code]).toEqual([caller.name, ...refused])
      else expect([caller.name, HOOK_CODES.some((one) => one === code)]).toEqual([caller.name, false])
    }
  })
})

const FORM = 'application/x-www-form-urlencoded'
const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString()
const signature = randomBytes(256).toString('base64')
const seconds = `${Math.floor(database.clock.instant() / 1000)}`

/** A notification in each rail's form, all in order but for its signature. */
const unsigned: Readonly<
  Record<
    'alipay' | 'wechat' | 'card' | 'unionpay' | 'bank',
    { readonly type: string; readonly payload: string; readonly headers?: Readonly<Record<string, string>> }
  >
> = {
  alipay: {
    type: FORM,
    payload: form({
      ...{
        app_id: MERCHANT,
        seller_id: '2088000000000009',
        notify_id: 'n1',
        notify_type: 'trade_status_sync',
      },
      ...{ out_trade_no: addressOf(':id'), trade_no: '2026112222001', trade_status: 'TRADE_SUCCESS' },
      ...{ total_amount: '49.80', gmt_payment: '2026-11-22 14:00:00', charset: 'utf-8', version: '1.0' },
      ...{ sign_type: 'RSA2', sign: signature },
    }),
  },
  wechat: {
    type: 'application/json',
    payload: '{"id":"n1","event_type":"TRANSACTION.SUCCESS","resource":{}}',
    headers: {
      ...{ 'wechatpay-timestamp': seconds, 'wechatpay-nonce': 'n1', 'wechatpay-signature': signature },
      'wechatpay-serial': '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    },
  },
  card: {
    type: 'application/json',
    payload: '{"id":"evt_1","object":"event","type":"checkout.session.completed"}',
    headers: { 'stripe-signature': `t=${seconds},v1=${randomBytes(32).toString('hex')}` },
  },
  unionpay: {
    type: FORM,
    payload: form({
      ...{
        version: '5.1.0',
        encoding: 'utf-8',
        certId: '1',
        signMethod: '01',
        txnType: '01',
        txnSubType: '01',
      },
      ...{ bizType: '000201', merId: MERCHANT, orderId: addressOf(':id'), txnTime: '20261122140000' },
      ...{ txnAmt: '4980', currencyCode: '156', queryId: '442611221400001234567', respCode: '00' },
      ...{ signPubKeyCert: 'none', signature },
    }),
  },
  bank: {
    type: 'application/xml',
    payload: '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"/>',
    headers: { 'bank-timestamp': `${seconds}000`, 'bank-signature': signature },
  },
}

describe.each(rows.filter(({ who }) => who.includes('provider')).map((row) => [row.url, row] as const))(
  '%s',
  (_, row) => {
    it('refuses what no provider signed', async () => {
      const rail = row.url.split('/')[3] as keyof typeof unsigned
      const { type, payload, headers = {} } = unsigned[rail]
      const response = await http.inject({
        method: row.method as 'POST',
        url: addressOf(row.url),
        headers: { host: HOST, 'content-type': type, ...headers },
        payload,
      })
      expect([response.statusCode, (response.json() as { code: string }).code]).toEqual([
        401,
        'notification-unverified',
      ])
    })
  },
)

it('a route without an entry keeps the house from starting', async () => {
  const another = await house.http()
  expect(() => another.get('/v1/forgotten', async () => 'open to all')).toThrow('declares no access')
  await another.close()
})
