import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linesOf, sign } from '../../sandbox/wechat/signature.ts'
import { axiosClient } from '../../sandbox/wechat/testing/clients.ts'
import {
  merchant,
  nextNumber,
  orderOf,
  ours,
  startWechatWorld,
  type WechatWorld,
} from '../../sandbox/wechat/testing/world.ts'
import { createClock } from '../../server/platform/clock.ts'
import { launchBrowser } from '../support/browser.ts'

let browser: Browser
let world: WechatWorld

/** A shop's page: hands to WeChat what its address says, and shows what WeChat answers. */
const shop = createServer((request, answer) => {
  const { pathname } = new URL(`http://shop${request.url}`)
  if (pathname === '/away') return answer.writeHead(302, { location: away() }).end()
  if (pathname === '/shop.js') return answer.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  answer.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" })
  answer.end('<!doctype html><html><head><script src="/shop.js" defer></script></head><body></body></html>')
})
const script = `
const launch = new URLSearchParams(location.search)
if (launch.has('paySign')) WeixinJSBridge.invoke('getBrandWCPayRequest', Object.fromEntries(launch), (said) => {
  document.title = said.err_msg
})
document.body.append(navigator.userAgent)`
const shopAt = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
const away = () => {
  const back = encodeURIComponent(`${shopAt()}/back`)
  const query = `appid=${merchant.appId}&redirect_uri=${back}&response_type=code&scope=snsapi_base&state=s1`
  return `${world.sandbox.addresses.wechat}/connect/oauth2/authorize?${query}#wechat_redirect`
}

beforeAll(async () => {
  ;[browser, world] = await Promise.all([launchBrowser(), startWechatWorld()])
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser.close()
  await world.end()
  shop.close()
})

it('WeChat’s browser: its pages know it, it tells them who opened them, and pays over them', async () => {
  const { wechat } = world.sandbox.addresses
  const page = await browser.newPage()
  const open = (path: string) =>
    page.goto(`${wechat}/sandbox/open?url=${encodeURIComponent(`${shopAt()}${path}`)}`)

  await open('/away')
  const back = new URL(page.url())
  expect([back.origin, back.pathname, back.searchParams.get('state')]).toEqual([wechat, '/back', 's1'])
  const told = await fetch(
    `${wechat}/sns/oauth2/access_token?${new URLSearchParams({
      ...{ appid: merchant.appId, secret: merchant.appSecret, grant_type: 'authorization_code' },
      code: back.searchParams.get('code') ?? '',
    })}`,
  )
  const { openid } = (await told.json()) as { openid: string }

  const number = nextNumber()
  const { data } = await axiosClient(world)
    .chain('v3/pay/transactions/jsapi')
    .post({ ...orderOf(world, number), payer: { openid } })
  const said = {
    ...{
      appId: merchant.appId,
      timeStamp: `${Math.floor(createClock().instant() / 1_000)}`,
      nonceStr: 'once',
    },
    package: `prepay_id=${(data as unknown as { prepay_id: string }).prepay_id}`,
  }
  const paySign = sign(linesOf(said.appId, said.timeStamp, said.nonceStr, said.package), ours.key)
  await open(`/?${new URLSearchParams({ ...said, signType: 'RSA', paySign })}`)
  expect(await page.locator('body').innerText()).toContain('MicroMessenger')
  const wallet = page.frameLocator('[data-testid="wechat-wallet"]')
  await wallet.getByTestId('wallet-refuse').click()
  await expect.poll(() => page.title()).toBe('get_brand_wcpay_request:cancel')
  await page.reload()
  await wallet.getByTestId('wallet-confirm').click()
  await expect.poll(() => page.title()).toBe('get_brand_wcpay_request:ok')
  expect(await page.locator('iframe').count()).toBe(0)
  await page.close()
})
