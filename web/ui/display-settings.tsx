import { Accessibility, Monitor, Moon, Sun, Type } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { chooseReading, chooseTheme, type Reading, type ThemeChoice } from '../device/appearance.ts'
import { languages } from '../language/language.ts'
import { switchLanguage } from '../language/texts.ts'
import { useLanguage } from '../language/use-language.ts'
import { RadioRows } from './radio-rows.tsx'
import { Tabs } from './tabs.tsx'
import { useAppearance } from './use-appearance.ts'

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const
const readingIcons = { normal: Type, elder: Accessibility } as const

/** Theme, reading and language; each takes effect at once and is kept on this device. Wants the texts `display`. */
export function DisplaySettings() {
  const { t } = useTranslation(['display', 'kit'])
  const { choice, reading } = useAppearance()
  const language = useLanguage()
  const themeRow = (value: ThemeChoice) => {
    const Icon = themeIcons[value]
    return { value, text: t(`theme.${value}`), icon: <Icon aria-hidden className="size-5 text-ink-soft" /> }
  }
  const readingRow = (value: Reading) => {
    const Icon = readingIcons[value]
    return {
      value,
      text: t(`reading.${value}`),
      hint: t(`reading.${value}Hint`),
      icon: <Icon aria-hidden className="size-5 shrink-0 text-ink-soft" />,
    }
  }
  return (
    <div className="space-y-4">
      <RadioRows
        label={t('reading.label')}
        rows={[readingRow('normal'), readingRow('elder')]}
        value={reading}
        onValue={chooseReading}
      />
      <RadioRows
        label={t('theme.label')}
        rows={[themeRow('system'), themeRow('light'), themeRow('dark')]}
        value={choice}
        onValue={chooseTheme}
      />
      <Tabs
        label={t('kit:language')}
        options={languages.map((value) => ({
          value,
          text: <span lang={value}>{t(`kit:languages.${value}`)}</span>,
        }))}
        value={language}
        onValue={(next) => void switchLanguage(next)}
      />
      <p className="text-sm text-ink-soft">{t('kept')}</p>
    </div>
  )
}
