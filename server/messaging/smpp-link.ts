import { setTimeout as sleep } from 'node:timers/promises'
import type { PduFields } from 'smpp'
import { type Clock, monotonicMs } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { outbound } from '../platform/outbound-http.ts'
import type { SmsChannel } from './channels.ts'
import type { DeliveryReceipt } from './delivery-receipt.ts'
import type { Answer } from './message.ts'
import { createSetback, type Setback } from './setback.ts'
import { bindSession, type SmppAnswer, type SmppSession, statusName } from './smpp-session.ts'
import { createWindow } from './window.ts'

export interface SmppLinkDeps {
  readonly channel: SmsChannel
  readonly clock: Clock
  readonly log: Log
  readonly onReceipt: (receipt: DeliveryReceipt) => Promise<void>
}

export type SubmitAnswer = Answer & { readonly smscId?: string }

/**
 * A brand's one link to its SMSC (SMPP 3.4): a window of unanswered submits over a transceiver session. It binds when asked
 * to be `ready`; after a loss, a refused bind or a throttling it waits out a setback first. It never rejects.
 */
export interface SmppLink {
  ready(): Promise<boolean>
  /** Sends one submit_sm, unless its turn comes after the deadline. */
  submit(fields: PduFields, deadlineMs: number): Promise<SubmitAnswer>
  close(): Promise<void>
}

export function createSmppLink({ channel, clock, log, onReceipt }: SmppLinkDeps): SmppLink {
  const window = createWindow(channel.window)
  const setback = createSetback(clock)
  const pace = createPace(channel.perSecond)
  let session: SmppSession | undefined
  let binding: Promise<boolean> | undefined
  let closed = false

  async function bind(): Promise<boolean> {
    const onClose = () => {
      session = undefined
      if (closed) return
      setback.strike()
      log.warn({ retryInMs: setback.remainingMs() }, 'the link to the SMSC was lost')
    }
    const bound = await outbound('smsc bind', () =>
      bindSession({ channel, log, onReceipt, onAlive: setback.clear, onClose }),
    )
    if (typeof bound === 'string') {
      setback.strike()
      log.warn({ failure: bound, retryInMs: setback.remainingMs() }, 'the SMSC could not be bound')
      return false
    }
    session = bound
    return true
  }

  return {
    async ready() {
      if (closed || setback.remainingMs() > 0) return false
      if (session) return true
      binding ??= bind().finally(() => {
        binding = undefined
      })
      return await binding
    },
    async submit(fields, deadlineMs) {
      await window.enter()
      try {
        await pace()
        const bound = session
        if (!bound) return notSent('no link to the SMSC')
        if (setback.remainingMs() > 0) return notSent('the SMSC asked for a pause')
        if (clock.instant() > deadlineMs) return notSent('its turn did not come in time')
        return judge(await outbound('smsc submit_sm', () => bound.ask('submit_sm', fields)), setback)
      } finally {
        window.leave()
      }
    },
    async close() {
      closed = true
      await binding
      await session?.unbind()
    },
  }
}

function notSent(reason: string): SubmitAnswer {
  return { kind: 'no', again: 'at-once', reason }
}

/** Statuses that blame the moment, not the message. */
const LATER = new Set([
  'ESME_RSYSERR',
  'ESME_RSUBMITFAIL',
  'ESME_RX_T_APPN',
  'ESME_RDELIVERYFAILURE',
  'ESME_RUNKNOWNERR',
  'ESME_RSERTYPUNAVAIL',
])
/** Statuses that ask the whole link to slow down. */
const THROTTLED = new Set(['ESME_RTHROTTLED', 'ESME_RMSGQFUL'])

/** What a submit_sm came to. Every status of SMPP 3.4, 5.1.3, has one meaning; those not named above refuse for good. */
function judge(answer: SmppAnswer, setback: Setback): SubmitAnswer {
  if (answer === 'unwritten') return notSent('no link to the SMSC')
  if (answer === 'lost') return { kind: 'unknown', reason: 'the link was lost before the SMSC answered' }
  if (answer === 'silent') return { kind: 'unknown', reason: 'the SMSC did not answer in time' }
  if (answer.command_status === 0) {
    setback.clear()
    return { kind: 'yes', smscId: answer.message_id ?? '' }
  }
  const reason = statusName(answer.command_status)
  if (THROTTLED.has(reason)) {
    setback.strike()
    return notSent(reason)
  }
  return { kind: 'no', again: LATER.has(reason) ? 'later' : 'never', reason }
}

/** Waits for one's turn where the carrier limits short messages a second. */
function createPace(perSecond: number | null): () => Promise<void> {
  if (perSecond === null) return async () => {}
  const apartMs = 1_000 / perSecond
  let nextMs = 0
  return async () => {
    const nowMs = monotonicMs()
    const turnMs = Math.max(nowMs, nextMs)
    nextMs = turnMs + apartMs
    if (turnMs > nowMs) await sleep(turnMs - nowMs)
  }
}
