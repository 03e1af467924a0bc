import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView, ChangePhone, PhoneChangeView } from '../../../../contract/session.ts'
import { sessionQuery } from '../../../api/queries.ts'
import { request } from '../../../api/request.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber, toMsisdn } from '../../../ui/number-plan.ts'
import { PasswordField } from '../../../ui/password-field.tsx'
import { RadioRows } from '../../../ui/radio-rows.tsx'
import { type FieldName, fieldOf } from './account-problem.ts'
import { CodeStep } from './code-step.tsx'
import { PhoneField } from './phone-field.tsx'
import { SettingRefused } from './setting-refused.tsx'
import { useFieldProblem } from './use-field-problem.ts'
import { useFirstError } from './use-first-error.ts'

type Way = 'atHand' | 'lost'

interface ChangePhoneFormProps {
  readonly account: AccountView
  /** Null: changed at once; else the change that waits. */
  readonly onChanged: (waiting: PhoneChangeView | null) => void
}

/** First proof that it is the holder who asks, then the new number, both by codes. Only who logged in by password gets to it. */
export function ChangePhoneForm({ account, onChanged }: ChangePhoneFormProps) {
  const session = useQuery(sessionQuery)
  if (session.data?.assurance === 'sms') return <NeedsPassword hasPassword={account.hasPassword} />
  return <ChangePhoneWays account={account} onChanged={onChanged} />
}

/** Said before anything is typed: the server would refuse it after. */
function NeedsPassword({ hasPassword }: { readonly hasPassword: boolean }) {
  const { t } = useTranslation(['profile', 'account'])
  return (
    <Notice
      tone="warn"
      action={
        hasPassword && (
          <Link to="/login" search={{ next: '/me/security' }} className={buttonClass('secondary')}>
            {t('account:security.logInByPassword')}
          </Link>
        )
      }
    >
      {t(hasPassword ? 'phone.needsLogIn' : 'phone.needsSetting')}
    </Notice>
  )
}

function ChangePhoneWays({ account, onChanged }: ChangePhoneFormProps) {
  const { t } = useTranslation('profile')
  const plan = useNumberPlan()
  const [way, setWay] = useState<Way>(account.msisdn === null ? 'lost' : 'atHand')
  const asked = way === 'atHand' ? account.msisdn : account.email
  return (
    <div className="space-y-5">
      {account.msisdn !== null && (
        <p>
          <span className="text-ink-soft">{t('phone.now')} </span>
          <span className="font-semibold whitespace-nowrap">{groupNumber(account.msisdn, plan)}</span>
        </p>
      )}
      <RadioRows
        label={t('phone.way')}
        rows={[
          { value: 'atHand', text: t('phone.atHand'), hint: t('phone.atHandHint') },
          { value: 'lost', text: t('phone.lost'), hint: t('phone.lostHint') },
        ]}
        value={way}
        onValue={setWay}
      />
      {way === 'lost' && <p className="text-sm text-ink-soft">{t('phone.lostWhy')}</p>}
      {asked === null ? (
        <Notice tone="warn">{t('phone.needsEmail')}</Notice>
      ) : (
        <Codes key={way} way={way} asked={asked} onChanged={onChanged} />
      )}
    </div>
  )
}

interface CodesProps extends Pick<ChangePhoneFormProps, 'onChanged'> {
  readonly way: Way
  /** The account's phone or mailbox, where the first code goes. */
  readonly asked: string
}

function Codes({ way, asked, onChanged }: CodesProps) {
  const { t } = useTranslation(['profile', 'account'])
  const [proof, setProof] = useState<Proof>({ code: '', password: '' })
  const [news, setNews] = useState<News>({ number: '', code: '' })
  const saving = useMutation({
    mutationFn: (body: ChangePhone) =>
      request<PhoneChangeView | undefined>('/v1/me/phone', { method: 'PUT', body }),
    onSuccess: (waiting) => onChanged(waiting ?? null),
  })
  const { form, tried, toFirstError } = useFirstError(saving.error)
  const problemOf = useFieldProblem(saving.error)
  const to = toMsisdn(news.number, useNumberPlan())
  const isProved = proof.code.length === 6 && (way === 'atHand' || proof.password !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    saving.reset()
    if (!isProved || news.code.length < 6 || to === null) return toFirstError()
    const { code, password } = proof
    const shown = way === 'atHand' ? { by: 'phone' as const, code } : { by: 'email' as const, code, password }
    saving.mutate({ ...news, proof: shown })
  }
  const faults = { tried, problemOf }
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      <ProofFields way={way} asked={asked} proof={proof} onProof={setProof} {...faults} />
      <NewsFields to={to} news={news} onNews={setNews} {...faults} />
      {saving.isError && fieldOf(saving.error) === null && <SettingRefused problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending}>
        {t(way === 'atHand' ? 'phone.submitNow' : 'phone.submitWait')}
      </Button>
    </form>
  )
}

interface Proof {
  readonly code: string
  readonly password: string
}

interface News {
  /** As dialled. */
  readonly number: string
  readonly code: string
}

interface Faults {
  readonly tried: boolean
  readonly problemOf: (field: FieldName) => string | undefined
}

interface ProofFieldsProps extends Faults, Pick<CodesProps, 'way' | 'asked'> {
  readonly proof: Proof
  readonly onProof: (proof: Proof) => void
}

function ProofFields({ way, asked, proof, onProof, tried, problemOf }: ProofFieldsProps) {
  const { t } = useTranslation(['profile', 'account'])
  const { code, password } = proof
  return (
    <>
      <h3 className="font-semibold">{t(way === 'atHand' ? 'phone.oldCode' : 'phone.emailCode')}</h3>
      <CodeStep
        purpose="change-phone"
        to={asked}
        label={t(way === 'atHand' ? 'phone.oldCodeLabel' : 'phone.emailCodeLabel')}
        code={code}
        onCode={(typed) => onProof({ ...proof, code: typed })}
        error={tried && code.length < 6 ? t('account:register.codeMissing') : problemOf('proof-code')}
      />
      {way === 'lost' && (
        <PasswordField
          label={t('phone.password')}
          autoComplete="current-password"
          value={password}
          onValue={(typed) => onProof({ ...proof, password: typed })}
          error={tried && password === '' ? t('account:security.currentMissing') : problemOf('current')}
        />
      )}
    </>
  )
}

interface NewsFieldsProps extends Faults {
  readonly to: string | null
  readonly news: News
  readonly onNews: (news: News) => void
}

function NewsFields({ to, news, onNews, tried, problemOf }: NewsFieldsProps) {
  const { t } = useTranslation(['profile', 'account'])
  const { number, code } = news
  return (
    <>
      <h3 className="font-semibold">{t('phone.newNumber')}</h3>
      <PhoneField
        hint={t('account:logIn.numberHint')}
        example={useNumberExample()}
        plan={useNumberPlan()}
        value={number}
        onValue={(typed) => onNews({ ...news, number: typed })}
        demanded={tried}
        error={problemOf('number')}
      />
      <CodeStep
        purpose="new-phone"
        to={to}
        label={t('phone.newCode')}
        code={code}
        onCode={(typed) => onNews({ ...news, code: typed })}
        error={tried && code.length < 6 ? t('account:register.codeMissing') : problemOf('code')}
      />
    </>
  )
}
