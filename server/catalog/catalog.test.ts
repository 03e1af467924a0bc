import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createSwitches } from '../brand/index.ts'
import { createCatalog, type NewPriceTable, priceTablePresets, readPriceTable } from './index.ts'
import type { NewOffer, Offer } from './offer.ts'
import { versionOn } from './price-table.ts'
import { insertVersion, readVersions } from './store.ts'

const house = await testDatabase()
const laika = house.db.of('laika')
const newYear = Date.UTC(2025, 0, 1) / 86_400_000
const preset = readPriceTable(priceTablePresets.laika)
/** The preset at one fen less, from another day. */
const cheaper = (validFrom: number): NewPriceTable => ({
  ...preset,
  validFrom,
  offers: preset.offers.map((offer) =>
    offer.kind === 'free-amount'
      ? offer
      : { ...offer, priceMinor: offer.priceMinor - 1n, discountMinor: offer.discountMinor + 1n },
  ),
})

const catalogOf = () => createCatalog({ ...house, switches: createSwitches(house) })
const catalog = catalogOf()
const publish = (table: NewPriceTable) => laika.tx((tx) => catalog.publish(tx, table))

describe('the catalog of a brand', () => {
  it('has no price table before the first is published', async () => {
    await expect(catalog.priceTable('laika', newYear)).rejects.toMatchObject({
      entry: { code: 'price-table-missing', kind: 'unavailable' },
    })
  })

  it('sells what was published, in its order, under ids that stay', async () => {
    expect(await publish(preset)).toBe('1')
    house.clock.advance(1000)
    const table = await catalog.priceTable('laika', newYear)
    expect([table.version, table.validFrom, table.currency]).toEqual(['1', newYear, 'CNY'])
    const { packages, denominations, freeAmount } = table
    const sold = [...packages, ...denominations, ...(freeAmount ? [freeAmount] : [])]
    expect(sold.map(({ id: _, ...offer }) => offer)).toEqual(preset.offers)
    expect(new Set(sold.map(({ id }) => id)).size).toBe(preset.offers.length)
    const again = await catalogOf().priceTable('laika', newYear + 300)
    expect(again.denominations).toEqual(denominations)
  })

  it('reads every kind of column back as it was', async () => {
    const [plain, ...rest] = preset.offers as [NewOffer, ...NewOffer[]]
    const table: NewPriceTable = {
      ...preset,
      validFrom: newYear - 100,
      offers: [{ ...plain, name: { 'zh-CN': '引号"\\,{}', en: 'null' }, onSaleUntil: newYear }, ...rest],
    }
    const number = Number(await publish(table))
    const versions = await readVersions(laika, number - 1)
    expect(versions).toHaveLength(1)
    expect(versions[0]?.offers.map(({ id: _, ...offer }) => offer)).toEqual(table.offers)
    expect(versionOn(versions, newYear)?.validFrom).toBe(newYear - 100)
  })

  it('sees a new version within a second, without asking more often', async () => {
    const before = await catalog.priceTable('laika', newYear + 30)
    const number = await publish(cheaper(newYear + 30))
    house.clock.advance(500)
    expect(await catalog.priceTable('laika', newYear + 30)).toBe(before)
    house.clock.advance(500)
    const after = await catalog.priceTable('laika', newYear + 30)
    expect(after.version).toBe(number)
    expect(after.packages[0]?.priceMinor).toBe((before.packages[0]?.priceMinor ?? 0n) - 1n)
    expect(after.find(before.packages[0]?.id ?? '')).toBeUndefined()
    expect(after.knows(before.packages[0]?.id ?? '')).toBe(true)
    expect((await catalog.priceTable('laika', newYear + 29)).version).toBe('1')
  })

  it('answers callers of one moment from one reading', async () => {
    const fresh = catalogOf()
    const [first, ...others] = await Promise.all(
      Array.from({ length: 20 }, () => fresh.priceTable('laika', newYear)),
    )
    for (const other of others) expect(other).toBe(first)
  })

  it('sells nothing of another brand', async () => {
    await house.db.of('harbour').tx((tx) => catalog.publish(tx, readPriceTable(priceTablePresets.harbour)))
    const harbour = await catalogOf().priceTable('harbour', newYear)
    const ours = await catalog.priceTable('laika', newYear)
    expect(harbour.currency).toBe('GBP')
    for (const { id } of harbour.packages) expect([ours.find(id), ours.knows(id)]).toEqual([undefined, false])
  })
})

