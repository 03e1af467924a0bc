import type { TemplateName } from './template.ts'

/** A message to be sent, as the room that has a reason for it writes it down. */
export interface MessageIntent {
  /** uuid */
  readonly id: string
  readonly channel: 'sms' | 'email'
  /** E.164 digits, or an e-mail address. */
  readonly to: string
  readonly template: TemplateName
  readonly locale: 'zh-CN' | 'en'
  /** For each blank of the template its text, formatted for the reader; never a secret. */
  readonly values: Readonly<Record<string, string>>
  /** uuid of what it is about, e.g. an order. */
  readonly subject: string | null
  /** The value of the blank `code`, made by `sealCode`; wiped once sent or given up. */
  readonly sealed: Buffer | null
  /** Real instant after which it must not be sent. */
  readonly notAfterMs: number
}

/**
 * The life of a message. `waits` says what each state waits for and what ends it; a state without `next` is final.
 * `queued`, `sending` and `unknown` are open: the sender owns them and `due_at` is their timer.
 */
export const messageStates = {
  queued: {
    waits: 'for its due moment and a working channel; a sender takes it, or its last moment passes',
    next: ['sending', 'sent', 'expired'],
  },
  sending: {
    waits: 'for the answer of the SMSC or mail server, under a lease; a lapsed lease counts as no answer',
    next: ['sent', 'queued', 'unknown', 'failed', 'expired'],
  },
  unknown: {
    waits:
      'a moment after being handed over without an answer; it is then sent again, though it may arrive twice',
    next: ['sending', 'sent', 'expired'],
  },
  sent: {
    waits: 'for the delivery receipts of all its parts; e-mail has none and stays here',
    next: ['delivered', 'undelivered'],
  },
  undelivered: {
    waits: 'for nothing, but a later receipt of a second copy may better it',
    next: ['delivered'],
  },
  delivered: { waits: 'for nothing: every part is on the handset', next: [] },
  expired: { waits: 'for nothing: its last moment passed and nobody is known to have taken it', next: [] },
  failed: { waits: 'for nothing: refused for good, or never answered', next: [] },
} as const satisfies Record<string, { readonly waits: string; readonly next: readonly string[] }>
export type MessageState = keyof typeof messageStates

/** What a channel says about one try. `again` of a no: never, after the next back-off, or as soon as the channel works. */
export type Answer =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly again: 'never' | 'later' | 'at-once'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Waits after the first, second, ... refused try; the last one repeats until the message's last moment. */
const BACK_OFF_MS = [5_000, 30_000, 120_000, 600_000] as const
const UNKNOWN_WAIT_MS = 5_000
/** A code or notice may arrive twice rather than never, but at most three times. */
export const MAX_UNKNOWNS = 2

export interface Tried {
  /** Tries so far, this one included. */
  readonly tries: number
  readonly unknowns: number
  readonly notAfterMs: number
}

export interface AfterTry {
  readonly state: 'sent' | 'queued' | 'unknown' | 'failed'
  readonly tries: number
  readonly unknowns: number
  /** When a sender looks again; null when none need. */
  readonly dueAtMs: number | null
  readonly failure: string | null
}

/** What becomes of a message after a try. It is never due later than its last moment, so that it expires on time. */
export function afterTry(answer: Answer, { tries, unknowns, notAfterMs }: Tried, nowMs: number): AfterTry {
  const at = (dueAtMs: number) => Math.min(dueAtMs, notAfterMs)
  switch (answer.kind) {
    case 'yes':
      return { state: 'sent', tries, unknowns, dueAtMs: null, failure: null }
    case 'unknown': {
      const common = { tries, unknowns: unknowns + 1, failure: answer.reason }
      if (unknowns >= MAX_UNKNOWNS) return { ...common, state: 'failed', dueAtMs: null }
      return { ...common, state: 'unknown', dueAtMs: at(nowMs + UNKNOWN_WAIT_MS) }
    }
    case 'no': {
      const common = { tries, unknowns, failure: answer.reason }
      switch (answer.again) {
        case 'never':
          return { ...common, state: 'failed', dueAtMs: null }
        case 'later':
          return { ...common, state: 'queued', dueAtMs: at(nowMs + backOffMs(tries)) }
        case 'at-once':
          // Nobody judged the message, so the try does not count.
          return { ...common, tries: tries - 1, state: 'queued', dueAtMs: at(nowMs) }
      }
    }
  }
}

function backOffMs(tries: number): number {
  return BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length) - 1] as number
}
