import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView, ChangePhone, PhoneChangeView } from '../../../../contract/session.ts'
import { request } from '../../../api/request.ts'
import { useNumberExample, useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber, toMsisdn } from '../../../ui/number-plan.ts'
import { PasswordField } from '../../../ui/password-field.tsx'
import { RadioRows } from '../../../ui/radio-rows.tsx'
import { fieldOf } from './account-problem.ts'
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

/** First proof that it is the holder who asks, then the new number, both by codes. */
export function ChangePhoneForm({ account, onChanged }: ChangePhoneFormProps) {
  const { t } = useTranslation(['profile', 'account'])
  const plan = useNumberPlan()
  const example = useNumberExample()
  const [way, setWay] = useState<Way>(account.msisdn === null ? 'lost' : 'atHand')
  const [proofCode, setProofCode] = useState('')
  const [password, setPassword] = useState('')
  const [number, setNumber] = useState('')
  const [code, setCode] = useState('')
  const saving = useMutation({
    mutationFn: (body: ChangePhone) =>
      request<PhoneChangeView | undefined>('/v1/me/phone', { method: 'PUT', body }),
    onSuccess: (waiting) => onChanged(waiting ?? null),
  })
  const { form, tried, toFirstError } = useFirstError(saving.error)
  const problemOf = useFieldProblem(saving.error)
  const asked = way === 'atHand' ? account.msisdn : account.email
  const to = toMsisdn(number, plan)
  const codeFault = (typed: string, field: 'code' | 'proof-code') =>
    tried && typed.length < 6 ? t('account:register.codeMissing') : problemOf(field)
  const isPasswordMissing = way === 'lost' && password === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    saving.reset()
    if (proofCode.length < 6 || code.length < 6 || to === null || isPasswordMissing) return toFirstError()
    const proof =
      way === 'atHand'
        ? { by: 'phone' as const, code: proofCode }
        : { by: 'email' as const, code: proofCode, password }
    saving.mutate({ number, code, proof })
  }
  const choose = (chosen: Way) => {
    setWay(chosen)
    setProofCode('')
    saving.reset()
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
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
        onValue={choose}
      />
      {way === 'lost' && <p className="text-sm text-ink-soft">{t('phone.lostWhy')}</p>}
      {asked === null ? (
        <Notice tone="warn">{t('phone.needsEmail')}</Notice>
      ) : (
        <>
          <h3 className="font-semibold">{t(way === 'atHand' ? 'phone.oldCode' : 'phone.emailCode')}</h3>
          <CodeStep
            key={way}
            purpose="change-phone"
            to={asked}
            label={t(way === 'atHand' ? 'phone.oldCodeLabel' : 'phone.emailCodeLabel')}
            code={proofCode}
            onCode={setProofCode}
            error={codeFault(proofCode, 'proof-code')}
          />
          {way === 'lost' && (
            <PasswordField
              label={t('phone.password')}
              autoComplete="current-password"
              value={password}
              onValue={setPassword}
              error={tried && isPasswordMissing ? t('account:security.currentMissing') : problemOf('current')}
            />
          )}
          <h3 className="font-semibold">{t('phone.newNumber')}</h3>
          <PhoneField
            hint={t('account:logIn.numberHint')}
            example={example}
            plan={plan}
            value={number}
            onValue={setNumber}
            demanded={tried}
            error={problemOf('number')}
          />
          <CodeStep
            purpose="new-phone"
            to={to}
            label={t('phone.newCode')}
            code={code}
            onCode={setCode}
            error={codeFault(code, 'code')}
          />
          {saving.isError && fieldOf(saving.error) === null && <SettingRefused problem={saving.error} />}
          <Button type="submit" size="large" wide busy={saving.isPending}>
            {t(way === 'atHand' ? 'phone.submitNow' : 'phone.submitWait')}
          </Button>
        </>
      )}
    </form>
  )
}
