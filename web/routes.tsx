import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import i18next from 'i18next'
import { BrokenPage, NotFoundPage } from './areas/portal/fallback-pages.tsx'
import { PortalShell } from './areas/portal/portal-shell.tsx'
import { TopUpPage } from './areas/portal/top-up-page.tsx'

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
const texts = (namespace: 'legal' | 'ui-kit') => () => i18next.loadNamespaces(namespace)

// The way of one top-up is in the first load; every other page is fetched when someone goes there.
const routeTree = root.addChildren([
  createRoute({
    getParentRoute,
    path: '/',
    validateSearch: (search): { number?: string } =>
      typeof search.number === 'string' ? { number: search.number } : {},
    component: TopUpPage,
  }),
  createRoute({
    getParentRoute,
    path: '/login',
    component: lazyRouteComponent(() => import('./areas/portal/log-in-page.tsx'), 'LogInPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/register',
    loader: texts('legal'),
    component: lazyRouteComponent(() => import('./areas/portal/register-page.tsx'), 'RegisterPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/me/numbers',
    component: lazyRouteComponent(() => import('./areas/portal/numbers-page.tsx'), 'NumbersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders',
    component: lazyRouteComponent(() => import('./areas/portal/orders-page.tsx'), 'OrdersPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders/$id',
    component: lazyRouteComponent(() => import('./areas/portal/order-page.tsx'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/orders/$id/receipt',
    component: lazyRouteComponent(() => import('./areas/portal/receipt-page.tsx'), 'ReceiptPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/help/contact',
    validateSearch: (search): { order?: string } =>
      typeof search.order === 'string' ? { order: search.order } : {},
    component: lazyRouteComponent(() => import('./areas/portal/contact-page.tsx'), 'ContactPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/terms',
    loader: texts('legal'),
    component: lazyRouteComponent(() => import('./areas/portal/legal-page.tsx'), 'TermsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/privacy',
    loader: texts('legal'),
    component: lazyRouteComponent(() => import('./areas/portal/legal-page.tsx'), 'PrivacyPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/ui-kit',
    loader: texts('ui-kit'),
    component: lazyRouteComponent(() => import('./kit/kit-page.tsx'), 'KitPage'),
  }),
])

export function createPortalRouter(queries: QueryClient) {
  return createRouter({ routeTree, context: { queries }, scrollRestoration: true, defaultPreload: 'intent' })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPortalRouter>
  }
}
