import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { idToWire } from '../../../../contract/id.ts'
import { type Sandbox, startSandbox } from '../../../../sandbox/start.ts'
import { quietUnionPay, type UnionPayKnobs } from '../../../../sandbox/unionpay/knobs.ts'
import { rsaPair } from '../../../../test/support/alipay-stand-in.ts'
import { createClock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/id.ts'
import type { NotificationOutcome, OpenMerchant, PaymentProvider, RefundCall } from '../../port.ts'
import { openUnionPay } from './unionpay.ts'

/** The adapter against the sandbox, which knows nothing of it: every knob, and what then is true on our side. */

const MER_ID = '777290058110048'
const ours = rsaPair()
const clock = createClock()
let sandbox: Sandbox
let dataDir: string
let merchant: OpenMerchant
let unionpay: PaymentProvider
let notified: NotificationOutcome[] = []
let notifyUrl = ''
const receiver = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const outcome = await unionpay.verifyNotification({ body: Buffer.concat(chunks), headers: {} })
    notified.push(outcome)
    response.writeHead(outcome.kind === 'refused' ? 401 : unionpay.acknowledgement.status).end()
  })
})

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'unionpay-'))
  const known = { merId: MER_ID, certId: '40220995861346', brand: 'laika', name: '莱卡通信' }
  const merchants = { unionpay: [{ ...known, merchantPublicKey: ours.publicKey }] }
  sandbox = await startSandbox({ dataDir, ports: { home: 0 }, merchants })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  notifyUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/notify`
  const gateway = sandbox.addresses.unionpay
  merchant = {
    ...{ provider: 'unionpay', id: MER_ID, seller: MER_ID, currency: 'CNY', gateway, secrets: {} },
    ...{ privateKey: ours.privateKey, providerKeys: [] },
    settings: {
      certId: known.certId,
      ...sandbox.unionPayCertificates(),
      fileGateway: new URL(gateway).origin,
    },
  }
  unionpay = await openUnionPay(merchant, clock.instant)
})
afterAll(async () => {
  await sandbox.stop()
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  await rm(dataDir, { recursive: true })
})
beforeEach(async () => {
  await knobs({ reset: true })
  notified = []
})

async function control(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${sandbox.addresses.home}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.controlToken}` },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}
const knobs = (change: object) => control('PUT', `/control/unionpay/merchants/${MER_ID}/knobs`, change)

