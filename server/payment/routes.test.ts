import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { APP_ID, evidenceRows, paidNotice, paymentRoom, SELLER } from '../../test/support/payment.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { createHttp } from '../platform/http.ts'
import { newId } from '../platform/id.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db, log } = room
const http = await createHttp({ clock, log, secureOrigin: false, trustedProxies: 0, formTargets: [] })
await payments.routes(http)
await http.ready()
afterAll(() => http.close())
afterEach(() => disarmFailpoints())

const FORM = 'application/x-www-form-urlencoded; charset=utf-8'
const HERE = `/v1/notifications/alipay/laika/${APP_ID}`

async function post(body: string | Buffer, url = HERE, headers: Record<string, string> = {}) {
  const response = await http.inject({
    method: 'POST',
    url,
    headers: { 'content-type': FORM, ...headers },
    body,
  })
  const problem = response.headers['content-type']?.startsWith('application/problem+json')
  return { status: response.statusCode, body: response.body, code: problem ? response.json().code : null }
}
const SUCCESS = { status: 200, body: 'success', code: null }

let notifyId = 0
let attempt: string
let number: string
beforeEach(async () => {
  attempt = await room.openAttempt()
  number = idToWire(attempt)
})
/** A genuine notification of its own id. */
function notice(fields: Readonly<Record<string, string>> = {}): string {
  return alipay.notification(paidNotice(number, { notify_id: `n${++notifyId}`, ...fields }))
}
async function countEvidence(): Promise<number> {
  const { rows } = await room.owner.query('select count(*)::int as n from laika.evidence')
  return rows[0].n
}

describe('a notification', () => {
  test('is acknowledged with the seven bytes once it is committed', async () => {
    const body = notice()
    expect(await post(body)).toEqual(SUCCESS)
    expect(await evidenceRows(room, attempt)).toMatchObject([
      {
        kind: 'notify',
        provider_id: `n${notifyId}`,
        said: 'paid',
        transaction: '2026112222001451099412345678',
        amount: '4980',
        currency: 'CNY',
        raw: Buffer.from(body),
        happened_at: new Date('2026-11-22T06:00:05Z'),
        applied_at: null,
      },
    ])
  })

  test('32 at once are one row, and each is acknowledged', async () => {
    const body = notice()
    const answers = await Promise.all(Array.from({ length: 32 }, () => post(body)))
    expect(answers).toEqual(Array(32).fill(SUCCESS))
    expect(await evidenceRows(room, attempt)).toHaveLength(1)
  })

  test('the same one to two processes at once is one row', async () => {
    const other = await createHttp({ clock, log, secureOrigin: false, trustedProxies: 0, formTargets: [] })
    await room.anotherProcess().routes(other)
    const bodies = Array.from({ length: 20 }, () => notice())
    const send = (server: typeof http, list: readonly string[]) =>
      list.map((body) =>
        server.inject({ method: 'POST', url: HERE, headers: { 'content-type': FORM }, body }),
      )
    const answers = await Promise.all([...send(http, bodies), ...send(other, bodies.toReversed())])
    await other.close()
    expect(new Set(answers.map((answer) => answer.body))).toEqual(new Set(['success']))
    expect(await evidenceRows(room, attempt)).toHaveLength(20)
  })

  test('of a wrong amount is evidence too: settling compares', async () => {
    expect(await post(notice({ total_amount: '0.01' }))).toEqual(SUCCESS)
    expect(await evidenceRows(room, attempt)).toMatchObject([{ amount: '1' }])
  })

  test('about an attempt nobody made is kept as an orphan, which settle never takes', async () => {
    const stray = idToWire(newId(clock.instant()))
    expect(await post(notice({ out_trade_no: stray }))).toEqual(SUCCESS)
    expect(await post(notice({ out_trade_no: 'MALL-0001' }))).toEqual(SUCCESS)
    const { rows } = await room.owner.query(
      `select fields->>'out_trade_no' as number from laika.evidence where attempt is null order by id`,
    )
    expect(rows).toEqual([{ number: stray }, { number: 'MALL-0001' }])
    const taken = await db.of('laika').tx((tx) => payments.takeEvidence(tx, 1_000))
    expect(taken.map((row) => row.attempt)).not.toContain(null)
  })

  test('that nothing has come to pass yet is acknowledged and not kept', async () => {
    const before = await countEvidence()
    expect(await post(notice({ trade_status: 'WAIT_BUYER_PAY' }))).toEqual(SUCCESS)
    expect(await countEvidence()).toBe(before)
  })

  test('carries no session: another site’s Origin is no reason to refuse it', async () => {
    expect(
      await post(notice(), HERE, { origin: 'https://openapi.alipay.com', 'sec-fetch-site': 'cross-site' }),
    ).toEqual(SUCCESS)
  })

  test.each(['payment.notification-verified', 'payment.evidence-writing'])(
    'is not acknowledged when we fail at %s, and is when it is sent again',
    async (place) => {
      const body = notice()
      armFailpoints(`${place}:1:throw`)
      expect((await post(body)).status).toBe(500)
      expect(await evidenceRows(room, attempt)).toEqual([])
      expect(await post(body)).toEqual(SUCCESS)
      expect(await evidenceRows(room, attempt)).toHaveLength(1)
    },
  )

  test.each(['payment.evidence-committed', 'payment.notification-recorded'])(
    'committed and not acknowledged (%s), it is acknowledged when it comes again: one row',
    async (place) => {
      const body = notice()
      armFailpoints(`${place}:1:throw`)
      expect((await post(body)).status).toBe(500)
      expect(await post(body)).toEqual(SUCCESS)
      expect(await evidenceRows(room, attempt)).toHaveLength(1)
    },
  )
})

