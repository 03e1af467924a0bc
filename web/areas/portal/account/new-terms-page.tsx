import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AcceptTerms } from '../../../../contract/session.ts'
import { accountQuery, send } from '../../../api/account.ts'
import { becomeSession, noSession } from '../../../api/queries.ts'
import { request } from '../../../api/request.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { currentVersion, useLegalDocument } from '../legal/legal-document.ts'

const route = getRouteApi('/me/terms')

/** New terms, asked for at the log-in: what changed first, the whole text one tap away. */
export function NewTermsPage() {
  const { t } = useTranslation(['profile', 'portal'])
  const { next } = route.useSearch()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const router = useRouter()
  const account = useQuery(accountQuery)
  const { from, changes } = useLegalDocument(currentVersion)
  const accepting = useMutation({
    mutationFn: (body: AcceptTerms) => send('/v1/me/terms', 'POST', body),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: accountQuery.queryKey })
      if (next === undefined) await navigate({ to: '/me/numbers' })
      else router.history.push(next)
    },
  })
  const leaving = useMutation({
    mutationFn: () => request('/v1/session', { method: 'DELETE' }).then(() => null),
    onSuccess: async () => {
      await navigate({ to: '/' })
      becomeSession(queries, noSession)
    },
  })
  const link = (to: '/terms' | '/privacy', text: string) => (
    <Link to={to} target="_blank" className="inline-flex min-h-target items-center text-brand-ink underline">
      {text}
    </Link>
  )
  return (
    <Page title={t('terms.title')} lead={t('terms.lead', { date: from })}>
      <Loaded query={account}>
        {({ terms }) => (
          <>
            <Card title={t('terms.changes')}>
              <ul className="list-disc space-y-2 ps-5">
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
              <p className="mt-4 flex flex-wrap gap-x-6">
                {link('/terms', t('portal:footer.terms'))}
                {link('/privacy', t('portal:footer.privacy'))}
              </p>
            </Card>
            {accepting.isError && <ProblemNotice problem={accepting.error} />}
            {leaving.isError && <ProblemNotice problem={leaving.error} />}
            <Button
              size="large"
              wide
              busy={accepting.isPending}
              onClick={() => accepting.mutate({ version: terms.inForce })}
            >
              {t('terms.accept')}
            </Button>
            <Button look="quiet" wide busy={leaving.isPending} onClick={() => leaving.mutate()}>
              {t('terms.later')}
            </Button>
          </>
        )}
      </Loaded>
    </Page>
  )
}
