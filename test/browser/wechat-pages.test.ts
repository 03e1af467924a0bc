import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { type Visit, visit, weChatAgent } from '../support/portal-visit.ts'
import { mine } from '../support/scripted-account.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { order, orderId } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const launch = {
  appId: 'wx1',
  timeStamp: '1795000000',
  nonceStr: 'n',
  package: 'prepay_id=wx2',
  signType: 'RSA',
}
const pending = order('awaiting-payment', { paymentState: 'pending', provider: 'wechat' })
const script: Script = {
  ...mine,
  'GET /v1/top-ups/:id': (_, before) => (before === 0 ? order('awaiting-payment') : pending),
  'POST /v1/top-ups/:id/returned': null,
  'POST /v1/top-ups/:id/payments': {
    ...{ attemptId: '01JD9Z3K6N8Q4W2V7X5Y0ABCA1', launch, expiresAt: '2099-01-01T00:00:00.000Z' },
  },
}
const begin = (path: string, more: Script = {}) =>
  visit(browser, pages.origin, { path, userAgent: weChatAgent, script: { ...script, ...more } })

/** WeChat gives the page its bridge, and answers what is asked of it. */
const weChatSays = ({ page }: Visit, answer: string) =>
  page.evaluate((err_msg) => {
    const asked: unknown[] = []
    Object.assign(window, {
      asked,
      WeixinJSBridge: {
        invoke(name: string, params: unknown, told: (said: { err_msg: string }) => void) {
          asked.push([name, params])
          told({ err_msg: `get_brand_wcpay_request:${err_msg}` })
        },
      },
    })
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }, answer)
const asked = ({ page }: Visit) => page.evaluate(() => (window as unknown as { asked: unknown[] }).asked)

it('back from being known to WeChat, the payment is begun by the code and handed over; its answer is no more than a hint', async () => {
  const seen = await begin(`/orders/${orderId}?code=061abc&state=kx0`)
  const { page, say, sent } = seen
  await page.getByText(say('order.launch.opening')).waitFor()
  await weChatSays(seen, 'ok')
  await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
  await page.waitForURL(`**/orders/${orderId}?returned=1`)
  expect(await asked(seen)).toEqual([['getBrandWCPayRequest', launch]])
  const begun = sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/payments')
  expect(begun.map(({ body }) => body)).toEqual([
    {
      ...{ provider: 'wechat', scene: 'jsapi', locale: 'zh-CN' },
      authorisation: { code: '061abc', state: 'kx0' },
    },
  ])
  expect(seen.errors).toEqual([])
  await seen.end()
})

it('given up in WeChat, it is still not called failed, and can be gone on with', async () => {
  const seen = await begin(`/orders/${orderId}?code=061abc&state=kx0`)
  const { page, say } = seen
  await page.getByText(say('order.launch.opening')).waitFor()
  await weChatSays(seen, 'cancel')
  await page.waitForURL(`**/orders/${orderId}`)
  await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
  await page.getByRole('button', { name: say('order.back.trouble') }).click()
  await page.getByRole('button', { name: say('order.back.resume') }).waitFor()
  await seen.end()
})

it('asks WeChat who pays when it is chosen, and again when WeChat did not say', async () => {
  const away = new RegExp(`/v1/top-ups/${orderId}/authorisation$`)
  const seen = await begin(`/orders/${orderId}`, {
    'GET /v1/top-ups/:id': order('awaiting-payment'),
    'GET /v1/payment-ways': {
      ways: [{ provider: 'wechat', currency: 'CNY', inApp: true, off: null }],
      maintenance: null,
    },
    'POST /v1/top-ups/:id/payments': problem(422, 'payment-declined'),
  })
  const { page, say } = seen
  await page.route(away, (route) =>
    route.fulfill({ status: 302, headers: { location: `${pages.origin}/orders/${orderId}?code=c&state=s` } }),
  )
  await page.getByRole('button', { name: say('order.order.pay'), exact: true }).click()
  await page.getByRole('radio', { name: say('purchase.cashier.ways.wechat-jsapi.text') }).waitFor()
  const left = page.waitForRequest(away)
  await page.getByRole('button', { name: /确认支付/ }).click()
  await left
  await page.getByRole('alert').waitFor()
  const again = page.waitForRequest(away)
  await page.getByRole('button', { name: say('order.launch.again') }).click()
  await again
  // Its requests are still caught: nobody else gets this page.
  await seen.context.close()
})
