import type { PaymentWays } from '../../contract/payment.ts'
import type { OrderView } from '../../contract/top-up.ts'
import type { Language } from '../../web/language/language.ts'
import { phoneAgent, type Visit, type VisitOptions, weChatAgent } from './portal-visit.ts'
import { refundScenes } from './refund-scenes.ts'
import { channelsView, mine, account as ownAccount } from './scripted-account.ts'
import { problem, type Script } from './scripted-api.ts'
import { refundedOrder } from './scripted-refunds.ts'
import {
  cancelledOrder,
  endingLine,
  inLanguage,
  mother,
  offers,
  order,
  orderId,
  ownLine,
  priceTable,
  receiptIn,
  stranger,
  strangerLine,
  transferOrder,
} from './scripted-views.ts'

/** A page in one of its states, and the dialogs that open from there. */
export interface Scene {
  /** The router's own name of the page: `/orders/$id`. */
  readonly route: string
  readonly name: string
  readonly path: string
  readonly script?: Script
  /** Answers that were written in the reader's language. */
  readonly inWords?: (language: Language) => Script
  readonly stored?: VisitOptions['stored']
  readonly userAgent?: string
  /** Shown in dark and for easy reading too where pictures are kept. */
  readonly main?: true
  /** What there is to see once everything has arrived. */
  readonly ready: (seen: Visit) => Promise<unknown>
  readonly dialogs?: Readonly<Record<string, (seen: Visit) => Promise<unknown>>>
}

/** The scripts' hour: their orders were placed at 14:05 in Shanghai. */
export const sceneTime = '2026-11-22T06:10:00.000Z'

const text = (words: string | RegExp) => (seen: Visit) => seen.page.getByText(words).first().waitFor()
const said = (path: string) => (seen: Visit) => seen.page.getByText(seen.say(path)).first().waitFor()
const heading = (path: string) => (seen: Visit) =>
  seen.page.getByRole('heading', { level: 1, name: seen.say(path) }).waitFor()
const press = (path: string) => (seen: Visit) =>
  seen.page
    .getByRole('button', { name: seen.say(path), exact: true })
    .first()
    .click()

/** Opens a dialog of a page by the button of that name. */
const opens = (path: string) => async (seen: Visit) => {
  await seen.page
    .getByRole('main')
    .getByRole('button', { name: seen.say(path) })
    .first()
    .click()
}

const held = order('held', { resolvesBy: '2026-11-22T06:36:00.000Z' })
const awaiting = order('awaiting-payment', { payBy: '2026-11-22T06:34:05.000Z' })
const checking: OrderView = {
  ...awaiting,
  ...{ paymentState: 'unknown', provider: 'alipay' },
  ...{ resolvesBy: '2026-11-22T07:04:05.000Z', lookedIntoBy: '2026-11-24T07:04:05.000Z' },
}
const recallable = order('held', {
  ...{ heldReason: 'recall-window', recallSeconds: 300, resolvesBy: '2026-11-22T06:14:02.000Z' },
  items: order('held').items.map((item) => ({ ...item, msisdn: stranger, lastSafeDayBefore: null })),
})
const cancelled = cancelledOrder()

/** Somebody with two numbers of their own. */
export const holder: Script = {
  ...mine,
  'GET /v1/lines/:number': ({ path }) => (path.endsWith(mother) ? endingLine : ownLine),
  'GET /v1/lines/:number/offers': offers(true),
  'GET /v1/top-ups': { orders: [awaiting, ...(['credited', 'held', 'refunded'] as const).map(numbered)] },
  'POST /v1/top-ups': awaiting,
}

function numbered(state: OrderView['state'], at: number): OrderView {
  return { ...order(state), id: `${orderId.slice(0, -1)}${at}` }
}

/** Somebody who tops up another's number without an account. */
const passerBy: Script = {
  'GET /v1/lines/:number': strangerLine,
  'GET /v1/lines/:number/offers': offers(false),
}

/** The quarterly package chosen, and 立即充值 pressed: what it asks next is a dialog. */
async function buy(seen: Visit): Promise<void> {
  await seen.page.getByRole('radio', { name: /保号季包|Keep-number quarterly/ }).check()
  await seen.page.getByRole('button', { name: seen.say('purchase.bar.submit') }).click()
}

const buying = (title: string, script: Script, agent = phoneAgent) => ({
  script: holder,
  inWords: (language: Language) => ({ 'POST /v1/top-ups': inLanguage(awaiting, language), ...script }),
  userAgent: agent,
  ready: text('2027-08-30'),
  dialogs: {
    open: async (seen: Visit) => {
      await buy(seen)
      await seen.page.getByRole('dialog', { name: seen.say(title) }).waitFor()
      await seen.page.getByRole('dialog').getByRole('status').waitFor({ state: 'detached' })
    },
  },
})

