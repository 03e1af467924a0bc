import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { openBook } from '../book.ts'
import type { Clock } from '../clock.ts'

/** One mail as accepted; one copy per mailbox it was addressed to. */
export interface MailMessage {
  at: number
  /** Envelope addresses, lower case. */
  from: string
  to: string[]
  /** The header's sender with its name. */
  sender: string
  subject: string
  text: string
  html?: string
  attachments: { name: string; type: string; size: number }[]
}

export interface Mail {
  port: number
  /** Newest first. */
  messagesTo(address: string): MailMessage[]
  /** Mailboxes that ever got a message, the latest first. */
  mailboxes(): string[]
  stop(): Promise<void>
}

export interface MailDeps {
  clock: Clock
  dataDir: string
  port: number
}

const sizeLimitBytes = 10 * 1_048_576

/** A mail server for every address there is: takes mail without log-in, delivers it into its own book, relays nothing. */
export async function startMail({ clock, dataDir, port }: MailDeps): Promise<Mail> {
  const boxes = new Map<string, MailMessage[]>()
  const book = await openBook<MailMessage>(join(dataDir, 'mail.jsonl'), (message) => {
    for (const address of message.to) boxes.set(address, [...(boxes.get(address) ?? []), message])
  })

  async function accept(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope
    // Asked for with the first message only: it would be a fifth of a quiet sandbox's memory.
    const { simpleParser } = await import('mailparser')
    const parsed = await simpleParser(stream, { skipImageLinks: true })
    if (stream.sizeExceeded) throw Object.assign(new Error('Message too large'), { responseCode: 552 })
    await book.record({
      at: clock.now(),
      from: mailFrom ? mailFrom.address.toLowerCase() : '',
      to: rcptTo.map((recipient) => recipient.address.toLowerCase()),
      sender: parsed.from?.text ?? '',
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      ...(parsed.html ? { html: parsed.html } : {}),
      attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
        name: filename ?? '',
        type: contentType,
        size,
      })),
    })
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: sizeLimitBytes,
    closeTimeout: 200,
    banner: 'Sandbox mail',
    onData: (stream, session, done) => {
      accept(stream, session).then(() => done(), done)
    },
  })
  server.on('error', (error) => console.error('sandbox: SMTP:', error))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

  return {
    port: (server.server.address() as AddressInfo).port,
    messagesTo: (address) => [...(boxes.get(address.toLowerCase()) ?? [])].reverse(),
    mailboxes: () => {
      const latest = ([, messages]: [string, MailMessage[]]) => messages.at(-1)?.at ?? 0
      return [...boxes].sort((a, b) => latest(b) - latest(a)).map(([address]) => address)
    },
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await book.close()
    },
  }
}
