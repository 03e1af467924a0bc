import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../language/use-language.ts'
import { useBrand } from './brand-context.ts'

const linkClass =
  'inline-flex min-h-target min-w-target items-center underline-offset-4 hover:text-ink hover:underline'

/** A line with a link is as high as its words: the target reaches over its edges. */
const lineLinkClass = `${linkClass} -my-1.5`

/** Of the sandbox that a demo starts beside itself, on its usual port. */
const DEMO_GUIDE = 'http://127.0.0.1:4000/guide'

/** Hotline and official channels on every page: what people compare a suspicious message with. */
export function Footer() {
  const { t } = useTranslation()
  const language = useLanguage()
  const { hotline, email, smsSender, demo } = useBrand()
  return (
    <footer className="mt-auto border-t border-hairline bg-surface text-sm text-ink-soft print:hidden">
      <div className="mx-auto grid max-w-page gap-x-10 gap-y-4 px-4 py-6 md:grid-cols-[1fr_auto]">
        <div>
          <p className="font-medium text-ink">{t('footer.official')}</p>
          <ul className="mt-2 flex flex-wrap items-center gap-x-6">
            <li className="min-h-8">
              {t('footer.hotline')}{' '}
              <a href={`tel:${hotline.number.replaceAll(' ', '')}`} className={lineLinkClass}>
                {hotline.number}
              </a>
            </li>
            <li className="min-h-8">
              {t('footer.email')}{' '}
              <a href={`mailto:${email}`} className={lineLinkClass}>
                {email}
              </a>
            </li>
            <li className="flex min-h-8 items-center">
              {t('footer.sender')} {smsSender}
            </li>
          </ul>
          <p className="flex min-h-8 items-center">
            {t('footer.hours')} {hotline.hours[language]}
          </p>
          <p className="mt-1">{t('footer.care')}</p>
          {demo && (
            <p className="mt-1 text-warn-ink">
              {t('footer.demo')}{' '}
              <a href={`${DEMO_GUIDE}?lang=${language}`} className={`${linkClass} underline`}>
                {t('footer.demoGuide')}
              </a>
            </p>
          )}
        </div>
        <ul className="flex flex-wrap gap-x-6 md:flex-col">
          <li>
            <Link to="/help/contact" className={linkClass}>
              {t('footer.contact')}
            </Link>
          </li>
          <li>
            <Link to="/terms" className={linkClass}>
              {t('footer.terms')}
            </Link>
          </li>
          <li>
            <Link to="/privacy" className={linkClass}>
              {t('footer.privacy')}
            </Link>
          </li>
        </ul>
      </div>
    </footer>
  )
}
