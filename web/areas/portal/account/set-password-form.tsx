import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetPassword } from '../../../../contract/session.ts'
import { request } from '../../../api/request.ts'
import { Button } from '../../../ui/button.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { shortestPassword } from './password-rule.ts'
import { SettingRefused } from './setting-refused.tsx'

interface SetPasswordFormProps {
  readonly hasPassword: boolean
  readonly onSaved: () => void
}

/** Sets the first password, or changes it for who knows the one before. */
export function SetPasswordForm({ hasPassword, onSaved }: SetPasswordFormProps) {
  const { t } = useTranslation('account')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const saving = useMutation({
    mutationFn: (body: SetPassword) => request('/v1/me/password', { method: 'PUT', body }).then(() => null),
    onSuccess: onSaved,
  })
  const ready = next.length >= shortestPassword && (!hasPassword || current !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !saving.isPending) saving.mutate(hasPassword ? { current, next } : { next })
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      {hasPassword && (
        <PasswordField
          label={t('security.current')}
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
        />
      )}
      <PasswordField
        label={t('security.next')}
        hint={t('security.nextHint')}
        autoComplete="new-password"
        value={next}
        onValue={setNext}
      />
      {saving.isError && <SettingRefused problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending} disabled={!ready}>
        {t('security.save')}
      </Button>
    </form>
  )
}
