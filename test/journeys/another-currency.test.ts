import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { OrderView, PaymentStarted } from '../../contract/top-up.ts'
import { paymentShowCommand } from '../../server/commands/payment.ts'
import { yuanContract } from '../../server/demo/rails.ts'
import { RATES_FILE } from '../../server/demo/sandbox.ts'
import { openMerchantAccounts } from '../../server/ledger/index.ts'
import { readConfig } from '../../server/platform/config.ts'
import { dayAt, formatDay } from '../../server/policy/index.ts'
import { importRates, readRates } from '../../server/quote/index.ts'
import { billsOf, fetchDay, matchBill } from '../../server/reconciliation/index.ts'
import { askRefund } from '../../server/topup/index.ts'
import { wholeHouse } from '../support/house.ts'
import { person } from '../support/person.ts'
import { spend } from '../support/spending.ts'

const world = await wholeHouse()
const { house, sandboxDirectory } = world
const { db, clock, payments } = house
const harbour = house.brands.get('harbour')
const { appId } = yuanContract(world.partners.harbour)
afterAll(() => world.stop())

/** Alipay's day, whatever the brand's zone is. */
const today = () => formatDay(dayAt(clock.instant(), 'Asia/Shanghai'))

const rates = readRates(readFileSync(join(sandboxDirectory, RATES_FILE)), null)
await importRates(db.of('harbour'), clock, rates, 'operator test')

test('an order in pounds is paid in yuan, refunded in part, reconciled in yuan, and the books are whole', async () => {
  await world.control('PUT', `/control/merchants/${appId}/knobs`, { reset: true, billsAtOnce: true })
  const day = today()
  const guest = person(world, 'harbour')
  await guest.proveAsPayer('07700 900000')
  const { ways } = (await guest.get('/v1/payment-ways')).body
  expect(ways).toContainEqual({ provider: 'alipay', currency: 'CNY', off: null })
  const { id } = (await guest.placeOrder('07700 900000', { face: '1000' })).body as OrderView
  const asked = await guest.send('POST', `/v1/top-ups/${id}/quotes`, { currency: 'CNY' })
  // 8.1935 / 0.8742 yuan to the pound, and 1.5 % on it, up to the fen.
  expect(asked.body).toMatchObject({
    ...{ amount: { amountMinor: '9514', currency: 'CNY' }, rate: '9.3726', marginBp: 150 },
    rateSource: 'Sandbox Central Bank',
  })
  const start = { provider: 'alipay', scene: 'wap', locale: 'en', quote: asked.body.id }
  const started = await guest.send('POST', `/v1/top-ups/${id}/payments`, start, 'a-key-of-its-own-0001')
  expect(started).toMatchObject({ status: 201, body: { expiresAt: asked.body.expiresAt } })
  const { attemptId, redirectUrl } = started.body as PaymentStarted
  await fetch(redirectUrl as string, { redirect: 'manual' })
  await world.control('POST', `/control/alipay/${appId}/trades/${attemptId}/pay`, {})
  expect(await guest.until(id, ['credited'])).toMatchObject({
    ...{ captured: { amountMinor: '1000', currency: 'GBP' } },
    paidIn: { captured: { amountMinor: '9514', currency: 'CNY' }, quote: { id: asked.body.id } },
  })

  await askRefund({ db, clock }, harbour, {
    ...{ order: idFromWire(id) ?? '', amountMinor: 400n, reason: 'asked for', mayEnd: true },
    by: { channel: 'staff', actor: 'operator ann' },
  })
  const refunded = () => guest.order(id)
  await expect.poll(async () => (await refunded()).refunded.amountMinor, { timeout: 30_000 }).toBe('400')
  expect((await refunded()).paidIn?.refunded).toEqual({ amountMinor: '3806', currency: 'CNY' })

  const { log } = world.database
  await fetchDay({ db, clock, log, payments }, 'harbour', day)
  const bills = await billsOf(db.of('harbour'), day)
  const bill = bills.find(({ merchant }) => merchant === appId)
  const matched = await matchBill(db.of('harbour'), clock, bill?.id ?? '', { actor: 'operator test' })
  // What Alipay still owes: less what went back, and less its 0.6 %, of which the refund gives its share back.
  expect(matched).toMatchObject({ rows: 2, open: [], currency: 'CNY' })
  expect(matched.clearingMinor).toBe(9514n - 3806n - (matched.feeMinor ?? 0n))
  const shown: string[] = []
  const env = { BAOHAO_MODE: 'test', DATABASE_URL: world.database.appUrl }
  const config = readConfig({ ...env, BAOHAO_DATA: sandboxDirectory }, sandboxDirectory)
  await paymentShowCommand(config, id, { brand: 'harbour' }, (line) => shown.push(line))
  const text = shown.join('\n')
  expect(text).toContain('quoted at 1 GBP = 9.3726 CNY')
  expect(text).toMatch(/fx-paid\s+provider-clearing alipay:\d+\s+fx-position\s+CNY 95\.14/)
  expect(text).toMatch(/fx-credited\s+fx-position\s+line-balance\s+£10\.00/)
  await world.proved()
})

