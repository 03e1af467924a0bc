import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView } from '../../../../contract/session.ts'
import type { CaseTopic, OpenCase } from '../../../../contract/support.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { casesQuery, openCase } from '../../../api/account.ts'
import { captchaAhead } from '../../../api/codes.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, inputClass } from '../../../ui/field.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { fieldOf } from '../account/account-problem.ts'
import { isEmail } from '../account/email.ts'
import { EmailField } from '../account/email-field.tsx'
import { PhoneField } from '../account/phone-field.tsx'
import { useFieldProblem } from '../account/use-field-problem.ts'
import { useFirstError } from '../account/use-first-error.ts'
import { CaseSent } from './case-sent.tsx'
import { holdsSecret } from './case-words.ts'

const topics: readonly CaseTopic[] = ['top-up', 'refund', 'number', 'account', 'other']
const ways = ['sms', 'email'] as const
const longestBody = 1000
const shortestBody = 5

interface CaseFormProps {
  /** The visitor's own order that it is about. */
  readonly order: OrderView | null
  readonly account: AccountView | null
  readonly isLogIn: boolean
}

/** A question in one's own words; where to answer is filled in for who is signed in. */
export function CaseForm({ order, account, isLogIn }: CaseFormProps) {
  const { t } = useTranslation(['help', 'account'])
  const locale = useLanguage()
  const plan = useNumberPlan()
  const example = useNumberExample()
  const queries = useQueryClient()
  const [topic, setTopic] = useState<CaseTopic>('top-up')
  const [body, setBody] = useState('')
  const [by, setBy] = useState<(typeof ways)[number]>(account && !account.msisdn ? 'email' : 'sms')
  const [number, setNumber] = useState(account?.msisdn ? readEntry(`+${account.msisdn}`, plan) : '')
  const [email, setEmail] = useState(account?.email ?? '')
  const [captcha] = useState(captchaAhead)
  const sending = useMutation({
    mutationFn: async (question: OpenCase) => openCase(question, isLogIn ? null : await captcha.take()),
    onSuccess: () => queries.invalidateQueries({ queryKey: casesQuery.queryKey }),
  })
  const isWritten = body.trim().length >= shortestBody
  useEffect(() => {
    if (isLogIn || !isWritten) return
    captcha.prepare()
    return captcha.stop
  }, [captcha, isLogIn, isWritten])
  const { form, tried, toFirstError } = useFirstError(sending.error)
  const problemOf = useFieldProblem(sending.error)
  const isReplyWrong = by === 'sms' ? toMsisdn(number, plan) === null : !isEmail(email)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (sending.isPending) return
    sending.reset()
    if (!isWritten || holdsSecret(body) || isReplyWrong) return toFirstError()
    const replyTo = by === 'sms' ? { by, number } : { by, email }
    const about = order === null ? {} : { order: order.id }
    sending.mutate({ topic, ...about, body: body.trim(), replyTo, locale })
  }
  if (sending.data) {
    const again = () => {
      setBody('')
      sending.reset()
    }
    return <CaseSent opened={sending.data} onAgain={again} />
  }
  const bodyFault = () => {
    if (holdsSecret(body)) return t('form.bodySecret')
    return tried && !isWritten ? t('form.bodyShort') : undefined
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      <p className="text-ink-soft">{t('form.lead')}</p>
      <Field label={t('form.topic')}>
        {(control) => (
          <div className="relative">
            <select
              {...control}
              value={topic}
              onChange={(event) => setTopic(event.target.value as CaseTopic)}
              className={`${inputClass} min-h-[calc(var(--target)+0.25rem)] appearance-none pe-12`}
            >
              {topics.map((value) => (
                <option key={value} value={value}>
                  {t(`form.topics.${value}`)}
                </option>
              ))}
            </select>
            <ChevronDown
              aria-hidden
              className="pointer-events-none absolute inset-y-0 end-4 my-auto size-5 text-ink-soft"
            />
          </div>
        )}
      </Field>
      <Field
        label={t('form.body')}
        hint={t('form.bodyHint')}
        error={bodyFault()}
        aside={<span className="text-sm text-ink-soft">{t('form.bodyCount', { length: body.length })}</span>}
      >
        {(control) => (
          <textarea
            {...control}
            rows={5}
            maxLength={longestBody}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            className={`${inputClass} py-3`}
          />
        )}
      </Field>
      <div>
        <p aria-hidden className="mb-1.5 font-medium">
          {t('form.reply')}
        </p>
        <Tabs
          label={t('form.reply')}
          options={ways.map((value) => ({ value, text: t(`form.by_${value}`) }))}
          value={by}
          onValue={setBy}
        />
      </div>
      {by === 'sms' ? (
        <PhoneField
          label={t('form.replyNumber')}
          hint={t('form.replyNumberHint')}
          example={example}
          plan={plan}
          value={number}
          onValue={setNumber}
          demanded={tried}
          error={problemOf('number')}
        />
      ) : (
        <EmailField
          label={t('form.replyEmail')}
          hint={t('form.replyEmailHint')}
          value={email}
          onValue={setEmail}
          error={
            tried && isReplyWrong
              ? t(email === '' ? 'account:email.missing' : 'account:email.invalid')
              : problemOf('email')
          }
        />
      )}
      {sending.isError && fieldOf(sending.error) === null && <ProblemNotice problem={sending.error} />}
      <Button type="submit" size="large" wide busy={sending.isPending}>
        {t(sending.isPending && !isLogIn ? 'form.checking' : 'form.submit')}
      </Button>
    </form>
  )
}