describe('publishing', () => {
  it('refuses a table in another currency', async () => {
    const harbour = readPriceTable(priceTablePresets.harbour)
    await expect(publish(harbour)).rejects.toMatchObject({
      entry: { code: 'currency-mismatch' },
      members: { currency: 'CNY' },
    })
  })

  it('lets one of two at the same moment through', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let inserted = () => {}
    const firstIsIn = new Promise<void>((resolve) => {
      inserted = resolve
    })
    const first = laika.tx(async (tx) => {
      const number = await catalog.publish(tx, preset)
      inserted()
      await held
      return number
    })
    await firstIsIn
    const second = publish(preset)
    const outcome = expect(second).rejects.toMatchObject({ entry: { code: 'price-table-conflict' } })
    await vi.waitFor(async () => {
      const waiting = await house.owner.query(
        `select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()`,
      )
      expect(waiting.rowCount).toBe(1)
    }, 10_000)
    release()
    const number = await first
    await outcome
    expect(await publish(preset)).toBe(String(Number(number) + 1))
  })

  it('leaves nothing when one offer is refused by the table', async () => {
    const before = await readVersions(laika, 0)
    const offers = preset.offers.map(
      (offer, index) => ({ ...offer, id: randomUUID(), discountMinor: index === 3 ? -1n : 0n }) as Offer,
    )
    const publishing = laika.tx((tx) => insertVersion(tx, newYear, 0, offers))
    await expect(publishing).rejects.toThrow(/"offer_price"/)
    expect(await readVersions(laika, 0)).toEqual(before)
  })
})

describe('the tables themselves', () => {
  const values = {
    version: '1',
    position: '99',
    kind: "'denomination'",
    name_zh_cn: "'x'",
    name_en: "'x'",
    term: 'null',
    list_price: '7000',
    price: '7000',
    bonus: '0',
    least: 'null',
    most: 'null',
    step: 'null',
    voice_seconds: '0',
    sms: '0',
    data_bytes: '0',
    roaming: 'false',
    validity_months: '0',
    validity_days: '0',
    recommended: 'false',
  }
  const insert = async (change: Partial<Record<keyof typeof values, string>>) => {
    const row = { ...values, ...change }
    const text = `insert into laika.offer (id, ${Object.keys(row)}) values (gen_random_uuid(), ${Object.values(row)})`
    await house.owner.query('begin')
    try {
      await house.owner.query(text)
    } finally {
      await house.owner.query('rollback')
    }
  }
  const aPackage = { kind: "'package'", term: "'month'", validity_months: '1' }
  const aFreeAmount = {
    kind: "'free-amount'",
    list_price: 'null',
    price: 'null',
    least: '100',
    most: '900',
    step: '100',
  }

  it('take a row of each kind', async () => {
    await insert({})
    await insert(aPackage)
    await house.owner.query('begin')
    await house.owner.query("insert into laika.price_table values (999, '2030-01-01', now())")
    await house.owner.query('rollback')
  })

  it.each<[string, Partial<Record<keyof typeof values, string>>, RegExp]>([
    ['a price of nothing', { price: '0' }, /offer_price_check/],
    ['a negative bonus', { bonus: '-1' }, /offer_bonus_check/],
    ['a price above the face', { price: '7001' }, /offer_price/],
    ['a denomination without a face', { list_price: 'null' }, /offer_amount/],
    ['a denomination with a range', { least: '1', most: '1', step: '1' }, /offer_amount/],
    ['a denomination with allowances', { sms: '1' }, /offer_package/],
    ['a second tile of one face', { list_price: '5000', price: '5000' }, /offer_denomination/],
    ['a package without a term', { ...aPackage, term: 'null' }, /offer_package/],
    ['a package of no time', { ...aPackage, validity_months: '0' }, /offer_package/],
    ['a package with a bonus', { ...aPackage, bonus: '1' }, /offer_package/],
    ['a second free amount', aFreeAmount, /offer_one_free_amount/],
    ['a free amount with a price', { ...aFreeAmount, price: '1', list_price: '1' }, /offer_amount/],
    ['a free amount without a step', { ...aFreeAmount, step: 'null' }, /offer_amount/],
    ['a maximum off the steps', { ...aFreeAmount, most: '950' }, /offer_amount/],
    ['a maximum below the minimum', { ...aFreeAmount, most: '50' }, /offer_amount/],
    ['a free amount with a bonus', { ...aFreeAmount, bonus: '1' }, /offer_free_amount/],
    ['a second offer at one place', { position: '1' }, /offer_version_position_key/],
    ['an offer of no version', { version: '12345' }, /offer_version_fkey/],
  ])('refuse %s', async (_, change, constraint) => {
    await expect(insert(change)).rejects.toThrow(constraint)
  })

  it('are append-only for the product', async () => {
    for (const text of [
      'update {{brand}}.offer set price = 1',
      'delete from {{brand}}.offer',
      'update {{brand}}.price_table set valid_from = valid_from',
      'delete from {{brand}}.price_table',
    ])
      await expect(laika.query(text)).rejects.toThrow(/permission denied/)
  })
})
