import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { MapPinOff, Unplug, WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/request.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
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
  const offline = error instanceof ApiProblem && error.code === 'offline'
  return (
    <Page title={t(offline ? 'offline.title' : 'broken.title')}>
      <Card>
        <Empty
          icon={offline ? WifiOff : Unplug}
          title={t(offline ? 'offline.title' : 'broken.title')}
          hint={t(offline ? 'offline.hint' : 'broken.hint')}
          action={
            <Button onClick={offline ? reset : () => location.reload()}>
              {t(offline ? 'offline.retry' : 'broken.reload')}
            </Button>
          }
        />
      </Card>
    </Page>
  )
}
