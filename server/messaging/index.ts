import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { open, seal } from '../platform/seal.ts'
import { type BrandSenders, createBrandSenders } from './brand-senders.ts'
import type { Channels } from './channels.ts'
import type { MessageIntent, MessageState } from './message.ts'
import { type ClaimedMessage, forgetOrphans, insertMessages, statusRows } from './store.ts'
import { assertFilled, blanksOf, SECRET_BLANK, type TemplateName } from './template.ts'

export { channelsFromEnv } from './channel-urls.ts'
export {
  type Channels,
  type EmailChannel,
  emailChannelDefaults,
} from './channels.ts'
export { messagingChecks } from './checks.ts'
export { businessFigures as messagingFigures } from './figures.ts'
export type { MessageIntent, MessageState } from './message.ts'
export { keepDelivered } from './past-messages.ts'
export { probeEmail, probeSms } from './probe.ts'
export type { TemplateName } from './template.ts'

export interface MessagingDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  /** 32 bytes; opens the sealed codes just before they are sent. */
  readonly masterKey: Buffer
  readonly channels: (brand: string) => Channels
}

/** How one message about a subject stands. */
export interface MessageStatus {
  readonly id: string
  readonly channel: 'sms' | 'email'
  readonly template: TemplateName
  readonly state: MessageState
  /** Real instant since which it stands so. */
  readonly atMs: number
}

export interface Messaging {
  /**
   * Writes messages in the caller's transaction; they are sent after it commits. Throws, and so rolls back, on a template that is
   * not there or blanks that are not exactly filled: faults of the program, which the first run shows.
   */
  enqueue(tx: Tx, intents: readonly MessageIntent[]): void
  /** The value for `MessageIntent.sealed`: it opens only for the message of this id. */
  sealCode(messageId: string, code: string): Buffer
  /** By subject, its messages in the order they were written; a subject without any is absent. */
  statusOf(db: Reader, subjects: readonly string[]): Promise<Map<string, MessageStatus[]>>
  /** Begins to send, for all brands; one process at a time is enough, several are safe. */
  start(): void
  /** Sends all that is due and can be sent now; answers how many messages were taken. */
  drain(): Promise<number>
  /** Lets what is in hand be answered, then closes all links. */
  stop(): Promise<void>
}

const SEAL_PURPOSE = 'message'
/** Time for the transaction that wrote a message to commit before senders are told to look. */
const HINT_MS = 20
const ORPHANS_KEPT_MS = 7 * 24 * 3_600_000
const FORGET_EVERY_MS = 3_600_000

export function createMessaging(deps: MessagingDeps): Messaging {
  const { clock, masterKey } = deps
  let senders: Map<string, BrandSenders> | undefined
  let forgetting: NodeJS.Timeout | undefined
  const hinted = new Set<string>()
  const unseal = ({ id, sealed }: ClaimedMessage) => sealed && open(masterKey, SEAL_PURPOSE, sealed, id)
  const all = () => {
    senders ??= new Map(deps.brands.all.map((brand) => [brand.key, sendersOf(deps, brand.key, unseal)]))
    return [...senders.values()]
  }

  /** The timer belongs to the caller's transaction, so it only wakes senders: they go on in their own context. */
  function hint(brand: string): void {
    if (!senders || hinted.has(brand)) return
    hinted.add(brand)
    setTimeout(() => {
      hinted.delete(brand)
      senders?.get(brand)?.wake()
    }, HINT_MS).unref()
  }

  return {
    enqueue(tx, intents) {
      if (intents.length === 0) return
      const messages = intents.map((intent) => {
        assertFilled(intent.channel, intent.template, intent.values, intent.sealed !== null)
        const urgent = blanksOf(intent.channel, intent.template).has(SECRET_BLANK)
        return { ...intent, urgency: urgent ? (0 as const) : (1 as const) }
      })
      insertMessages(tx, messages, clock.instant())
      hint(tx.brand)
    },
    sealCode: (messageId, code) => seal(masterKey, SEAL_PURPOSE, code, messageId),
    statusOf,
    start() {
      for (const brand of all()) brand.start()
      forgetting ??= setInterval(() => void forget(deps), FORGET_EVERY_MS).unref()
    },
    async drain() {
      const counts = await Promise.all(all().map((brand) => brand.drain()))
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async stop() {
      clearInterval(forgetting)
      forgetting = undefined
      const stopped = [...(senders?.values() ?? [])]
      senders = undefined
      await Promise.all(stopped.map((brand) => brand.stop()))
    },
  }
}

function sendersOf(
  { db, clock, log, brands, channels }: MessagingDeps,
  key: string,
  unseal: (message: ClaimedMessage) => string | null,
): BrandSenders {
  return createBrandSenders({
    brand: brands.get(key),
    db: db.of(key),
    clock,
    log,
    channels: channels(key),
    unseal,
  })
}

async function statusOf(db: Reader, subjects: readonly string[]): Promise<Map<string, MessageStatus[]>> {
  const statuses = new Map<string, MessageStatus[]>()
  if (subjects.length === 0) return statuses
  for (const { subject, ...status } of await statusRows(db, subjects)) {
    const before = statuses.get(subject)
    if (before) before.push(status)
    else statuses.set(subject, [status])
  }
  return statuses
}

async function forget({ db, brands, clock, log }: MessagingDeps): Promise<void> {
  try {
    for (const { key } of brands.all) await forgetOrphans(db.of(key), clock.instant() - ORPHANS_KEPT_MS)
  } catch (error) {
    log.warn({ err: error }, 'old receipts could not be forgotten')
  }
}
