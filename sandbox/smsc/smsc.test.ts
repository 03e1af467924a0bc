import { connect } from 'node:net'
import smpp, { type Pdu, type PduFields, type Session } from 'smpp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pause, smppLogin, startWorld, until, type World } from '../testing/world.ts'

let world: World
const open = new Set<Session>()

beforeEach(async () => {
  world = await startWorld()
})
afterEach(async () => {
  for (const session of open) session.destroy()
  open.clear()
  await world.end()
})

const phone = '8617012340001'
const { errors } = smpp

/** An ESME's link: every command as a promise, receipts collected and acknowledged. */
interface Esme {
  session: Session
  receipts: Pdu[]
  closed: () => boolean
  ask(command: 'submit_sm' | 'enquire_link' | 'unbind' | 'bind_transceiver', fields: PduFields): Promise<Pdu>
}

/** `acknowledge`: the status that receipts are answered with; -1 for no answer at all. */
async function link(acknowledge = 0): Promise<Esme> {
  const session = smpp.connect(world.sandbox.addresses.smpp)
  open.add(session)
  const receipts: Pdu[] = []
  let closed = false
  session.on('close', () => {
    closed = true
  })
  session.on('error', () => session.destroy())
  session.on('deliver_sm', (pdu) => {
    receipts.push(pdu)
    if (acknowledge >= 0) session.send(pdu.response({ command_status: acknowledge }))
  })
  session.on('unbind', (pdu) => {
    session.send(pdu.response())
    session.close()
  })
  await new Promise<void>((resolve) => session.on('connect', resolve))
  const ask: Esme['ask'] = (command, fields) => new Promise((resolve) => session[command](fields, resolve))
  return { session, receipts, closed: () => closed, ask }
}

async function bound(acknowledge = 0): Promise<Esme> {
  const esme = await link(acknowledge)
  const answer = await esme.ask('bind_transceiver', smppLogin)
  expect(answer).toMatchObject({ command_status: 0, system_id: 'SANDBOX' })
  return esme
}

const message = (fields: PduFields): PduFields => ({
  source_addr: '10655010',
  destination_addr: phone,
  registered_delivery: 1,
  ...fields,
})

interface Shown {
  from: string
  text: string
  parts: number
  messageIds: string[]
}

async function handset(msisdn = phone): Promise<Shown[]> {
  const answer = await fetch(`${world.sandbox.addresses.home}/api/handset/${msisdn}/messages`)
  return ((await answer.json()) as { messages: Shown[] }).messages
}

const textOf = (pdu: Pdu | undefined) => `${pdu?.short_message?.message}`
const smscKnobs = (change: object) => world.control('PUT', '/control/smsc/laika/knobs', change)

/** Parts of 67 characters with an 8-bit reference, as an ESME splits a long text for UCS-2. */
function split(text: string, reference: number): PduFields[] {
  const pieces = text.match(/.{1,67}/gsu) ?? []
  return pieces.map((piece, index) =>
    message({
      data_coding: 8,
      short_message: {
        udh: Buffer.from([5, 0, 3, reference, pieces.length, index + 1]),
        message: piece,
      },
    }),
  )
}

const longText = `【莱卡通信】${'您的号码170****0001已充值49.80元，号码保留至2027-02-20，余额62.30元。'.repeat(5)}`

test('binds only with the right name and password, and only once', async () => {
  const esme = await link()
  const status = async (fields: PduFields) => (await esme.ask('bind_transceiver', fields)).command_status
  expect(await status({ ...smppLogin, system_id: 'nobody' })).toBe(errors.ESME_RINVSYSID)
  expect(await status({ ...smppLogin, password: 'wrong' })).toBe(errors.ESME_RINVPASWD)
  expect((await esme.ask('submit_sm', message({ short_message: 'x' }))).command_status).toBe(
    errors.ESME_RINVBNDSTS,
  )
  expect(await status(smppLogin)).toBe(0)
  expect(await status(smppLogin)).toBe(errors.ESME_RALYBND)
  await smscKnobs({ refuseBind: true })
  const other = await link()
  expect((await other.ask('bind_transceiver', smppLogin)).command_status).toBe(errors.ESME_RBINDFAIL)
})

test('a short Chinese message reaches the handset and is receipted', async () => {
  const esme = await bound()
  const text = '【莱卡通信】验证码 482913，5 分钟内有效。'
  const accepted = await esme.ask('submit_sm', message({ data_coding: 8, short_message: text }))
  expect(accepted.command_status).toBe(0)
  expect(await handset()).toMatchObject([{ from: '10655010', text, parts: 1 }])
  await until('the receipt', () => esme.receipts.length === 1)
  const [receipt] = esme.receipts
  expect(receipt).toMatchObject({
    source_addr: phone,
    destination_addr: '10655010',
    esm_class: 4,
    receipted_message_id: accepted.message_id,
    message_state: 2,
  })
  expect(textOf(receipt)).toMatch(
    new RegExp(
      `^id:${accepted.message_id} sub:001 dlvrd:001 submit date:\\d{10} done date:\\d{10} stat:DELIVRD err:000 text:.{0,20}$`,
    ),
  )
})