describe('nothing of a refused notification is kept, and it is counted', () => {
  const stranger = rsaPair()
  const cases: readonly (readonly [
    string,
    'signature' | 'merchant' | 'malformed',
    number,
    () => string | Buffer,
  ])[] = [
    ['forged', 'signature', 401, () => alipay.notification(paidNotice(number), stranger.key)],
    ['altered', 'signature', 401, () => notice().replace('total_amount=49.80', 'total_amount=99.80')],
    ['of another app', 'merchant', 401, () => notice({ app_id: '2021999999999999' })],
    ['of another seller', 'merchant', 401, () => notice({ seller_id: '2088999999999999' })],
    ['of an impossible amount', 'malformed', 400, () => notice({ total_amount: '1e20' })],
    [
      'with a BOM',
      'malformed',
      400,
      () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(notice())]),
    ],
    ['with a key twice', 'malformed', 400, () => `${notice()}&total_amount=49.80`],
    ['empty', 'malformed', 400, () => ''],
  ]
  test.each(cases)('%s', async (_, fault, status, body) => {
    const before = { rows: await countEvidence(), refused: payments.refusedNotifications[fault] }
    const code = fault === 'malformed' ? 'notification-malformed' : 'notification-unverified'
    expect(await post(body())).toMatchObject({ status, code })
    expect(await countEvidence()).toBe(before.rows)
    expect(payments.refusedNotifications[fault]).toBe(before.refused + 1)
  })

  test('longer than 64 KiB', async () => {
    const before = await countEvidence()
    expect((await post(`${notice()}&padding=${'x'.repeat(64 * 1024)}`)).status).toBe(413)
    expect(await countEvidence()).toBe(before)
  })

  test('sent as something else than a form', async () => {
    expect((await post('{}', HERE, { 'content-type': 'application/json' })).status).toBe(415)
  })

  test.each([
    `/v1/notifications/alipay/laika/2021999999999999`,
    `/v1/notifications/alipay/harbour/${APP_ID}`,
    `/v1/notifications/alipay/nobody/${APP_ID}`,
  ])('sent to %s, where there is no such merchant', async (url) => {
    expect(await post(notice(), url)).toMatchObject({ status: 404, code: 'merchant-unknown' })
  })
})

test('one about a dispute that cannot be asked about is to come again: 503, counted, not kept', async () => {
  const [account, secret] = ['acct_1RoutesTest', 'whsec_routesTest']
  await db.of('laika').tx((tx) =>
    payments.addMerchant(tx, {
      ...{ provider: 'card', id: account, seller: account, currency: 'CNY', enabled: true },
      ...{ gateway: 'http://127.0.0.1:1', privateKey: null, providerKeys: [] },
      secrets: { secretKey: 'sk_test_routesTest', webhookSecret: secret },
    }),
  )
  const object = { id: 'du_1', object: 'dispute' }
  const event = { id: 'evt_1', object: 'event', type: 'charge.dispute.created', livemode: false }
  const body = JSON.stringify({ ...event, created: 1, data: { object } })
  const at = Math.floor(clock.instant() / 1_000)
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` }
  const before = await countEvidence()
  const answer = await post(body, `/v1/notifications/card/laika/${account}`, headers)
  expect(answer).toMatchObject({ status: 503, code: 'notification-not-now' })
  expect(payments.refusedNotifications.unanswered).toBe(1)
  expect(await countEvidence()).toBe(before)
})

describe('two merchants', () => {
  test('neither can speak of the other’s attempts, nor with the other’s key', async () => {
    const ours = rsaPair()
    const theirs = rsaPair()
    await db.of('laika').tx((tx) =>
      payments.addMerchant(tx, {
        provider: 'alipay',
        id: '2021000000000002',
        seller: SELLER,
        currency: 'CNY',
        gateway: alipay.gateway,
        privateKey: ours.privateKey,
        providerKeys: [theirs.publicKey],
        enabled: true,
      }),
    )
    const there = '/v1/notifications/alipay/laika/2021000000000002'
    expect(await post(notice({ app_id: '2021000000000002' }), there)).toMatchObject({ status: 401 })
    const fields = paidNotice(number, { notify_id: 'other', app_id: '2021000000000002' })
    expect(await post(alipay.notification(fields, theirs.key), there)).toEqual(SUCCESS)
    expect(await evidenceRows(room, attempt)).toEqual([])
  })
})

test('1,000 notifications over 32 connections are each acknowledged long before Alipay gives up', async () => {
  const bodies = Array.from({ length: 1_000 }, () => notice())
  const tookMs: number[] = []
  await Promise.all(
    Array.from({ length: 32 }, async (_, connection) => {
      for (let i = connection; i < bodies.length; i += 32) {
        const began = performance.now()
        expect(await post(bodies[i] as string)).toEqual(SUCCESS)
        tookMs.push(performance.now() - began)
      }
    }),
  )
  expect(await evidenceRows(room, attempt)).toHaveLength(1_000)
  const p99 = tookMs.sort((a, b) => a - b)[989] as number
  expect(p99).toBeLessThan(5_000)
})
