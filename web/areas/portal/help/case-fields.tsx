import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CaseTopic } from '../../../../contract/support.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Field, inputClass } from '../../../ui/field.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import type { FieldName } from '../account/account-problem.ts'
import { EmailField } from '../account/email-field.tsx'
import { PhoneField } from '../account/phone-field.tsx'
import { holdsSecret } from './case-words.ts'

const topics: readonly CaseTopic[] = ['top-up', 'refund', 'number', 'account', 'other']
const longestBody = 1000

interface TopicFieldProps {
  readonly topic: CaseTopic
  readonly onTopic: (topic: CaseTopic) => void
}

export function TopicField({ topic, onTopic }: TopicFieldProps) {
  const { t } = useTranslation('help')
  return (
    <Field label={t('form.topic')}>
      {(control) => (
        <div className="relative">
          <select
            {...control}
            value={topic}
            onChange={(event) => onTopic(event.target.value as CaseTopic)}
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
  )
}

interface BodyFieldProps {
  readonly body: string
  readonly onBody: (body: string) => void
  readonly isMissing: boolean
}

export function BodyField({ body, onBody, isMissing }: BodyFieldProps) {
  const { t } = useTranslation('help')
  const fault = () => {
    if (holdsSecret(body)) return t('form.bodySecret')
    return isMissing ? t('form.bodyShort') : undefined
  }
  return (
    <Field
      label={t('form.body')}
      hint={t('form.bodyHint')}
      error={fault()}
      aside={<span className="text-sm text-ink-soft">{t('form.bodyCount', { length: body.length })}</span>}
    >
      {(control) => (
        <textarea
          {...control}
          rows={5}
          maxLength={longestBody}
          value={body}
          onChange={(event) => onBody(event.target.value)}
          className={`${inputClass} py-3`}
        />
      )}
    </Field>
  )
}

const ways = ['sms', 'email'] as const

/** Where the answer goes; switching between the two loses neither. */
export interface Reply {
  readonly by: (typeof ways)[number]
  /** As dialled. */
  readonly number: string
  readonly email: string
}

interface ReplyFieldsProps {
  readonly reply: Reply
  readonly onReply: (reply: Reply) => void
  readonly tried: boolean
  readonly isWrong: boolean
  readonly problemOf: (field: FieldName) => string | undefined
}

export function ReplyFields({ reply, onReply, tried, isWrong, problemOf }: ReplyFieldsProps) {
  const { t } = useTranslation(['help', 'account'])
  const plan = useNumberPlan()
  const example = useNumberExample()
  const { by, number, email } = reply
  const emailFault = () => {
    if (!tried || !isWrong) return problemOf('email')
    return t(email === '' ? 'account:email.missing' : 'account:email.invalid')
  }
  return (
    <>
      <div>
        <p aria-hidden className="mb-1.5 font-medium">
          {t('form.reply')}
        </p>
        <Tabs
          label={t('form.reply')}
          options={ways.map((value) => ({ value, text: t(`form.by_${value}`) }))}
          value={by}
          onValue={(value) => onReply({ ...reply, by: value })}
        />
      </div>
      {by === 'sms' ? (
        <PhoneField
          label={t('form.replyNumber')}
          hint={t('form.replyNumberHint')}
          example={example}
          plan={plan}
          value={number}
          onValue={(typed) => onReply({ ...reply, number: typed })}
          demanded={tried}
          error={problemOf('number')}
        />
      ) : (
        <EmailField
          label={t('form.replyEmail')}
          hint={t('form.replyEmailHint')}
          value={email}
          onValue={(typed) => onReply({ ...reply, email: typed })}
          error={emailFault()}
        />
      )}
    </>
  )
}
