import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { until } from '../../sandbox/testing/world.ts'
import {
  type AdapterWorld,
  chargeOf,
  notificationOf,
  shown,
  startAdapterWorld,
} from '../../server/payment/providers/card/world-fixture.ts'
import { launchBrowser } from '../support/browser.ts'
import { cardNumbersIn } from '../support/card-numbers.ts'
import { servePages } from '../support/page-server.ts'

let world: AdapterWorld
const browser = await launchBrowser()
beforeAll(async () => {
  world = await startAdapterWorld()
})
afterAll(async () => {
  await browser.close()
  await world.end()
})

test.each([
  ['4242424242424242', 1],
  ['"number": "4000 0027 6000 3184"', 1],
  ['5555-5555-5555-4444, 378282246310005', 2],
  ['2223003122003222', 1],
  ['4242424242424241', 0],
  ['acct_14242424242424242, 1795388062000, 01JD9Z3K6N8Q4W2V7X5Y0ABCDE', 0],
])('the search finds in %j so many: %i', (text, count) => {
  expect(cardNumbersIn(text)).toHaveLength(count)
})

test('no page of ours asks for a card, and none has a number in it', async () => {
  const pages = await servePages('laika')
  const files = readdirSync(pages.dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(js|html|css)$/.test(name),
  )
  expect(files.length).toBeGreaterThan(5)
  for (const name of files) {
    const text = readFileSync(join(pages.dist, name), 'utf8')
    // What browsers fill cards in by (HTML, autofill), and what people call such fields.
    expect(text.match(/\bcc-(?:number|csc|exp|name|type)\b|\b(?:card-?number|cvc|cvv)\b/gi), name).toBeNull()
    expect(cardNumbersIn(text), name).toEqual([])
  }
  await pages.close()
})

test('a card typed and paid with is in no address, book, log, event or evidence', async () => {
  const said: string[] = []
  const printed = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => said.push(String(chunk)) > 0),
  )
  const charge = chargeOf()
  const begun = await world.adapter.create(charge, { ...shown, returnUrl: `${world.home}/card` })
  if (begun.kind !== 'started' || !('redirectUrl' in begun)) throw new Error('not begun')
  const page = await browser.newPage()
  page.on('request', (request) => said.push(request.url(), JSON.stringify(request.headers())))
  page.on('console', (message) => said.push(message.text()))
  await page.goto(begun.redirectUrl)
  for (const number of ['4000 0000 0000 9995', '4111 1111 1111 1111', '4242 4242 4242 4242']) {
    await page.getByTestId('card-number').fill(number)
    await page.getByTestId('card-pay').click()
    if (number.startsWith('4242')) await page.waitForURL(/\/card$/)
    else await page.getByTestId('card-error').waitFor()
  }
  said.push(await page.content())
  await page.close()
  const known = { number: charge.number, reference: begun.reference ?? null }
  const paid = await world.adapter.query(known)
  expect(paid).toMatchObject({ kind: 'paid', amountMinor: 4980n })
  await until('the event', () => world.receiver.got.length > 0)
  const told = await world.adapter.verifyNotification(notificationOf(world.receiver.got[0] as never))
  for (const outcome of [paid, told]) {
    if (!('fields' in outcome)) throw new Error('no evidence')
    said.push(outcome.raw.toString('utf8'), JSON.stringify(outcome.fields))
  }
  for (const file of readdirSync(world.dataDir)) said.push(readFileSync(join(world.dataDir, file), 'utf8'))
  for (const stream of printed) stream.mockRestore()
  expect(said.join('\n')).toContain('"last4":"4242"')
  expect(cardNumbersIn(said.join('\n'))).toEqual([])
})
