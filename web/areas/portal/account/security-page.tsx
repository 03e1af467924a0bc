import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionView } from '../../../../contract/session.ts'
import { becomeSession, noSession, sessionQuery } from '../../../api/queries.ts'
import { ApiProblem, request } from '../../../api/request.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { SetEmailForm } from './set-email-form.tsx'
import { SetPasswordForm } from './set-password-form.tsx'

/** The session of somebody signed in; a guest is told to sign in, as by the server. */
async function ownSession(): Promise<SessionView> {
  const session = await request<SessionView>('/v1/session')
  if (session.kind !== 'login') throw new ApiProblem(401, { code: 'not-authenticated' })
  return session
}

export function SecurityPage() {
  const { t } = useTranslation('account')
  const session = useQuery({ queryKey: [...sessionQuery.queryKey, 'own'], queryFn: ownSession })
  return (
    <Page title={t('security.title')}>
      <Loaded query={session}>
        {(own) => (
          <>
            <Keys session={own} />
            <LogOutButton />
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** What opens the account, and the setting of it. */
function Keys({ session: { msisdn, email, hasPassword } }: { readonly session: SessionView }) {
  const { t } = useTranslation('account')
  const plan = useNumberPlan()
  const queries = useQueryClient()
  const [sheet, setSheet] = useState<'email' | 'password' | null>(null)
  const [saved, setSaved] = useState<'email' | 'password' | null>(null)
  const done = async (what: 'email' | 'password') => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
    setSaved(what)
    setSheet(null)
  }
  const titles = {
    email: t(email === null ? 'security.setEmail' : 'security.changeEmail'),
    password: t(hasPassword ? 'security.changePassword' : 'security.setPassword'),
  }
  const change = (what: 'email' | 'password', isSet: boolean) => (
    <Button look="secondary" aria-label={titles[what]} onClick={() => setSheet(what)}>
      {t(isSet ? 'security.change' : 'security.set')}
    </Button>
  )
  return (
    <>
      {saved && <Notice tone="good">{t(`security.${saved}Saved`)}</Notice>}
      <Card>
        <dl className="divide-y divide-hairline">
          <Row
            name={t('security.phone')}
            value={msisdn === null ? t('security.none') : groupNumber(msisdn, plan)}
          />
          <Row
            name={t('security.email')}
            value={email ?? t('security.none')}
            action={change('email', email !== null)}
          />
          <Row
            name={t('security.password')}
            value={t(hasPassword ? 'security.isSet' : 'security.none')}
            action={change('password', hasPassword)}
          />
        </dl>
      </Card>
      <Sheet open={sheet !== null} onClose={() => setSheet(null)} title={sheet ? titles[sheet] : ''}>
        {sheet === 'email' && <SetEmailForm onSaved={() => void done('email')} />}
        {sheet === 'password' && (
          <SetPasswordForm hasPassword={hasPassword} onSaved={() => void done('password')} />
        )}
      </Sheet>
    </>
  )
}

interface RowProps {
  readonly name: string
  readonly value: string
  readonly action?: ReactNode
}

function Row({ name, value, action }: RowProps) {
  return (
    <div className="py-3 first:pt-0 last:pb-0">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="flex items-center justify-between gap-4">
        <span className="min-w-0 break-words">{value}</span>
        {action}
      </dd>
    </div>
  )
}

function LogOutButton() {
  const { t } = useTranslation('account')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leaving = useMutation({
    mutationFn: () => request('/v1/session', { method: 'DELETE' }).then(() => null),
    onSuccess: async () => {
      await navigate({ to: '/' })
      becomeSession(queries, noSession)
    },
  })
  return (
    <>
      {leaving.isError && <ProblemNotice problem={leaving.error} />}
      <Button look="secondary" wide busy={leaving.isPending} onClick={() => leaving.mutate()}>
        <LogOut aria-hidden className="size-5" />
        {t('security.logOut')}
      </Button>
    </>
  )
}
