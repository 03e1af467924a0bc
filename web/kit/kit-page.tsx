import { useTranslation } from 'react-i18next'
import { DisplaySettings } from '../ui/display-settings.tsx'
import { Page } from '../ui/page.tsx'
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
import { Specimen } from './specimen.tsx'

/** Every component in every state: what designers look at, and what axe and the screenshots check. */
export function KitPage() {
  const { t } = useTranslation('ui-kit')
  return (
    <Page title={t('title')} lead={t('lead')} width="wide">
      <Specimen of="display">
        <DisplaySettings />
      </Specimen>
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
