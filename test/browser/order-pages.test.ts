import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OrderView } from '../../contract/top-up.ts'
import { createClock, isoInstant } from '../../server/platform/clock.ts'
import { languages } from '../../web/language/language.ts'
import { launchBrowser, screenshot } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { look, type Visit, type VisitOptions, visit } from '../support/portal-visit.ts'
import { type Endpoint, problem, type Script } from '../support/scripted-api.ts'
import { cancelledOrder, cny, guest, order, orderId, receipt, signedIn } from '../support/scripted-views.ts'

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
const path = `/orders/${orderId}`
const showing = (shown: OrderView): Script => ({
  'GET /v1/session': signedIn,
  'GET /v1/top-ups/:id': shown,
  'POST /v1/top-ups/:id/returned': null,
})

/** A stranger's number, of which only the days are told. */
const strangerItem = (shown: OrderView): OrderView => ({
  ...shown,
  items: shown.items.map((item) => ({
    ...item,
    msisdn: '154****5678',
    balanceAfter: null,
    lastSafeDay: null,
    lastSafeDayBefore: null,
  })),
})

/** A number that was barred, in the moment after its credit. */
const restoring = (shown: OrderView): OrderView => ({
  ...shown,
  items: shown.items.map((item) => ({ ...item, restoring: true })),
  timeline: shown.timeline.slice(0, 3),
})

/** A top-up of credit that paid what was owed first. */
const settling = (shown: OrderView): OrderView => ({
  ...shown,
  items: shown.items.map((item) => ({ ...item, face: cny('5000'), settles: { amount: cny('1992') } })),
})

/** A view as the server streams it; the browser comes back after a minute. */
const told = (view: OrderView, ends = false) =>
  `retry: 60000\n\nevent: order\nid: ${view.state}\ndata: ${JSON.stringify(view)}\n\n${ends ? 'event: end\ndata: {}\n\n' : ''}`

