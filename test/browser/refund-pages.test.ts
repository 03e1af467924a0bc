import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { OrderView } from '../../contract/top-up.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { visit } from '../support/portal-visit.ts'
import { mine } from '../support/scripted-account.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { creditOrder, refundable, refundedOrder, refunds } from '../support/scripted-refunds.ts'
import { cny, orderId } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const path = `/orders/${orderId}`
const script: Script = {
  ...mine,
  'GET /v1/top-ups/:id': creditOrder,
  'GET /v1/top-ups/:id/refunds': refundable,
}
const gbp = (amountMinor: string) => ({ amountMinor, currency: 'GBP' })
const paidIn: OrderView['paidIn'] = {
  ...{ captured: gbp('547'), refunded: gbp('0') },
  quote: {
    ...{
      id: '01JD9Z3K6N8Q4W2V7X5Y0ABCQ1',
      price: cny('4980'),
      amount: gbp('547'),
      rate: '0.1097',
      marginBp: 150,
    },
    ...{ rateSource: 'European Central Bank', rateDate: '2026-11-20', expiresAt: '2026-11-22T06:15:00.000Z' },
  },
}
const told = (...views: OrderView[]) =>
  `retry: 60000\n\n${views.map((view) => `event: order\nid: ${view.refund?.progress}\ndata: ${JSON.stringify(view)}\n\n`).join('')}`

it('is asked for from the order, for the sum that was shown, with its reason, and followed there', async () => {
  let shown = creditOrder
  const seen = await visit(browser, pages.origin, {
    path,
    script: {
      ...script,
      'GET /v1/top-ups/:id': () => shown,
      'POST /v1/top-ups/:id/refunds': (_, before) => {
        // The first answer is lost on its way: the second press asks for the same thing.
        if (before === 0) return problem(503, 'database-unreachable')
        shown = refundedOrder('waiting')
        return refunds.waiting
      },
      'GET /v1/top-ups/:id/events': () => told(refundedOrder('sending'), refundedOrder('done')),
    },
  })
  const { page, say, sent } = seen
  await page.getByRole('link', { name: say('refund.open') }).click()
  await page.getByText('¥29.88').first().waitFor()
  await page.getByRole('radio', { name: say('refund.reasons.twice') }).check()
  await page.getByRole('textbox').fill('点了两次')
  await page.getByRole('button', { name: '申请退款 ¥29.88' }).click()
  const question = page.getByRole('dialog', { name: say('refund.confirmTitle') })
  await question.getByText('2027-06-01').waitFor()
  const confirm = question.getByRole('button', { name: say('refund.confirm') })
  await confirm.click()
  await question.getByRole('alert').waitFor()
  await confirm.click()
  await page.getByRole('heading', { name: say('order.story.partly-refunded.title') }).waitFor()
  const steps = page.getByRole('list', { name: say('refund.progress') }).getByRole('listitem')
  expect(await steps.allInnerTexts()).toEqual([
    expect.stringMatching(/已申请退款[\s\S]*2026-11-22 14:08/),
    expect.stringMatching(/核实通过[\s\S]*14:09/),
    expect.stringMatching(/已收回，交支付宝退款[\s\S]*14:09/),
    expect.stringMatching(/已退回支付宝[\s\S]*14:09/),
  ])
  const asked = sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/refunds')
  const body = { amount: cny('2988'), reason: '重复充值了 · 点了两次' }
  expect(asked.map((one) => one.body)).toEqual([body, body])
  expect(asked[0]?.key).toBe(asked[1]?.key)
  await seen.end()
})

it('shows what is left when credit was spent meanwhile', async () => {
  const { offer } = refundable
  let left = { ...refundable, offer: offer && { ...offer, paidBack: gbp('329') } }
  const seen = await visit(browser, pages.origin, {
    path: `${path}/refund`,
    language: 'en',
    script: {
      ...script,
      'GET /v1/top-ups/:id': { ...creditOrder, paidIn },
      'GET /v1/top-ups/:id/refunds': () => left,
      'POST /v1/top-ups/:id/refunds': () => {
        const [most, paidBack] = [cny('1992'), gbp('219')]
        left = {
          ...refundable,
          offer: offer && { ...offer, most, amount: most, credit: cny('2000'), paidBack },
        }
        return problem(422, 'refund-exceeds', { most: cny('1992') })
      },
    },
  })
  const { page, say } = seen
  await page.getByText('£3.29').waitFor()
  await page.getByRole('button', { name: /CNY.29\.88/ }).click()
  await page.getByRole('button', { name: say('refund.confirm') }).click()
  await page.getByRole('alert').getByText('19.92').waitFor()
  await page.getByRole('dialog').getByText('£2.19, that is CNY 19.92, will go back').waitFor()
  await seen.end()
})

it('leads a guest to the log-in that comes back, and to the contact page with the order and the topic', async () => {
  const seen = await visit(browser, pages.origin, {
    path: `${path}/refund`,
    script: {
      ...script,
      'GET /v1/session': {
        ...{ kind: 'guest', assurance: 'guest', msisdn: '138****8000', email: null, hasPassword: false },
        payerVerifiedUntil: null,
      },
    },
  })
  const { page, say } = seen
  const logIn = page.getByRole('link', { name: say('refund.password.logIn') })
  expect(await logIn.getAttribute('href')).toBe(`/login?next=${encodeURIComponent(`${path}/refund`)}`)
  expect(await page.getByRole('radio').count()).toBe(0)
  await page.getByRole('link', { name: say('refund.password.contact') }).click()
  await page.getByRole('heading', { level: 1, name: say('help.contact.title') }).waitFor()
  expect(await page.getByRole('combobox').inputValue()).toBe('refund')
  await page.getByText(orderId).first().waitFor()
  await seen.end()
})
