import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/start.ts'
import { readBrand } from '../../server/brand/brand.ts'
import { brandPresets } from '../../server/brand/index.ts'
import { writeGuide } from '../../server/demo/guide.ts'
import { demoPeople } from '../../server/demo/people.ts'
import { launchBrowser } from '../support/browser.ts'
import { pageFaults } from '../support/page-faults.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'guide-'))
const brands = brandPresets.map(({ key, facts }) => readBrand(key, facts))
writeGuide(dataDir, brands, { laika: 'http://127.0.0.1:3000', harbour: 'http://127.0.0.1:3001' })
const sandbox = await startSandbox({ dataDir, ports: { home: 0, alipay: 0, smpp: 0, smtp: 0 } })
const browser = await launchBrowser()
afterAll(async () => {
  await browser.close()
  await sandbox.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function visit(path: string, width: number) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  await page.goto(`${sandbox.addresses.home}${path}`)
  if (process.env.SCREENSHOTS)
    await page.screenshot({
      path: join(process.env.SCREENSHOTS, `${path.replaceAll(/\W+/g, '-')}-${width}.png`),
      fullPage: true,
    })
  return page
}

describe.each(['zh-CN', 'en'])('the page of log-ins and things to try, in %s', (language) => {
  test('has nothing wrong with it in any width', async () => {
    const page = await visit(`/guide?lang=${language}`, 390)
    for (const width of [390, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await pageFaults(page), `${width} px`).toEqual([])
    }
    await page.close()
  })

  test('names everybody who can log in, how, and a dozen things to try', async () => {
    const page = await visit(`/guide?lang=${language}`, 1280)
    const text = await page.locator('main').innerText()
    expect(await page.getByTestId('guide-person').count()).toBe(40)
    expect(await page.getByTestId('guide-thing').count()).toBe(12)
    expect(await page.getByTestId('guide-password').innerText()).toBe('keep-my-number-2026')
    for (const { email } of [...demoPeople.laika, ...demoPeople.harbour])
      if (email) expect(text).toContain(email)
    expect(text).toContain('154 8801 0001')
    expect(text).toContain('07700 900400')
    expect(text).not.toContain('{{')
    await page.close()
  })
})

test('is the first thing on the sandbox’s front door, and leads to a handset in the same language', async () => {
  const page = await visit('/?lang=en', 1280)
  await page.getByTestId('home-guide').click()
  await page.getByRole('link', { name: '154 8801 0001' }).click()
  expect(page.url()).toBe(`${sandbox.addresses.home}/handset/8615488010001?lang=en`)
  await page.close()
})
