import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogIn, Register, SessionView } from '../../../../contract/session.ts'
import { ApiProblem, request } from '../../../api/request.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { NumberField } from '../../../ui/number-field.tsx'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { carriedIn } from './carried.ts'
import { CodeStep } from './code-step.tsx'
import { shortestPassword } from './password-rule.ts'
import { useSignedIn } from './use-signed-in.ts'

export function RegisterPage() {
  const { t } = useTranslation(['account', 'portal'])
  const termsVersion = useTranslation('legal').t('version')
  const locale = useLanguage()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const carried = useLocation({ select: ({ state }) => carriedIn(state) })
  const [number, setNumber] = useState(carried.number)
  const [code, setCode] = useState(carried.code)
  const [password, setPassword] = useState('')
  const [accepted, setAccepted] = useState(false)
  const submission = useMutation({
    mutationFn: (body: Register) => request<SessionView>('/v1/registrations', { method: 'POST', body }),
    onSuccess: useSignedIn(undefined),
  })
  const to = toMsisdn(number, plan)
  const shortPassword = password !== '' && password.length < shortestPassword
  const ready = to !== null && code.length === 6 && accepted && !shortPassword
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ready || submission.isPending) return
    const chosen = password === '' ? {} : { password }
    submission.mutate({ number, code, ...chosen, acceptedTerms: true, termsVersion, locale })
  }
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      <Card>
        <form onSubmit={submit} noValidate className="space-y-5">
          <NumberField
            label={t('portal:topUp.number')}
            example={example}
            plan={plan}
            value={number}
            onValue={setNumber}
          />
          <CodeStep purpose="register" to={to} code={code} onCode={setCode} />
          <PasswordField
            label={t('register.password')}
            hint={t('register.passwordHint')}
            optional
            autoComplete="new-password"
            value={password}
            onValue={setPassword}
          />
          <Acceptance accepted={accepted} onAccepted={setAccepted} />
          {submission.isError && <Refused problem={submission.error} number={number} code={code} />}
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

interface RefusedProps {
  readonly problem: unknown
  readonly number: string
  readonly code: string
}

/** A right code for a number with an account opens that account, one tap away. */
function Refused({ problem, number, code }: RefusedProps) {
  const { t } = useTranslation('account')
  const logIn = useMutation({
    mutationFn: (body: LogIn) => request<SessionView>('/v1/log-ins', { method: 'POST', body }),
    onSuccess: useSignedIn(undefined),
  })
  if (!(problem instanceof ApiProblem) || problem.code !== 'already-registered') {
    return <ProblemNotice problem={problem} />
  }
  return (
    <>
      <Notice
        tone="info"
        action={
          <Button
            look="secondary"
            busy={logIn.isPending}
            onClick={() => logIn.mutate({ by: 'sms-code', number, code })}
          >
            {t('register.logInNow')}
          </Button>
        }
      >
        {t('register.found')}
      </Notice>
      {logIn.isError && <ProblemNotice problem={logIn.error} />}
    </>
  )
}

interface AcceptanceProps {
  readonly accepted: boolean
  readonly onAccepted: (accepted: boolean) => void
}

/** Unticked, and the texts one tap away in a window of their own so that nothing typed is lost. */
function Acceptance({ accepted, onAccepted }: AcceptanceProps) {
  const { t } = useTranslation(['account', 'portal'])
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
      <label htmlFor="accepted" className="flex min-h-target items-center">
        <span>
          {t('register.accept')} {link('/terms', t('portal:footer.terms'))} {t('register.and')}{' '}
          {link('/privacy', t('portal:footer.privacy'))}
        </span>
      </label>
    </div>
  )
}
