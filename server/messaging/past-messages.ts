import type { Brand } from '../brand/index.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import type { MessageIntent } from './message.ts'
import { segmentsOf } from './segment.ts'
import { insertDelivered } from './store.ts'
import { compose } from './template.ts'

/** When a message of the past was written and sent, and when it reached its handset; real instants. */
export interface PastDelivery {
  readonly sentAtMs: number
  readonly deliveredAtMs: number
}

/**
 * Keeps SMS that reached their handsets long ago, as history: they are final from the start and no sender ever takes them.
 * Throws on a secret: what carried one is not history.
 */
export function keepDelivered(
  tx: Tx,
  brand: Brand,
  intents: readonly MessageIntent[],
  { sentAtMs, deliveredAtMs }: PastDelivery,
): void {
  const messages = intents.map((intent) => {
    const { channel, template, locale, values } = intent
    assert(channel === 'sms' && intent.sealed === null, 'history is of SMS without secrets')
    const { body } = compose(brand, channel, template, locale, values)
    return { ...intent, parts: segmentsOf(body, 0).length }
  })
  if (messages.length > 0) insertDelivered(tx, messages, sentAtMs, deliveredAtMs)
}
