import type { BrandDb } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { createAlarm } from './alarm.ts'
import { type HandOverDeps, handOver } from './hand-over.ts'
import { claimMessages, expireMessages } from './store.ts'
import type { Transmitter } from './transmitter.ts'

export interface SenderDeps extends Omit<HandOverDeps, 'transmitter'> {
  readonly channel: 'sms' | 'email'
  /** Null when the brand has not set the channel up. */
  readonly transmitter: Transmitter | null
  readonly db: BrandDb
}

/**
 * Sends one channel of one brand. Several senders, in this process or others, share the work: each takes what none of the
 * others holds. Between taking and the answer no transaction is open.
 */
export interface Sender {
  /** A hint that something may be due; without it the sender looks every second. */
  wake(): void
  /** Begins to work, until stopped. */
  start(): void
  /** Sends all that can be sent now, then answers how many messages were taken by the SMSC or mail server meanwhile. */
  drain(): Promise<number>
  /** Takes nothing more; resolves when all in hand is answered and written down, and the channel is closed. */
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 1_000
const EXPIRE_EVERY_MS = 5_000
/** A message in hand belongs to its sender this long; nothing is handed over in the last part, which is for the answer. */
const LEASE_MS = 60_000
const HAND_OVER_MS = 40_000

export function createSender(deps: SenderDeps): Sender {
  const { channel, transmitter, db, clock, log } = deps
  const alarm = createAlarm()
  const inHand = new Set<Promise<void>>()
  let stopping = false
  let running: Promise<void> | undefined
  let expiredAtMs = Number.NEGATIVE_INFINITY
  let sent = 0

  /** Takes as many as there is room for, once half of it is free: fewer and larger statements. */
  async function take(): Promise<number> {
    const nowMs = clock.instant()
    if (nowMs - expiredAtMs >= EXPIRE_EVERY_MS) {
      expiredAtMs = nowMs
      await expireMessages(db, channel, nowMs)
    }
    if (!transmitter) return 0
    const limit = transmitter.capacity - inHand.size
    if (limit * 2 < transmitter.capacity || !(await transmitter.ready())) return 0
    const lease = newId(nowMs)
    const messages = await claimMessages(db, { channel, nowMs, lease, leaseUntilMs: nowMs + LEASE_MS, limit })
    for (const message of messages) {
      const work = handOver({ ...deps, transmitter }, message, lease, nowMs + HAND_OVER_MS).then((taken) => {
        if (taken) sent++
        inHand.delete(work)
        alarm.ring()
      })
      inHand.add(work)
    }
    return messages.length
  }

  /** `onlyNow`: ends when nothing more can be done at this moment; else only when stopped. */
  async function work(onlyNow: boolean): Promise<void> {
    for (;;) {
      const taken = stopping ? 0 : await take().catch(couldNotTake)
      if (taken > 0) continue
      if (inHand.size === 0 && (onlyNow || stopping)) return
      await alarm.sleep(LOOK_EVERY_MS)
    }
  }

  function couldNotTake(error: unknown): 0 {
    log.error({ err: error, brand: db.brand, channel }, 'a sender could not take messages')
    return 0
  }

  return {
    wake: alarm.ring,
    start() {
      running ??= work(false)
    },
    async drain() {
      const before = sent
      expiredAtMs = Number.NEGATIVE_INFINITY
      await work(true)
      return sent - before
    },
    async stop() {
      stopping = true
      alarm.ring()
      await running
      await Promise.all(inHand)
      await transmitter?.close()
    },
  }
}
