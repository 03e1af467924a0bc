import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { BrandDb } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import type { Channels } from './channels.ts'
import { createEmailTransmitter } from './email-transmitter.ts'
import { createJournal } from './journal.ts'
import { createSender } from './sender.ts'
import { createSmsTransmitter } from './sms-transmitter.ts'
import type { ClaimedMessage } from './store.ts'
import { compose, SECRET_BLANK } from './template.ts'

export interface BrandSendersDeps {
  readonly brand: Brand
  readonly db: BrandDb
  readonly clock: Clock
  readonly log: Log
  readonly channels: Channels
  /** The secret of a message, in the clear. */
  readonly unseal: (message: ClaimedMessage) => string | null
}

/** All senders of one brand. */
export interface BrandSenders {
  wake(): void
  start(): void
  drain(): Promise<number>
  stop(): Promise<void>
}

export function createBrandSenders(deps: BrandSendersDeps): BrandSenders {
  const { brand, db, clock, log } = deps
  const { sms, email } = deps.channels
  const journal = createJournal(db, clock)
  const onReceipt = journal.receipt
  const transmitters = {
    sms: sms && createSmsTransmitter({ brand, channel: sms, clock, log, onReceipt }),
    email: email && createEmailTransmitter({ brand, channel: email, clock, log }),
  }
  const senders = (['sms', 'email'] as const).map((channel) =>
    createSender({
      channel,
      transmitter: transmitters[channel],
      db,
      journal,
      clock,
      log,
      compose(message) {
        const secret = deps.unseal(message)
        const values = secret === null ? message.filling : { ...message.filling, [SECRET_BLANK]: secret }
        return compose(brand, channel, message.template, message.locale, values)
      },
    }),
  )
  return {
    wake() {
      for (const sender of senders) sender.wake()
    },
    start() {
      for (const sender of senders) sender.start()
    },
    async drain() {
      const counts = await Promise.all(senders.map((sender) => sender.drain()))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async stop() {
      await Promise.all(senders.map((sender) => sender.stop()))
      await journal.drained()
    },
  }
}
