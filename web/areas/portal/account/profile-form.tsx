import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView, SetProfile } from '../../../../contract/session.ts'
import { send } from '../../../api/account.ts'
import { languages } from '../../../language/language.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { RadioRows } from '../../../ui/radio-rows.tsx'

interface ProfileFormProps {
  readonly account: AccountView
  readonly onSaved: () => void
}

/** What to call somebody, and the language they are written to in; the language of the pages is chosen apart, for the device. */
export function ProfileForm({ account, onSaved }: ProfileFormProps) {
  const { t } = useTranslation('profile')
  const [name, setName] = useState(account.name ?? '')
  const [locale, setLocale] = useState(account.locale)
  const saving = useMutation({
    mutationFn: (body: SetProfile) => send('/v1/me/profile', 'PUT', body),
    onSuccess: onSaved,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!saving.isPending) saving.mutate({ name: name.trim() === '' ? null : name, locale })
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <TextField
        label={t('name.label')}
        hint={t('name.hint')}
        optional
        autoComplete="nickname"
        maxLength={40}
        value={name}
        onValue={setName}
      />
      <RadioRows
        label={t('name.locale')}
        rows={languages.map((value) => ({ value, text: <span lang={value}>{t(`name.${value}`)}</span> }))}
        value={locale}
        onValue={setLocale}
      />
      {saving.isError && <ProblemNotice problem={saving.error} />}
      <Button type="submit" size="large" wide busy={saving.isPending}>
        {t('name.save')}
      </Button>
    </form>
  )
}
