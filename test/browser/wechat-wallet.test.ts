import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axiosClient } from '../../sandbox/wechat/testing/clients.ts'
import {
  nextNumber,
  orderOf,
  startWechatWorld,
  type WechatWorld,
} from '../../sandbox/wechat/testing/world.ts'
import { launchBrowser } from '../support/browser.ts'
import { pageFaults } from '../support/page-faults.ts'

const browser = await launchBrowser()
let world: WechatWorld
const paths: Record<string, string> = {}

const place = async (description: string) => {
  const number = nextNumber()
  const order = orderOf(world, number, { description })
  await axiosClient(world).chain('v3/pay/transactions/native').post(order)
  return number
}
const pathOf = async (number: string) => {
  const { orders } = (await world.control('GET', '/control/wechat/1900000109/orders')).body
  const { dealId } = orders.find(
    ({ order }: { order: { outTradeNo: string } }) => order.outTradeNo === number,
  )
  return `/wechat/pay/${dealId}`
}

beforeAll(async () => {
  world = await startWechatWorld()
  const [waiting, paid, asked] = [
    await place('莱卡保号 季度套餐'),
    await place('话费充值 50 元'),
    nextNumber(),
  ]
  await world.order(paid, 'pay')
  await world.knobs({ userPaying: true })
  const { notify_url: _, ...order } = orderOf(world, asked)
  const code = { payer: { auth_code: await world.payerCode() }, scene_info: { store_info: { id: '1' } } }
  await axiosClient(world)
    .chain('v3/pay/transactions/codepay')
    .post({ ...order, ...code })
  Object.assign(paths, {
    desk: '/wechat',
    pay: await pathOf(waiting),
    refused: `${await pathOf(waiting)}?refused=yes`,
    paid: await pathOf(paid),
    code: '/wechat/payer-code',
    none: '/wechat/scan?pr=none',
  })
})
afterAll(async () => {
  await browser.close()
  await world.end()
})

describe.each(['desk', 'pay', 'refused', 'paid', 'code', 'none'])('the page %s', (name) => {
  test.each([
    ['zh-CN', 360],
    ['en', 360],
    ['zh-CN', 1280],
    ['en', 1280],
  ] as const)('has nothing wrong with it in %s at %i px', async (language, width) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    const address = new URL(`${world.sandbox.addresses.home}${paths[name]}`)
    address.searchParams.set('lang', language)
    await page.goto(address.href)
    if (process.env.SCREENSHOTS)
      await page.screenshot({
        path: join(process.env.SCREENSHOTS, `${name}-${language}-${width}.png`),
        fullPage: true,
      })
    expect(await pageFaults(page)).toEqual([])
    await page.close()
  })
})