test('GSM 7-bit octets are read as the default alphabet, not as ASCII', async () => {
  const esme = await bound()
  // @ £ $ _ and, escaped, { }: octets by hand, so that both ends cannot share one mistake.
  const octets = Buffer.from([0x00, 0x01, 0x02, 0x11, 0x1b, 0x28, 0x1b, 0x29, 0x41, 0x62])
  await esme.ask('submit_sm', message({ data_coding: 0, short_message: octets }))
  expect((await handset())[0]?.text).toBe('@£$_{}Ab')
})

test('a long message arrives as one, whatever the order of its parts, each part receipted', async () => {
  const esme = await bound()
  const parts = split(longText, 77)
  expect(parts.length).toBeGreaterThan(3)
  const [first, ...rest] = parts
  for (const part of rest.reverse()) await esme.ask('submit_sm', part)
  expect(await handset()).toEqual([])
  await esme.ask('submit_sm', first ?? {})
  expect(await handset()).toMatchObject([{ text: longText, parts: parts.length }])
  await until('all receipts', () => esme.receipts.length === parts.length)
  const ids = esme.receipts.map((receipt) => receipt.receipted_message_id)
  expect(new Set(ids)).toEqual(new Set((await handset())[0]?.messageIds))
})

test('two long messages under way at once are not mixed, and a reference may be used again', async () => {
  const esme = await bound()
  const [one, two] = [split(`甲${longText}`, 1), split(`乙${longText}`, 2)]
  for (const [index, part] of one.entries()) {
    await esme.ask('submit_sm', part)
    await esme.ask('submit_sm', two[index] ?? {})
  }
  for (const part of split(`丙${longText}`, 1)) await esme.ask('submit_sm', part)
  expect((await handset()).map((shown) => shown.text[0])).toEqual(['丙', '乙', '甲'])
})

test('a character outside the basic plane survives being split in the middle', async () => {
  const esme = await bound()
  const octets = Buffer.from('龑䶮𬱖', 'utf16le').swap16()
  for (const [number, piece] of [octets.subarray(0, 6), octets.subarray(6)].entries()) {
    const short_message = Buffer.concat([Buffer.from([5, 0, 3, 9, 2, number + 1]), piece])
    await esme.ask('submit_sm', message({ data_coding: 8, esm_class: 0x40, short_message }))
  }
  expect((await handset())[0]?.text).toBe('龑䶮𬱖')
})

test('message_payload, 16-bit references and sar parameters are understood', async () => {
  const esme = await bound()
  await esme.ask('submit_sm', message({ data_coding: 8, message_payload: longText }))
  expect((await handset())[0]).toMatchObject({ text: longText, parts: 1 })
  for (const [number, piece] of ['AB', 'CD'].entries()) {
    const udh = Buffer.from([6, 8, 4, 1, 2, 2, number + 1])
    await esme.ask('submit_sm', message({ short_message: { udh, message: piece } }))
  }
  expect((await handset())[0]).toMatchObject({ text: 'ABCD', parts: 2 })
  for (const [number, piece] of ['EF', 'GH'].entries()) {
    const sar = { sar_msg_ref_num: 7, sar_total_segments: 2, sar_segment_seqnum: number + 1 }
    await esme.ask('submit_sm', message({ short_message: piece, ...sar }))
  }
  expect((await handset())[0]).toMatchObject({ text: 'EFGH', parts: 2 })
})

test('what does not fit one radio message is refused', async () => {
  const esme = await bound()
  const status = async (fields: PduFields) => (await esme.ask('submit_sm', message(fields))).command_status
  const udh = Buffer.from([5, 0, 3, 1, 2, 1])
  expect(await status({ data_coding: 8, short_message: '字'.repeat(70) })).toBe(0)
  expect(await status({ data_coding: 8, short_message: '字'.repeat(71) })).toBe(errors.ESME_RINVMSGLEN)
  expect(await status({ data_coding: 8, short_message: { udh, message: '字'.repeat(68) } })).toBe(
    errors.ESME_RINVMSGLEN,
  )
  expect(await status({ data_coding: 0, short_message: 'a'.repeat(160) })).toBe(0)
  expect(await status({ data_coding: 0, short_message: 'a'.repeat(161) })).toBe(errors.ESME_RINVMSGLEN)
  expect(await status({ data_coding: 0, short_message: `${'a'.repeat(159)}€` })).toBe(errors.ESME_RINVMSGLEN)
  expect(await status({ short_message: 'x', destination_addr: '+86170' })).toBe(errors.ESME_RINVDSTADR)
  expect(await status({ short_message: 'x', source_addr: '' })).toBe(errors.ESME_RINVSRCADR)
  expect(await status({ data_coding: 4, short_message: Buffer.from('x') })).toBe(errors.ESME_RSUBMITFAIL)
})

