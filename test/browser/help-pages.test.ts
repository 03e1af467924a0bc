import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { look, type Visit, type VisitOptions, visit } from '../support/portal-visit.ts'
import { answeredCase, channelsView, mine, openedCase } from '../support/scripted-account.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { guest, order, orderId } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const begin = (options: VisitOptions) => visit(browser, pages.origin, options)
const QUESTION = '充值成功了，但是余额没有变化。'
const open = channelsView('laika')
const closed = {
  ...open,
  hotline: { ...open.hotline, open: false, changesAt: '2026-11-23T00:00:00.000Z' },
}
const about = (say: Visit['say']) => say('help.form.body')

describe.each(languages)('in %s', (language) => {
  it('from an order: it comes along, the answer goes to the account’s phone, the number is shown', async () => {
    const cases = [answeredCase]
    const script: Script = {
      ...mine,
      'GET /v1/top-ups/:id': order('held'),
      'GET /v1/me/cases': () => ({ cases }),
      'POST /v1/cases': () => {
        cases.unshift(openedCase)
        return openedCase
      },
    }
    const seen = await begin({ language, path: `/help/contact?order=${orderId}`, script })
    const { page, say } = seen
    await page.getByText('154****1234').first().waitFor()
    await page.getByText(say('help.contact.open'), { exact: true }).waitFor()
    const submit = page.getByRole('button', { name: say('help.form.submit'), exact: true })
    await submit.click()
    const body = page.getByLabel(about(say), { exact: true })
    expect(await body.evaluate((element) => element === document.activeElement)).toBe(true)
    await body.fill('验证码是 482913')
    await page.getByText(say('help.form.bodySecret')).waitFor()
    await look(seen, 'contact-order')
    await body.fill(QUESTION)
    await submit.click()
    await page.getByText(openedCase.number).first().waitFor()
    await page.getByText(say('help.cases.state.open')).waitFor()
    await look(seen, 'contact-sent')
    const posted = seen.sent.find(({ endpoint }) => endpoint === 'POST /v1/cases')
    expect(posted).toMatchObject({
      key: expect.any(String),
      body: {
        ...{ topic: 'top-up', order: orderId, body: QUESTION, locale: language },
        replyTo: { by: 'sms', number: '15400001234' },
      },
    })
    await page.getByRole('button', { name: say('help.form.another') }).click()
    expect(await page.getByLabel(about(say), { exact: true }).inputValue()).toBe('')
    await seen.end()
  })

  it('by a guest: with a captcha; an address that was not proved is told nothing by itself', async () => {
    const confirmed = false
    const script: Script = {
      'GET /v1/session': guest,
      'GET /v1/channels': closed,
      'GET /v1/me/cases': { cases: [] },
      'GET /v1/top-ups/:id': problem(404, 'order-not-found'),
      'POST /v1/cases': (_, before) =>
        before === 0
          ? problem(429, 'cases-too-many', { retryAfterSeconds: 60 })
          : { ...openedCase, order: null, reply: { by: 'email', to: 'l****@qq.com', confirmed } },
    }
    const seen = await begin({ language, path: `/help/contact?order=${orderId}`, script })
    const { page, say } = seen
    await page.getByText(say('help.contact.closed'), { exact: true }).waitFor()
    await page.getByText(say('help.cases.empty')).waitFor()
    await page.getByLabel(about(say), { exact: true }).fill(QUESTION)
    await page.getByRole('radio', { name: say('help.form.by_email') }).check()
    const submit = page.getByRole('button', { name: say('help.form.submit'), exact: true })
    await submit.click()
    const email = page.getByLabel(say('help.form.replyEmail'), { exact: true })
    expect(await email.evaluate((element) => element === document.activeElement)).toBe(true)
    await email.fill('lin@qq.con')
    await page.getByRole('button', { name: 'lin@qq.com' }).click()
    await submit.click()
    await page.getByText(say('problem.cases-too-many.text')).waitFor()
    await look(seen, 'contact-guest')
    await submit.click()
    await page.getByText(openedCase.number).waitFor()
    await page.getByText(say('help.form.sentShown').replace('{{to}}', 'l****@qq.com')).waitFor()
    const bodies = seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/cases').map(({ body }) => body)
    expect(bodies).toHaveLength(2)
    for (const body of bodies) expect(body).toMatchObject({ captcha: expect.any(String) })
    for (const body of bodies) expect(body).not.toHaveProperty('order')
    await seen.end()
  })

  it('the page stands when whether the hotline is open cannot be told', async () => {
    const script: Script = { 'GET /v1/channels': problem(503, 'database-away') }
    const seen = await begin({ language, path: '/help/contact', script })
    await seen.page.getByLabel(about(seen.say), { exact: true }).waitFor()
    expect(await seen.page.getByText(seen.say('help.contact.open'), { exact: true }).count()).toBe(0)
    await look(seen, 'contact')
    await seen.end()
  })

  it('official channels while they cannot be told', async () => {
    const away = { 'GET /v1/channels': problem(503, 'database-away') }
    const broken = await begin({ language, path: '/channels', script: away })
    await broken.page.getByRole('alert').waitFor()
    await look(broken, 'channels-broken')
    await broken.end()
  })
})
