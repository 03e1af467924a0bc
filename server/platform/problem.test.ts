import { Type } from 'typebox'
import { afterAll, describe, expect, it } from 'vitest'
import { MoneyWire } from '../../contract/money.ts'
import { createClock } from './clock.ts'
import { CommitUnknown } from './db.ts'
import { defineErrors, refuse } from './error.ts'
import { createHttp } from './http.ts'
import { createLog } from './log.ts'
import { toProblem } from './problem.ts'

const access = { who: ['anyone'], reach: 'nothing' } as const
const http = await createHttp({
  clock: createClock(),
  log: createLog('silent'),
  secureOrigin: false,
  trustedProxies: 0,
  formTargets: [],
})
const Order = Type.Object(
  {
    amount: MoneyWire,
    kind: Type.Union([Type.Literal('package'), Type.Literal('amount')]),
    note: Type.Optional(Type.String({ maxLength: 5 })),
    flag: Type.Optional(Type.Boolean()),
    counts: Type.Optional(Type.Array(Type.Integer(), { maxItems: 3 })),
  },
  { additionalProperties: false },
)
const Page = Type.Object(
  { size: Type.Integer({ maximum: 100 }), after: Type.Optional(Type.String({ maxLength: 3 })) },
  { additionalProperties: false },
)
http.post('/orders', { config: { access }, schema: { body: Order } }, async ({ body }) => ({ body }))
http.get('/orders', { config: { access }, schema: { querystring: Page } }, async ({ query }) => ({ query }))
afterAll(() => http.close())

const money = { amountMinor: '4980', currency: 'CNY' }
const order = { amount: money, kind: 'package' }
const JSON_TYPE = { 'content-type': 'application/json' }

