import { verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { closingMinor, signedMinor } from '../statement/booking.ts'
import { startBank } from './index.ts'
import { accountDay, dayOf, misprinted, nextDay } from './statements.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'bank-'))
const clock = createClock()
const start = () => startBank({ clock, dataDir, retryScale: () => 1, port: 0 })
let bank = await start()
afterAll(async () => {
  clock.stop()
  await bank.stop()
  rmSync(dataDir, { recursive: true, force: true })
})
const account = {
  id: 'main',
  brand: 'laika',
  holder: 'Laika',
  number: '0200049609200123456',
  currency: 'CNY',
}
await bank.register(account)
const transfer = {
  direction: 'credit',
  amountMinor: 4980n,
  text: 'K7P',
  name: 'Jo',
  account: '1020',
} as const
const today = dayOf(account, clock.now())

test('a booking that stands on two statements leaves both right', async () => {
  await bank.turn('main', { repeatNextDay: true })
  const [reference] = await bank.transfers.make(account, transfer)
  await bank.turn('main', { reset: true, bookedLater: true })
  await bank.transfers.make(account, { ...transfer, direction: 'debit', amountMinor: 80n })
  const first = accountDay(bank.state, account, today)
  const second = accountDay(bank.state, account, nextDay(today))
  expect([first.openingMinor, closingMinor(first)]).toEqual([100_000n, 104_980n])
  expect(second.bookings.map((each) => signedMinor(each))).toEqual([4980n, -80n])
  expect(second.bookings[0]?.reference).toBe(reference)
  expect([second.openingMinor, closingMinor(second)]).toEqual([100_000n, 104_900n])
})

test('what was booked is there after a restart, and the key is the same', async () => {
  const { key, state } = bank
  await bank.stop()
  bank = await start()
  expect(bank.state.booked).toEqual(state.booked)
  expect(bank.key.publicKey).toBe(key.publicKey)
  const answer = await fetch(`${bank.address}/accounts/main/statements/${today}.csv?encoding=gbk`)
  expect(new TextDecoder('gbk').decode(await answer.arrayBuffer())).toContain('合计,1,49.80,0.00')
  expect((await fetch(`${bank.address}/accounts/main/statements/${today}.csv?encoding=x`)).status).toBe(400)
})

test('the knobs of the payer', async () => {
  const made = async (set: object) => {
    await bank.turn('main', { reset: true, ...set })
    const references = await bank.transfers.make(account, transfer)
    const booked = bank.state.booked.filter(({ booking }) => references.includes(booking.reference))
    return booked.map(
      ({ booking: { direction, amountMinor, text, reversal } }) =>
        `${direction} ${amountMinor} ${text.split(' ')[0]}${reversal ? ' back' : ''}`,
    )
  }
  expect(await made({ typo: true })).toEqual(['credit 4980 K72'])
  expect(await made({ noReference: true })).toEqual(['credit 4980 '])
  expect(await made({ paidAmount: '49.79' })).toEqual(['credit 4979 K7P'])
  expect(await made({ splitInTwo: true })).toEqual(['credit 2490 K7P', 'credit 2490 K7P'])
  expect(await made({ paidTwice: true })).toEqual(['credit 4980 K7P', 'credit 4980 K7P'])
  expect(await made({ unknownOrder: true })).toEqual(['credit 4980 K7P', 'credit 1000 INV2024X7'])
  expect(await made({ returned: true })).toEqual(['credit 4980 K7P', 'debit 4980 REVERSAL back'])
  const out = await bank.turn('main', { reset: true, sentBack: true })
  expect(out.sentBack).toBe(true)
  await bank.transfers.make(account, { ...transfer, direction: 'debit', text: 'R9' })
  expect(bank.state.booked.slice(-2).map(({ booking }) => [booking.direction, booking.text])).toEqual([
    ['debit', 'R9'],
    ['credit', expect.stringMatching(/^RETURN MAIN\d+ R9$/)],
  ])
})

test('a statement that is wrong keeps its balances, so that it shows', async () => {
  await bank.turn('main', { reset: true })
  await bank.transfers.make(account, transfer)
  const right = accountDay(bank.state, account, today)
  for (const [fault, offMinor] of [
    ['row-missing', -4980n],
    ['row-extra', 4980n],
    ['fen-off', 1n],
  ] as const) {
    const wrong = misprinted(right, fault)
    const printed = wrong.bookings.reduce((sum, each) => sum + signedMinor(each), wrong.openingMinor)
    expect([printed - closingMinor(wrong), closingMinor(wrong)]).toEqual([offMinor, closingMinor(right)])
  }
  expect(misprinted(right, '')).toBe(right)
})

test('notices go by the knobs, and by a new key once there is one', async () => {
  const told: { body: string; genuine: boolean }[] = []
  const before = bank.key.publicKey
  const receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const key = { key: Buffer.from(bank.key.publicKey, 'base64'), format: 'der', type: 'spki' } as const
    const { 'bank-timestamp': time, 'bank-signature': signature } = request.headers
    const signed = Buffer.from(`${time}\n${body}`)
    told.push({ body, genuine: verify('sha256', signed, key, Buffer.from(`${signature}`, 'base64')) })
    response.end('ok')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const notifyUrl = `http://127.0.0.1:${port}/`
  await bank.register({ ...account, id: 'told', notifyUrl })
  const make = (amountMinor: bigint) =>
    bank.transfers.make({ ...account, id: 'told', notifyUrl }, { ...transfer, amountMinor })
  await bank.turn('told', { reorder: true })
  await make(100n)
  await make(200n)
  await expect.poll(() => told.length).toBe(2)
  expect(told.map(({ body }) => /<Amt Ccy="CNY">([\d.]+)/.exec(body)?.[1])).toEqual(['2.00', '1.00'])
  await bank.key.rotate()
  expect(bank.key.publicKey).not.toBe(before)
  await bank.turn('told', { reset: true, noticeAmount: '0.07', otherCurrency: true })
  await make(300n)
  await expect.poll(() => told.length).toBe(3)
  expect(told[2]?.body).toContain('<Amt Ccy="USD">0.07</Amt>')
  expect(told.every(({ genuine }) => genuine)).toBe(true)
  await new Promise((resolve) => receiver.close(resolve))
})