test('by a card in yuan that the bank takes back: gone from the line, and owed in pounds where it was used', async () => {
  const { cardSecretKey: secretKey, cardWebhookSecret: webhookSecret } = world.partners.harbour
  const card = {
    account: 'acct_harbouryuan',
    secretKey: `${secretKey}y`,
    webhookSecret: `${webhookSecret}y`,
  }
  const webhookUrl = `${world.origins.harbour}/v1/notifications/card/harbour/${card.account}`
  await world.control('POST', '/control/card/merchants', {
    ...{ ...card, brand: 'harbour', name: 'Harbour Mobile', webhookUrl },
  })
  await db.of('harbour').tx(async (tx) => {
    const merchant = { provider: 'card', id: card.account, currency: 'CNY' } as const
    await payments.addMerchant(tx, {
      ...{ ...merchant, seller: card.account, gateway: world.sandbox.addresses.card, enabled: true },
      ...{
        privateKey: null,
        providerKeys: [],
        secrets: { secretKey: card.secretKey, webhookSecret: card.webhookSecret },
      },
    })
    await openMerchantAccounts(tx, clock, { ...merchant, merchant: card.account })
  })
  const guest = person(world, 'harbour')
  const number = '07700 900005'
  await guest.proveAsPayer(number)
  const { ways } = (await guest.get('/v1/payment-ways')).body
  expect(ways).toContainEqual({ provider: 'card', currency: 'CNY', off: null })
  const { id } = (await guest.placeOrder(number, { face: '1000' })).body as OrderView
  const asked = await guest.send('POST', `/v1/top-ups/${id}/quotes`, { currency: 'CNY' })
  const start = { provider: 'card', scene: 'page', locale: 'en', quote: asked.body.id }
  const started = await guest.send('POST', `/v1/top-ups/${id}/payments`, start, 'a-key-of-its-own-0002')
  expect(started.status).toBe(201)
  const { attemptId, redirectUrl } = started.body as PaymentStarted
  const page = new URL(redirectUrl ?? '')
  await fetch(`${page.origin}${page.pathname}/pay`, {
    ...{ method: 'POST', redirect: 'manual' },
    body: new URLSearchParams({ number: '4242 4242 4242 4242' }),
  })
  expect(await guest.until(id, ['credited'])).toMatchObject({
    paidIn: { captured: { amountMinor: '9514', currency: 'CNY' } },
  })
  const msisdn = `44${number.replaceAll(' ', '').slice(1)}`
  const account = async () =>
    await db
      .of('harbour')
      .query<{ balance: bigint; owed: bigint }>(
        'select a.balance, a.owed from {{brand}}.line l join {{brand}}.line_account a on a.line = l.id where l.msisdn = $1',
        [msisdn],
      )
  const [{ balance: before } = { balance: 0n }] = await account()
  await spend(world.house, 'harbour', msisdn, before - 400n)
  const act = (what: string, body: object = {}) =>
    world.control('POST', `/control/card/${card.account}/sessions/${attemptId}/${what}`, body)
  await act('dispute')
  expect(await guest.until(id, ['reversed'])).toMatchObject({
    reversed: { amountMinor: '1000', currency: 'GBP' },
  })
  await expect.poll(account, { timeout: 10_000 }).toEqual([{ balance: 0n, owed: 0n }])
  await act('close-dispute', { status: 'lost' })
  await expect.poll(account, { timeout: 10_000 }).toEqual([{ balance: 0n, owed: 600n }])
  await world.proved()
})
