import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'

/** Offered to a guest after success, never before: an account is a convenience, not a toll. */
export function JoinCard() {
  const { t } = useTranslation('order')
  return (
    <Card title={t('join.title')}>
      <p className="text-ink-soft">{t('join.text')}</p>
      <Link to="/register" className={`${buttonClass('secondary', 'normal', true)} mt-4`}>
        {t('join.action')}
      </Link>
    </Card>
  )
}
