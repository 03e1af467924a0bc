import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetEmail } from '../../../../contract/session.ts'
import { request } from '../../../api/request.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { CodeStep } from './code-step.tsx'
import { isEmail } from './email.ts'
import { SettingRefused } from './setting-refused.tsx'

/** An address counts once a code sent to it came back. */
export function SetEmailForm({ onSaved }: { readonly onSaved: () => void }) {
  const { t } = useTranslation('account')
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const saving = useMutation({
    mutationFn: (body: SetEmail) => request('/v1/me/email', { method: 'PUT', body }).then(() => null),
    onSuccess: onSaved,
  })
  const to = isEmail(email) ? email : null
  const ready = to !== null && code.length === 6
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !saving.isPending) saving.mutate({ email, code })
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <TextField
        label={t('security.newEmail')}
        hint={t('security.emailHint')}
        type="email"
        autoComplete="email"
        value={email}
        onValue={setEmail}
      />
      <CodeStep purpose="set-email" to={to} code={code} onCode={setCode} />
      {saving.isError && <SettingRefused problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending} disabled={!ready}>
        {t('security.save')}
      </Button>
    </form>
  )
}
