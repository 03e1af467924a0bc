import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import smpp, { type Pdu, type Session } from 'smpp'
import { type Book, openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import type { Registry } from '../registry.ts'
import { apply, type Entry, emptyState, type HandsetMessage, type Part, type SmscState } from './message.ts'
import { receiptFields } from './receipt.ts'
import { readSubmission } from './submission.ts'

/** How long a message takes to the handset, if no knob says otherwise. */
const radioMs = 20

export interface Smsc {
  port: number
  /** Newest first. */
  messagesOf(msisdn: string): HandsetMessage[]
  /** Numbers that ever got a message, the latest first. */
  handsets(): string[]
  /** Ends all links of a system: `unbind` politely, `cut` by dropping the connection. Answers how many. */
  endLinks(systemId: string, how: 'unbind' | 'cut'): number
  stop(): Promise<void>
}

export interface SmscDeps {
  clock: Clock
  registry: Registry
  dataDir: string
  port: number
}

/** One bound connection. */
interface Link {
  session: Session
  systemId: string
  receives: boolean
  submits: boolean
}

interface Centre extends SmscDeps {
  state: SmscState
  book: Book<Entry>
  links: Set<Link>
}

/** The network's message centre: accepts binds and submit_sm, puts messages on handsets, sends receipts. */
export async function startSmsc(deps: SmscDeps): Promise<Smsc> {
  const state = emptyState()
  const book = await openBook<Entry>(join(deps.dataDir, 'smsc.jsonl'), (entry) => apply(state, entry))
  const centre: Centre = { ...deps, state, book, links: new Set() }
  const server = smpp.createServer((session) => converse(centre, session))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(deps.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    messagesOf: (msisdn) => [...(state.handsets.get(msisdn) ?? [])].reverse(),
    handsets: () => {
      const latest = ([, inbox]: [string, HandsetMessage[]]) => inbox.at(-1)?.at ?? 0
      return [...state.handsets].sort((a, b) => latest(b) - latest(a)).map(([msisdn]) => msisdn)
    },
    endLinks: (systemId, how) => endLinks(centre, systemId, how),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const session of [...server.sessions]) session.destroy()
      await closed
      await book.close()
    },
  }
}

function converse(centre: Centre, session: Session): void {
  let link: Link | undefined
  session.on('pdu', (pdu) => {
    if (pdu.isResponse()) return
    switch (pdu.command) {
      case 'bind_transmitter':
      case 'bind_receiver':
      case 'bind_transceiver':
        if (link) refuse(session, pdu, 'ESME_RALYBND')
        else link = bind(centre, session, pdu)
        return
      case 'enquire_link':
        session.send(pdu.response())
        return
      case 'unbind':
        session.send(pdu.response())
        session.close()
        return
      case 'submit_sm':
        if (!link?.submits) return refuse(session, pdu, 'ESME_RINVBNDSTS')
        submit(centre, link, pdu).catch((error: unknown) => {
          console.error('sandbox: a submit_sm failed:', error)
          refuse(session, pdu, 'ESME_RSYSERR')
        })
        return
      default: {
        const { sequence_number } = pdu
        const command_status = statusOf('ESME_RINVCMDID')
        session.send(new smpp.PDU('generic_nack', { sequence_number, command_status }))
      }
    }
  })
  // A broken PDU leaves the package's reader stuck, so the link cannot be saved.
  session.on('error', () => session.destroy())
  session.on('close', () => {
    if (link) centre.links.delete(link)
  })
}

function bind(centre: Centre, session: Session, pdu: Pdu): Link | undefined {
  const { registry, links, state } = centre
  const systemId = pdu.system_id ?? ''
  const operator = registry.operatorOfSystem(systemId)
  if (!operator) return refuse(session, pdu, 'ESME_RINVSYSID')
  if (operator.smpp.password !== pdu.password) return refuse(session, pdu, 'ESME_RINVPASWD')
  if (registry.smscKnobs(systemId).refuseBind) return refuse(session, pdu, 'ESME_RBINDFAIL')
  const receives = pdu.command !== 'bind_transmitter'
  const link = { session, systemId, receives, submits: pdu.command !== 'bind_receiver' }
  links.add(link)
  session.send(pdu.response({ system_id: 'SANDBOX', sc_interface_version: 0x34 }))
  const owed = [...state.receiptsDue.values()].filter((part) => receives && part.systemId === systemId)
  for (const part of owed) sendReceipt(centre, part)
  return link
}

async function submit(centre: Centre, link: Link, pdu: Pdu): Promise<void> {
  const { registry, clock, book, state } = centre
  const { session, systemId } = link
  const knobs = registry.smscKnobs(systemId)
  if (knobs.throttle > 0) {
    // The knob counts itself down, so the admin page shows how many are left.
    await registry.turnSmsc(systemId, { throttle: knobs.throttle - 1 })
    return refuse(session, pdu, 'ESME_RTHROTTLED')
  }
  const submission = readSubmission(pdu)
  if ('status' in submission) return refuse(session, pdu, submission.status)
  const part: Part = {
    messageId: randomBytes(8).toString('hex'),
    at: clock.now(),
    systemId,
    outcome: knobs.undeliverable ? 'UNDELIV' : 'DELIVRD',
    ...submission,
  }
  await book.record({ kind: 'accepted', part })
  session.send(pdu.response({ message_id: part.messageId }))
  if (!state.receiptsDue.has(part.messageId)) return
  clock.after(knobs.receiptDelaySeconds * 1_000 + radioMs, () => sendReceipt(centre, part))
}

/** A receipt stays owed until the other side has answered a deliver_sm with it; the next bind brings it again. */
function sendReceipt(centre: Centre, part: Part): void {
  const { registry, links, state, clock } = centre
  const { messageId, systemId } = part
  const knobs = registry.smscKnobs(systemId)
  if (!state.receiptsDue.has(messageId)) return
  if (knobs.dropReceipts) {
    settleReceipt(centre, messageId, true)
    return
  }
  const link = [...links].find((item) => item.systemId === systemId && item.receives)
  if (!link) return
  for (let copy = 0; copy <= knobs.duplicateReceipts; copy += 1) {
    link.session.deliver_sm(receiptFields(part, clock.now()), (response) => {
      if (response.command_status === 0) settleReceipt(centre, messageId, false)
    })
  }
}

function settleReceipt({ book, state, clock }: Centre, messageId: string, dropped: boolean): void {
  if (!state.receiptsDue.has(messageId)) return
  book
    .record({ kind: 'receipt-done', at: clock.now(), messageId, dropped })
    .catch((error: unknown) => console.error('sandbox: a receipt could not be recorded:', error))
}

function endLinks({ links }: Centre, systemId: string, how: 'unbind' | 'cut'): number {
  const ended = [...links].filter((link) => link.systemId === systemId)
  for (const { session } of ended) {
    if (how === 'cut') session.destroy()
    else session.unbind({}, () => session.close())
  }
  return ended.length
}

function statusOf(name: string): number {
  const status = smpp.errors[name]
  if (status === undefined) throw new Error(`SMPP has no status ${name}.`)
  return status
}

function refuse(session: Session, pdu: Pdu, status: string): undefined {
  session.send(pdu.response({ command_status: statusOf(status) }))
  return undefined
}
