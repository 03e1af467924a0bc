import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, type LinkProps, useNavigate } from '@tanstack/react-router'
import {
  CardSim,
  ChevronRight,
  FileText,
  Headset,
  LogOut,
  ReceiptText,
  ShieldCheck,
  SlidersHorizontal,
  UserLock,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountView } from '../../../../contract/session.ts'
import { accountQuery } from '../../../api/account.ts'
import { becomeSession, noSession } from '../../../api/queries.ts'
import { request } from '../../../api/request.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { DisplaySheet } from '../../../ui/display-sheet.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { maskNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { useMomentWords } from '../../../ui/use-moment-words.ts'
import { PhoneChangeNotice } from './phone-change-notice.tsx'

/** The personal centre: who one is here, and the way to all that is one's own. */
export function MePage() {
  const { t } = useTranslation('profile')
  const account = useQuery(accountQuery)
  return (
    <Page title={t('me.title')}>
      <Loaded query={account}>
        {(own) => (
          <>
            <Greeting account={own} />
            <PhoneChangeNotice change={own.phoneChange} />
            <Menu />
            <LogOutButton />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Greeting({ account: { name, msisdn, email, registeredAt } }: { readonly account: AccountView }) {
  const { t } = useTranslation('profile')
  const plan = useNumberPlan()
  const moment = useMomentWords()
  const [day = ''] = moment(registeredAt).split(' ')
  return (
    <Card className="flex items-center gap-4">
      <span
        aria-hidden
        className="grid size-16 shrink-0 place-items-center rounded-full bg-brand text-2xl font-semibold text-on-brand"
      >
        {[...(name ?? t('me.title'))][0]}
      </span>
      <div className="min-w-0">
        <p className="text-lg font-semibold break-words">
          {name === null ? t('me.helloNoName') : t('me.hello', { name })}
        </p>
        <p className="break-all">{msisdn === null ? email : maskNumber(msisdn, plan)}</p>
        <p className="text-sm text-ink-soft">{t('me.since', { date: day })}</p>
      </div>
    </Card>
  )
}

const ways = [
  { name: 'numbers', to: '/me/numbers', icon: CardSim },
  { name: 'orders', to: '/orders', icon: ReceiptText },
  { name: 'security', to: '/me/security', icon: UserLock },
  { name: 'questions', to: '/help/contact', icon: Headset },
  { name: 'channels', to: '/channels', icon: ShieldCheck },
  { name: 'legal', to: '/terms', icon: FileText },
] as const satisfies readonly { name: string; to: LinkProps['to']; icon: unknown }[]

const hints = { security: 'securityHint', questions: 'questionsHint', channels: 'channelsHint' } as const
const rowClass =
  'flex min-h-target w-full items-center gap-3 rounded-lg px-2 py-2.5 text-start hover:bg-sunken'

function Menu() {
  const { t } = useTranslation('profile')
  const [display, setDisplay] = useState(false)
  return (
    <Card>
      <ul className="-mx-2 -my-2 space-y-0.5">
        {ways.map(({ name, to, icon: Icon }) => {
          const hint = name in hints ? hints[name as keyof typeof hints] : null
          return (
            <li key={name}>
              <Link to={to} className={rowClass}>
                <Row
                  icon={<Icon aria-hidden className="size-5" />}
                  text={t(`me.menu.${name}`)}
                  {...(hint && { hint: t(`me.menu.${hint}`) })}
                />
              </Link>
            </li>
          )
        })}
        <li>
          <button type="button" className={rowClass} onClick={() => setDisplay(true)}>
            <Row
              icon={<SlidersHorizontal aria-hidden className="size-5" />}
              text={t('me.menu.display')}
              hint={t('me.menu.displayHint')}
            />
          </button>
        </li>
      </ul>
      <DisplaySheet open={display} onClose={() => setDisplay(false)} />
    </Card>
  )
}

interface RowProps {
  readonly icon: ReactNode
  readonly text: string
  readonly hint?: string
}

function Row({ icon, text, hint }: RowProps) {
  return (
    <>
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-ink">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{text}</span>
        {hint !== undefined && <span className="block text-sm text-ink-soft">{hint}</span>}
      </span>
      <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
    </>
  )
}

function LogOutButton() {
  const { t } = useTranslation('profile')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leaving = useMutation({
    mutationFn: () => request('/v1/session', { method: 'DELETE' }).then(() => null),
    onSuccess: async () => {
      await navigate({ to: '/' })
      becomeSession(queries, noSession)
    },
  })
  return (
    <>
      {leaving.isError && <ProblemNotice problem={leaving.error} />}
      <Button look="secondary" wide busy={leaving.isPending} onClick={() => leaving.mutate()}>
        <LogOut aria-hidden className="size-5" />
        {t('me.logOut')}
      </Button>
    </>
  )
}
