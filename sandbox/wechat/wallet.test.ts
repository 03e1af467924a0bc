import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { axiosClient } from './testing/clients.ts'
import {
  merchant,
  nextNumber,
  orderOf,
  otherMerchant,
  startWechatWorld,
  type WechatWorld,
} from './testing/world.ts'

let world: WechatWorld

beforeAll(async () => {
  world = await startWechatWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const home = () => world.sandbox.addresses.home
const place = async (way: string, more: object = {}) => {
  const number = nextNumber()
  const { data } = await axiosClient(world)
    .chain(`v3/pay/transactions/${way}`)
    .post(orderOf(world, number, more))
  return { number, data: data as unknown as Record<string, string> }
}
/** Where a browser is sent, or undefined. */
const go = async (address: string, method = 'GET') =>
  (await fetch(address, { method, redirect: 'manual' })).headers.get('location') ?? undefined
const text = async (address: string) => {
  const answer = await fetch(address)
  return { status: answer.status, body: await answer.text() }
}
const stateOf = async (number: string) =>
  (await world.control('GET', `/control/wechat/${merchant.mchId}/orders/${number}`)).body.state

test('a scanned code leads to the payment, in both languages; confirming pays', async () => {
  const { number, data } = await place('native')
  // Pasted into the one box for codes, or opened as the address it is.
  const pasted = await go(`${home()}/wallet/scan?code=${encodeURIComponent(`${data.code_url}`)}`)
  expect(pasted).toMatch(/^\/wechat\/scan\?pr=/)
  const path = await go(`${home()}${pasted}`)
  const chinese = await text(`${home()}${path}`)
  expect(chinese.body).toContain('确认支付')
  expect(chinese.body).toContain('49.80')
  expect(chinese.body).toContain('莱卡通信')
  expect((await text(`${home()}${path}?lang=en`)).body).toContain('Confirm payment')
  await go(`${home()}${path}/refuse`, 'POST')
  expect(await stateOf(number)).toBe('NOTPAY')
  await go(`${home()}${path}/confirm`, 'POST')
  expect(await stateOf(number)).toBe('SUCCESS')
  expect((await text(`${home()}${path}`)).body).toContain('支付成功')
})

test('an H5 address leads there and back; without its word it leads nowhere', async () => {
  const scene = { scene_info: { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } } }
  const { number, data } = await place('h5', scene)
  const back = 'http://127.0.0.1:3000/orders/1?a=b'
  const path = await go(`${data.h5_url}&redirect_url=${encodeURIComponent(back)}`)
  const [pay, query] = `${path}`.split('?')
  expect(await go(`${home()}${pay}/confirm?${query}`, 'POST')).toBe(back)
  expect(await stateOf(number)).toBe('SUCCESS')
  const spoilt = new URL(`${data.h5_url}`)
  spoilt.searchParams.set('prepay_id', 'wx0')
  expect((await text(spoilt.href)).status).toBe(404)
  expect((await text(`${home()}/wechat/scan?pr=nothing`)).status).toBe(404)
  const { data: other } = await place('h5', scene)
  const away = await go(`${other.h5_url}&redirect_url=javascript:alert(1)`)
  const [, evil] = `${away}`.split('?')
  expect(await go(`${home()}${`${away}`.split('?')[0]}/confirm?${evil}`, 'POST')).toMatch(/^\/wechat\/pay\//)
})

test('a closed order cannot be paid, and says so', async () => {
  const { number, data } = await place('native')
  const path = await go(`${data.code_url}`)
  const close = axiosClient(world).chain('v3/pay/transactions/out-trade-no/{number}/close')
  await close.post({ mchid: merchant.mchId } as never, { number })
  expect((await text(`${home()}${path}`)).status).toBe(410)
  await go(`${home()}${path}/confirm`, 'POST')
  expect(await stateOf(number)).toBe('CLOSED')
})

test('the wallet shows a payer’s code, and what waits for its password', async () => {
  await world.knobs({ userPaying: true })
  const code = /data-testid="wallet-payer-code">([\d ]+)</.exec(
    (await text(`${home()}/wechat/payer-code`)).body,
  )?.[1]
  const number = nextNumber()
  const { notify_url: _, ...order } = orderOf(world, number)
  const charged = await axiosClient(world)
    .chain('v3/pay/transactions/codepay')
    .post({
      ...order,
      payer: { auth_code: `${code}`.replaceAll(' ', '') },
      scene_info: { store_info: { id: '1' } },
    })
  expect([charged.status, charged.data]).toMatchObject([202, { code: 'USERPAYING' }])
  const page = await text(`${home()}/wechat/payer-code?lang=en`)
  const path = /href="(\/wechat\/pay\/\w+)/.exec(page.body)?.[1]
  await go(`${home()}${path}/confirm`, 'POST')
  expect(await stateOf(number)).toBe('SUCCESS')
  expect((await text(`${home()}/wechat/payer-code?lang=en`)).body).toContain('No payment waits for you')
})

test('the rail’s own page shows its orders, keys and notifications', async () => {
  const { number } = await place('native')
  await world.order(number, 'pay')
  const { body } = await text(`${home()}/wechat`)
  for (const shown of [world.sandbox.addresses.wechat, merchant.mchId, 'TRANSACTION.SUCCESS', '签名中']) {
    expect(body).toContain(shown)
  }
  world.receiver.answer = () => 503
  const { number: untold } = await place('native')
  await world.order(untold, 'pay')
  // The page tells when the next sending is due.
  await expect
    .poll(async () => (await text(`${home()}/wechat?lang=en`)).body)
    .toMatch(/1 sent · next \d\d:\d\d:\d\d/)
  expect((await text(`${home()}/?lang=en`)).body).toContain(world.sandbox.addresses.wechat)
})

test('the admin page turns its knobs and rotates its key, for each merchant apart', async () => {
  const form = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${home()}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    })
  const entered = await form('/admin/enter', { token: world.sandbox.controlToken })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const knobs = `/admin/wechat/${merchant.mchId}/knobs`
  expect((await form(knobs, { dropAll: 'on', refundOutcome: 'ABNORMAL' }, cookie)).status).toBe(303)
  const path = (mchId: string) => `/control/wechat/merchants/${mchId}/knobs`
  expect((await world.control('GET', path(merchant.mchId))).body).toMatchObject({
    dropAll: true,
    refundOutcome: 'ABNORMAL',
  })
  expect((await world.control('GET', path(otherMerchant.mchId))).body).toMatchObject({ dropAll: false })
  expect((await form(knobs, { refundOutcome: 'LOST' }, cookie)).status).toBe(400)
  const before = world.sandbox.wechatKeys(merchant.mchId)[0]?.serial
  await form(`/admin/wechat/${merchant.mchId}/rotate-key`, {}, cookie)
  expect(world.sandbox.wechatKeys(merchant.mchId)[0]?.serial).not.toBe(before)
  const page = await (await fetch(`${home()}/admin?lang=en`, { headers: { cookie } })).text()
  expect(page).toContain('A WECHATPAY/SIGNTEST/ probe comes before every notification; it must be refused.')
  await form(`/admin/wechat/${merchant.mchId}/reset`, {}, cookie)
  expect((await world.control('GET', path(merchant.mchId))).body).toMatchObject({ dropAll: false })
})
