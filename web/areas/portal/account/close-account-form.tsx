import { useMutation } from '@tanstack/react-query'
import { Check, Minus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CloseAccount } from '../../../../contract/session.ts'
import { send } from '../../../api/account.ts'
import { Button } from '../../../ui/button.tsx'
import { PasswordField } from '../../../ui/password-field.tsx'
import { fieldOf } from './account-problem.ts'
import { SettingRefused } from './setting-refused.tsx'
import { useFieldProblem } from './use-field-problem.ts'
import { useFirstError } from './use-first-error.ts'

interface CloseAccountFormProps {
  readonly hasPassword: boolean
  readonly onClosed: () => void
}

/** Says what goes and what stays before anything can be pressed. */
export function CloseAccountForm({ hasPassword, onClosed }: CloseAccountFormProps) {
  const { t } = useTranslation(['profile', 'account'])
  const [password, setPassword] = useState('')
  const [understood, setUnderstood] = useState(false)
  const closing = useMutation({
    mutationFn: (body: CloseAccount) => send('/v1/me/closure', 'POST', body),
    onSuccess: onClosed,
  })
  const { form, tried, toFirstError } = useFirstError(closing.error)
  const problemOf = useFieldProblem(closing.error)
  const isPasswordMissing = hasPassword && password === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (closing.isPending) return
    closing.reset()
    if (isPasswordMissing || !understood) return toFirstError()
    closing.mutate({ understood: true, ...(hasPassword && { current: password }) })
  }
  const isRefusedUnticked = tried && !understood
  return (
    <form ref={form} onSubmit={submit} noValidate className="space-y-5">
      <p>{t('close.lead')}</p>
      <Points icon={Minus} title={t('close.goes')} points={t('close.goesList', { returnObjects: true })} />
      <Points icon={Check} title={t('close.stays')} points={t('close.staysList', { returnObjects: true })} />
      {hasPassword && (
        <PasswordField
          label={t('close.password')}
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          error={tried && isPasswordMissing ? t('account:security.currentMissing') : problemOf('current')}
        />
      )}
      <div>
        <label className="flex min-h-target items-center gap-3">
          <input
            type="checkbox"
            checked={understood}
            aria-invalid={isRefusedUnticked || undefined}
            onChange={(event) => setUnderstood(event.target.checked)}
            className="size-6 shrink-0 accent-brand"
          />
          {t('close.understood')}
        </label>
        {isRefusedUnticked && (
          <p role="status" className="text-sm text-bad-ink">
            {t('close.understoodMissing')}
          </p>
        )}
      </div>
      {closing.isError && fieldOf(closing.error) === null && <SettingRefused problem={closing.error} />}
      <Button type="submit" look="danger" size="large" wide busy={closing.isPending}>
        {t('close.submit')}
      </Button>
    </form>
  )
}

interface PointsProps {
  readonly icon: typeof Check
  readonly title: string
  readonly points: readonly string[]
}

function Points({ icon: Icon, title, points }: PointsProps) {
  return (
    <div>
      <h3 className="font-semibold">{title}</h3>
      <ul className="mt-1 space-y-1">
        {points.map((point) => (
          <li key={point} className="flex gap-2">
            <Icon aria-hidden className="mt-1 size-4 shrink-0 text-ink-soft" />
            {point}
          </li>
        ))}
      </ul>
    </div>
  )
}
