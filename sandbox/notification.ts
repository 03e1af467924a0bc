/** What a provider tells a merchant's receiver. What it says is fixed when it is made; by whom signed, when and how often it is sent is not. */
export interface Told {
  id: string
  /** When it was made, by the provider's clock. */
  at: number
}

/** One sending: `status` 0 means no answer at all. */
export interface Sending {
  at: number
  /** Its place on the ladder, from 0; absent for copies and repeats, which do not use a rung up. */
  rung?: number
  status: number
  acknowledged: boolean
}

export interface NotificationRecord<One extends Told> {
  notification: One
  sendings: Sending[]
  /** Given up for good by the knob `dropAll`. */
  dropped: boolean
}

/** The lines of a rail's book that speak of notifications. */
export type NotificationEntry<One extends Told> =
  | { kind: 'notification-made'; notification: One }
  | ({ kind: 'notification-sent'; id: string } & Sending)
  | { kind: 'notification-dropped'; at: number; id: string }

/** Folds a line into a rail's notifications by id, in order of making. */
export function applyNotification<One extends Told>(
  records: Map<string, NotificationRecord<One>>,
  entry: NotificationEntry<One>,
): void {
  if (entry.kind === 'notification-made') {
    const { notification } = entry
    records.set(notification.id, { notification, sendings: [], dropped: false })
    return
  }
  const record = records.get(entry.id)
  if (!record) throw new Error(`The book speaks of notification ${entry.id} before it was made.`)
  if (entry.kind === 'notification-dropped') {
    record.dropped = true
  } else {
    const { kind: _, id: _id, ...sending } = entry
    record.sendings.push(sending)
  }
}