async function until<T>(look: () => Promise<T> | T, good: (seen: T) => boolean): Promise<T> {
  for (;;) {
    const seen = await look()
    if (good(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

interface Payment {
  readonly number: string
  readonly reference: string | null
}

/** The payer's browser posts the form and stands at the cashier. */
async function begin(lastsMs = 1_800_000): Promise<Payment> {
  const number = idToWire(newId(clock.instant()))
  const outcome = await unionpay.create(
    {
      ...{ number, scene: 'page', amountMinor: 4980n, currency: 'CNY', payer: null },
      expiresAtMs: clock.instant() + lastsMs,
    },
    { subject: '季度套餐', notifyUrl, returnUrl: 'http://127.0.0.1:9/orders/1', locale: 'zh-CN' },
  )
  if (outcome.kind !== 'started' || !('form' in outcome)) throw new Error('no form')
  const { action, fields } = outcome.form
  const answer = await fetch(action, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  expect(answer.status).toBe(302)
  return { number, reference: outcome.reference ?? null }
}

const press = (number: string, card = 'debit') =>
  control('POST', `/control/unionpay/${MER_ID}/orders/${number}/pay`, { card })

async function paid(): Promise<Payment> {
  const payment = await begin()
  await press(payment.number)
  return payment
}

async function transactionOf(payment: Payment): Promise<string> {
  const found = await unionpay.query(payment)
  if (found.kind !== 'paid') throw new Error(`it is ${found.kind}`)
  return found.transaction
}

async function refundOf(payment: Payment, amountMinor = 980n): Promise<RefundCall> {
  return {
    ...{ number: idToWire(newId(clock.instant())), paid: payment, transaction: await transactionOf(payment) },
    ...{ amountMinor, paidMinor: 4980n, sentAtMs: clock.instant(), currency: 'CNY', reason: 'requested' },
    notifyUrl: 'http://laika.test/refunds',
  }
}

/** What the notices came to, in order of arrival, once there are so many. */
async function told(count: number): Promise<string[]> {
  const seen = await until(
    () => notified,
    ({ length }) => length >= count,
  )
  return seen.map((one) => (one.kind === 'final' ? one.said : one.kind === 'refused' ? one.fault : one.kind))
}

const refundSettled = async (call: RefundCall) =>
  await until(
    () => unionpay.queryRefund(call),
    ({ kind }) => kind !== 'pending',
  )

async function pendingThenPaid(knob: object): Promise<void> {
  await knobs(knob)
  const payment = await paid()
  const answers = [await unionpay.query(payment), await unionpay.query(payment)]
  expect(answers.map(({ kind }) => kind)).toEqual(['pending', 'paid'])
}

/** Each knob with what it comes to. */
const cells: Record<keyof UnionPayKnobs | 'quiet', () => Promise<void>> = {
  async quiet() {
    const payment = await begin()
    expect(await unionpay.query(payment)).toEqual({ kind: 'not-found' })
    await press(payment.number, 'poor')
    expect(await unionpay.query(payment)).toEqual({ kind: 'pending' })
    expect(await unionpay.close(payment)).toMatchObject({ kind: 'unknown' })
    await press(payment.number, 'quickpass')
    expect(await told(1)).toEqual(['paid'])
    const found = await unionpay.query(payment)
    expect(found).toMatchObject({ kind: 'paid', amountMinor: 4980n, currency: 'CNY' })
    expect(notified[0]).toMatchObject({ number: payment.number, money: { amountMinor: 4980n } })
    expect(await unionpay.close(payment)).toEqual({ kind: 'over' })
    const call = await refundOf(payment)
    expect(await unionpay.queryRefund(call)).toEqual({ kind: 'not-found' })
    expect(await unionpay.refund(call)).toEqual({ kind: 'pending' })
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
    // Sent again under its number it moves nothing, and says what became of it.
    expect(await unionpay.refund(call)).toMatchObject({ kind: 'done' })
    const rest = await refundOf(payment, 4001n)
    expect(await unionpay.refund(rest)).toMatchObject({ kind: 'no' })
  },
  async duplicate() {
    await knobs({ duplicate: 3 })
    await paid()
    expect(await told(4)).toEqual(['paid', 'paid', 'paid', 'paid'])
    expect(new Set(notified.map((one) => one.kind === 'final' && one.id)).size).toBe(1)
  },
  async reorder() {
    await knobs({ reorder: true })
    const [first, second] = [await paid(), await paid()]
    expect(await told(2)).toEqual(['paid', 'paid'])
    expect(notified.map((one) => one.kind === 'final' && one.number)).toEqual([second.number, first.number])
  },
  async delaySeconds() {
    await knobs({ delaySeconds: 1 })
    const payment = await paid()
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
    expect(await told(1)).toEqual(['paid'])
  },
  async dropAll() {
    await knobs({ dropAll: true })
    expect(await unionpay.query(await paid())).toMatchObject({ kind: 'paid' })
    expect(notified).toEqual([])
  },
  async wrongSignature() {
    // Everywhere else what is refused is not sent again before the tests are over.
    await control('PUT', '/control/clock', { retryScale: 0.01 })
    await knobs({ wrongSignature: true })
    await paid()
    expect(await told(1)).toEqual(['signature'])
    await knobs({ reset: true })
    expect(await told(2)).toEqual(['signature', 'paid'])
    await control('PUT', '/control/clock', { retryScale: 1 })
  },
  async forge() {
    await knobs({ forge: true })
    const payment = await begin()
    expect(await told(1)).toEqual(['signature'])
    expect(await unionpay.query(payment)).toEqual({ kind: 'not-found' })
  },
  async merchantSigns() {
    await knobs({ merchantSigns: true })
    await paid()
    expect(await told(1)).toEqual(['signature'])
    expect(notified[0]).toMatchObject({ reason: 'signPubKeyCert is not of UnionPay' })
  },
  async notificationAmount() {
    await knobs({ notificationAmount: '1' })
    const payment = await paid()
    await told(1)
    expect(notified[0]).toMatchObject({ said: 'paid', money: { amountMinor: 1n } })
    expect(await unionpay.query(payment)).toMatchObject({ amountMinor: 4980n })
  },
  async paidAmount() {
    await knobs({ paidAmount: '1' })
    const payment = await paid()
    await told(1)
    expect(notified[0]).toMatchObject({ said: 'paid', money: { amountMinor: 1n } })
    expect(await unionpay.query(payment)).toMatchObject({ amountMinor: 1n })
    const call = await refundOf(payment, 1n)
    await unionpay.refund(call)
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
  },
  async wrongMerchant() {
    await knobs({ wrongMerchant: true })
    await paid()
    expect(await told(1)).toEqual(['merchant'])
  },
  async unknownOrder() {
    await knobs({ unknownOrder: true })
    const payment = await paid()
    expect(await told(2)).toEqual(['paid', 'paid'])
    const numbers = notified.map((one) => one.kind === 'final' && one.number)
    expect(numbers.filter((number) => number === payment.number)).toHaveLength(1)
  },
  async paidAfterClose() {
    const payment = await begin(1_100)
    await press(payment.number, 'poor')
    const closed = await until(
      () => unionpay.close(payment),
      ({ kind }) => kind === 'closed',
    )
    expect(closed).toMatchObject({ fields: { origRespCode: '64' } })
    expect(await press(payment.number)).toMatchObject({ respCode: '39' })
    await knobs({ paidAfterClose: true })
    await press(payment.number)
    expect(await told(1)).toEqual(['paid'])
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
  },
  async paidTwice() {
    await knobs({ paidTwice: true })
    const payment = await paid()
    expect(await told(2)).toEqual(['paid', 'paid'])
    const transactions = notified.map((one) => (one.kind === 'final' && one.money?.transaction) || '')
    expect(new Set(transactions).size).toBe(2)
    const second = transactions.find((one) => one !== transactions[0]) ?? ''
    const call = { ...(await refundOf(payment, 4980n)), transaction: second }
    await unionpay.refund(call)
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
  },
  async fault() {
    const call = await refundOf(await paid())
    await knobs({ fault: 'http-500' })
    expect(await unionpay.refund(call)).toMatchObject({ kind: 'unknown' })
    expect(await unionpay.query(call.paid)).toMatchObject({ kind: 'unknown' })
    await knobs({ fault: '' })
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
  },
  async faultMethod() {
    const call = await refundOf(await paid())
    await knobs({ fault: 'time-out', faultMethod: '04' })
    expect(await unionpay.refund(call)).toMatchObject({ kind: 'unknown' })
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
  },
  async answerCode() {
    for (const answerCode of ['03', '04', '05']) {
      await knobs({ answerCode })
      const call = await refundOf(await paid())
      expect(await unionpay.refund(call)).toMatchObject({ kind: 'unknown' })
      expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
    }
  },
  async notFoundFirst() {
    await knobs({ notFoundFirst: 2 })
    const payment = await paid()
    const kinds = [
      await unionpay.query(payment),
      await unionpay.query(payment),
      await unionpay.query(payment),
    ]
    expect(kinds.map(({ kind }) => kind)).toEqual(['not-found', 'not-found', 'paid'])
  },
  failedFirst: () => pendingThenPaid({ failedFirst: 1 }),
  unsettledFirst: () => pendingThenPaid({ unsettledFirst: 1 }),
  async queryLimit() {
    await knobs({ queryLimit: 1 })
    const payment = await paid()
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
    expect(await unionpay.query(payment)).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('37'),
    })
  },
  async refundSeconds() {
    await knobs({ refundSeconds: 1 })
    const call = await refundOf(await paid())
    expect(await unionpay.refund(call)).toEqual({ kind: 'pending' })
    expect(await unionpay.queryRefund(call)).toEqual({ kind: 'pending' })
    expect(await refundSettled(call)).toMatchObject({ kind: 'done' })
  },
  async refundFails() {
    await knobs({ refundFails: true })
    const call = await refundOf(await paid())
    await unionpay.refund(call)
    expect(await unionpay.queryRefund(call)).toEqual({ kind: 'pending' })
    const later = await openUnionPay(merchant, () => clock.instant() + 2 * 3_600_000)
    const settled = await until(
      () => later.queryRefund(call),
      ({ kind }) => kind !== 'pending',
    )
    expect(settled).toMatchObject({ kind: 'no', reason: expect.stringContaining('01') })
  },
  async slowReceiverSeconds() {
    const payment = await paid()
    await knobs({ slowReceiverSeconds: 1 })
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
  },
  async clockSkewSeconds() {
    await knobs({ clockSkewSeconds: 600 })
    const payment = await paid()
    expect(await told(1)).toEqual(['paid'])
    expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
  },
  async billsAtOnce() {
    expect(await unionpay.fetchBill?.(today())).toEqual({ kind: 'not-ready' })
    await knobs({ billsAtOnce: true })
    const payment = await paid()
    expect(await rows()).toContainEqual(expect.stringContaining(payment.number))
  },
  async billFault() {
    await knobs({ billsAtOnce: true })
    const whole = await rows()
    await knobs({ billFault: 'row-missing' })
    expect(await rows()).toEqual(whole.slice(1))
    await knobs({ billFault: 'row-extra' })
    expect(await rows()).toHaveLength(whole.length + 1)
    await knobs({ billFault: 'fen-off' })
    expect((await rows()).filter((row) => !whole.includes(row))).toHaveLength(1)
    await knobs({ billFault: 'wrong-hash' })
    expect(await unionpay.fetchBill?.(today())).toMatchObject({ kind: 'unknown' })
  },
}

/** UnionPay's day, which ends at 23:00 of Beijing. */
const today = () => new Date(clock.instant() + 9 * 3_600_000).toISOString().slice(0, 10)

/** The lines of the first file in the archive, read by its first header alone. */
async function rows(): Promise<string[]> {
  const bill = await unionpay.fetchBill?.(today())
  if (bill?.kind !== 'bill') throw new Error('no bill')
  const { bytes } = bill
  const from = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
  const packed = bytes.subarray(from, from + bytes.readUInt32LE(18))
  return inflateRawSync(packed).toString().split('\r\n').slice(0, -1)
}

test('every knob has its cell', () => {
  expect(Object.keys(cells).sort()).toEqual(['quiet', ...Object.keys(quietUnionPay)].sort())
})

test.each(Object.entries(cells))('%s', async (_, prove) => await prove())

test('after UnionPay has changed its certificate, notices and answers are believed without a change of ours', async () => {
  await control('POST', `/control/unionpay/merchants/${MER_ID}/rotate-key`, {})
  const payment = await paid()
  expect(await told(1)).toEqual(['paid'])
  expect(await unionpay.query(payment)).toMatchObject({ kind: 'paid' })
})
