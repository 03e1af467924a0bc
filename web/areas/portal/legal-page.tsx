import { useTranslation } from 'react-i18next'
import { useBrand, useBrandName } from '../../ui/brand-context.ts'
import { Card } from '../../ui/card.tsx'
import { Page } from '../../ui/page.tsx'

function LegalPage({ text }: { readonly text: 'terms' | 'privacy' }) {
  const { t } = useTranslation('legal')
  const { hotline, email } = useBrand()
  const blanks = { brand: useBrandName(), hotline: hotline.number, email }
  const sections = t(`${text}.sections`, { returnObjects: true, ...blanks })
  return (
    <Page title={t(`${text}.title`)} lead={t(`${text}.lead`, blanks)}>
      <Card>
        {sections.map(({ heading, body }) => (
          <section key={heading} className="mb-6">
            <h2 className="mb-1 text-lg font-semibold">{heading}</h2>
            <p>{body}</p>
          </section>
        ))}
        <p className="text-sm text-ink-soft">{t('versionLine', { version: t('version') })}</p>
      </Card>
    </Page>
  )
}

export function TermsPage() {
  return <LegalPage text="terms" />
}

export function PrivacyPage() {
  return <LegalPage text="privacy" />
}
