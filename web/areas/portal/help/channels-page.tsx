import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AppWindow, BadgeCheck, Globe, Mail, MessageSquareText, Phone } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelsView } from '../../../../contract/brand.ts'
import { channelsQuery } from '../../../api/account.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useBrand, useBrandName } from '../../../ui/brand-context.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Page } from '../../../ui/page.tsx'
import { OpenNow } from './hotline-card.tsx'

/** Everywhere the brand speaks from, and how to tell what only pretends to. */
export function ChannelsPage() {
  const { t } = useTranslation('channels')
  const channels = useQuery(channelsQuery)
  return (
    <Page title={t('title')} lead={t('lead', { brand: useBrandName() })}>
      <Loaded query={channels}>{(known) => <Known channels={known} />}</Loaded>
      <Fakes />
    </Page>
  )
}

function Known({ channels }: { readonly channels: ChannelsView }) {
  const { t } = useTranslation('channels')
  const language = useLanguage()
  const { sites, apps, accounts } = channels
  return (
    <Card>
      <ul className="divide-y divide-hairline">
        {sites.map(({ host, name }) => (
          <Channel
            key={host}
            icon={Globe}
            kind={t('site')}
            value={<span className="break-all">{host}</span>}
            note={name[language]}
            action={<CopyButton text={host} what={t('copy')} />}
          />
        ))}
        {apps.map(({ name, publisher, store }) => (
          <Channel
            key={name.en}
            icon={AppWindow}
            kind={t('app')}
            value={name[language]}
            note={
              <>
                <span className="block">{t('publisher', { publisher: publisher[language] })}</span>
                <span className="block">{t('appStore', { store: store[language] })}</span>
              </>
            }
          />
        ))}
        <Contacts channels={channels} />
        {accounts.map(({ name, where }) => (
          <Channel
            key={where.en}
            icon={BadgeCheck}
            kind={t('account')}
            value={name[language]}
            note={where[language]}
          />
        ))}
      </ul>
    </Card>
  )
}

/** What is called and what writes: hotline, texts, mail. */
function Contacts({ channels }: { readonly channels: ChannelsView }) {
  const { t } = useTranslation('channels')
  const language = useLanguage()
  const { hotline, smsSenders, smsSign, email, emailDomains } = channels
  const link = (to: string, words: string) => (
    <a href={to} className="inline-flex min-h-target items-center break-all text-brand-ink underline">
      {words}
    </a>
  )
  return (
    <>
      <Channel
        icon={Phone}
        kind={t('hotline')}
        value={link(`tel:${hotline.number.replaceAll(' ', '')}`, hotline.number)}
        note={hotline.hours[language]}
        action={<OpenNow hotline={hotline} />}
      />
      <Channel
        icon={MessageSquareText}
        kind={t('sms')}
        value={smsSenders.join(language === 'zh-CN' ? '、' : ', ')}
        note={t('smsHint', { sign: smsSign[language] })}
      />
      <Channel
        icon={Mail}
        kind={t('email')}
        value={link(`mailto:${email}`, email)}
        note={emailDomains.map((domain) => t('emailHint', { domain })).join(' · ')}
      />
    </>
  )
}

interface ChannelProps {
  readonly icon: typeof Globe
  readonly kind: string
  readonly value: ReactNode
  readonly note: ReactNode
  readonly action?: ReactNode
}

function Channel({ icon: Icon, kind, value, note, action }: ChannelProps) {
  return (
    <li className="flex items-start gap-3 py-4 first:pt-0 last:pb-0">
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-ink">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-sm text-ink-soft">{kind}</p>
        <div className="flex flex-wrap items-center justify-between gap-x-3">
          <div className="min-w-0 text-lg font-semibold">{value}</div>
          {action}
        </div>
        <div className="text-sm text-ink-soft">{note}</div>
      </div>
    </li>
  )
}

function Fakes() {
  const { t } = useTranslation('channels')
  const { hotline, countryCode } = useBrand()
  const points = t('fake.points', { returnObjects: true })
  return (
    <>
      <Card title={t('fake.title')}>
        <ol className="space-y-3">
          {points.map((point, at) => (
            <li key={point} className="flex gap-3">
              <span
                aria-hidden
                className="grid size-7 shrink-0 place-items-center rounded-full bg-brand text-sm font-semibold text-on-brand"
              >
                {at + 1}
              </span>
              <span className="min-w-0 pt-0.5">{point}</span>
            </li>
          ))}
        </ol>
      </Card>
      <Card title={t('suspect.title')}>
        <p>{t(countryCode === '86' ? 'suspect.body' : 'suspect.bodyOther', { hotline: hotline.number })}</p>
        <p className="mt-4">
          <Link to="/help/contact" className={buttonClass('secondary')}>
            {t('suspect.action')}
          </Link>
        </p>
      </Card>
    </>
  )
}
