import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { startUnionPayWorld } from '../../sandbox/testing/unionpay.ts'
import { launchBrowser } from '../support/browser.ts'
import { pageFaults } from '../support/page-faults.ts'

const world = await startUnionPayWorld()
const browser = await launchBrowser()
afterAll(async () => {
  await browser.close()
  await world.end()
})

async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true })
}

let serial = 0
const nextOrder = () => `BROWSER00${++serial}`
/** The merchant's own page is the receiver's: it keeps what the browser posts to it. */
const arrive = (orderId: string) => world.arrive(orderId, { frontUrl: world.receiver.url })

describe.each(['zh-CN', 'en'])('in %s', (language) => {
  /** On a phone and at a desk. */
  async function nothingWrong(page: Page, name: string): Promise<void> {
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await pageFaults(page), `${name} at ${width} px`).toEqual([])
      await picture(page, `${name}-${language}-${width}`)
    }
  }

  test('UnionPay’s cashier and a declined card have nothing wrong', async () => {
    const page = await browser.newPage()
    await page.goto(`${await arrive(nextOrder())}?lang=${language}`)
    await nothingWrong(page, 'unionpay')
    await page.getByTestId('unionpay-card-poor').check()
    await page.getByTestId('unionpay-confirm').click()
    expect(await page.getByTestId('unionpay-declined').innerText()).toContain('[6400000]')
    await nothingWrong(page, 'unionpay-declined')
    await page.close()
  })

  test('UnionPay’s own page has nothing wrong', async () => {
    const page = await browser.newPage()
    const orderId = nextOrder()
    await arrive(orderId)
    await world.pay(orderId, 'poor')
    await world.pay(orderId)
    await page.goto(`${world.sandbox.addresses.home}/unionpay?lang=${language}`)
    expect(await page.locator('main').innerText()).toContain('中国银联股份有限公司')
    await nothingWrong(page, 'unionpay-desk')
    await page.close()
  })

  test('the payer’s code has nothing wrong', async () => {
    const page = await browser.newPage()
    await page.goto(`${world.sandbox.addresses.home}/?lang=${language}`)
    await page.getByTestId('home-payer-code').click()
    await page.getByTestId('payer-code-fresh').click()
    expect(await page.getByTestId('payer-code').innerText()).toMatch(/^28(\d ?){16}$/)
    await nothingWrong(page, 'payer-code')
    await page.close()
  })
})

test('paying sends the browser back by a form of its own accord; the notice was told behind its back', async () => {
  const orderId = nextOrder()
  const page = await browser.newPage()
  await page.goto(await arrive(orderId))
  await page.getByTestId('unionpay-card-quickpass').check()
  await page.getByTestId('unionpay-confirm').click()
  await page.waitForURL(world.receiver.url)
  const told = () => world.receiver.got.filter((fields) => fields.orderId === orderId)
  await expect.poll(() => told().length).toBe(2)
  expect(told().map(({ respCode }) => respCode)).toEqual(['00', '00'])
  await page.close()
})

test('giving up goes back bare', async () => {
  const orderId = nextOrder()
  const page = await browser.newPage()
  await page.goto(await arrive(orderId))
  await page.getByTestId('unionpay-give-up').click()
  await page.waitForURL(world.receiver.url)
  // Posted, as a payer who has paid is, and empty.
  expect(world.receiver.got).toContainEqual({})
  expect((await world.query(orderId)).respCode).toBe('34')
  await page.close()
})
