import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appId, arrive, merchantPublicKey, sellerId, startWorld, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())

const merchant = { appId, sellerId, brand: 'laika', name: '莱卡通信', merchantPublicKey }

test('nothing without the token, which lies where only the owner can read it', async () => {
  const { home } = world.sandbox.addresses
  for (const authorization of ['', 'Bearer wrong', `Basic ${world.sandbox.controlToken}`]) {
    const answer = await fetch(`${home}/control/merchants`, { headers: { authorization } })
    expect(answer.status).toBe(401)
  }
  expect(await readFile(join(world.dataDir, 'control-token'), 'utf8')).toBe(world.sandbox.controlToken)
  for (const file of ['control-token', 'registry.jsonl', 'alipay.jsonl', `keys/alipay-${appId}-1.pem`]) {
    expect((await stat(join(world.dataDir, file))).mode & 0o077).toBe(0)
  }
  expect((await stat(world.dataDir)).mode & 0o077).toBe(0)
})

test('registers a merchant and answers the key that will sign', async () => {
  const { status, body } = await world.control('POST', '/control/merchants', merchant)
  expect(status).toBe(201)
  expect(body.alipayPublicKey).toBe(world.sandbox.alipayPublicKey(appId))
  const published = JSON.parse(await readFile(join(world.dataDir, 'alipay-public-keys.json'), 'utf8'))
  expect(published).toEqual({ [appId]: body.alipayPublicKey })
})

test.each([
  [{ appId: '12' }, '"appId"'],
  [{ sellerId: '1234567890123456' }, '"sellerId"'],
  [{ merchantPublicKey: 'nonsense' }, '"merchantPublicKey"'],
  [{ name: undefined }, '"name"'],
])('refuses a merchant with %j', async (wrong, word) => {
  const { status, body } = await world.control('POST', '/control/merchants', { ...merchant, ...wrong })
  expect(status).toBe(400)
  expect(body.error).toContain(word)
})

test.each([
  [{ duplicat: 1 }, 'no knob "duplicat"'],
  [{ duplicate: -1 }, 'whole number'],
  [{ duplicate: 1.5 }, 'whole number'],
  [{ duplicate: '1' }, 'takes a number'],
  [{ dropAll: 'yes' }, 'takes a boolean'],
  [{ paidAmount: '1,00' }, 'does not take'],
  [{ fault: 'http-404' }, 'does not take'],
  [{ constructor: true }, 'no knob'],
])('refuses the knobs %j and turns none', async (change, word) => {
  const path = `/control/merchants/${appId}/knobs`
  const before = await world.control('GET', path)
  const { status, body } = await world.control('PUT', path, { reorder: true, ...change })
  expect(status).toBe(400)
  expect(body.error).toContain(word)
  expect((await world.control('GET', path)).body).toEqual(before.body)
})

test('knobs change one by one, survive a restart, and are all reset together', async () => {
  const path = `/control/merchants/${appId}/knobs`
  await world.control('PUT', path, { duplicate: 3 })
  await world.control('PUT', path, { reorder: true })
  await world.control('PUT', '/control/clock', { retryScale: 0.5 })
  await world.restart()
  expect((await world.control('GET', path)).body).toMatchObject({
    duplicate: 3,
    reorder: true,
    dropAll: false,
  })
  expect((await world.control('GET', '/control/clock')).body).toEqual({ retryScale: 0.5 })
  const { body } = await world.control('PUT', path, { reset: true, dropAll: true })
  expect(body).toMatchObject({ duplicate: 0, reorder: false, dropAll: true })
  await world.control('PUT', path, { reset: true })
})

test.each([0, -1, 1.1, '1'])('refuses the time scale %j', async (retryScale) => {
  expect((await world.control('PUT', '/control/clock', { retryScale })).status).toBe(400)
})

