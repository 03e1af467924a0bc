import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router'
import i18next from 'i18next'
import { BrokenPage, NotFoundPage } from './areas/portal/fallback-pages.tsx'
import type { OrderSearch } from './areas/portal/order/order-page.tsx'
import type { OrdersFilter } from './areas/portal/order/orders-page.tsx'
import { PortalShell } from './areas/portal/portal-shell.tsx'
import { TopUpPage } from './areas/portal/top-up/top-up-page.tsx'
import type { LateTexts } from './language/on-demand.tsx'

interface RouterContext {
  readonly queries: QueryClient
}

const root = createRootRouteWithContext<RouterContext>()({
  component: PortalShell,
  notFoundComponent: NotFoundPage,
  errorComponent: BrokenPage,
})

const getParentRoute = () => root

/** Texts that only some pages need arrive with their page. */
const texts =
  (...namespaces: LateTexts[]) =>
  () =>
    i18next.loadNamespaces(namespaces)

/** A search value as it was written: the router reads what looks like a number as one. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** Only a path of ours: whoever sends a link must not choose where people land after logging in. */
function ownPath(value: unknown): string | undefined {
  const path = textOf(value)
  return path !== undefined && /^\/(?![/\\])/.test(path) ? path : undefined
}

/** The page to open afterwards. */
function nextPage(search: Readonly<Record<string, unknown>>): { next?: string } {
  const next = ownPath(search.next)
  return next === undefined ? {} : { next }
}

function orderSearch(search: Readonly<Record<string, unknown>>): OrderSearch {
  const [code, state] = [textOf(search.code), textOf(search.state)]
  return {
    ...(textOf(search.returned) === '1' && { returned: '1' }),
    ...(code !== undefined && state !== undefined && { code, state }),
  }
}

/** Which version of a text is asked for; without one, that in force. */
function askedVersion(search: Readonly<Record<string, unknown>>): { version?: string } {
  const version = textOf(search.version)
  return version === undefined ? {} : { version }
}

const orderGroups = ['awaiting-payment', 'under-way', 'credited', 'refunds'] as const

function ordersFilter(search: Readonly<Record<string, unknown>>): OrdersFilter {
  const group = orderGroups.find((known) => known === search.group)
  const number = textOf(search.number)
  return { ...(group && { group }), ...(number !== undefined && { number }) }
}

// The way of one top-up is in the first load; every other page is fetched when someone goes there.
const routeTree = root.addChildren([
  createRoute({
    getParentRoute,
    path: '/',
    validateSearch: (search): { number?: string } => {
      const number = textOf(search.number)
      return number === undefined ? {} : { number }
    },
    component: TopUpPage,
  }),
  createRoute({
    getParentRoute,
    path: '/login',
    validateSearch: nextPage,
    loader: texts('account'),
    component: lazyRouteComponent(() => import('./areas/portal/account/log-in-page.tsx'), 'LogInPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/register',
    loader: texts('account', 'legal'),
    component: lazyRouteComponent(() => import('./areas/portal/account/register-page.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/numbers',
    loader: texts('account'),
    component: lazyRouteComponent(() => import('./areas/portal/line/numbers-page.tsx'), 'NumbersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me',
    loader: texts('profile', 'display'),
    component: lazyRouteComponent(() => import('./areas/portal/account/me-page.tsx'), 'MePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/security',
    loader: texts('account', 'profile'),
    component: lazyRouteComponent(() => import('./areas/portal/account/security-page.tsx'), 'SecurityPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/terms',
    validateSearch: nextPage,
    loader: texts('profile', 'legal'),
    component: lazyRouteComponent(() => import('./areas/portal/account/new-terms-page.tsx'), 'NewTermsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders',
    validateSearch: ordersFilter,
    loader: texts('order'),
    component: lazyRouteComponent(() => import('./areas/portal/order/orders-page.tsx'), 'OrdersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders/$id',
    // The wallet's way back adds its own fields to the address; only our word of the return, and WeChat's of who pays, are read.
    validateSearch: orderSearch,
    loader: texts('order', 'refund'),
    component: lazyRouteComponent(() => import('./areas/portal/order/order-page.tsx'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders/$id/receipt',
    loader: texts('order'),
    component: lazyRouteComponent(() => import('./areas/portal/order/receipt-page.tsx'), 'ReceiptPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders/$id/refund',
    loader: texts('refund'),
    component: lazyRouteComponent(() => import('./areas/portal/refund/refund-page.tsx'), 'RefundPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/help/contact',
    validateSearch: (search): { order?: string; topic?: 'refund' } => {
      const order = textOf(search.order)
      return { ...(order !== undefined && { order }), ...(search.topic === 'refund' && { topic: 'refund' }) }
    },
    loader: texts('help', 'account'),
    component: lazyRouteComponent(() => import('./areas/portal/help/contact-page.tsx'), 'ContactPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/channels',
    loader: texts('channels', 'help'),
    component: lazyRouteComponent(() => import('./areas/portal/help/channels-page.tsx'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/terms',
    validateSearch: askedVersion,
    loader: texts('legal'),
    component: lazyRouteComponent(() => import('./areas/portal/legal/legal-page.tsx'), 'TermsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/privacy',
    validateSearch: askedVersion,
    loader: texts('legal'),
    component: lazyRouteComponent(() => import('./areas/portal/legal/legal-page.tsx'), 'PrivacyPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/ui-kit',
    loader: texts('ui-kit', 'purchase', 'display'),
    component: lazyRouteComponent(() => import('./kit/kit-page.tsx'), 'KitPage'),
  }),
])

export function createPortalRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    scrollRestoration: true,
    defaultPreload: 'intent',
    // Search values are plain text, not JSON: a phone number needs no quotes in an address.
    parseSearch: parseSearchWith((value) => value),
    stringifySearch: stringifySearchWith(String),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}
