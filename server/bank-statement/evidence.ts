import { idToWire } from '../../contract/id.ts'
import type { Evidence } from '../payment/index.ts'
import { type Clock, parseInstant } from '../platform/clock.ts'
import type { StatedEntry } from './entry.ts'
import { identityOf } from './read-statement.ts'

/** Which payment, or which refund, entries of an account are. */
export interface Told {
  readonly merchant: string
  readonly attempt: string
  readonly refund: string | null
  /** Of a refund the payment that it gives back; of a payment the reference of its first entry. */
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
}

/** Entries as evidence for settle: one, or several that come to a payment together. A credit with a refund is that refund come back. */
export function evidenceOf(entries: readonly StatedEntry[], told: Told, clock: Clock): Evidence {
  const [first] = entries
  if (!first) throw new Error('evidence rests on an entry')
  const fields = {
    entries: entries.map((entry) => ({ ...entry, amountMinor: entry.amountMinor.toString() })),
    ...(told.refund !== null && { refund: idToWire(told.refund) }),
  }
  const back = told.refund !== null && first.direction === 'credit'
  return {
    ...{ provider: 'bank', merchant: told.merchant, kind: 'statement', providerId: identityOf(first) },
    ...{ attempt: told.attempt, refund: told.refund },
    said: told.refund === null ? 'paid' : back ? 'refund-failed' : 'refunded',
    ...{ transaction: told.transaction, amountMinor: told.amountMinor, currency: told.currency },
    happenedAtMs: bookedAtMs(first, clock.instant()),
    ...{ note: back ? first.remittance : null, raw: Buffer.from(JSON.stringify(fields)), fields },
  }
}

/** A bank states a day, not an hour: today is now, a day before its last moment. Never later than now. */
function bookedAtMs({ bookedOn }: StatedEntry, nowMs: number): number {
  return Math.min(nowMs, parseInstant(`${bookedOn}T23:59:59Z`))
}