describe.each(languages)('what it shows in %s', (language) => {
  it.each<[string, OrderView, string]>([
    ['paid', order('paid'), 'paid'],
    ['restoring', restoring(order('credited')), 'credited'],
    ['partly-refunded', order('credited', { refunded: cny('1000') }), 'partly-refunded'],
    ['refunding', order('refunding'), 'refunding'],
    ['refund-abnormal', order('refund-abnormal'), 'refund-abnormal'],
    ['expired', order('expired'), 'expired'],
    ['reversed', order('reversed'), 'reversed'],
    ['settling', settling(order('credited')), 'credited'],
  ])('an order that is %s', async (name, shown, chapter) => {
    const seen = await begin({ language, path, script: showing(shown) })
    await seen.page
      .getByRole('heading', { name: seen.say(`order.story.${chapter}.title`), exact: true })
      .waitFor()
    await look(seen, `order-${name}`)
    await seen.end()
  })

  it('back from the wallet: nobody says failed, and trouble has an answer', async () => {
    const waiting = order('awaiting-payment', { paymentState: 'pending', provider: 'alipay' })
    const seen = await begin({ language, path: `${path}?returned=1`, script: showing(waiting) })
    const { page, say } = seen
    await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
    await page.getByRole('button', { name: say('order.back.trouble') }).click()
    await page.getByText(say('order.back.taken'), { exact: true }).waitFor()
    await look(seen, 'order-trouble')
    await page.getByRole('button', { name: say('order.back.resume') }).click()
    await page.getByRole('button', { name: /确认支付|^Pay / }).waitFor()
    await look(seen, 'order-cashier')
    await seen.end()
  })

  it('cancelled by its payer, after a question that can be answered with no', async () => {
    const seen = await begin({
      language,
      path,
      script: { ...showing(order('awaiting-payment')), 'POST /v1/top-ups/:id/cancel': cancelledOrder() },
    })
    const { page, say, sent } = seen
    const open = page.getByRole('button', { name: say('order.cancel.open'), exact: true })
    const question = page.getByRole('dialog', { name: say('order.cancel.title') })
    const cancels = () => sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/cancel').length
    await open.click()
    await question.waitFor()
    await page.getByRole('button', { name: say('order.cancel.keep') }).click()
    await question.waitFor({ state: 'detached' })
    expect(cancels()).toBe(0)
    await open.click()
    await question.getByRole('button', { name: say('order.cancel.confirm') }).click()
    await page.getByRole('heading', { name: say('order.story.cancelled.title'), exact: true }).waitFor()
    await page.getByText(say('state.step.cancelled')).waitFor()
    expect([cancels(), await open.count()]).toEqual([1, 0])
    await seen.end()
  })

  it('not cancelled while the provider is asked, nor when it is paid', async () => {
    const waiting = order('awaiting-payment', { paymentState: 'pending', provider: 'alipay' })
    let shown = waiting
    const seen = await begin({
      language,
      path: `${path}?returned=1`,
      script: {
        ...showing(waiting),
        'GET /v1/top-ups/:id': () => shown,
        'POST /v1/top-ups/:id/cancel': (_, before) => {
          if (before === 0) return problem(503, 'cancel-unknown')
          shown = order('paid')
          return problem(409, 'order-paid')
        },
      },
    })
    const { page, say } = seen
    await page.getByRole('button', { name: say('order.cancel.open'), exact: true }).click()
    const confirm = page.getByRole('button', { name: say('order.cancel.confirm') })
    await confirm.click()
    await page.getByRole('alert').getByText(say('problem.cancel-unknown.text')).waitFor()
    await look(seen, 'order-cancel-unknown')
    await confirm.click()
    await page.getByRole('heading', { name: say('order.story.paid.title'), exact: true }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await seen.end()
  })

  it('a first top-up taken back: the number whole, a last question, and the money on its way', async () => {
    const held = order('held', { heldReason: 'recall-window', recallSeconds: 300 }, 240_000)
    const seen = await begin({
      language,
      path,
      script: { ...showing(held), 'POST /v1/top-ups/:id/recall': order('refunding') },
    })
    const { page, say, sent } = seen
    await page.getByText('154 0000 1234').first().waitFor()
    await page.getByRole('button', { name: say('order.recall.open'), exact: true }).click()
    const question = page.getByRole('dialog', { name: say('order.recall.title') })
    await question.getByRole('button', { name: say('order.recall.confirm') }).click()
    await page.getByRole('heading', { name: say('order.story.refunding.title'), exact: true }).waitFor()
    const recalls = sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/recall')
    expect(recalls.map(({ key }) => key)).toEqual([expect.stringMatching(/[0-9a-f-]{36}/)])
    await seen.end()
  })

  it('a guest’s order for another’s number, and the way to an account', async () => {
    const shown = strangerItem(order('credited'))
    const seen = await begin({ language, path, script: { ...showing(shown), 'GET /v1/session': guest } })
    await seen.page.getByText(seen.say('order.join.title')).waitFor()
    await look(seen, 'order-guest')
    await seen.end()
  })

  it('an order on its way', async () => {
    const seen = await begin({
      language,
      path,
      script: { ...showing(order('paid')), 'GET /v1/top-ups/:id': 'never' },
    })
    await look(seen, 'order-loading')
    await seen.end()
  })

  it('the receipt on paper, and one that is not ready', async () => {
    const script: Script = { 'GET /v1/session': signedIn, 'GET /v1/top-ups/:id/receipt': receipt }
    const seen = await begin({ language, path: `${path}/receipt`, script })
    await seen.page.getByText('LK-W-00000042').waitFor()
    await seen.page.emulateMedia({ media: 'print' })
    await screenshot(seen.page, `receipt-print-${language}-390`)
    expect(await seen.page.getByRole('banner').isVisible()).toBe(false)
    expect(await seen.page.getByRole('button', { name: seen.say('order.receipt.print') }).isVisible()).toBe(
      false,
    )
    expect(await seen.page.getByText('LK-W-00000042').isVisible()).toBe(true)
    await seen.end()
    const early = { ...script, 'GET /v1/top-ups/:id/receipt': problem(409, 'receipt-not-ready') }
    const soon = await begin({ language, path: `${path}/receipt`, script: early })
    await soon.page.getByRole('alert').waitFor()
    await look(soon, 'receipt-not-ready')
    await soon.end()
  })
})

describe('how the result arrives', () => {
  const pending = order('awaiting-payment', { paymentState: 'pending', provider: 'alipay' })
  const countOf = (seen: Visit, endpoint: Endpoint) =>
    seen.sent.filter((sent) => sent.endpoint === endpoint).length

  it('told by the server, without asking a second time, until nothing more will come', async () => {
    const seen = await begin({
      path: `${path}?returned=1`,
      script: { ...showing(pending), 'GET /v1/top-ups/:id/events': told(order('credited'), true) },
    })
    const { page, say } = seen
    await page.getByRole('heading', { name: say('order.story.credited.title') }).waitFor()
    const steps = page.getByRole('list', { name: say('order.order.progress') }).getByRole('listitem')
    expect(await steps.allInnerTexts()).toEqual([
      expect.stringMatching(/支付成功[\s\S]*14:06:12/),
      expect.stringMatching(/话费到账[\s\S]*14:06:13/),
      expect.stringMatching(/通知短信已送达[\s\S]*14:06:21/),
    ])
    await page.waitForTimeout(3_000)
    expect(countOf(seen, 'GET /v1/top-ups/:id')).toBe(1)
    expect(countOf(seen, 'GET /v1/top-ups/:id/events')).toBe(1)
    await seen.end()
  })

  it('asked for while the line is down, and told again once it is up', async () => {
    const seen = await begin({
      path: `${path}?returned=1`,
      script: {
        ...showing(pending),
        'GET /v1/top-ups/:id/events': (_, before) =>
          before === 0 ? told(pending).replace('retry: 60000', 'retry: 4000') : told(order('credited'), true),
      },
    })
    const { page, say } = seen
    await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
    await expect.poll(() => countOf(seen, 'GET /v1/top-ups/:id'), { timeout: 10_000 }).toBe(2)
    await page.getByRole('heading', { name: say('order.story.credited.title') }).waitFor()
    expect(countOf(seen, 'GET /v1/top-ups/:id/events')).toBe(2)
    await seen.end()
  })

  it.each([429, 503])('asked for where following is refused with %i', async (status) => {
    const seen = await begin({
      path: `${path}?returned=1`,
      script: {
        ...showing(pending),
        'GET /v1/top-ups/:id/events': problem(status, 'streams-full'),
        'GET /v1/top-ups/:id': (_, before) => (before < 2 ? pending : order('credited')),
      },
    })
    await seen.page.getByRole('heading', { name: seen.say('order.story.credited.title') }).waitFor()
    expect(countOf(seen, 'GET /v1/top-ups/:id')).toBe(3)
    expect(countOf(seen, 'GET /v1/top-ups/:id/events')).toBe(1)
    expect(await seen.page.getByRole('alert').count()).toBe(0)
    await seen.end()
  })

  it('not followed while nobody looks, and at once when somebody does', async () => {
    const seen = await begin({
      path: `${path}?returned=1`,
      script: {
        ...showing(pending),
        'GET /v1/top-ups/:id/events': (_, before) => (before === 0 ? 'never' : told(order('credited'), true)),
      },
    })
    const { page, say } = seen
    const look = (visibility: 'hidden' | 'visible') =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      }, visibility)
    await expect.poll(() => countOf(seen, 'GET /v1/top-ups/:id/events')).toBe(1)
    const cut = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/events'))
    await look('hidden')
    await cut
    await look('visible')
    await page.getByRole('heading', { name: say('order.story.credited.title') }).waitFor()
    expect(countOf(seen, 'GET /v1/top-ups/:id/events')).toBe(2)
    await seen.end()
  })

  it('by asking: said once that the payer is back, until the confirmation text is out, and no longer', async () => {
    const pending = order('awaiting-payment', { paymentState: 'pending', provider: 'alipay' })
    const credited = order('credited', { timeline: order('credited').timeline.slice(0, 3) })
    const recently = credited.timeline.map((step) => ({ ...step, at: isoInstant(createClock().instant()) }))
    const script: Script = {
      'GET /v1/session': signedIn,
      'POST /v1/top-ups/:id/returned': null,
      'GET /v1/top-ups/:id': (_, before) =>
        before === 0 ? pending : before === 1 ? { ...credited, timeline: recently } : order('credited'),
    }
    const seen = await begin({ path: `${path}?returned=1&out_trade_no=1&sign=abc`, script })
    const { page, say } = seen
    await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
    await page.getByRole('heading', { name: say('order.story.credited.title') }).waitFor()
    await page.getByText('号码保留至 2027-08-30').first().waitFor()
    const asked = () => seen.sent.filter(({ endpoint }) => endpoint === 'GET /v1/top-ups/:id').length
    await expect.poll(asked, { timeout: 10_000 }).toBe(3)
    await page.waitForTimeout(6_000)
    expect(asked()).toBe(3)
    expect(seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/returned')).toHaveLength(1)
    await seen.end()
  })

  it('a number once credited needs no second typing on this device', async () => {
    const placed = [{ order: orderId, msisdn: '8615400005678', offer: 'denomination/5000' }]
    const seen = await begin({
      path,
      script: { ...showing(strangerItem(order('credited'))), 'GET /v1/session': guest },
      stored: { 'placed-orders': placed },
    })
    await seen.page.getByRole('link', { name: seen.say('order.order.again') }).click()
    await seen.page.getByLabel(seen.say('portal.topUp.number'), { exact: true }).waitFor()
    expect(await seen.page.getByLabel(seen.say('portal.topUp.number')).inputValue()).toBe('154 0000 5678')
    const kept = await seen.page.evaluate(() => localStorage.getItem('recent-numbers'))
    expect(JSON.parse(kept ?? '[]')).toEqual([{ msisdn: '8615400005678', offer: 'denomination/5000' }])
    await seen.end()
  })
})
