import { WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Card } from './card.tsx'
import { Empty } from './empty.tsx'

/** In place of what could not be fetched: nobody is charged for what was never sent. */
export function Offline({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <Card>
      <Empty
        icon={WifiOff}
        title={t('offline.title')}
        hint={t('offline.hint')}
        action={<Button onClick={onRetry}>{t('offline.retry')}</Button>}
      />
    </Card>
  )
}
