import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { MapPinOff, Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/request.ts'
import { isOnline } from '../../device/online.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Offline } from '../../ui/offline.tsx'
import { Page } from '../../ui/page.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')}>
      <Card>
        <Empty
          icon={MapPinOff}
          title={t('notFound.title')}
          hint={t('notFound.hint')}
          action={
            <Link to="/" className={buttonClass()}>
              {t('notFound.home')}
            </Link>
          }
        />
      </Card>
    </Page>
  )
}

/** What a page shows when it broke: no connection is said as such, anything else as ours. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  // A part of the page that cannot be fetched without a network breaks in words of the browser's own.
  const offline = !isOnline() || (error instanceof ApiProblem && error.code === 'offline')
  return (
    <Page title={t(offline ? 'offline.title' : 'broken.title')}>
      {offline ? (
        <Offline onRetry={error instanceof ApiProblem ? reset : () => location.reload()} />
      ) : (
        <Card>
          <Empty
            icon={Unplug}
            title={t('broken.title')}
            hint={t('broken.hint')}
            action={<Button onClick={() => location.reload()}>{t('broken.reload')}</Button>}
          />
        </Card>
      )}
    </Page>
  )
}
