import { getRouteApi } from '@tanstack/react-router'
import { Mail, Phone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../../language/use-language.ts'
import { useBrand } from '../../ui/brand-context.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Page } from '../../ui/page.tsx'

const route = getRouteApi('/help/contact')

/** Hotline and e-mail; who comes from an order finds its number filled in. */
export function ContactPage() {
  const { t } = useTranslation(['help', 'portal'])
  const language = useLanguage()
  const { hotline, email } = useBrand()
  const { order } = route.useSearch()
  const subject =
    order === undefined ? '' : `?subject=${encodeURIComponent(`${t('contact.number')} ${order}`)}`
  return (
    <Page title={t('contact.title')} lead={t('contact.lead')}>
      {order !== undefined && (
        <Card title={t('contact.order')}>
          <p className="flex flex-wrap items-center justify-between gap-2">
            <span className="break-all">{order}</span>
            <CopyButton text={order} what={t('contact.number')} />
          </p>
        </Card>
      )}
      <Card>
        <Facts
          rows={[
            [t('portal:footer.hotline'), hotline.number],
            [t('portal:footer.hours'), hotline.hours[language]],
            [t('portal:footer.email'), email],
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
      </Card>
    </Page>
  )
}
