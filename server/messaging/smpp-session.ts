import smpp, { type Pdu, type PduFields, type Session } from 'smpp'
import type { Log } from '../platform/log.ts'
import { outbound } from '../platform/outbound-http.ts'
import type { SmsChannel } from './channels.ts'
import { type DeliveryReceipt, readDeliveryReceipt } from './delivery-receipt.ts'

export interface SmppSessionDeps {
  readonly channel: SmsChannel
  readonly log: Log
  /** Resolves once the receipt is kept; only then is it acknowledged. */
  readonly onReceipt: (receipt: DeliveryReceipt) => Promise<void>
  readonly onAlive: () => void
  readonly onClose: () => void
}

/** A response, or why there is none: nothing was written, the link was lost, nobody answered in time. */
export type SmppAnswer = Pdu | 'unwritten' | 'lost' | 'silent'

/** One bound transceiver session, from its bind to its loss. */
export interface SmppSession {
  ask(command: 'submit_sm' | 'enquire_link', fields: PduFields): Promise<SmppAnswer>
  /** Says farewell by unbind; resolves when the connection is gone. */
  unbind(): Promise<void>
}

const INTERFACE_VERSION = 0x34
const UNBIND_MS = 1_000

/** Connects and binds as a transceiver. Answers the session, or a text that says what failed; then nothing is left open. */
export function bindSession(deps: SmppSessionDeps): Promise<SmppSession | string> {
  const { channel } = deps
  return new Promise((resolve) => {
    const options = { host: channel.host, port: channel.port, tls: channel.tls }
    const session = smpp.connect(options)
    const fail = (failure: string) => {
      clearTimeout(timer)
      session.destroy()
      resolve(failure)
    }
    const timer = setTimeout(() => fail('no answer to the bind in time'), channel.responseTimeoutMs)
    // Also for the time after the bind: the package cannot go on reading after a broken PDU.
    session.on('error', (error) => fail(error.message))
    session.on('close', () => fail('the SMSC closed the connection'))
    session.on('connect', () => {
      session.socket.setNoDelay(true)
      const credentials = {
        system_id: channel.systemId,
        password: channel.password,
        system_type: channel.systemType,
        interface_version: INTERFACE_VERSION,
      }
      session.bind_transceiver(credentials, (answer) => {
        clearTimeout(timer)
        // Attended before anything more is read: the SMSC may send receipts right behind its answer.
        if (answer.command_status === 0) resolve(attend(session, deps))
        else fail(statusName(answer.command_status))
      })
    })
  })
}

/** Answers what the SMSC asks, keeps asking whether it lives, and tells everybody who waits when it is gone. */
function attend(session: Session, deps: SmppSessionDeps): SmppSession {
  const { channel, onAlive, onClose } = deps
  const waiting = new Set<(answer: 'lost') => void>()

  function ask(command: 'submit_sm' | 'enquire_link', fields: PduFields): Promise<SmppAnswer> {
    return new Promise((resolve) => {
      const give = (answer: SmppAnswer) => {
        clearTimeout(timer)
        waiting.delete(give)
        resolve(answer)
      }
      const timer = setTimeout(() => give('silent'), channel.responseTimeoutMs)
      waiting.add(give)
      if (!session[command](fields, give)) give('unwritten')
    })
  }

  async function enquire(): Promise<void> {
    const answer = await outbound('smsc enquire_link', () => ask('enquire_link', {}))
    if (typeof answer === 'string') session.destroy()
    else onAlive()
  }

  const enquiry = setInterval(() => void enquire(), channel.enquireLinkMs)
  session.on('close', () => {
    clearInterval(enquiry)
    for (const give of waiting) give('lost')
    onClose()
  })
  session.on('deliver_sm', (pdu) => void receive(session, pdu, deps))
  session.on('enquire_link', (pdu) => session.send(pdu.response()))
  session.on('unknown', (pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu) => {
    session.send(pdu.response())
    session.close()
  })
  return { ask, unbind: () => unbind(session) }
}

async function receive(session: Session, pdu: Pdu, { onReceipt, log }: SmppSessionDeps): Promise<void> {
  const receipt = readDeliveryReceipt(pdu)
  if (typeof receipt === 'object') {
    // A receipt that could not be kept is refused for now, and the SMSC brings it again.
    const kept = await onReceipt(receipt).then(
      () => true,
      (error: unknown) => {
        log.error({ err: error }, 'a delivery receipt could not be kept')
        return false
      },
    )
    session.send(pdu.response(kept ? {} : { command_status: statusValue('ESME_RX_T_APPN') }))
    return
  }
  if (receipt === 'unreadable') log.warn('a delivery receipt names no message or state')
  // Subscribers' own messages have no reader here; refusing them tells the network so.
  session.send(pdu.response(receipt === 'message' ? { command_status: statusValue('ESME_RX_R_APPN') } : {}))
}

function unbind(session: Session): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => session.destroy(), UNBIND_MS)
    session.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    if (!session.unbind({}, () => session.close())) session.destroy()
  })
}

const STATUS_NAMES = new Map(Object.entries(smpp.errors).map(([name, value]) => [value, name]))

/** The name of a command_status. Vendors' own (0x400 to 0x4FF) say no more than that something went wrong. */
export function statusName(value: number): string {
  return STATUS_NAMES.get(value) ?? 'ESME_RUNKNOWNERR'
}

function statusValue(name: string): number {
  return smpp.errors[name] as number
}
