import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { OrderView, PaymentStarted } from '../../contract/top-up.ts'
import {
  entriesToSee,
  importStatement,
  matchEntries,
  refundsToTransfer,
  returnEntry,
} from '../../server/bank-statement/index.ts'
import { wholeHouse } from '../support/house.ts'
import { type Person, person } from '../support/person.ts'

const world = await wholeHouse()
const { house, origins, control } = world
const ACCOUNT = 'laika-main'
const laika = house.db.of('laika')
const known = (
  await control<{ accounts: { id: string; number: string; statement: string }[] }>(
    'GET',
    '/control/bank/accounts',
  )
).accounts
const account = known.find(({ id }) => id === ACCOUNT)
if (!account) throw new Error('the demo brand has an account')
await control('POST', '/control/bank/accounts', {
  ...{ id: ACCOUNT, brand: 'laika', holder: '莱卡通信', number: account.number, currency: 'CNY' },
  notifyUrl: `${origins.laika}/v1/notifications/bank/laika/${ACCOUNT}`,
})
afterAll(async () => {
  await world.proved()
  await world.stop()
})

const knobs = (set: object = {}) =>
  control('PUT', `/control/bank/accounts/${ACCOUNT}/knobs`, { reset: true, ...set })
beforeEach(() => knobs())
const transfer = (text: string, amount = '49.80', more: object = {}) =>
  control<{ references: string[] }>('POST', `/control/bank/accounts/${ACCOUNT}/transfers`, {
    ...{ text, amount, name: '张三', account: '6222020200112233445', ...more },
  })
/** The statement that has the last booking, as the operator downloads it and takes it in. */
async function statement(form = 'xml'): Promise<Awaited<ReturnType<typeof importStatement>>> {
  const path = `/control/bank/accounts/${ACCOUNT}/bookings`
  const { bookings } = await control<{ bookings: { booking: { day: string } }[] }>('GET', path)
  const address = new URL(`${bookings.at(-1)?.booking.day}.${form}`, account?.statement)
  const bytes = Buffer.from(await (await fetch(address)).arrayBuffer())
  return await importStatement(laika, house.clock, {
    ...{ merchant: ACCOUNT, bytes, name: `day.${form}`, actor: 'operator alice', owner: 'finance' },
  })
}

let nextLine = 30
interface Asked {
  readonly guest: Person
  readonly number: string
  readonly order: OrderView
  readonly reference: string
}
/** Fifty yuan for a number of its own, to be transferred. */
async function asked(): Promise<Asked> {
  const guest = person(world, 'laika')
  const number = `1540000${1000 + nextLine++}`
  await guest.proveAsPayer(number)
  const order = (await guest.placeOrder(number, { face: '5000' })).body as OrderView
  const start = { provider: 'bank', scene: 'page', locale: 'zh-CN' }
  const key = randomUUID().replaceAll('-', '')
  const { status, body } = await guest.send('POST', `/v1/top-ups/${order.id}/payments`, start, key)
  expect(status).toBe(201)
  const { transfer: told } = body as PaymentStarted
  if (!told) throw new Error('a transfer says where the money goes')
  return { guest, number, order, reference: told.reference }
}
const reasonOf = async (reference: string) =>
  (await entriesToSee(laika, true, 1_000)).find(({ entry }) => entry.reference === reference)

describe('a top-up by bank transfer', () => {
  test('is credited when the bank says so, told by SMS, and the day’s statement adds nothing', async () => {
    const { guest, number, order, reference } = await asked()
    const view = await guest.order(order.id)
    expect(view.transfer).toMatchObject({ reference, accountNumber: account.number, amount: view.price })
    await transfer(`充值 ${reference}`)
    await guest.until(order.id, ['credited'])
    await expect
      .poll(async () => (await world.sms(`86${number}`))[0]?.text, { timeout: 20_000 })
      .toContain('¥50.00')
    expect(await statement()).toMatchObject({ added: 0, paid: 0 })
    expect(await statement('csv')).toMatchObject({ added: 0, paid: 0 })
  })

  test('without any notice is credited by the statement, in GBK or in XML', async () => {
    await knobs({ dropAll: true })
    const [one, two] = [await asked(), await asked()]
    await transfer(one.reference.toLowerCase())
    expect(await statement('csv?encoding=gbk')).toMatchObject({ added: 1, paid: 1 })
    await transfer(two.reference.replaceAll(/(...)(?=.)/g, '$1 '))
    expect(await statement('xml?version=02')).toMatchObject({ added: 1, paid: 1 })
    for (const { guest, order } of [one, two]) await guest.until(order.id, ['credited'])
  })
})

