import { createTransport, type NodemailerError } from 'nodemailer'
import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { outbound } from '../platform/outbound-http.ts'
import type { EmailChannel } from './channels.ts'
import type { Answer } from './message.ts'
import { createSetback } from './setback.ts'
import type { Transmitter } from './transmitter.ts'

export interface EmailTransmitterDeps {
  readonly brand: Brand
  readonly channel: EmailChannel
  readonly clock: Clock
  readonly log: Log
}

/** The package reads a text with separators as several readers, and one with brackets as a name; neither is meant. */
const ONE_ADDRESS = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/
const NOT_ONE_ADDRESS: Answer = { kind: 'no', again: 'never', reason: 'not one address' }
const CONNECTIONS = 5

/** Hands plain-text e-mail to the brand's submission server (RFC 6409), from the brand's own address. */
export function createEmailTransmitter({ brand, channel, clock, log }: EmailTransmitterDeps): Transmitter {
  const setback = createSetback(clock)
  const server = createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    // Whether to send again is decided by the message's own states, never inside the package.
    maxRequeues: 0,
    host: channel.host,
    port: channel.port,
    secure: channel.tls === 'implicit',
    requireTLS: channel.tls === 'required',
    ignoreTLS: channel.tls === 'none',
    // Not connected in time is a plain no, so it must be known before the whole time is over.
    connectionTimeout: channel.timeoutMs / 4,
    greetingTimeout: channel.timeoutMs / 4,
    socketTimeout: channel.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(channel.user === null ? {} : { auth: { user: channel.user, pass: channel.password ?? '' } }),
  })
  const domain = brand.email.slice(brand.email.indexOf('@') + 1)
  return {
    capacity: CONNECTIONS,
    ready: async () => setback.remainingMs() === 0,
    async transmit({ id, to, locale, text }) {
      if (!ONE_ADDRESS.test(to)) return { answer: NOT_ONE_ADDRESS, parts: 1, taken: [] }
      const answer = await outbound('smtp send', () =>
        server
          .sendMail({
            from: { name: brand.name[locale], address: brand.email },
            to: { name: '', address: to },
            subject: text.subjectLine ?? '',
            text: text.body,
            // One id for all tries: mail programs show a second copy as the same message.
            messageId: `<${id}@${domain}>`,
            headers: { 'Auto-Submitted': 'auto-generated' },
            // The package's own time-outs begin anew with each reply; this one does not.
            signal: AbortSignal.timeout(channel.timeoutMs),
          })
          .then((): Answer => ({ kind: 'yes' }), judge),
      )
      if (answer.kind === 'yes') setback.clear()
      if (answer.kind === 'no' && answer.again === 'at-once') {
        setback.strike()
        log.warn(
          { failure: answer.reason, retryInMs: setback.remainingMs() },
          'the mail server cannot be used',
        )
      }
      return { answer, parts: 1, taken: [] }
    },
    async close() {
      server.close()
    },
  }
}

/** Failures before any message could be handed over; a timeout is told apart by what was waited for. */
const BEFORE_SENDING = new Set(['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EPROXY', 'ECONFIG'])
const CONNECTING = new Set(['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'])
const NO_CONNECTION = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'])

/** A reply decides (RFC 5321, 4.2.1: 4yz later, 5yz never); without one, only a failure to connect is surely a no. */
function judge(error: NodemailerError): Answer {
  const code = error.code ?? 'unknown error'
  const reason = error.responseCode === undefined ? code : `${code} ${error.responseCode}`
  const connecting =
    BEFORE_SENDING.has(code) ||
    CONNECTING.has(error.timeoutType ?? '') ||
    NO_CONNECTION.has(error.originalCode ?? '')
  if (connecting) return { kind: 'no', again: 'at-once', reason }
  if (error.responseCode === undefined && code !== 'EENVELOPE') return { kind: 'unknown', reason }
  return { kind: 'no', again: error.permanent === false ? 'later' : 'never', reason }
}
