import { afterAll, beforeAll, expect, test } from 'vitest'
import { appId, arrive, press, startWorld, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())

const order = (outTradeNo: string, biz: object = {}) => ({
  out_trade_no: outTradeNo,
  total_amount: '49.80',
  subject: '季度套餐 <90 天>',
  ...biz,
})
const returnUrl = 'http://127.0.0.1:3000/orders/1?lang=zh-CN'

function pageUrl(outTradeNo: string, method = 'alipay.trade.page.pay', biz: object = {}): string {
  const params = world.pagePay(order(outTradeNo, biz), { return_url: returnUrl })
  return world.sdk.pageExecute(method, 'GET', params)
}

async function look(url: string, language = 'zh-CN') {
  const answer = await fetch(url, { headers: { 'accept-language': language } })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

const attribute = (form: string, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(form)?.[1]?.replaceAll('&quot;', '"') ?? ''

test('shows payee, item and amount, escaped, in the language of the browser', async () => {
  const walletPage = await arrive(pageUrl('W1'))
  const chinese = await look(walletPage)
  expect(chinese.text).toContain('莱卡通信')
  expect(chinese.text).toContain('季度套餐 &lt;90 天&gt;')
  expect(chinese.text).toMatch(/data-testid="wallet-amount"><small>¥<\/small>49\.80</)
  expect(chinese.text).toContain('确认支付')
  expect(chinese.headers.get('content-security-policy')).toContain("default-src 'none'")
  const english = await look(walletPage, 'en-GB,en;q=0.9')
  expect(english.text).toContain('<html lang="en">')
  expect(english.text).toContain('Confirm payment')
  expect((await look(`${walletPage}?lang=en`)).text).toContain('Confirm payment')
})

test('the SDK’s own form, posted by the browser, leads to the same cashier', async () => {
  const params = world.pagePay(order('W2'), { return_url: returnUrl })
  const form = world.sdk.pageExecute('alipay.trade.page.pay', 'POST', params)
  const bizContent = /name="biz_content" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&quot;', '"') ?? ''
  const answer = await fetch(attribute(form, 'action'), {
    method: 'POST',
    body: new URLSearchParams({
      biz_content: bizContent,
      alipay_sdk: attribute(form, 'name="alipay_sdk" value'),
    }),
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(answer.status).toBe(302)
  expect((await look(answer.headers.get('location') ?? '')).text).toContain('W2')
})

test('confirming sends the buyer back with parameters that the SDK verifies', async () => {
  const target = new URL(await press(await arrive(pageUrl('W3')), 'confirm'))
  expect(target.origin + target.pathname).toBe('http://127.0.0.1:3000/orders/1')
  const { lang, ...fields } = Object.fromEntries(target.searchParams)
  expect(lang).toBe('zh-CN')
  expect(fields).toMatchObject({
    method: 'alipay.trade.page.pay.return',
    out_trade_no: 'W3',
    total_amount: '49.80',
    app_id: appId,
  })
  expect(fields).not.toHaveProperty('trade_status')
  expect(world.sdk.checkNotifySignV2(fields)).toBe(true)
  expect(world.sdk.checkNotifySignV2({ ...fields, out_trade_no: 'W4' })).toBe(false)
})

test('refusing sends the buyer back bare and leaves the trade waiting; it can still be paid', async () => {
  const walletPage = await arrive(pageUrl('W5'))
  expect(await press(walletPage, 'refuse')).toBe(returnUrl)
  const query = () => world.ask('alipay.trade.query', { out_trade_no: 'W5' })
  expect(await query()).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY' })
  await press(walletPage, 'confirm')
  expect(await query()).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
})

test('a mobile page payment returns under its own name and refuses to quit_url', async () => {
  const biz = { product_code: 'QUICK_WAP_WAY', quit_url: 'http://127.0.0.1:3000/quit' }
  const walletPage = await arrive(pageUrl('W6', 'alipay.trade.wap.pay', biz))
  expect(await press(walletPage, 'refuse')).toBe('http://127.0.0.1:3000/quit')
  expect(await press(walletPage, 'confirm')).toContain('method=alipay.trade.wap.pay.return')
})

test('pressing twice, or in two tabs, pays once', async () => {
  const walletPage = await arrive(pageUrl('W7'))
  await Promise.all(Array.from({ length: 5 }, () => press(walletPage, 'confirm')))
  const { body } = await world.control('GET', `/control/book/alipay`)
  const { tradeNo } = await world.ask('alipay.trade.query', { out_trade_no: 'W7' })
  const payments = body.entries.filter(
    (entry: { kind: string; tradeNo?: string }) => entry.kind === 'trade-paid' && entry.tradeNo === tradeNo,
  )
  expect(payments).toHaveLength(1)
  expect((await look(walletPage)).text).toContain('支付成功')
})

test('a scanned code is paid in the wallet and ends there', async () => {
  const { qrCode } = await world.ask('alipay.trade.precreate', order('W8'), {
    notify_url: world.receiver.url,
  })
  const scanned = await fetch(qrCode, { redirect: 'manual' })
  const walletPage = new URL(scanned.headers.get('location') ?? '', qrCode).href
  expect(await press(walletPage, 'refuse')).toContain('refused=yes')
  expect((await look(`${walletPage}?refused=yes`)).text).toContain('已拒绝支付')
  const end = await press(walletPage, 'confirm')
  expect(end).toBe(new URL(walletPage).pathname)
  expect((await look(walletPage)).text).toContain('支付成功')
  // What a person pastes into the home page is the whole address of the code.
  const pasted = await look(`${world.sandbox.addresses.home}/wallet/scan?code=${encodeURIComponent(qrCode)}`)
  expect(pasted.text).toContain('交易已被支付')
})

test('a wallet page nobody was sent to is not found', async () => {
  const nowhere = `${world.sandbox.addresses.home}/wallet/trade/0123`
  expect((await look(nowhere)).status).toBe(404)
  expect((await fetch(`${nowhere}/confirm`, { method: 'POST' })).status).toBe(404)
})
