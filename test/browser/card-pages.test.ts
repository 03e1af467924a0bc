import { join } from 'node:path'
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

async function visit(address: string, width: number, name: string) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  await page.goto(address)
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${width}.png`), fullPage: true })
  return page
}

describe.each(['zh-CN', 'en'])('the card gateway’s pages, in %s', (language) => {
  test.each([390, 1280])('have nothing wrong with them at %i px', async (width) => {
    const sessions = await Promise.all(Array.from({ length: 4 }, () => world.session()))
    const [open, challenged, paid, expired] = sessions.map(({ id }) => id) as [string, string, string, string]
    await world.act('pay', challenged, { card: '3184' })
    await world.act('pay', paid)
    await world.act('expire', expired)
    const pages = {
      open: `/checkout/${open}?lang=${language}`,
      declined: `/checkout/${open}?declined=declineFunds&lang=${language}`,
      challenged: `/checkout/${challenged}?lang=${language}`,
      paid: `/checkout/${paid}?lang=${language}`,
      expired: `/checkout/${expired}?lang=${language}`,
      nobody: `/checkout/nobody?lang=${language}`,
      desk: `/card?lang=${language}`,
    }
    for (const [name, path] of Object.entries(pages)) {
      const page = await visit(`${world.home}${path}`, width, `card-${name}-${language}`)
      const cards = page.locator('summary')
      if (await cards.count()) await cards.click()
      expect(await pageFaults(page), name).toEqual([])
      if (process.env.SCREENSHOTS && name === 'open')
        await page.screenshot({
          path: join(process.env.SCREENSHOTS, `card-list-${language}-${width}.png`),
          fullPage: true,
        })
      await page.close()
    }
  })
})

test('a card is typed by keyboard, declined, taken from the list, checked by the bank, and paid', async () => {
  const session = await world.session({ locale: 'en', success_url: `${world.home}/card?lang=en` })
  const page = await visit(session.url ?? '', 390, 'card-way')
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
