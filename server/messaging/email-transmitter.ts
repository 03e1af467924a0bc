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

const CONNECTIONS = 4
const TIMEOUT_MS = 10_000

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
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(channel.user === null ? {} : { auth: { user: channel.user, pass: channel.password ?? '' } }),
  })
  const domain = brand.email.slice(brand.email.indexOf('@') + 1)
  return {
    capacity: CONNECTIONS * 2,
    ready: async () => setback.remainingMs() === 0,
    async transmit({ id, to, text, deadlineMs }) {
      if (clock.instant() > deadlineMs) {
        const answer: Answer = { kind: 'no', again: 'at-once', reason: 'its turn did not come in time' }
        return { answer, parts: 1, taken: [] }
      }
      const answer = await outbound('smtp send', () =>
        server
          .sendMail({
            from: { name: brand.name[brand.locale], address: brand.email },
            // As an object and with an envelope of its own, so that no address is ever read as a list.
            to: { name: '', address: to },
            envelope: { from: brand.email, to: [to] },
            subject: text.subjectLine ?? '',
            text: text.body,
            // One id for all tries: mail programs show a second copy as the same message.
            messageId: `<${id}@${domain}>`,
            headers: { 'Auto-Submitted': 'auto-generated' },
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
