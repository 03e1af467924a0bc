import type { Pdu } from 'smpp'

/** What a delivery receipt says of one short message. */
export interface DeliveryReceipt {
  readonly smscId: string
  readonly outcome: 'delivered' | 'undelivered'
  /** The network's word for it: DELIVRD, EXPIRED, DELETED, UNDELIV, UNKNOWN, REJECTD. */
  readonly networkState: string
}

/** Message types in esm_class (5.2.12). */
const DELIVERY_RECEIPT = 0x04
const INTERMEDIATE_NOTIFICATION = 0x20

/** message_state by value (SMPP 3.4, 5.2.28), in the spelling of appendix B. */
const STATE_NAMES: Readonly<Record<number, string>> = {
  1: 'ENROUTE',
  2: 'DELIVRD',
  3: 'EXPIRED',
  4: 'DELETED',
  5: 'UNDELIV',
  6: 'ACCEPTD',
  7: 'UNKNOWN',
  8: 'REJECTD',
}

/** Every state of the protocol; `interim` ones are followed by another receipt. */
const OUTCOMES: Readonly<Record<string, DeliveryReceipt['outcome'] | 'interim'>> = {
  ENROUTE: 'interim',
  // Accepted is read by an operator on behalf of the subscriber: not yet on the handset.
  ACCEPTD: 'interim',
  DELIVRD: 'delivered',
  EXPIRED: 'undelivered',
  DELETED: 'undelivered',
  UNDELIV: 'undelivered',
  // The network will never know more; the message may have arrived, which is not the same as delivered.
  UNKNOWN: 'undelivered',
  REJECTD: 'undelivered',
}

/**
 * Reads a deliver_sm. The parameters receipted_message_id and message_state win over the text of SMPP 3.4 appendix B
 * (`id:... stat:DELIVRD ...`), whose form is the vendor's own. `message` when it is no receipt but something a
 * subscriber wrote; `interim` when the last word is still to come; `unreadable` when it names no message or state.
 */
export function readDeliveryReceipt(pdu: Pdu): DeliveryReceipt | 'interim' | 'message' | 'unreadable' {
  const messageType = (pdu.esm_class ?? 0) & 0x3c
  if (messageType === INTERMEDIATE_NOTIFICATION) return 'interim'
  if (messageType !== DELIVERY_RECEIPT && pdu.receipted_message_id === undefined) return 'message'
  const text = textOf(pdu)
  const smscId = pdu.receipted_message_id || /\bid:\s*(\S+)/i.exec(text)?.[1]
  const networkState =
    STATE_NAMES[pdu.message_state ?? 0] ?? /\bstat:\s*([A-Z]+)/i.exec(text)?.[1]?.toUpperCase().slice(0, 7)
  const outcome = networkState === undefined ? undefined : OUTCOMES[networkState]
  if (!smscId || networkState === undefined || outcome === undefined) return 'unreadable'
  return outcome === 'interim' ? 'interim' : { smscId, outcome, networkState }
}

function textOf({ short_message: short, message_payload: payload }: Pdu): string {
  const content = short?.message.length ? short.message : (payload?.message ?? '')
  return typeof content === 'string' ? content : content.toString('latin1')
}
