import type { UseQueryResult } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { UserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, isOffline } from '../api/request.ts'
import { Button, buttonClass } from './button.tsx'
import { Card } from './card.tsx'
import { Empty } from './empty.tsx'
import { Loading } from './loading.tsx'
import { Offline } from './offline.tsx'
import { ProblemNotice } from './problem-notice.tsx'

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** What a read looks like on its way, refused, or here. Who is not signed in is shown the way to do so. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) {
    return (
      <Card>
        <Loading />
      </Card>
    )
  }
  const status = query.error instanceof ApiProblem ? query.error.status : 0
  if (status === 401) return <SignedOut />
  if (isOffline(query.error)) {
    return <Offline onRetry={() => void query.refetch()} />
  }
  return (
    <ProblemNotice
      problem={query.error}
      action={
        status === 404 ? (
          <Link to="/" className={buttonClass('secondary')}>
            {t('notFound.home')}
          </Link>
        ) : (
          <Button look="secondary" onClick={() => void query.refetch()}>
            {t('offline.retry')}
          </Button>
        )
      }
    />
  )
}

/** In place of what only a signed-in person sees; logging in leads back here. */
function SignedOut() {
  const { t } = useTranslation()
  const next = useLocation({ select: ({ pathname }) => pathname })
  return (
    <Card>
      <Empty
        icon={UserRound}
        title={t('signedOut.title')}
        hint={t('signedOut.hint')}
        action={
          <span className="flex flex-wrap justify-center gap-3">
            <Link to="/login" search={{ next }} className={buttonClass()}>
              {t('nav.logIn')}
            </Link>
            <Link to="/register" className={buttonClass('secondary')}>
              {t('signedOut.register')}
            </Link>
          </span>
        }
      />
    </Card>
  )
}
