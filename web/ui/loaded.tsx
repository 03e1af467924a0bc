import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/request.ts'
import { Button, buttonClass } from './button.tsx'
import { Loading } from './loading.tsx'
import { ProblemNotice } from './problem-notice.tsx'

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}

/** What a read looks like on its way, refused, or here. Who is not signed in is shown the way to do so. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return <Loading />
  const signedOut = query.error instanceof ApiProblem && query.error.status === 401
  return (
    <ProblemNotice
      problem={query.error}
      action={
        signedOut ? (
          <Link to="/login" className={buttonClass('secondary')}>
            {t('nav.logIn')}
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
