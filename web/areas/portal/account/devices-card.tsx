import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Laptop, MonitorSmartphone, Smartphone, Tablet } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DeviceView } from '../../../../contract/session.ts'
import { devicesQuery, send } from '../../../api/account.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { useMomentWords } from '../../../ui/use-moment-words.ts'

const icons = {
  ...{ android: Smartphone, iphone: Smartphone, harmony: Smartphone, ipad: Tablet },
  ...{ windows: Laptop, mac: Laptop, linux: Laptop, chromeos: Laptop },
} as const

/** The browsers that are signed in, and the ending of them. */
export function DevicesCard() {
  const { t } = useTranslation('profile')
  const queries = useQueryClient()
  const devices = useQuery(devicesQuery)
  const ending = useMutation({
    mutationFn: (id: string | 'others') =>
      send(id === 'others' ? '/v1/me/sessions' : `/v1/me/sessions/${id}`, 'DELETE'),
    onSettled: () => queries.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  })
  return (
    <Card title={t('devices.title')}>
      <Loaded query={devices}>
        {({ sessions }) => (
          <div className="space-y-4">
            <p className="text-ink-soft">{t(sessions.length > 1 ? 'devices.lead' : 'devices.alone')}</p>
            <ul className="divide-y divide-hairline">
              {sessions.map((device) => (
                <Device
                  key={device.id}
                  device={device}
                  busy={ending.isPending && ending.variables === device.id}
                  onEnd={() => ending.mutate(device.id)}
                />
              ))}
            </ul>
            {ending.isError && <ProblemNotice problem={ending.error} />}
            {ending.isSuccess && (
              <Notice tone="good">
                {t(ending.variables === 'others' ? 'devices.endedOthers' : 'devices.ended')}
              </Notice>
            )}
            {sessions.length > 1 && (
              <Button
                look="danger"
                wide
                busy={ending.isPending && ending.variables === 'others'}
                onClick={() => ending.mutate('others')}
              >
                {t('devices.endOthers')}
              </Button>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  )
}

interface DeviceProps {
  readonly device: DeviceView
  readonly busy: boolean
  readonly onEnd: () => void
}

function Device({ device, busy, onEnd }: DeviceProps) {
  const { t } = useTranslation('profile')
  const moment = useMomentWords()
  const name = useDeviceName()(device)
  const Icon = icons[device.system as keyof typeof icons] ?? MonitorSmartphone
  const by = device.assurance === 'sms' ? t('devices.by_sms') : t('devices.by_password')
  return (
    <li className="flex items-center gap-3 py-3 first:pt-0 last:pb-0">
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{name}</span>
          {device.current && (
            <span className="rounded-full border border-good-line bg-good-soft px-2 text-sm text-good-ink">
              {t('devices.current')}
            </span>
          )}
        </p>
        <p className="flex flex-wrap gap-x-2 text-sm text-ink-soft">
          <span>{by}</span>
          <InstantText at={device.openedAt} />
        </p>
        {!device.current && (
          <p className="text-sm text-ink-soft">{t('devices.seen', { time: moment(device.seenAt) })}</p>
        )}
      </div>
      {!device.current && (
        <Button
          look="secondary"
          busy={busy}
          aria-label={t('devices.endLabel', { device: name })}
          onClick={onEnd}
        >
          {t('devices.end')}
        </Button>
      )}
    </li>
  )
}

/** Browser and system in words, as far as the server knew them. */
function useDeviceName(): (device: DeviceView) => string {
  const { t, i18n } = useTranslation('profile')
  const named = (group: 'browser' | 'system', key: string | null) =>
    key !== null && i18n.exists(`${group}.${key}`, { ns: 'profile' })
      ? t(`${group}.${key}` as 'browser.chrome')
      : null
  return ({ browser, system }) => {
    const names = [named('browser', browser), named('system', system)].filter((name) => name !== null)
    const [first, second] = names
    if (first === undefined) return t('devices.unknown')
    return second === undefined ? first : t('devices.both', { browser: first, system: second })
  }
}
