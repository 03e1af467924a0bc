import { afterAll, expect, test } from 'vitest'
import { dayAt, formatDay } from '../../server/policy/index.ts'
import { billsOf, fetchDay, matchBill, readBreaks } from '../../server/reconciliation/index.ts'
import { type BrandKey, wholeHouse } from '../support/house.ts'
import { inWallet, knobs, person } from '../support/person.ts'

const world = await wholeHouse()
afterAll(() => world.stop())

async function pay(brand: BrandKey, number: string, face: string, states: readonly string[]): Promise<void> {
  const guest = person(world, brand)
  await guest.proveAsPayer(number)
  const { order, outTradeNo } = await guest.orderToPay(number, { face })
  await inWallet(world, brand, outTradeNo, 'pay')
  await guest.until(order.id, states)
}

/** Fetches the day's bill from the sandbox as `baohao reconciliation run` does, and matches it. */
async function reconcile(brand: BrandKey, day: string) {
  const { db, clock, payments } = world.house
  const { log } = world.database
  // Others make theirs tomorrow.
  const { appId } = world.partners[brand]
  const missing = await fetchDay({ db, clock, log, payments }, brand, day)
  expect(missing.filter(({ merchant }) => merchant.id === appId)).toEqual([])
  const bill = (await billsOf(db.of(brand), day)).find(({ merchant }) => merchant === appId)
  return await matchBill(db.of(brand), clock, bill?.id ?? '', { actor: 'operator test' })
}

/** Alipay's day, whatever the brand's zone is. */
const today = () => formatDay(dayAt(world.house.clock.instant(), 'Asia/Shanghai'))

test('a day at Alipay, with a payment made twice that paid itself back, agrees with its bill', async () => {
  const day = today()
  await knobs(world, 'laika', { billsAtOnce: true })
  await pay('laika', '15400001700', '5000', ['credited'])
  await knobs(world, 'laika', { billsAtOnce: true, paidTwice: true })
  await pay('laika', '15400001701', '5000', ['credited'])
  const refunds = async () =>
    await world.house.db
      .of('laika')
      .query(`select 1 from {{brand}}.refund where reason = 'paid-twice' and state = 'done'`)
  await expect.poll(refunds, { timeout: 30_000 }).toHaveLength(1)
  const matched = await reconcile('laika', day)
  expect(matched).toMatchObject({ rows: 4, open: [] })
  // Three payments less the one that went back, less Alipay's 0.6 % of all three.
  const paid = (matched.clearingMinor + (matched.feeMinor ?? 0n)) / 2n
  expect(matched.feeMinor).toBe(3n * ((paid * 6n + 500n) / 1000n))
  await world.proved()
})

test('a bill that is a penny off leaves one break that says so', async () => {
  const day = today()
  await knobs(world, 'harbour', { billsAtOnce: true, billFault: 'fen-off' })
  await pay('harbour', '07700 900000', '1000', ['credited'])
  const { open } = await reconcile('harbour', day)
  expect(open).toEqual([{ class: 'amount', count: 1, differenceMinor: 1n }])
  const [found] = await readBreaks(world.house.db.of('harbour'), false, 10)
  expect(found).toMatchObject({ kind: 'payment', oursMinor: 1000n, ledgerMinor: 1000n, billedMinor: 1001n })
  await world.proved()
})
