/** One submit_sm as accepted: a whole message or one part of a longer one. */
export interface Part {
  messageId: string
  at: number
  systemId: string
  from: string
  to: string
  text: string
  /** Place in a longer message: same reference, from and to; `number` counts from 1. */
  concat?: { reference: number; total: number; number: number }
  /** registered_delivery, bits 0 and 1: no receipt, one at the end, one only for a failure. */
  receipt: 'none' | 'always' | 'on-failure'
  outcome: 'DELIVRD' | 'UNDELIV'
}

/** A message as the handset shows it. */
export interface HandsetMessage {
  at: number
  from: string
  to: string
  text: string
  /** How many parts it came in. */
  parts: number
  /** The message ids of its parts, in order. */
  messageIds: string[]
}

export type Entry =
  | { kind: 'accepted'; part: Part }
  /** The receipt needs no more sending: the other side took it, or the knob swallowed it. */
  | { kind: 'receipt-done'; at: number; messageId: string; dropped: boolean }

/** Everything the network knows, as the fold of its book. */
export interface SmscState {
  /** By number, oldest first. */
  handsets: Map<string, HandsetMessage[]>
  /** Parts whose companions have not all come. */
  incomplete: Map<string, Part[]>
  /** By message id: receipts owed. */
  receiptsDue: Map<string, Part>
}

export function emptyState(): SmscState {
  return { handsets: new Map(), incomplete: new Map(), receiptsDue: new Map() }
}

export function apply(state: SmscState, entry: Entry): void {
  switch (entry.kind) {
    case 'accepted':
      if (owesReceipt(entry.part)) state.receiptsDue.set(entry.part.messageId, entry.part)
      if (entry.part.outcome === 'DELIVRD') deliver(state, entry.part)
      return
    case 'receipt-done':
      state.receiptsDue.delete(entry.messageId)
      return
  }
}

function owesReceipt(part: Part): boolean {
  return part.receipt === 'always' || (part.receipt === 'on-failure' && part.outcome === 'UNDELIV')
}

function deliver(state: SmscState, part: Part): void {
  const parts = gather(state, part)
  if (!parts) return
  const { at, from, to } = part
  const text = parts.map((item) => item.text).join('')
  const messageIds = parts.map((item) => item.messageId)
  const inbox = state.handsets.get(to) ?? []
  inbox.push({ at, from, to, text, parts: parts.length, messageIds })
  state.handsets.set(to, inbox)
}

/** All parts in order once the last one has come; a part that comes again replaces its first copy. */
function gather(state: SmscState, part: Part): Part[] | undefined {
  const { concat } = part
  if (!concat) return [part]
  const key = [part.systemId, part.from, part.to, concat.reference, concat.total].join('|')
  const others = state.incomplete.get(key) ?? []
  const parts = [...others.filter((other) => other.concat?.number !== concat.number), part]
  if (parts.length < concat.total) {
    state.incomplete.set(key, parts)
    return undefined
  }
  state.incomplete.delete(key)
  return parts.sort((a, b) => (a.concat?.number ?? 0) - (b.concat?.number ?? 0))
}
