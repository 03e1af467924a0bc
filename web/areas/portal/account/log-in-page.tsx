import { useMutation } from '@tanstack/react-query'
import { getRouteApi, Link, useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogIn, SessionView } from '../../../../contract/session.ts'
import { captchaPayload } from '../../../api/codes.ts'
import { ApiProblem, request } from '../../../api/request.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { carriedIn } from './carried.ts'
import { CodeStep } from './code-step.tsx'
import { isEmail } from './email.ts'
import { EmailField } from './email-field.tsx'
import { PhoneField } from './phone-field.tsx'
import { useSignedIn } from './use-signed-in.ts'

const route = getRouteApi('/login')

const ways = ['sms', 'email', 'password'] as const
type Way = (typeof ways)[number]

/** What the form holds, whichever way is chosen; switching ways loses nothing typed but the code. */
interface Entries {
  readonly number: string
  readonly email: string
  readonly name: string
  readonly password: string
  readonly code: string
}

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
  const { t } = useTranslation('account')
  const { next } = route.useSearch()
  const carried = useLocation({ select: ({ state }) => carriedIn(state) })
  const [way, setWay] = useState<Way>('sms')
  const [entries, setEntries] = useState<Entries>({ ...carried, email: '', name: '', password: '' })
  const enter = (entry: keyof Entries) => (value: string) => setEntries({ ...entries, [entry]: value })
  const submission = useMutation({
    mutationFn: () => logIn(way, entries),
    onSuccess: useSignedIn(next),
  })
  const ready = useReady(way, entries)
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
            onValue={(chosen) => {
              setWay(chosen)
              enter('code')('')
              submission.reset()
            }}
          />
          {way === 'password' ? (
            <ByPassword entries={entries} enter={enter} />
          ) : (
            <ByCode key={way} way={way} entries={entries} enter={enter} />
          )}
          {submission.isError && <Refused problem={submission.error} entries={entries} />}
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

function useReady(way: Way, { number, email, name, password, code }: Entries): boolean {
  const plan = useNumberPlan()
  if (way === 'password') return name !== '' && password !== ''
  return code.length === 6 && (way === 'sms' ? toMsisdn(number, plan) !== null : isEmail(email))
}

interface EntryProps {
  readonly entries: Entries
  readonly enter: (entry: keyof Entries) => (value: string) => void
}

function ByCode({ way, entries, enter }: EntryProps & { readonly way: 'sms' | 'email' }) {
  const { t } = useTranslation('account')
  const plan = useNumberPlan()
  const example = useNumberExample()
  const { number, email, code } = entries
  const to = way === 'sms' ? toMsisdn(number, plan) : isEmail(email) ? email : null
  return (
    <>
      {way === 'sms' ? (
        <PhoneField
          hint={t('logIn.numberHint')}
          example={example}
          plan={plan}
          value={number}
          onValue={enter('number')}
          demanded={false}
          error={undefined}
        />
      ) : (
        <EmailField
          label={t('logIn.emailLabel')}
          hint={t('logIn.emailHint')}
          value={email}
          onValue={enter('email')}
        />
      )}
      <CodeStep purpose="log-in" to={to} code={code} onCode={enter('code')} />
    </>
  )
}

function ByPassword({ entries, enter }: EntryProps) {
  const { t } = useTranslation('account')
  return (
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
  )
}

/** A right code for a number without an account is good for the registration as it is. */
function Refused({ problem, entries }: { readonly problem: unknown; readonly entries: Entries }) {
  const { t } = useTranslation('account')
  if (!(problem instanceof ApiProblem) || problem.code !== 'not-registered') {
    return <ProblemNotice problem={problem} />
  }
  const { number, code } = entries
  return (
    <Notice
      tone="info"
      action={
        <Link to="/register" state={{ carried: { number, code } }} className={buttonClass('secondary')}>
          {t('logIn.registerNow')}
        </Link>
      }
    >
      {t('logIn.notRegistered')}
    </Notice>
  )
}
