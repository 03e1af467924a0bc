import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Theme } from '../ui/accent.ts'
import { useBrand } from '../ui/brand-context.ts'
import { Page } from '../ui/page.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { wearAccent } from '../ui/wear-accent.ts'
import { BarSpecimen, OfferSpecimen, RowsSpecimen, SheetSpecimen, TabsSpecimen } from './choice-specimens.tsx'
import {
  ChipSpecimen,
  FactSpecimen,
  MoneySpecimen,
  QrSpecimen,
  RingSpecimen,
  TimelineSpecimen,
} from './fact-specimens.tsx'
import { ButtonSpecimen, CodeSpecimen, FieldSpecimen, NumberSpecimen } from './input-specimens.tsx'
import { EmptySpecimen, LoadingSpecimen, NoticeSpecimen } from './message-specimens.tsx'

const themes = ['light', 'dark'] as const
const readings = ['normal', 'elder'] as const

/** Every component in every state: what designers look at, and what axe and the screenshots check. */
export function KitPage() {
  const { t } = useTranslation('ui-kit')
  const { accent } = useBrand()
  const [theme, setTheme] = useState<Theme>('light')
  const [reading, setReading] = useState<(typeof readings)[number]>('normal')

  useEffect(() => {
    const { dataset } = document.documentElement
    dataset.theme = theme
    dataset.reading = reading
    wearAccent(accent, theme)
    return () => {
      delete dataset.theme
      delete dataset.reading
      wearAccent(accent)
    }
  }, [theme, reading, accent])

  return (
    <Page title={t('title')} lead={t('lead')} width="wide">
      <div className="flex flex-wrap gap-4">
        <Tabs
          label={t('theme')}
          options={themes.map((value) => ({ value, text: t(`themes.${value}`) }))}
          value={theme}
          onValue={setTheme}
        />
        <Tabs
          label={t('reading')}
          options={readings.map((value) => ({ value, text: t(`readings.${value}`) }))}
          value={reading}
          onValue={setReading}
        />
      </div>
      <ButtonSpecimen />
      <NumberSpecimen />
      <FieldSpecimen />
      <CodeSpecimen />
      <TabsSpecimen />
      <OfferSpecimen />
      <RowsSpecimen />
      <BarSpecimen />
      <SheetSpecimen />
      <TimelineSpecimen />
      <ChipSpecimen />
      <RingSpecimen />
      <MoneySpecimen />
      <FactSpecimen />
      <NoticeSpecimen />
      <EmptySpecimen />
      <LoadingSpecimen />
      <QrSpecimen />
    </Page>
  )
}
