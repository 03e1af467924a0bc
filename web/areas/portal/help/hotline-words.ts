import { useTranslation } from 'react-i18next'
import type { ChannelsView } from '../../../../contract/brand.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { viewerZone } from '../../../ui/date-text.tsx'
import { formatDateTime } from '../../../ui/format.ts'

/** Whether somebody answers, and until when: on the hotline's clock, the day named where it is not today. */
export function useHotlineWords({ open, zone, changesAt }: ChannelsView['hotline']): {
  readonly state: string
  readonly changes: string | null
} {
  const { t } = useTranslation('help')
  const view = { timeZone: zone, viewerZone: viewerZone(), language: useLanguage() }
  const state = t(open ? 'contact.open' : 'contact.closed')
  if (changesAt === null) return { state, changes: null }
  const words = formatDateTime(changesAt, view)
  // What is open closes within the day; what is closed may open on another.
  return open
    ? { state, changes: t('contact.until', { time: words.replace(/^\S+ /, '') }) }
    : { state, changes: t('contact.opensAt', { time: words }) }
}
