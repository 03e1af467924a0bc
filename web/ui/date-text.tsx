import { useLanguage } from '../language/use-language.ts'
import { useBrand } from './brand-context.ts'
import { formatDateTime, formatTime } from './format.ts'

interface InstantProps {
  /** ISO 8601 in UTC, as the server sends it. */
  readonly at: string
  readonly show?: 'date-and-time' | 'time'
}

/** The zone of the device in hand. */
export const viewerZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** A moment on the brand's clock. */
export function InstantText({ at, show = 'date-and-time' }: InstantProps) {
  const view = { timeZone: useBrand().zone, viewerZone: viewerZone(), language: useLanguage() }
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {show === 'time' ? formatTime(at, view) : formatDateTime(at, view)}
    </time>
  )
}

/** A local date, `YYYY-MM-DD`: the server has already placed it in the brand's zone. */
export function DateText({ date }: { readonly date: string }) {
  return (
    <time dateTime={date} className="whitespace-nowrap">
      {date}
    </time>
  )
}
