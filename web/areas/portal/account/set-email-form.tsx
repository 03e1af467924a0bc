import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetEmail } from '../../../../contract/session.ts'
import { send } from '../../../api/account.ts'
import { Button } from '../../../ui/button.tsx'
import { fieldOf } from './account-problem.ts'
import { CodeStep } from './code-step.tsx'
import { isEmail } from './email.ts'
import { EmailField } from './email-field.tsx'
import { SettingRefused } from './setting-refused.tsx'
import { useFieldProblem } from './use-field-problem.ts'
import { useFirstError } from './use-first-error.ts'

/** An address counts once a code sent to it came back. */
export function SetEmailForm({ onSaved }: { readonly onSaved: () => void }) {
  const { t } = useTranslation('account')
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const saving = useMutation({
    mutationFn: (body: SetEmail) => send('/v1/me/email', 'PUT', body),
    onSuccess: onSaved,
  })
  const { form, tried, toFirstError } = useFirstError(saving.error)
  const problemOf = useFieldProblem(saving.error)
  const to = isEmail(email) ? email : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    saving.reset()
    if (to === null || code.length < 6) return toFirstError()
    saving.mutate({ email, code })
  }
  const emailFault = () => {
    if (tried && email === '') return t('email.missing')
    return tried && to === null ? t('email.invalid') : problemOf('email')
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      <EmailField
        label={t('security.newEmail')}
        hint={t('security.emailHint')}
        value={email}
        onValue={setEmail}
        error={emailFault()}
      />
      <CodeStep
        purpose="set-email"
        to={to}
        code={code}
        onCode={setCode}
        error={tried && code.length < 6 ? t('register.codeMissing') : problemOf('code')}
      />
      {saving.isError && fieldOf(saving.error) === null && <SettingRefused problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending}>
        {t('security.save')}
      </Button>
    </form>
  )
}
