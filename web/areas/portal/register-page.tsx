import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register, SessionView } from '../../../contract/session.ts'
import { sessionQuery } from '../../api/queries.ts'
import { request } from '../../api/request.ts'
import { useLanguage } from '../../language/use-language.ts'
import { useNumberExample, useNumberPlan } from '../../ui/brand-context.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { toMsisdn } from '../../ui/number-plan.ts'
import { Page } from '../../ui/page.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { ProblemNotice } from '../../ui/problem-notice.tsx'
import { CodeStep } from './code-step.tsx'

const shortestPassword = 15

export function RegisterPage() {
  const { t } = useTranslation()
  const termsVersion = useTranslation('legal').t('version')
  const locale = useLanguage()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [number, setNumber] = useState('')
  const [code, setCode] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [accepted, setAccepted] = useState(false)
  const submission = useMutation({
    mutationFn: () => {
      const body: Register = {
        number,
        code,
        ...(email === '' ? {} : { email }),
        ...(password === '' ? {} : { password }),
        acceptedTerms: true,
        termsVersion,
        locale,
      }
      return request<SessionView>('/v1/registrations', { method: 'POST', body })
    },
    onSuccess: async (session) => {
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ to: '/me/numbers' })
    },
  })
  const to = toMsisdn(number, plan)
  const ready =
    to !== null && code.length === 6 && accepted && (password === '' || password.length >= shortestPassword)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !submission.isPending) submission.mutate()
  }
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      <Card>
        <form onSubmit={submit} noValidate className="space-y-5">
          <NumberField
            label={t('topUp.number')}
            example={example}
            plan={plan}
            value={number}
            onValue={setNumber}
          />
          <CodeStep purpose="register" to={to} code={code} onCode={setCode} />
          <TextField
            label={t('register.email')}
            hint={t('register.emailHint')}
            optional
            type="email"
            autoComplete="email"
            value={email}
            onValue={setEmail}
          />
          <PasswordField
            label={t('register.password')}
            hint={t('register.passwordHint')}
            optional
            autoComplete="new-password"
            value={password}
            onValue={setPassword}
          />
          <Acceptance accepted={accepted} onAccepted={setAccepted} />
          {submission.isError && <ProblemNotice problem={submission.error} />}
          <Button type="submit" size="large" wide busy={submission.isPending} disabled={!ready}>
            {t('register.submit')}
          </Button>
          <p className="text-center">
            <Link to="/login" className="inline-flex min-h-target items-center text-brand-ink underline">
              {t('logIn.logIn')}
            </Link>
          </p>
        </form>
      </Card>
    </Page>
  )
}

interface AcceptanceProps {
  readonly accepted: boolean
  readonly onAccepted: (accepted: boolean) => void
}

/** Unticked, and the texts one tap away in a window of their own so that nothing typed is lost. */
function Acceptance({ accepted, onAccepted }: AcceptanceProps) {
  const { t } = useTranslation()
  const link = (to: '/terms' | '/privacy', text: string) => (
    <Link to={to} target="_blank" className="text-brand-ink underline">
      {text}
    </Link>
  )
  return (
    <div className="flex items-center gap-3">
      <input
        id="accepted"
        type="checkbox"
        checked={accepted}
        onChange={(event) => onAccepted(event.target.checked)}
        className="size-6 shrink-0 accent-brand"
      />
      <label htmlFor="accepted" className="flex min-h-target flex-wrap items-center gap-x-1">
        {t('register.accept')} {link('/terms', t('footer.terms'))} {t('register.and')}{' '}
        {link('/privacy', t('footer.privacy'))}
      </label>
    </div>
  )
}
