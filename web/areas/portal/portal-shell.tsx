import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { sessionQuery } from '../../api/queries.ts'
import { Footer } from '../../ui/footer.tsx'
import { Header } from '../../ui/header.tsx'

/** What stands around every page of the portal. */
export function PortalShell() {
  const { t, i18n } = useTranslation()
  const session = useQuery(sessionQuery)
  const signedIn = session.data?.kind === 'login'
  // Sentences for problems are wanted soon but not for the first paint.
  useEffect(() => void i18n.loadNamespaces('problem'), [i18n])
  return (
    <div className="flex min-h-dvh flex-col">
      <Header
        links={[
          { to: '/', text: t('nav.topUp') },
          { to: '/me/numbers', text: t('nav.numbers') },
          { to: '/orders', text: t('nav.orders') },
        ]}
        account={
          <Link
            to={signedIn ? '/me/security' : '/login'}
            className="inline-flex min-h-target items-center rounded-full px-3 text-sm font-medium text-brand-ink hover:bg-brand-soft"
          >
            {t(signedIn ? 'nav.account' : 'nav.logIn')}
          </Link>
        }
      />
      <main id="content" tabIndex={-1} className="outline-none">
        <Outlet />
      </main>
      <Footer />
    </div>
  )
}
