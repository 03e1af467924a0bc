import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import type { Journal } from './journal.ts'
import { afterTry } from './message.ts'
import type { ClaimedMessage } from './store.ts'
import type { Text } from './template.ts'
import type { Transmission, Transmitter } from './transmitter.ts'

export interface HandOverDeps {
  readonly transmitter: Transmitter
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly compose: (message: ClaimedMessage) => Text
}

/** Tries to write an answer down before it is left to the lease; then the message counts as unanswered. */
const RECORD_TRIES = 20
const RECORD_AGAIN_MS = 1_000

/** One try of one message, from its text to the answer written down. Answers whether it was taken; never rejects. */
export async function handOver(
  deps: HandOverDeps,
  message: ClaimedMessage,
  lease: string,
  deadlineMs: number,
): Promise<boolean> {
  try {
    return await tryOnce(deps, message, lease, deadlineMs)
  } catch (error) {
    deps.log.error({ err: error, message: message.id }, 'a message is left to its lease')
    return false
  }
}

async function tryOnce(
  deps: HandOverDeps,
  message: ClaimedMessage,
  lease: string,
  deadlineMs: number,
): Promise<boolean> {
  const { journal, clock, log } = deps
  await failpoint('messaging.send')
  const { answer, parts, taken } = await transmit(deps, message, deadlineMs)
  const after = afterTry(answer, message, clock.instant())
  if (after.state === 'failed') log.warn({ message: message.id, failure: after.failure }, 'a message failed')
  const result = { ...after, id: message.id, lease, parts }
  const ids = taken.map((part) => ({ ...part, message: message.id }))
  await persist(() => journal.result(result, ids))
  return after.state === 'sent'
}

/** A text that cannot be made fails its message alone, for good. */
async function transmit(
  { transmitter, compose, log }: HandOverDeps,
  message: ClaimedMessage,
  deadlineMs: number,
): Promise<Transmission> {
  const { id, recipient: to, locale, partsTaken, notAfterMs, template } = message
  let text: Text
  try {
    text = compose(message)
  } catch (error) {
    log.error({ err: error, message: id, template }, 'a text could not be made')
    return {
      answer: { kind: 'no', again: 'never', reason: 'the text could not be made' },
      parts: 1,
      taken: [],
    }
  }
  return await transmitter.transmit({ id, to, locale, text, partsTaken, deadlineMs, notAfterMs })
}

async function persist(record: () => Promise<void>): Promise<void> {
  for (let left = RECORD_TRIES; ; left--) {
    try {
      return await record()
    } catch (error) {
      if (left === 0) throw error
      await sleep(RECORD_AGAIN_MS)
    }
  }
}