/** A merchant that can be told who WeChat's user is, and a rail that works anywhere. */
const inWeChat: PaymentWays = {
  ways: (['alipay', 'wechat', 'unionpay'] as const).map((provider) => ({
    ...{ provider, currency: 'CNY', off: null },
    ...(provider === 'wechat' && { inApp: true as const }),
  })),
  maintenance: null,
}

const home: readonly Scene[] = [
  {
    route: '/',
    name: 'home',
    path: '/',
    main: true,
    stored: { 'recent-numbers': [{ msisdn: mother, offer: 'denomination/5000' }] },
    ready: async (seen) => {
      await text('154****8000')(seen)
      await said('home.title')(seen)
    },
    dialogs: {
      display: async (seen) => {
        await press('portal.nav.display')(seen)
        await said('display.kept')(seen)
      },
    },
  },
  {
    route: '/',
    name: 'home-own',
    path: '/',
    main: true,
    script: holder,
    ready: async (seen) => {
      await text('2027-08-30')(seen)
      await said('home.title')(seen)
      await seen.page.getByRole('radio', { name: /保号季包|Keep-number quarterly/ }).check()
      await text('2027-06-01')(seen)
    },
  },
  {
    route: '/',
    name: 'home-stranger',
    path: `/?number=${stranger}`,
    script: passerBy,
    stored: { 'recent-numbers': [{ msisdn: '8615400005679', offer: 'denomination/5000' }] },
    ready: async (seen) => {
      await said('portal.topUp.possible')(seen)
      await said('purchase.bar.submit')(seen)
      await seen.page.getByRole('radio', { name: seen.say('purchase.offers.amount') }).check()
    },
  },
  {
    route: '/',
    name: 'home-refused',
    path: `/?number=${stranger}`,
    script: { ...passerBy, 'GET /v1/lines/:number': { ...strangerLine, topUp: 'refused' } },
    ready: said('portal.topUp.refusedWhy'),
  },
  {
    route: '/',
    name: 'home-offline',
    path: '/',
    script: { 'GET /v1/price-table': priceTable() },
    ready: async (seen) => {
      // The pages still come from their server: only the device says that it has no network.
      await seen.page.evaluate(() => {
        Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
        dispatchEvent(new Event('offline'))
      })
      await said('purchase.kept.table')(seen)
      await said('home.title')(seen)
    },
  },
  {
    route: '/',
    name: 'proof',
    path: '/',
    ...buying('purchase.proof.title', { 'POST /v1/top-ups': problem(403, 'verification-needed') }),
  },
  {
    route: '/',
    name: 'duplicate',
    path: '/',
    ...buying('purchase.duplicate.title', { 'POST /v1/top-ups': problem(409, 'duplicate-recent') }),
  },
  { route: '/', name: 'cashier', path: '/', main: true, ...buying('purchase.cashier.title', {}) },
  {
    route: '/',
    name: 'wechat',
    path: '/',
    ...buying('purchase.browser.title', {}, weChatAgent),
  },
  {
    route: '/',
    name: 'cashier-wechat',
    path: '/',
    ...buying('purchase.cashier.title', { 'GET /v1/payment-ways': inWeChat }, weChatAgent),
  },
]

const orderScene = (name: string, shown: OrderView, more: Partial<Scene> = {}): Scene => ({
  route: '/orders/$id',
  name: `order-${name}`,
  path: `/orders/${orderId}`,
  script: { ...holder, 'POST /v1/top-ups/:id/returned': null },
  inWords: (language) => ({ 'GET /v1/top-ups/:id': inLanguage(shown, language) }),
  ready: said('order.order.facts'),
  ...more,
})

/** In a chapter that the story of an order has a title for. */
const chapterScene = (name: string, shown: OrderView, more: Partial<Scene> = {}): Scene =>
  orderScene(name, shown, {
    ready: async ({ page, say }) => {
      await page.getByRole('heading', { name: say(`order.story.${name}.title`), exact: true }).waitFor()
      await page.getByText(say('order.order.facts')).waitFor()
    },
    ...more,
  })