describe('what the bank or the payer does wrong ends in one place', () => {
  test.each([
    ['a sign of the reference is wrong', { typo: true }, 'reference-unknown'],
    ['nothing is written', { noReference: true }, 'no-reference'],
    ['less comes', { paidAmount: '49.79' }, 'amount-less'],
    ['more comes', { paidAmount: '98.00' }, 'amount-more'],
  ])('%s: a person has it', async (_, set, reason) => {
    await knobs(set)
    const { guest, order, reference } = await asked()
    const { references } = await transfer(reference)
    await expect.poll(async () => (await reasonOf(references[0] ?? ''))?.entry.reason).toBe(reason)
    expect(await guest.order(order.id)).toMatchObject({ state: 'awaiting-payment' })
  })

  test('in two parts: matched together by a person, it is credited', async () => {
    await knobs({ splitInTwo: true })
    const { guest, order, reference } = await asked()
    const { references } = await transfer(reference)
    await expect
      .poll(async () => Promise.all(references.map(async (each) => (await reasonOf(each))?.entry.reason)))
      .toEqual([...['amount-less', 'amount-less']])
    const ids = await Promise.all(references.map(async (each) => (await reasonOf(each))?.entry.id as string))
    const outcome = await laika.tx((tx) =>
      matchEntries(tx, house.clock, {
        entries: ids,
        order: idFromWire(order.id) as string,
        actor: 'alice',
        note: null,
      }),
    )
    expect(outcome).toEqual({ outcome: 'done' })
    await guest.until(order.id, ['credited'])
  })

  test('twice: the second waits for a person, and goes back', async () => {
    await knobs({ paidTwice: true })
    const { guest, order, reference } = await asked()
    const { references } = await transfer(reference)
    await guest.until(order.id, ['credited'])
    const second = references[1] ?? ''
    await expect.poll(async () => (await reasonOf(second))?.entry.reason).toBe('order-over')
    const entry = (await reasonOf(second))?.entry.id as string
    await laika.tx((tx) =>
      returnEntry(tx, house.clock, { entry, reference: 'soon', actor: 'alice', note: null }),
    )
    expect(await reasonOf(second)).toBeUndefined()
  })

  test('taken back by the bank: the reversal is listed, whatever was credited', async () => {
    await knobs({ returned: true })
    const { guest, order, reference } = await asked()
    const { references } = await transfer(reference)
    await guest.until(order.id, ['credited'])
    await expect.poll(async () => (await reasonOf(references[1] ?? ''))?.entry.reason).toBe('reversal')
  })

  test('forged, spoilt, old, of another account: refused and counted; the next statement credits', async () => {
    const refused = { ...house.payments.refusedNotifications }
    await knobs({ forge: true, duplicate: 2 })
    const first = await asked()
    await transfer(first.reference)
    await first.guest.until(first.order.id, ['credited'])
    for (const [set, fault] of [
      [{ wrongSignature: true }, 'signature'],
      [{ noticeAgeMinutes: 10 }, 'signature'],
      [{ wrongAccount: true }, 'merchant'],
    ] as const) {
      const before = house.payments.refusedNotifications[fault]
      await knobs(set)
      const { guest, order, reference } = await asked()
      await transfer(reference)
      await expect.poll(() => house.payments.refusedNotifications[fault]).toBe(before + 1)
      expect(await guest.order(order.id)).toMatchObject({ state: 'awaiting-payment' })
      expect(await statement()).toMatchObject({ added: 1, paid: 1 })
      await guest.until(order.id, ['credited'])
    }
    expect(house.payments.refusedNotifications.signature).toBeGreaterThanOrEqual(refused.signature + 3)
  })

  test('a refund is made by a person and ended by its debit', async () => {
    const { guest, order, reference } = await asked()
    await transfer(reference)
    await guest.until(order.id, ['credited'])
    const again = await transfer(reference)
    await expect
      .poll(async () => (await reasonOf(again.references[0] ?? ''))?.entry.reason)
      .toBe('order-over')
    const entry = (await reasonOf(again.references[0] ?? ''))?.entry.id as string
    const id = idFromWire(order.id) as string
    await laika.tx((tx) =>
      matchEntries(tx, house.clock, { entries: [entry], order: id, actor: 'alice', note: null }),
    )
    await expect.poll(async () => (await refundsToTransfer(laika)).length, { timeout: 10_000 }).toBe(1)
    const [due] = await refundsToTransfer(laika)
    expect(due).toMatchObject({ toName: '张三', toAccount: '6222020200112233445', amountMinor: 4980n })
    await transfer(due?.reference ?? '', '49.80', { direction: 'debit' })
    await expect.poll(async () => (await refundsToTransfer(laika)).length, { timeout: 10_000 }).toBe(0)
    await expect
      .poll(async () => (await house.payments.read(laika, [id])).refunds[0]?.state, { timeout: 10_000 })
      .toBe('done')
  })
})
