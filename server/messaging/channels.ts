/** How a brand reaches its SMSC (SMPP 3.4). */
export interface SmsChannel {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly systemId: string
  /** At most 8 characters by the protocol. */
  readonly password: string
  readonly systemType: string
  /** How many submit_sm may be unanswered at a time; as the carrier agreed. */
  readonly window: number
  /** The carrier's limit of short messages a second; null: none agreed. */
  readonly perSecond: number | null
  /** After this long without an answer the outcome of a submit_sm is unknown. */
  readonly responseTimeoutMs: number
  /** How often a bound link is asked whether it still lives. */
  readonly enquireLinkMs: number
}

/** What most carriers agree to; the rest of a channel is the brand's own. */
export const smsChannelDefaults = {
  tls: false,
  systemType: '',
  window: 50,
  perSecond: null,
  responseTimeoutMs: 10_000,
  enquireLinkMs: 30_000,
} as const

/** How a brand hands over its e-mail (SMTP submission). */
export interface EmailChannel {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte (465); `required`: STARTTLS or nothing; `none`: only to a server on this machine. */
  readonly tls: 'implicit' | 'required' | 'none'
  readonly user: string | null
  readonly password: string | null
  /** After this long without an end the outcome of an e-mail is unknown; well below the sender's lease of a minute. */
  readonly timeoutMs: number
}

export const emailChannelDefaults = {
  tls: 'required',
  user: null,
  password: null,
  timeoutMs: 30_000,
} as const

/** A channel that is null is not set up: its messages wait, and expire at their last moment. */
export interface Channels {
  readonly sms: SmsChannel | null
  readonly email: EmailChannel | null
}
