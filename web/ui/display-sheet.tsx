import { useTranslation } from 'react-i18next'
import { DisplaySettings } from './display-settings.tsx'
import { Sheet } from './sheet.tsx'

interface DisplaySheetProps {
  readonly open: boolean
  readonly onClose: () => void
}

export function DisplaySheet({ open, onClose }: DisplaySheetProps) {
  const { t } = useTranslation('display')
  return (
    <Sheet open={open} onClose={onClose} title={t('title')}>
      <DisplaySettings />
    </Sheet>
  )
}
