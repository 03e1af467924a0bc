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
import { toMsisdn } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Acceptance } from './acceptance.tsx'
import { fieldOf } from './account-problem.ts'
import { carriedIn } from './carried.ts'
import { CodeStep } from './code-step.tsx'
import { NewPasswordField } from './new-password-field.tsx'
import { passwordStrength } from './password-strength.ts'
import { PhoneField } from './phone-field.tsx'
import { useFieldProblem } from './use-field-problem.ts'
import { useFirstError } from './use-first-error.ts'
import { useSignedIn } from './use-signed-in.ts'

/** What is typed stays as it is, whatever is refused; what is wrong is said beside its field, and the first such is gone to. */
export function RegisterPage() {
  const { t } = useTranslation('account')
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
  const { form, tried, toFirstError } = useFirstError(submission.error)
  const problemOf = useFieldProblem(submission.error)
  const to = toMsisdn(number, plan)
  const isTooShort = password !== '' && passwordStrength(password, number).is === 'short'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (submission.isPending) return
    submission.reset()
    if (to === null || code.length < 6 || !accepted || isTooShort) return toFirstError()
    const chosen = password === '' ? {} : { password }
    submission.mutate({ number, code, ...chosen, acceptedTerms: true, termsVersion, locale })
  }
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      <Card>
        <form ref={form} onSubmit={submit} noValidate className="space-y-5">
          <PhoneField
            hint={t('logIn.numberHint')}
            example={example}
            plan={plan}
            value={number}
            onValue={setNumber}
            demanded={tried}
            error={problemOf('number')}
          />
          <CodeStep
            purpose="register"
            to={to}
            code={code}
            onCode={setCode}
            error={tried && code.length < 6 ? t('register.codeMissing') : problemOf('code')}
          />
          <NewPasswordField
            label={t('register.password')}
            hint={t('register.passwordHint')}
            optional
            known={number}
            value={password}
            onValue={setPassword}
            error={tried && isTooShort ? t('register.passwordShort') : problemOf('password')}
          />
          <Acceptance accepted={accepted} onAccepted={setAccepted} missing={tried && !accepted} />
          {submission.isError && fieldOf(submission.error) === null && (
            <Refused problem={submission.error} number={number} code={code} />
          )}
          <Button type="submit" size="large" wide busy={submission.isPending}>
            {t('register.submit')}
          </Button>
          <ToLogIn />
        </form>
      </Card>
    </Page>
  )
}

function ToLogIn() {
  const { t } = useTranslation('account')
  return (
    <p className="text-center">
      <Link to="/login" className="inline-flex min-h-target items-center text-brand-ink underline">
        {t('logIn.logIn')}
      </Link>
    </p>
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
