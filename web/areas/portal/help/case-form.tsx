import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView } from '../../../../contract/session.ts'
import type { CaseTopic, OpenCase } from '../../../../contract/support.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { casesQuery, openCase } from '../../../api/account.ts'
import { captchaAhead } from '../../../api/codes.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { readEntry } from '../../../ui/number-entry.ts'
import { toMsisdn } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { fieldOf } from '../account/account-problem.ts'
import { isEmail } from '../account/email.ts'
import { useFieldProblem } from '../account/use-field-problem.ts'
import { useFirstError } from '../account/use-first-error.ts'
import { BodyField, type Reply, ReplyFields, TopicField } from './case-fields.tsx'
import { CaseSent } from './case-sent.tsx'
import { holdsSecret } from './case-words.ts'

const shortestBody = 5

interface CaseFormProps {
  /** The visitor's own order that it is about. */
  readonly order: OrderView | null
  readonly account: AccountView | null
  readonly isLogIn: boolean
  /** What it is likely about. */
  readonly topic: CaseTopic
}

/** A question in one's own words; where to answer is filled in for who is signed in. */
export function CaseForm({ order, account, isLogIn, topic: likely }: CaseFormProps) {
  const { t } = useTranslation('help')
  const locale = useLanguage()
  const plan = useNumberPlan()
  const [topic, setTopic] = useState<CaseTopic>(likely)
  const [body, setBody] = useState('')
  const [reply, setReply] = useState<Reply>({
    by: account && !account.msisdn ? 'email' : 'sms',
    number: account?.msisdn ? readEntry(`+${account.msisdn}`, plan) : '',
    email: account?.email ?? '',
  })
  const isWritten = body.trim().length >= shortestBody
  const sending = useSending(isLogIn, isWritten)
  const { form, tried, toFirstError } = useFirstError(sending.error)
  const problemOf = useFieldProblem(sending.error)
  const { by, number, email } = reply
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
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      <p className="text-ink-soft">{t('form.lead')}</p>
      <TopicField topic={topic} onTopic={setTopic} />
      <BodyField body={body} onBody={setBody} isMissing={tried && !isWritten} />
      <ReplyFields
        reply={reply}
        onReply={setReply}
        tried={tried}
        isWrong={isReplyWrong}
        problemOf={problemOf}
      />
      {sending.isError && fieldOf(sending.error) === null && <ProblemNotice problem={sending.error} />}
      <Button type="submit" size="large" wide busy={sending.isPending}>
        {t(sending.isPending && !isLogIn ? 'form.checking' : 'form.submit')}
      </Button>
    </form>
  )
}

/** Sends a question; who has no account has a captcha solved while they still write. */
function useSending(isLogIn: boolean, isWritten: boolean) {
  const queries = useQueryClient()
  const [captcha] = useState(captchaAhead)
  useEffect(() => {
    if (isLogIn || !isWritten) return
    captcha.prepare()
    return captcha.stop
  }, [captcha, isLogIn, isWritten])
  return useMutation({
    mutationFn: async (question: OpenCase) => openCase(question, isLogIn ? null : await captcha.take()),
    onSuccess: () => queries.invalidateQueries({ queryKey: casesQuery.queryKey }),
  })
}
