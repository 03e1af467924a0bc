import { Languages } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { languages } from '../language/language.ts'
import { switchLanguage } from '../language/texts.ts'
import { useLanguage } from '../language/use-language.ts'

/** Offers the other language under its own name, so that it can be found by who needs it. */
export function LanguageSwitch() {
  const { t } = useTranslation('kit')
  const current = useLanguage()
  const other = languages.find((language) => language !== current) ?? current
  return (
    <button
      type="button"
      lang={other}
      onClick={() => void switchLanguage(other)}
      className="inline-flex min-h-target min-w-target items-center justify-center gap-1.5 rounded-full px-2 text-sm md:px-3 font-medium text-ink-soft hover:bg-sunken hover:text-ink"
    >
      <Languages aria-hidden className="hidden size-4 md:block" />
      {t(`languages.${other}`)}
    </button>
  )
}
