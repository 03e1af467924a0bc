import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OrderGroup, OrderState, OrderView } from '../../contract/top-up.ts'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { look, type VisitOptions, visit } from '../support/portal-visit.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import { endingLine, mother, order, orderId, ownLine, signedIn } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const begin = (options: VisitOptions) => visit(browser, pages.origin, { path: '/orders', ...options })

const groupOf: Readonly<Record<OrderState, OrderGroup | null>> = {
  'awaiting-payment': 'awaiting-payment',
  paid: 'under-way',
  held: 'under-way',
  credited: 'credited',
  refunding: 'refunds',
  'refund-abnormal': 'refunds',
  refunded: 'refunds',
  reversed: 'refunds',
  expired: null,
}
const orders = (Object.keys(groupOf) as OrderState[]).map((state, at): OrderView => {
  const one = order(state)
  const items = at === 0 ? one.items.map((item) => ({ ...item, msisdn: mother })) : one.items
  return { ...one, items, id: `${orderId.slice(0, -1)}${at}` }
})

/** Somebody with two numbers and an order in each state, listed five at a time. */
const holder: Script = {
  'GET /v1/session': signedIn,
  'GET /v1/me/lines': { lines: [ownLine, endingLine] },
  'GET /v1/top-ups': ({ query }) => {
    const found = orders.filter(
      ({ state, items }) =>
        (query.group === undefined || groupOf[state] === query.group) &&
        (query.number === undefined || items[0]?.msisdn === query.number),
    )
    const from = found.findIndex(({ id }) => id === query.before) + 1
    const page = found.slice(from, from + 5)
    const last = page.at(-1)
    return found.length > from + 5 && last ? { orders: page, next: last.id } : { orders: page }
  },
}

describe.each(languages)('the orders in %s', (language) => {
  it('each with its state, page after page, by what they wait for and by number', async () => {
    const seen = await begin({ language, script: holder })
    const { page, say } = seen
    const rows = page.getByRole('main').getByRole('listitem')
    await expect.poll(() => rows.count()).toBe(5)
    await page.getByRole('button', { name: say('order.orders.more') }).click()
    await expect.poll(() => rows.count()).toBe(9)
    await look(seen, 'orders')
    await page.getByRole('radio', { name: say('order.orders.group.refunds') }).check()
    await expect.poll(() => rows.count()).toBe(4)
    await page.getByRole('radio', { name: '154 0000 8000' }).check()
    await page.getByText(say('order.orders.emptyFilter')).waitFor()
    await look(seen, 'orders-none-of-these')
    await page.reload()
    await page.getByText(say('order.orders.emptyFilter')).waitFor()
    await page.getByRole('link', { name: say('order.orders.showAll') }).click()
    await expect.poll(() => rows.count()).toBe(5)
    await seen.end()
  })

  it('none arriving, and a fault of ours', async () => {
    const waiting = await begin({ language, script: { ...holder, 'GET /v1/top-ups': 'never' } })
    await waiting.page.getByRole('main').getByRole('status').waitFor()
    await look(waiting, 'orders-loading')
    await waiting.end()

    const broken = await begin({
      language,
      script: { ...holder, 'GET /v1/top-ups': problem(500, 'internal') },
    })
    await broken.page.getByRole('alert').waitFor()
    await look(broken, 'orders-broken')
    await broken.end()
  })
})
