import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { closingMinor, signedMinor } from '../statement/booking.ts'
import { startBank } from './index.ts'
import { accountDay, dayOf, nextDay } from './statements.ts'

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
  expect(await made({ returned: true })).toEqual(['credit 4980 K7P', 'debit 4980 REVERSAL back'])
})