test('no receipt unless asked for; on failure only when it failed', async () => {
  const esme = await bound()
  await esme.ask('submit_sm', message({ short_message: 'none', registered_delivery: 0 }))
  await esme.ask('submit_sm', message({ short_message: 'fine', registered_delivery: 2 }))
  await pause(100)
  expect(esme.receipts).toEqual([])
  await smscKnobs({ undeliverable: true })
  await esme.ask('submit_sm', message({ short_message: 'lost', registered_delivery: 2 }))
  await until('the receipt', () => esme.receipts.length === 1)
  expect(textOf(esme.receipts[0])).toContain('dlvrd:000')
  expect(textOf(esme.receipts[0])).toContain('stat:UNDELIV')
  expect(esme.receipts[0]?.message_state).toBe(5)
  expect((await handset()).map((shown) => shown.text)).toEqual(['fine', 'none'])
})

test('throttle: the next n are refused, then it goes on', async () => {
  const esme = await bound()
  await smscKnobs({ throttle: 2 })
  const status: (number | undefined)[] = []
  for (let time = 0; time < 3; time += 1) {
    status.push((await esme.ask('submit_sm', message({ short_message: 'x' }))).command_status)
  }
  expect(status).toEqual([errors.ESME_RTHROTTLED, errors.ESME_RTHROTTLED, 0])
  expect((await world.control('GET', '/control/smsc/laika/knobs')).body.throttle).toBe(0)
})

test('receipts dropped, duplicated and delayed', async () => {
  const esme = await bound()
  await smscKnobs({ dropReceipts: true })
  await esme.ask('submit_sm', message({ short_message: 'dropped' }))
  await pause(100)
  await smscKnobs({ reset: true, duplicateReceipts: 2 })
  await esme.ask('submit_sm', message({ short_message: 'three' }))
  await until('three receipts', () => esme.receipts.length === 3)
  expect(new Set(esme.receipts.map((receipt) => receipt.receipted_message_id)).size).toBe(1)
  await smscKnobs({ reset: true, receiptDelaySeconds: 1 })
  await esme.ask('submit_sm', message({ short_message: 'late' }))
  await pause(500)
  expect(esme.receipts).toHaveLength(3)
  await until('the late receipt', () => esme.receipts.length === 4)
})

test.each([
  ['unanswered', -1],
  ['refused', errors.ESME_RX_T_APPN],
])('a receipt %s comes again at the next bind, also over a restart', async (_how, status) => {
  const deaf = await bound(status)
  await deaf.ask('submit_sm', message({ short_message: 'x' }))
  await until('the receipt', () => deaf.receipts.length === 1)
  const { body } = await world.control('POST', '/control/smsc/laika/cut')
  expect(body).toEqual({ ended: 1 })
  await until('the cut', deaf.closed)
  await world.restart()
  const esme = await bound()
  await until('the receipt again', () => esme.receipts.length === 1)
  expect(esme.receipts[0]?.receipted_message_id).toBe(deaf.receipts[0]?.receipted_message_id)
  await pause(50)
  await world.restart()
  const later = await bound()
  await pause(100)
  expect(later.receipts).toEqual([])
  expect(await handset()).toHaveLength(1)
})

test('enquire_link is answered, unknown commands nacked, unbind from either side ends the link', async () => {
  const esme = await bound()
  expect((await esme.ask('enquire_link', {})).command_status).toBe(0)
  const nack = new Promise<Pdu>((resolve) => esme.session.on('pdu', (pdu) => resolve(pdu)))
  esme.session.send(new smpp.PDU('query_sm'))
  expect(await nack).toMatchObject({ command: 'generic_nack', command_status: errors.ESME_RINVCMDID })
  await esme.ask('unbind', {})
  await until('the end', esme.closed)
  const other = await bound()
  expect((await world.control('POST', '/control/smsc/laika/unbind')).body).toEqual({ ended: 1 })
  await until('the end', other.closed)
})

test('a broken PDU costs its own link and no other', async () => {
  const esme = await bound()
  const { host, port } = world.sandbox.addresses.smpp
  const socket = connect(port, host)
  let ended = false
  socket.on('close', () => {
    ended = true
  })
  socket.on('error', () => undefined)
  // 64 KiB announced where 16 KiB are allowed.
  socket.write(Buffer.from('00010000000000040000000000000001', 'hex'))
  await until('the end of the broken link', () => ended)
  expect((await esme.ask('submit_sm', message({ short_message: 'still here' }))).command_status).toBe(0)
})
