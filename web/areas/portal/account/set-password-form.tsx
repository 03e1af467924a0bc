import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetPassword } from '../../../../contract/session.ts'
import { send } from '../../../api/account.ts'
import { Button } from '../../../ui/button.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { fieldOf } from './account-problem.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { passwordStrength } from './password-strength.ts'
import { SettingRefused } from './setting-refused.tsx'
import { useFieldProblem } from './use-field-problem.ts'
import { useFirstError } from './use-first-error.ts'

interface SetPasswordFormProps {
  readonly hasPassword: boolean
  /** The account's own number, which a password must not be. */
  readonly known: string
  readonly onSaved: () => void
}

/** Sets the first password, or changes it for who knows the one before. */
export function SetPasswordForm({ hasPassword, known, onSaved }: SetPasswordFormProps) {
  const { t } = useTranslation('account')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const saving = useMutation({
    mutationFn: (body: SetPassword) => send('/v1/me/password', 'PUT', body),
    onSuccess: onSaved,
  })
  const { form, tried, toFirstError } = useFirstError(saving.error)
  const problemOf = useFieldProblem(saving.error)
  const isTooShort = passwordStrength(next, known).is === 'short'
  const isCurrentMissing = hasPassword && current === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (saving.isPending) return
    saving.reset()
    if (isTooShort || isCurrentMissing) return toFirstError()
    saving.mutate(hasPassword ? { current, next } : { next })
  }
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      {hasPassword && (
        <PasswordField
          label={t('security.current')}
          autoComplete="current-password"
          value={current}
          onValue={setCurrent}
          error={tried && isCurrentMissing ? t('security.currentMissing') : problemOf('current')}
        />
      )}
      <NewPasswordField
        label={t('security.next')}
        hint={t('security.nextHint')}
        known={known}
        value={next}
        onValue={setNext}
        error={tried && isTooShort ? t('register.passwordShort') : problemOf('password')}
      />
      {saving.isError && fieldOf(saving.error) === null && <SettingRefused problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending}>
        {t('security.save')}
      </Button>
    </form>
  )
}
