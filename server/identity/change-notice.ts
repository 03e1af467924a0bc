import type { Brand } from '../brand/index.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { Identities } from './deps.ts'
import type { LogIn } from './log-in.ts'

const NOTICE_WITHIN_MS = 24 * 3_600_000

interface Change {
  readonly template:
    | 'password-changed'
    | 'email-changed'
    | 'phone-changed'
    | 'phone-change-asked'
    | 'phone-change-stopped'
    | 'account-closed'
  /** As the account was. */
  readonly before: LogIn
  /** More blanks of the template than `time`. */
  readonly values?: Readonly<Record<string, string>>
  /** The number has passed to somebody else, whom the account is no business of. */
  readonly phonePassedOn?: boolean
}

/** Tells the account's holder, wherever they could be reached before the change, that it happened. */
export function enqueueChangeNotice(
  tx: Tx,
  identities: Pick<Identities, 'messaging'>,
  brand: Brand,
  change: Change,
  nowMs: number,
): void {
  const { phone, email, locale, id } = change.before
  const isReached = phone !== null && !change.phonePassedOn
  const to = [
    ...(isReached ? [{ channel: 'sms', to: phone } as const] : []),
    ...(email === null ? [] : [{ channel: 'email', to: email } as const]),
  ]
  identities.messaging.enqueue(
    tx,
    to.map((address) => ({
      ...address,
      id: newId(nowMs),
      template: change.template,
      locale,
      values: { time: localMinute(nowMs, brand.zone), ...change.values },
      subject: id,
      sealed: null,
      notAfterMs: nowMs + NOTICE_WITHIN_MS,
    })),
  )
}

/** `2026-11-22 14:05` in the brand's zone; Swedish writes dates as ISO 8601 does. */
export function localMinute(instantMs: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(
    instantMs,
  )
}
