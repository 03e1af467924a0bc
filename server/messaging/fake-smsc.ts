import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import smpp, { type Pdu, type Session } from 'smpp'
import { type SmsChannel, smsChannelDefaults } from './channels.ts'

/** One submit_sm as the stand-in read it. */
export interface Submission {
  readonly smscId: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly dataCoding: number
  readonly validity: Date | string | undefined
  /** Place in a longer message. */
  readonly concat: { readonly reference: number; readonly total: number; readonly number: number } | null
}

/**
 * What to do with a submit_sm: take it; take it and say so 20 ms later; take it and never say so; take it and cut the link before saying so; send the
 * receipt before the answer; or refuse it with a status such as `ESME_RTHROTTLED`.
 */
export type Behaviour = 'accept' | 'slow' | 'silent' | 'cut' | 'receipt-first' | `ESME_${string}`

/** A message centre on the loopback for this room's tests, with the package's server side as its wire. */
export interface FakeSmsc {
  readonly channel: SmsChannel
  /** What was taken; refused ones are only counted. */
  readonly submissions: Submission[]
  seen: number
  /** Submissions waiting for their answer, and the most there ever were. */
  unanswered: { now: number; most: number }
  binds: number
  /** Decides each submission by its place in the order of arrival, from 0. */
  behaviour: (index: number, submission: Submission) => Behaviour
  /** Bind status; 0 accepts. */
  bindStatus: number
  answersEnquiries: boolean
  enquiries: number
  /** Sends a delivery receipt over some link and answers the status it was acknowledged with. */
  receipt(smscId: string, state?: string): Promise<number>
  /** Sends any deliver_sm. */
  deliver(fields: Parameters<Session['deliver_sm']>[0]): Promise<number>
  /** Drops all links. */
  cut(): void
  unbindAll(): void
  stop(): Promise<void>
}

export async function startFakeSmsc(port = 0): Promise<FakeSmsc> {
  const bound = new Set<Session>()
  const server = smpp.createServer((session) => converse(session, fake, bound))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const fake: FakeSmsc = {
    channel: {
      ...smsChannelDefaults,
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      systemId: 'laika',
      password: 'secret',
      responseTimeoutMs: 300,
    },
    submissions: [],
    seen: 0,
    unanswered: { now: 0, most: 0 },
    binds: 0,
    behaviour: () => 'accept',
    bindStatus: 0,
    answersEnquiries: true,
    enquiries: 0,
    receipt: (smscId, state = 'DELIVRD') => {
      const text = `id:${smscId} sub:001 dlvrd:001 submit date:2611221400 done date:2611221401 stat:${state} err:000 text:`
      return fake.deliver({ esm_class: 0x04, short_message: Buffer.from(text, 'latin1') })
    },
    async deliver(fields) {
      const [session] = bound
      if (!session) throw new Error('nobody is bound')
      return await new Promise((resolve) => {
        session.deliver_sm(fields, (response) => resolve(response.command_status))
      })
    },
    cut() {
      for (const session of bound) session.destroy()
    },
    unbindAll() {
      for (const session of bound) session.unbind({}, () => session.close())
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const session of server.sessions) session.destroy()
      await closed
    },
  }
  return fake
}

function converse(session: Session, fake: FakeSmsc, bound: Set<Session>): void {
  session.on('error', () => session.destroy())
  session.on('close', () => bound.delete(session))
  session.on('unbind', (pdu) => {
    session.send(pdu.response())
    session.close()
  })
  session.on('enquire_link', (pdu) => {
    fake.enquiries++
    if (fake.answersEnquiries) session.send(pdu.response())
  })
  session.on('bind_transceiver', (pdu) => {
    fake.binds++
    const refused =
      fake.bindStatus || (pdu.password === 'secret' ? 0 : (smpp.errors.ESME_RINVPASWD as number))
    session.send(pdu.response(refused === 0 ? { system_id: 'FAKE' } : { command_status: refused }))
    if (refused === 0) bound.add(session)
  })
  session.on('submit_sm', (pdu) => void submit(session, pdu, fake))
}

async function submit(session: Session, pdu: Pdu, fake: FakeSmsc): Promise<void> {
  const index = fake.seen++
  const submission = read(pdu, `id-${index + 1}`)
  const behaviour = fake.behaviour(index, submission)
  if (behaviour.startsWith('ESME_')) {
    session.send(pdu.response({ command_status: smpp.errors[behaviour] as number }))
    return
  }
  fake.submissions.push(submission)
  if (behaviour === 'silent') return
  if (behaviour === 'cut') return session.destroy()
  fake.unanswered.now++
  fake.unanswered.most = Math.max(fake.unanswered.most, fake.unanswered.now)
  if (behaviour === 'slow') await sleep(20)
  if (behaviour === 'receipt-first') await fake.receipt(submission.smscId)
  fake.unanswered.now--
  session.send(pdu.response({ message_id: submission.smscId }))
}

function read(pdu: Pdu, smscId: string): Submission {
  const { short_message: content } = pdu
  const element = content?.udh?.find((item) => item[0] === 0 && item[1] === 3)
  return {
    smscId,
    from: pdu.source_addr ?? '',
    to: pdu.destination_addr ?? '',
    text: String(content?.message),
    dataCoding: pdu.data_coding ?? -1,
    validity: pdu.validity_period,
    concat: element
      ? { reference: element[2] as number, total: element[3] as number, number: element[4] as number }
      : null,
  }
}

/** What handsets show: whole messages put together from their parts, copies of a part once. */
export function handsets(submissions: readonly Submission[]): { to: string; text: string }[] {
  const whole: { to: string; text: string }[] = []
  const open = new Map<string, Map<number, string>>()
  for (const { to, text, concat } of submissions) {
    if (!concat) {
      whole.push({ to, text })
      continue
    }
    const key = `${to} ${concat.reference} ${concat.total}`
    const parts = open.get(key) ?? new Map<number, string>()
    open.set(key, parts.set(concat.number, text))
    if (parts.size < concat.total) continue
    open.delete(key)
    const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    whole.push({ to, text: inOrder.join('') })
  }
  return whole
}