test('a trade without a browser: opened by its address, refused, paid, listed, in the book', async () => {
  const order = { out_trade_no: 'C1', total_amount: '20.00', subject: '充值' }
  const trade = `/control/alipay/${appId}/trades/C1`
  expect((await world.control('POST', `${trade}/pay`)).status).toBe(404)
  const params = world.pagePay(order, { return_url: 'http://127.0.0.1:3000/back' })
  await arrive(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params))
  expect((await world.control('POST', `${trade}/refuse`)).body).toMatchObject({ status: 'WAIT_BUYER_PAY' })
  const paid = await world.control('POST', `${trade}/pay`)
  expect(paid.body).toMatchObject({ status: 'TRADE_SUCCESS', totalMinor: '2000' })
  const back = Object.fromEntries(new URL(paid.body.returnUrl).searchParams)
  expect(world.sdk.checkNotifySignV2(back)).toBe(true)
  const again = await world.control('POST', `${trade}/pay`)
  expect(again).toMatchObject({ status: 409, body: { subCode: 'ACQ.TRADE_HAS_SUCCESS' } })
  const { body } = await world.control('GET', `/control/alipay/${appId}/trades`)
  expect(body.trades.map((item: { order: { outTradeNo: string } }) => item.order.outTradeNo)).toContain('C1')
  const book = await world.control('GET', '/control/book/alipay')
  const kinds = book.body.entries.map((entry: { kind: string }) => entry.kind)
  expect(kinds).toEqual(expect.arrayContaining(['trade-created', 'trade-paid', 'notification-made']))
})

test('a QR order: scanned, then paid; or paid at once', async () => {
  for (const [outTradeNo, steps] of [
    ['C2', ['scan', 'pay']],
    ['C3', ['pay']],
  ] as const) {
    await world.ask('alipay.trade.precreate', {
      out_trade_no: outTradeNo,
      total_amount: '5.00',
      subject: '充值',
    })
    for (const step of steps) {
      const { status } = await world.control('POST', `/control/alipay/${appId}/trades/${outTradeNo}/${step}`)
      expect(status).toBe(200)
    }
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
    })
  }
})

test('only the named books can be read, and none holds a key or a password', async () => {
  expect((await world.control('GET', '/control/book/registry')).status).toBe(404)
  expect((await world.control('GET', '/control/book/..%2Fcontrol-token')).status).toBe(404)
})

test('the admin page lets in only who typed the token, and turns knobs', async () => {
  const { home } = world.sandbox.addresses
  const form = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(`${home}${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    })
  expect((await form('/admin/enter', { token: 'wrong' })).status).toBe(403)
  const knobs = `/admin/alipay/${appId}/knobs`
  await form(knobs, { dropAll: 'on' })
  const path = `/control/merchants/${appId}/knobs`
  expect((await world.control('GET', path)).body.dropAll).toBe(false)
  const entered = await form('/admin/enter', { token: world.sandbox.controlToken })
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(entered.headers.get('set-cookie')).toContain('HttpOnly; SameSite=Strict')
  expect(cookie).not.toContain(world.sandbox.controlToken)
  expect(
    (await form(knobs, { dropAll: 'on', duplicate: '2', notificationAmount: '0.01' }, cookie)).status,
  ).toBe(303)
  expect((await world.control('GET', path)).body).toMatchObject({
    dropAll: true,
    duplicate: 2,
    notificationAmount: '0.01',
  })
  const page = await (await fetch(`${home}/admin?lang=en`, { headers: { cookie } })).text()
  expect(page).toContain('Every notification is sent this many more times at once.')
  const wrong = await form(knobs, { notificationAmount: 'cheap' }, cookie)
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('does not take')
  await form(`/admin/alipay/${appId}/reset`, {}, cookie)
  expect((await world.control('GET', path)).body).toMatchObject({ dropAll: false, duplicate: 0 })
})

test('the home page shows trades and addresses in both languages', async () => {
  const { home, gateway } = world.sandbox.addresses
  const chinese = await (await fetch(home, { headers: { 'accept-language': 'zh-CN' } })).text()
  expect(chinese).toContain('最近交易')
  expect(chinese).toContain('TRADE_SUCCESS')
  expect(chinese).toContain(gateway)
  expect(await (await fetch(`${home}/?lang=en`)).text()).toContain('Latest trades')
})
