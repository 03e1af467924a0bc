import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CardWorld, startCardWorld } from '../../sandbox/testing/card-world.ts'
import { launchBrowser } from '../support/browser.ts'
import { pageFaults } from '../support/page-faults.ts'

let world: CardWorld
const browser = await launchBrowser()
beforeAll(async () => {
  world = await startCardWorld()
})
afterAll(async () => {
  await browser.close()
  await world.end()
})

async function keep(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return
  await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true })
}

describe.each(['zh-CN', 'en'])('the card gateway’s pages, in %s', (language) => {
  test('have nothing wrong with them on a phone and at a desk', async () => {
    const sessions = await Promise.all(Array.from({ length: 4 }, () => world.session()))
    const [open, challenged, paid, expired] = sessions.map(({ id }) => id) as [string, string, string, string]
    await world.act('pay', challenged, { card: '3184' })
    await world.act('pay', paid)
    await world.act('expire', expired)
    const paths = {
      open: `/checkout/${open}?lang=${language}`,
      declined: `/checkout/${open}?declined=declineFunds&lang=${language}`,
      challenged: `/checkout/${challenged}?lang=${language}`,
      paid: `/checkout/${paid}?lang=${language}`,
      expired: `/checkout/${expired}?lang=${language}`,
      nobody: `/checkout/nobody?lang=${language}`,
      desk: `/card?lang=${language}`,
    }
    const page = await browser.newPage()
    for (const [name, path] of Object.entries(paths)) {
      await page.setViewportSize({ width: 390, height: 900 })
      await page.goto(`${world.home}${path}`)
      const cards = page.locator('summary')
      if (await cards.count()) await cards.click()
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        expect(await pageFaults(page), `${name} at ${width} px`).toEqual([])
        await keep(page, `card-${name}-${language}-${width}`)
      }
    }
    await page.close()
  })
})

test('a card is typed by keyboard, declined, taken from the list, checked by the bank, and paid', async () => {
  const session = await world.session({ locale: 'en', success_url: `${world.home}/card?lang=en` })
  const page = await browser.newPage({ viewport: { width: 390, height: 900 } })
  await page.goto(session.url ?? '')
  await page.getByTestId('card-number').focus()
  await page.keyboard.type('4000 0000 0000 9995')
  await page.keyboard.press('Tab')
  await page.keyboard.type('12 / 34')
  await page.keyboard.press('Tab')
  await page.keyboard.type('123')
  await page.keyboard.press('Enter')
  await page.getByTestId('card-error').waitFor()
  expect(await page.getByTestId('card-error').innerText()).toContain('insufficient funds')
  expect(await page.getByTestId('card-number').inputValue()).toBe('')
  expect(page.url()).not.toMatch(/\d{8}/)
  await page.locator('summary').click()
  await page.getByTestId('card-use-3184').click()
  expect(await page.getByTestId('card-last4').innerText()).toBe('visa •••• 3184')
  await page.getByTestId('card-challenge-complete').click()
  await page.waitForURL(/\/card\?lang=en/)
  expect(await page.locator('main').innerText()).toContain('visa ···· 3184')
  await page.close()
})