const dialogs = { cancel: opens('order.cancel.open') }
const orders: readonly Scene[] = [
  {
    route: '/orders',
    name: 'orders',
    path: '/orders',
    main: true,
    script: holder,
    ready: text('154 0000 8000'),
  },
  {
    route: '/orders',
    name: 'orders-empty',
    path: '/orders',
    script: { ...holder, 'GET /v1/top-ups': { orders: [] } },
    ready: said('order.orders.empty'),
  },
  {
    route: '/orders',
    name: 'orders-signed-out',
    path: '/orders',
    script: { 'GET /v1/top-ups': problem(401, 'not-authenticated') },
    ready: said('portal.signedOut.title'),
  },
  chapterScene('unpaid', awaiting, { dialogs }),
  chapterScene('checking', checking, { path: `/orders/${orderId}?returned=1` }),
  orderScene('late', { ...checking, resolvesBy: '2026-11-22T06:09:00.000Z' }),
  orderScene('transfer', transferOrder(), { main: true, ready: said('transfer.next'), dialogs }),
  chapterScene('cancelled', cancelled),
  chapterScene('held', held),
  orderScene('recallable', recallable, { dialogs: { recall: opens('order.recall.open') } }),
  chapterScene('credited', order('credited'), { main: true }),
  chapterScene('refunded', order('refunded')),
  orderScene('refund', refundedOrder('sending')),
  orderScene('refund-waiting', refundedOrder('waiting')),
  {
    route: '/orders/$id',
    name: 'order-not-found',
    path: `/orders/${orderId}`,
    script: { ...holder, 'GET /v1/top-ups/:id': problem(404, 'order-not-found') },
    ready: (seen) => seen.page.getByRole('alert').waitFor(),
  },
  ...refundScenes(holder, said),
  {
    route: '/orders/$id/receipt',
    name: 'receipt',
    path: `/orders/${orderId}/receipt`,
    script: holder,
    inWords: (language) => ({ 'GET /v1/top-ups/:id/receipt': receiptIn(language) }),
    ready: text('LK-W-00000042'),
  },
]

const logIn: readonly Scene[] = [
  { route: '/login', name: 'log-in', path: '/login', main: true, ready: heading('account.logIn.title') },
  { route: '/register', name: 'register', path: '/register', ready: heading('account.register.title') },
]

const account: readonly Scene[] = [
  {
    route: '/me/numbers',
    name: 'numbers',
    path: '/me/numbers',
    main: true,
    script: holder,
    ready: text('154 0000 8000'),
    dialogs: { add: opens('account.numbers.add') },
  },
  {
    route: '/me/numbers',
    name: 'numbers-empty',
    path: '/me/numbers',
    script: { ...holder, 'GET /v1/me/lines': { lines: [] } },
    ready: said('account.numbers.empty'),
  },
  { route: '/me', name: 'me', path: '/me', main: true, script: holder, ready: text('154****1234') },
  {
    route: '/me',
    name: 'me-signed-out',
    path: '/me',
    script: { 'GET /v1/me': problem(401, 'not-authenticated') },
    ready: said('portal.signedOut.title'),
  },
  {
    route: '/me/security',
    name: 'security',
    path: '/me/security',
    script: holder,
    ready: said('profile.devices.endOthers'),
    dialogs: {
      name: opens('profile.name.edit'),
      phone: opens('profile.phone.title'),
      email: opens('account.security.changeEmail'),
      password: opens('account.security.changePassword'),
      unbind: (seen) =>
        seen.page
          .getByRole('button', { name: /解绑|[Uu]nbind|Remove/ })
          .first()
          .click(),
      close: opens('profile.close.title'),
    },
  },
  {
    route: '/me/terms',
    name: 'new-terms',
    path: '/me/terms',
    script: {
      ...holder,
      'GET /v1/me': { ...ownAccount, terms: { accepted: '2025-09', inForce: '2026-11' } },
    },
    ready: said('profile.terms.title'),
  },
]

const titled = (seen: Visit) => seen.page.getByRole('heading', { level: 1 }).waitFor()
const reading = (route: string, name: string, more: Partial<Scene> = {}): Scene => ({
  ...{ route, name, path: route, script: { 'GET /v1/channels': channelsView('laika') } },
  ready: titled,
  ...more,
})

const others: readonly Scene[] = [
  reading('/terms', 'terms'),
  reading('/privacy', 'privacy'),
  reading('/channels', 'channels', { main: true, ready: said('channels.title') }),
  reading('/help/contact', 'contact', { ready: said('help.contact.open') }),
  reading('/help/contact', 'contact-order', {
    path: `/help/contact?order=${orderId}`,
    script: { ...holder, 'GET /v1/top-ups/:id': held },
    ready: text('LK-261122-7Q4W2V'),
  }),
  {
    route: '/ui-kit',
    name: 'ui-kit',
    path: '/ui-kit',
    ready: heading('ui-kit.title'),
    dialogs: { sheet: press('ui-kit.sheet.open') },
  },
  { route: '/$', name: 'not-found', path: '/no/such/page', ready: heading('portal.notFound.title') },
]

export const scenes: readonly Scene[] = [...home, ...orders, ...logIn, ...account, ...others]
