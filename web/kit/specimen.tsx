import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type sections from '../../i18n/zh-CN/ui-kit.json'
import { Card } from '../ui/card.tsx'

/** One component on show, in all its states. */
export function Specimen({
  of,
  children,
}: {
  readonly of: keyof typeof sections.section
  readonly children: ReactNode
}) {
  const { t } = useTranslation('ui-kit')
  return <Card title={t(`section.${of}`)}>{children}</Card>
}
