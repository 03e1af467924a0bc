import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { idFromWire } from '../../../../contract/id.ts'
import { merchant } from '../../../../sandbox/wechat/testing/world.ts'
import { billBytes } from '../../../reconciliation/bill-source.ts'
import { readWechatBill } from '../../../reconciliation/read-wechat.ts'
import { wireTime } from './wire-time.ts'
import { type AdapterWorld, adapterWorld, clock } from './world-fixture.ts'

let world: AdapterWorld
beforeAll(async () => {
  world = await adapterWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true, billsAtOnce: true }))

const dayOf = (instantMs: number) => wireTime(instantMs).slice(0, 10)
const today = () => dayOf(clock.instant())
const fetched = async () => {
  const bill = await world.adapter.fetchBill?.(today())
  if (bill?.kind !== 'bill') throw new Error(`no bill: ${JSON.stringify(bill)}`)
  return bill.bytes
}
const rowsOf = async (bytes: Buffer) => {
  const expected = { day: today(), merchant: merchant.mchId, seller: merchant.mchId, currency: 'CNY' }
  const rows = []
  for await (const some of readWechatBill(billBytes('the bill', bytes), expected)) rows.push(...some)
  return rows
}

test('a day without a payment has no bytes; a day that is not over, or long gone, no bill', async () => {
  expect(await world.adapter.fetchBill?.(today())).toEqual({ kind: 'bill', bytes: Buffer.alloc(0) })
  await world.knobs({ reset: true })
  expect(await world.adapter.fetchBill?.(today())).toEqual({
    kind: 'unknown',
    reason: 'HTTP 400 PARAM_ERROR',
  })
  expect(await world.adapter.fetchBill?.('2020-01-01')).toMatchObject({ kind: 'unknown' })
})

test('before ten in the morning it is not ready', async () => {
  // The sandbox's clock is moved to where the day that was today has ended and ten o'clock has not come.
  const midnightMs = Date.parse(`${dayOf(clock.instant() + 86_400_000)}T00:00:00+08:00`)
  const skewSeconds = Math.ceil((midnightMs + 3_600_000 - clock.instant()) / 1_000)
  const asked = today()
  const { openWechat } = await import('./wechat.ts')
  const { openMerchant } = await import('./world-fixture.ts')
  const later = await openWechat(openMerchant(world), () => clock.instant() + skewSeconds * 1_000)
  await world.knobs({ reset: true, clockSkewSeconds: skewSeconds })
  expect(await later.fetchBill?.(asked)).toEqual({ kind: 'not-ready' })
})

test('reconciliation reads it: each payment, refund and reversal in fen, by our number, with its fee', async () => {
  const charge = world.charge()
  await world.adapter.create(charge, world.shown(charge))
  await world.order(charge.number, 'pay')
  const paid = await world.adapter.query({ number: charge.number, reference: null })
  if (paid.kind !== 'paid') throw new Error('not paid')
  const refund = {
    ...{ number: '01JD9Z3K6N8Q4W2V7X5ZT00001', paid: { number: charge.number, reference: null } },
    ...{
      transaction: paid.transaction,
      amountMinor: 1000n,
      paidMinor: 4980n,
      sentAtMs: clock.instant(),
      currency: 'CNY',
      reason: 'asked',
      notifyUrl: world.receiver.url,
    },
  }
  await world.adapter.refund(refund)
  const counter = world.charge({ scene: 'payer-code', payer: { payerCode: await world.payerCode() } })
  expect(await world.adapter.create(counter, world.shown(counter))).toEqual({ kind: 'taken' })
  await world.adapter.reverse?.({ number: counter.number, reference: null })
  const rows = await rowsOf(await fetched())
  expect(rows).toMatchObject([
    {
      kind: 'payment',
      key: paid.transaction,
      number: idFromWire(charge.number),
      amountMinor: 4980n,
      feeMinor: 30n,
      currency: 'CNY',
    },
    { kind: 'refund', number: idFromWire(refund.number), amountMinor: 1000n, feeMinor: -6n },
    { kind: 'payment', number: idFromWire(counter.number), amountMinor: 4980n },
    { kind: 'revocation', number: idFromWire(counter.number), amountMinor: 4980n },
  ])
})

test.each([
  ['row-missing', 3, 4980n],
  ['row-extra', 5, 4980n],
  ['fen-off', 4, 4981n],
])('a bill with the knob %s is whole, and only a match can tell', async (billFault, count, highest) => {
  await world.knobs({ billFault })
  const rows = await rowsOf(await fetched())
  expect(rows).toHaveLength(count)
  expect(
    rows
      .map(({ amountMinor }) => amountMinor)
      .sort()
      .at(-1),
  ).toBe(highest)
})

test('a file that is not what its hash says is no bill', async () => {
  await world.knobs({ billFault: 'wrong-hash' })
  expect(await world.adapter.fetchBill?.(today())).toEqual({
    kind: 'unknown',
    reason: 'the bill is not what its hash says',
  })
})