async function send(payload: unknown, headers: Record<string, string> = JSON_TYPE) {
  const response = await http.inject({
    method: 'POST',
    url: '/orders',
    headers,
    payload: Buffer.isBuffer(payload) || typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
  return { status: response.statusCode, type: response.headers['content-type'], body: response.json() }
}

describe('a body', () => {
  it('that keeps its schema is taken', async () => {
    expect(await send(order)).toMatchObject({ status: 200, body: { body: order } })
    expect(await send(order, { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({
      status: 200,
    })
  })

  it.each<[string, unknown, string, string | undefined]>([
    ['an unknown field', { ...order, x: 1 }, 'field-unknown', '/x'],
    [
      'an unknown field below',
      { ...order, amount: { ...money, 'a/b~c': 1 } },
      'field-unknown',
      '/amount/a~1b~0c',
    ],
    ['an unknown field whose name is a lure', { ...order, toString: 1 }, 'field-unknown', '/toString'],
    ['a missing field', { kind: 'package' }, 'field-missing', '/amount'],
    [
      'a missing field below',
      { ...order, amount: { currency: 'CNY' } },
      'field-missing',
      '/amount/amountMinor',
    ],
    ['a number for a text', { ...order, note: 5 }, 'field-type', '/note'],
    ['a text for a truth', { ...order, flag: 'true' }, 'field-type', '/flag'],
    ['a fraction for a whole number', { ...order, counts: [1, 2.5] }, 'field-type', '/counts/1'],
    ['too long a text', { ...order, note: '123456' }, 'field-malformed', '/note'],
    ['too many', { ...order, counts: [1, 2, 3, 4] }, 'field-malformed', '/counts'],
    ['none of the choices', { ...order, kind: 'gift' }, 'field-malformed', '/kind'],
    [
      'a currency that is none',
      { ...order, amount: { ...money, currency: 'cny' } },
      'field-malformed',
      '/amount/currency',
    ],
    [
      'an amount as a float',
      { ...order, amount: { ...money, amountMinor: 49.8 } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount as a whole number',
      { ...order, amount: { ...money, amountMinor: 4980 } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount with a point',
      { ...order, amount: { ...money, amountMinor: '49.80' } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount below zero',
      { ...order, amount: { ...money, amountMinor: '-1' } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount with an exponent',
      { ...order, amount: { ...money, amountMinor: '1e2' } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount with a space',
      { ...order, amount: { ...money, amountMinor: '100 ' } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    [
      'an amount beyond all amounts',
      { ...order, amount: { ...money, amountMinor: '1'.repeat(16) } },
      'amount-malformed',
      '/amount/amountMinor',
    ],
    ['money as a number', { ...order, amount: 49.8 }, 'amount-malformed', '/amount'],
    ['null', 'null', 'field-type', ''],
    ['an array', '[]', 'field-type', ''],
    ['a field twice', '{"kind":"package","kind":"amount"}', 'field-repeated', undefined],
    ['a way into prototypes', '{"__proto__":{"kind":"package"}}', 'body-malformed', undefined],
    ['half of JSON', '{"kind":', 'body-malformed', undefined],
    ['nothing', '', 'body-malformed', undefined],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), 'body-malformed', undefined],
  ])('of %s is refused by a code of its own that names the field', async (_, payload, code, pointer) => {
    const { status, type, body } = await send(payload)
    expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json; charset=utf-8' })
    expect(body).toMatchObject({ code, status: 400, type: `/problems/${code}`, moneyMoved: false })
    expect(body.pointer).toBe(pointer)
  })

  it.each([
    'application/xml',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    '',
  ])('of type %j is refused', async (type) => {
    const { status, body } = await send(JSON.stringify(order), { 'content-type': type })
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'media-type-unsupported' })
  })

  it('over 64 KiB is refused, at 64 KiB it is read', async () => {
    const bare = JSON.stringify({ ...order, note: '' }).length
    const sized = (bytes: number) => JSON.stringify({ ...order, note: 'x'.repeat(bytes - bare) })
    expect(await send(sized(65_536))).toMatchObject({ status: 400, body: { code: 'field-malformed' } })
    expect(await send(sized(65_537))).toMatchObject({ status: 413, body: { code: 'body-too-large' } })
  })

  it('that is not there is refused', async () => {
    const response = await http.inject({ method: 'POST', url: '/orders' })
    expect({ status: response.statusCode, code: response.json().code }).toEqual({
      status: 400,
      code: 'field-type',
    })
  })
})

describe('a query', () => {
  it.each([
    ['size=x', 'field-type', '/size'],
    ['size=101', 'field-malformed', '/size'],
    ['', 'field-missing', '/size'],
    ['size=1&page=2', 'field-unknown', '/page'],
    ['size=1&after=a&after=b', 'field-type', '/after'],
    ['size=1&after=abcd', 'field-malformed', '/after'],
  ])('?%s is refused', async (query, code, pointer) => {
    const response = await http.inject({ url: `/orders?${query}` })
    expect(response.json()).toMatchObject({ code, pointer, in: 'querystring', status: 400 })
  })

  it('is read by its schema', async () => {
    const response = await http.inject({ url: '/orders?size=10' })
    expect(response.json()).toEqual({ query: { size: 10 } })
  })
})

describe('a problem', () => {
  const errors = defineErrors({ 'float-low': ['refused', 'The float does not cover this'] })
  const id = '01a2'

  it('of a refusal says what it is, and that no money moved', () => {
    expect(toProblem(refuse(errors['float-low'], { shortMinor: '1' }), id)).toEqual({
      fault: false,
      retryAfterSeconds: undefined,
      problem: {
        type: '/problems/float-low',
        title: 'The float does not cover this',
        status: 422,
        code: 'float-low',
        requestId: id,
        moneyMoved: false,
        shortMinor: '1',
      },
    })
  })

  it('may say that money moved, and when to come again', () => {
    const { problem, retryAfterSeconds } = toProblem(
      refuse(errors['float-low'], { moneyMoved: true, retryAfterSeconds: 3 }),
      id,
    )
    expect(problem).toMatchObject({ moneyMoved: true, retryAfterSeconds: 3 })
    expect(retryAfterSeconds).toBe(3)
  })

  it.each<[string, unknown]>([
    ['an error', new Error('password=hunter2')],
    ['an unknown commit', new CommitUnknown(1, new Error('read ECONNRESET'))],
    ['a broken constraint', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['a text', 'thrown'],
    ['nothing', undefined],
    ['null', null],
  ])('of %s tells nothing but that money may have moved', (_, thrown) => {
    const { problem, fault } = toProblem(thrown, id)
    expect(fault).toBe(true)
    expect(problem).toEqual({
      type: '/problems/internal',
      title: 'Something broke on our side; the request id finds it in our log',
      status: 500,
      code: 'internal',
      requestId: id,
      moneyMoved: 'unknown',
    })
  })

  it('of a database that is away says when to come again, and is no fault of the program', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(toProblem(refused, id)).toMatchObject({
      problem: { status: 503, code: 'database-away', moneyMoved: 'unknown', retryAfterSeconds: 2 },
      retryAfterSeconds: 2,
      fault: false,
    })
  })
})
