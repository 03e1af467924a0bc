import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogIn, SessionView } from '../../../contract/session.ts'
import { captchaPayload } from '../../api/codes.ts'
import { sessionQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import { useNumberExample, useNumberPlan } from '../../ui/brand-context.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { toMsisdn } from '../../ui/number-plan.ts'
import { Page } from '../../ui/page.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { CodeStep } from './code-step.tsx'

const ways = ['sms', 'email', 'password'] as const
type Way = (typeof ways)[number]

/** What the form holds, whichever way is chosen; switching ways loses nothing typed. */
interface Entries {
  readonly number: string
  readonly email: string
  readonly name: string
  readonly password: string
  readonly code: string
}

const nothing: Entries = { number: '', email: '', name: '', password: '', code: '' }
const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

async function logIn(way: Way, entries: Entries): Promise<SessionView> {
  const { number, email, name, password, code } = entries
  const body: LogIn =
    way === 'sms'
      ? { by: 'sms-code', number, code }
      : way === 'email'
        ? { by: 'email-code', email, code }
        : { by: 'password', name, password, captcha: await captchaPayload() }
  return request<SessionView>('/v1/log-ins', { method: 'POST', body })
}

export function LogInPage() {
  const { t } = useTranslation()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [way, setWay] = useState<Way>('sms')
  const [entries, setEntries] = useState(nothing)
  const enter = (entry: keyof Entries) => (value: string) => setEntries({ ...entries, [entry]: value })
  const submission = useMutation({
    mutationFn: () => logIn(way, entries),
    onSuccess: async (session) => {
      // What was read as somebody else, or as nobody, is forgotten.
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ to: '/me/numbers' })
    },
  })
  const to =
    way === 'sms' ? toMsisdn(entries.number, plan) : emailPattern.test(entries.email) ? entries.email : null
  const ready =
    way === 'password'
      ? entries.name !== '' && entries.password !== ''
      : to !== null && entries.code.length === 6
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !submission.isPending) submission.mutate()
  }
  return (
    <Page title={t('logIn.title')}>
      <Card>
        <form onSubmit={submit} noValidate className="space-y-5">
          <Tabs
            label={t('logIn.by')}
            options={ways.map((value) => ({ value, text: t(`logIn.${value}`) }))}
            value={way}
            onValue={(next) => {
              setWay(next)
              enter('code')('')
              submission.reset()
            }}
          />
          {way === 'sms' && (
            <NumberField
              label={t('topUp.number')}
              example={example}
              plan={plan}
              value={entries.number}
              onValue={enter('number')}
            />
          )}
          {way === 'email' && (
            <TextField
              label={t('logIn.emailLabel')}
              type="email"
              autoComplete="email"
              value={entries.email}
              onValue={enter('email')}
            />
          )}
          {way === 'password' ? (
            <>
              <TextField
                label={t('logIn.nameLabel')}
                autoComplete="username"
                autoCapitalize="none"
                value={entries.name}
                onValue={enter('name')}
              />
              <PasswordField
                label={t('logIn.passwordLabel')}
                autoComplete="current-password"
                value={entries.password}
                onValue={enter('password')}
              />
            </>
          ) : (
            <CodeStep key={way} purpose="log-in" to={to} code={entries.code} onCode={enter('code')} />
          )}
          {submission.isError && <ProblemNotice problem={submission.error} />}
          <Button type="submit" size="large" wide busy={submission.isPending} disabled={!ready}>
            {t('logIn.submit')}
          </Button>
          <p className="text-center">
            <Link to="/register" className="inline-flex min-h-target items-center text-brand-ink underline">
              {t('logIn.register')}
            </Link>
          </p>
        </form>
      </Card>
    </Page>
  )
}
