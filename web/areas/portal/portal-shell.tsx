import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { CardSim, ReceiptText, UserRound, Zap } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionQuery } from '../../api/queries.ts'
import { onDemand } from '../../language/on-demand.tsx'
import { Header, type Place } from '../../ui/header.tsx'
import { DeviceNotices } from './device-notices.tsx'

const footer = onDemand({
  texts: 'portal',
  load: async () => (await import('../../ui/footer.tsx')).Footer,
  Waiting: () => null,
})

/** Which place of the navigation an address belongs to: logging in is on the way to one's own. */
function placeOf(path: string): Place['to'] {
  if (path === '/') return '/'
  if (path.startsWith('/orders')) return '/orders'
  if (path.startsWith('/me/numbers')) return '/me/numbers'
  return /^\/(me|login|register)(\/|$)/.test(path) ? '/me' : undefined
}

/** What stands around every page of the portal. */
export function PortalShell() {
  const { t, i18n } = useTranslation()
  const session = useQuery(sessionQuery)
  const at = useLocation({ select: ({ pathname }) => placeOf(pathname) })
  // Sentences for problems are wanted soon but not for the first paint.
  useEffect(() => void i18n.loadNamespaces('problem'), [i18n])
  const place = (to: Place['to'], text: string, icon: Place['icon']) => ({
    to,
    text,
    icon,
    current: at === to,
  })
  return (
    <div className="flex min-h-dvh flex-col pb-tab-bar">
      <Header
        places={[
          place('/', t('nav.topUp'), Zap),
          place('/me/numbers', t('nav.numbers'), CardSim),
          place('/orders', t('nav.orders'), ReceiptText),
          place('/me', t('nav.account'), UserRound),
        ]}
        account={
          session.data !== undefined &&
          session.data.kind !== 'login' && (
            <Link
              to="/login"
              className="inline-flex min-h-target min-w-target items-center justify-center rounded-full px-2 text-sm font-medium text-brand-ink hover:bg-brand-soft md:px-3"
            >
              {t('nav.logIn')}
            </Link>
          )
        }
      />
      <DeviceNotices />
      <main id="content" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <footer.Component />
    </div>
  )
}
