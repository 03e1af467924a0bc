import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView } from '../../../../contract/session.ts'
import { accountQuery } from '../../../api/account.ts'
import { becomeSession, noSession, sessionQuery } from '../../../api/queries.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { BoundNumbersCard } from './bound-numbers-card.tsx'
import { ChangePhoneForm } from './change-phone-form.tsx'
import { CloseAccountForm } from './close-account-form.tsx'
import { DevicesCard } from './devices-card.tsx'
import { PhoneChangeNotice } from './phone-change-notice.tsx'
import { ProfileForm } from './profile-form.tsx'
import { SetEmailForm } from './set-email-form.tsx'
import { SetPasswordForm } from './set-password-form.tsx'

export function SecurityPage() {
  const { t } = useTranslation('account')
  const account = useQuery(accountQuery)
  return (
    <Page title={t('security.title')}>
      <Loaded query={account}>
        {(own) => (
          <>
            <PhoneChangeNotice change={own.phoneChange} />
            <Keys account={own} />
            <DevicesCard />
            <BoundNumbersCard />
            <Closing account={own} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

type Setting = 'name' | 'phone' | 'email' | 'password'

/** What the account is known and opened by, and the setting of it. */
function Keys({ account }: { readonly account: AccountView }) {
  const { t } = useTranslation(['account', 'profile'])
  const plan = useNumberPlan()
  const queries = useQueryClient()
  const [sheet, setSheet] = useState<Setting | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  const done = async (words: string | null) => {
    setSaved(words)
    setSheet(null)
    await Promise.all(
      [sessionQuery, accountQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })),
    )
  }
  const { name, msisdn, email, hasPassword, locale } = account
  const titles = {
    name: t('profile:name.title'),
    phone: t('profile:phone.title'),
    email: t(email === null ? 'security.setEmail' : 'security.changeEmail'),
    password: t(hasPassword ? 'security.changePassword' : 'security.setPassword'),
  }
  // What is heard begins with what is seen, so that both can be said to the browser.
  const change = (what: Setting, words: string, label = titles[what]) => (
    <Button look="secondary" className="shrink-0" aria-label={label} onClick={() => setSheet(what)}>
      {words}
    </Button>
  )
  const setOrChange = (isSet: boolean) => t(isSet ? 'security.change' : 'security.set')
  const none = t('security.none')
  return (
    <>
      {saved !== null && <Notice tone="good">{saved}</Notice>}
      <Card title={t('security.contacts')}>
        <dl className="divide-y divide-hairline">
          <Row
            name={t('profile:name.title')}
            value={`${name ?? none} · ${t(`profile:name.${locale}`)}`}
            action={change('name', t('security.change'), t('profile:name.edit'))}
          />
          <Row
            name={t('security.phone')}
            value={msisdn === null ? none : groupNumber(msisdn, plan)}
            action={change('phone', t('profile:phone.change'))}
          />
          <Row
            name={t('security.email')}
            value={email ?? none}
            action={change('email', setOrChange(email !== null))}
          />
          <Row
            name={t('security.password')}
            value={hasPassword ? t('security.isSet') : none}
            action={change('password', setOrChange(hasPassword))}
          />
        </dl>
      </Card>
      <Sheet open={sheet !== null} onClose={() => setSheet(null)} title={sheet ? titles[sheet] : ''}>
        {sheet && <SettingForm setting={sheet} account={account} onSaved={(words) => void done(words)} />}
      </Sheet>
    </>
  )
}

interface SettingFormProps {
  readonly setting: Setting
  readonly account: AccountView
  /** Told what to say of it; null where the page shows it by itself. */
  readonly onSaved: (words: string | null) => void
}

function SettingForm({ setting, account, onSaved }: SettingFormProps) {
  const { t } = useTranslation(['account', 'profile'])
  switch (setting) {
    case 'name':
      return <ProfileForm account={account} onSaved={() => onSaved(t('profile:name.saved'))} />
    case 'phone':
      return (
        <ChangePhoneForm
          account={account}
          onChanged={(waiting) => onSaved(waiting === null ? t('security.phoneSaved') : null)}
        />
      )
    case 'email':
      return <SetEmailForm onSaved={() => onSaved(t('security.emailSaved'))} />
    case 'password':
      return (
        <SetPasswordForm
          hasPassword={account.hasPassword}
          known={account.msisdn ?? ''}
          onSaved={() => onSaved(t('security.passwordSaved'))}
        />
      )
  }
}

interface RowProps {
  readonly name: string
  readonly value: string
  readonly action: ReactNode
}

function Row({ name, value, action }: RowProps) {
  return (
    <div className="py-3 first:pt-0 last:pb-0">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="flex items-center justify-between gap-4">
        <span className="min-w-0 break-words">{value}</span>
        {action}
      </dd>
    </div>
  )
}

/** The end of the account, last and apart. */
function Closing({ account }: { readonly account: AccountView }) {
  const { t } = useTranslation('profile')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const closed = async () => {
    await navigate({ to: '/' })
    becomeSession(queries, noSession)
  }
  return (
    <>
      <p className="text-center">
        <Button look="quiet" onClick={() => setOpen(true)}>
          {t('close.title')}
        </Button>
      </p>
      <Sheet open={open} onClose={() => setOpen(false)} title={t('close.title')}>
        <CloseAccountForm hasPassword={account.hasPassword} onClosed={() => void closed()} />
      </Sheet>
    </>
  )
}
