import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { Specimen } from './specimen.tsx'

export function NoticeSpecimen() {
  const { t } = useTranslation('ui-kit')
  return (
    <Specimen of="notices">
      <div className="space-y-3">
        <Notice tone="info">{t('notice.info')}</Notice>
        <Notice tone="good">{t('notice.good')}</Notice>
        <Notice tone="warn">{t('notice.warn')}</Notice>
        <Notice
          tone="bad"
          title={t('notice.badTitle')}
          action={<Button look="secondary">{t('notice.action')}</Button>}
        >
          {t('notice.bad')}
        </Notice>
      </div>
    </Specimen>
  )
}

export function EmptySpecimen() {
  const { t } = useTranslation('ui-kit')
  return (
    <Specimen of="empty">
      <Empty title={t('empty.title')} hint={t('empty.hint')} action={<Button>{t('empty.action')}</Button>} />
    </Specimen>
  )
}

export function LoadingSpecimen() {
  return (
    <Specimen of="loading">
      <Loading lines={4} />
    </Specimen>
  )
}
