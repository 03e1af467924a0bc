import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../ui/card.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { currentVersion, type LegalVersion, legalVersions, useLegalDocument } from './legal-document.ts'

type Text = 'terms' | 'privacy'

interface LegalPageProps {
  readonly text: Text
  /** As asked for in the address; undefined: the one in force. */
  readonly asked: string | undefined
}

/** One version of a text, what it changed, and the way to the others. */
function LegalPage({ text, asked }: LegalPageProps) {
  const { t } = useTranslation('legal')
  const version = legalVersions.find((known) => known === asked) ?? currentVersion
  const document = useLegalDocument(version)
  const { lead, sections } = document[text]
  const isCurrent = version === currentVersion
  return (
    <Page title={t(`${text}.title`)} lead={lead}>
      {asked !== undefined && asked !== version && <Notice tone="warn">{t('unknown')}</Notice>}
      {!isCurrent && (
        <Notice
          tone="warn"
          action={
            <Link to={`/${text}`} className="inline-flex min-h-target items-center font-medium underline">
              {t('toCurrent')}
            </Link>
          }
        >
          {t('oldNotice')}
        </Notice>
      )}
      <Card>
        <p className="mb-6 text-sm text-ink-soft">
          {t(isCurrent ? 'versionLine' : 'oldLine', { version, from: document.from })}
        </p>
        {sections.map(({ heading, body }) => (
          <section key={heading} className="mb-6 last:mb-0">
            <h2 className="mb-1 text-lg font-semibold">{heading}</h2>
            <p>{body}</p>
          </section>
        ))}
      </Card>
      <Card title={t('changes')}>
        <ul className="list-disc space-y-1 ps-5">
          {document.changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      </Card>
      <Versions text={text} shown={version} />
    </Page>
  )
}

function Versions({ text, shown }: { readonly text: Text; readonly shown: LegalVersion }) {
  const { t } = useTranslation('legal')
  return (
    <Card title={t('versions')}>
      <ul className="divide-y divide-hairline">
        {legalVersions.map((version) => (
          <li key={version} className="flex min-h-target items-center justify-between gap-4 py-1">
            <span>
              {version}
              {version === currentVersion && (
                <span className="ms-2 rounded-full border border-good-line bg-good-soft px-2 text-sm text-good-ink">
                  {t('inForce')}
                </span>
              )}
            </span>
            {version !== shown && (
              <Link
                to={`/${text}`}
                search={version === currentVersion ? {} : { version }}
                aria-label={`${t('read')} ${version}`}
                className="inline-flex min-h-target min-w-target items-center justify-end text-brand-ink underline"
              >
                {t('read')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

const termsRoute = getRouteApi('/terms')
const privacyRoute = getRouteApi('/privacy')

export function TermsPage() {
  return <LegalPage text="terms" asked={termsRoute.useSearch().version} />
}

export function PrivacyPage() {
  return <LegalPage text="privacy" asked={privacyRoute.useSearch().version} />
}
