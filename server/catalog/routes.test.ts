import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { PriceTableView } from '../../contract/offer.ts'
import { apiHouse } from '../../test/support/api-house.ts'
import { priceTablePresets, readPriceTable } from './index.ts'

const { house, http, database } = await apiHouse()
const A_DAY_MS = 86_400_000

const read = (brand: string, headers: Readonly<Record<string, string>> = {}) =>
  http.inject({ url: '/v1/price-table', headers: { host: `${brand}.test`, ...headers } })
const publish = async (brand: 'laika' | 'harbour', change: object = {}) => {
  const table = { ...readPriceTable(priceTablePresets[brand]), ...change }
  await house.db.of(brand).tx((tx) => house.catalog.publish(tx, table))
  // A process looks for a new version once a second.
  database.clock.advance(1_000)
}

it('says that there is none, and lets nobody keep that', async () => {
  const { statusCode, headers, body } = await read('laika')
  expect([statusCode, headers['cache-control']]).toEqual([503, 'no-store'])
  expect(JSON.parse(body).code).toBe('price-table-missing')
})

it('tells anybody what the brand of the host sells today, in its own currency', async () => {
  await publish('laika')
  await publish('harbour')
  for (const [brand, currency] of [
    ['laika', 'CNY'],
    ['harbour', 'GBP'],
  ] as const) {
    const { statusCode, headers, body } = await read(brand)
    expect([statusCode, headers['set-cookie']]).toEqual([200, undefined])
    const table: unknown = JSON.parse(body)
    expect(Value.Errors(PriceTableView, table)).toEqual([])
    const { day, packages, denominations, freeAmount } = table as PriceTableView
    expect(day).toBe('2026-11-22')
    const preset = readPriceTable(priceTablePresets[brand])
    expect([...packages, ...denominations].map(({ price }) => price)).toEqual(
      preset.offers.flatMap((offer) =>
        offer.kind === 'free-amount' ? [] : [{ amountMinor: offer.priceMinor.toString(), currency }],
      ),
    )
    expect(freeAmount !== null).toBe(preset.offers.some(({ kind }) => kind === 'free-amount'))
  }
})

it('may be kept, and is sent again only when it is another', async () => {
  const first = await read('laika')
  expect(first.headers['cache-control']).toBe('public, max-age=60')
  const tag = String(first.headers.etag)
  const again = await read('laika', { 'if-none-match': `"other", W/${tag}` })
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag])
  expect((await read('harbour', { 'if-none-match': tag })).statusCode).toBe(200)
  const offers = readPriceTable(priceTablePresets.laika).offers.slice(0, 1)
  await publish('laika', { offers })
  const other = await read('laika', { 'if-none-match': tag })
  expect([other.statusCode, JSON.parse(other.body).version]).toEqual([200, '2'])
})

it('is that of the brand’s own day: tomorrow’s is another document', async () => {
  const tag = String((await read('laika')).headers.etag)
  database.clock.advance(A_DAY_MS)
  const tomorrow = await read('laika', { 'if-none-match': tag })
  expect([tomorrow.statusCode, JSON.parse(tomorrow.body).day]).toEqual([200, '2026-11-23'])
})
