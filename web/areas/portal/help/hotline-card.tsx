import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Mail, Phone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ChannelsView } from '../../../../contract/brand.ts'
import { channelsQuery } from '../../../api/account.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useBrand } from '../../../ui/brand-context.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Card, Facts } from '../../../ui/card.tsx'
import { classNames } from '../../../ui/class-names.ts'
import { Sentence } from '../../../ui/sentence.tsx'
import { useHotlineWords } from './hotline-words.ts'

/** The hotline and whether somebody answers it now; its hours are known before the server has said so. */
export function HotlineCard({ order }: { readonly order: string | undefined }) {
  const { t } = useTranslation('help')
  const language = useLanguage()
  const { hotline, email, smsSender } = useBrand()
  const channels = useQuery(channelsQuery)
  const subject =
    order === undefined ? '' : `?subject=${encodeURIComponent(`${t('contact.number')} ${order}`)}`
  return (
    <Card title={t('contact.hotline')} aside={channels.data && <OpenNow hotline={channels.data.hotline} />}>
      <div className="text-3xl font-semibold whitespace-nowrap">{hotline.number}</div>
      <p className="mt-1 mb-4 text-ink-soft">
        <Sentence>{hotline.hours[language]}</Sentence>
      </p>
      <Facts
        rows={[
          [t('contact.email'), email],
          [t('contact.sender'), smsSender],
        ]}
      />
      <div className="mt-6 grid gap-3 md:grid-cols-2">
        <a
          href={`tel:${hotline.number.replaceAll(' ', '')}`}
          className={buttonClass('primary', 'normal', true)}
        >
          <Phone aria-hidden className="size-5" />
          {t('contact.call')}
        </a>
        <a href={`mailto:${email}${subject}`} className={buttonClass('secondary', 'normal', true)}>
          <Mail aria-hidden className="size-5" />
          {t('contact.write')}
        </a>
      </div>
      <p className="mt-3 text-center">
        <Link to="/channels" className="inline-flex min-h-target items-center text-brand-ink underline">
          {t('contact.channels')}
        </Link>
      </p>
    </Card>
  )
}

/** Open or closed in words and colour, and when that changes. */
export function OpenNow({ hotline }: { readonly hotline: ChannelsView['hotline'] }) {
  const { state, changes } = useHotlineWords(hotline)
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm">
      <span
        className={classNames(
          'inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 font-medium',
          hotline.open
            ? 'border-good-line bg-good-soft text-good-ink'
            : 'border-warn-line bg-warn-soft text-warn-ink',
        )}
      >
        <span aria-hidden className="size-2 rounded-full bg-current" />
        {state}
      </span>
      {changes !== null && <span className="text-ink-soft">{changes}</span>}
    </p>
  )
}
