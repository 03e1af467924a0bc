import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import type { Tx } from '../platform/db.ts'
import {
  formatReceiptNumber,
  lockSeries,
  onlineSeries,
  openDealerSeries,
  openOnlineSeries,
  receiptChecks,
  takeNumbers,
} from './index.ts'

const house = await testDatabase()
const laika = house.db.of('laika')
const tx = <T>(work: (tx: Tx) => Promise<T>) => laika.tx(work)
const lastOf = async (key: string) => (await tx((t) => lockSeries(t, [key]))).get(key)

beforeEach(async () => {
  await house.owner.query('truncate laika.receipt_series')
})

describe('a receipt number', () => {
  it('is the series and eight digits or more', () => {
    expect(formatReceiptNumber(onlineSeries('LK'), 42n)).toBe('LK-W-00000042')
    expect(formatReceiptNumber('HB-7', 123_456_789n)).toBe('HB-7-123456789')
  })

  it('sorts as text the way it was given, up to the hundred-millionth', () => {
    const number = fc.bigInt(1n, 99_999_999n)
    fc.assert(
      fc.property(number, number, (a, b) => {
        const before = formatReceiptNumber('LK-W', a) < formatReceiptNumber('LK-W', b)
        expect(before).toBe(a < b)
      }),
    )
  })
})

describe('opening a series', () => {
  it('of the pages is done once and leaves an open one alone', async () => {
    expect(await tx((t) => openOnlineSeries(t, 'LK'))).toBe('LK-W')
    await tx(async (t) => takeNumbers(t, [{ key: 'LK-W', count: 7n }]))
    await tx((t) => openOnlineSeries(t, 'LK'))
    expect(await lastOf('LK-W')).toBe(7n)
  })

  it('of dealers counts on by number, not by text', async () => {
    await tx((t) => openOnlineSeries(t, 'LK'))
    const keys = await tx(async (t) => {
      const opened: string[] = []
      for (let i = 0; i < 12; i++) opened.push(await openDealerSeries(t, 'LK'))
      return opened
    })
    expect(keys).toEqual(Array.from({ length: 12 }, (_, i) => `LK-${i + 1}`))
  })

  it('of dealers gives each its own when many open at once', async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, () => tx((t) => openDealerSeries(t, 'LK'))))
    expect(keys.sort()).toEqual(['LK-1', 'LK-2', 'LK-3', 'LK-4', 'LK-5', 'LK-6'])
  })
})

describe('taking numbers', () => {
  const take = (key: string, count: bigint) =>
    tx(async (t) => {
      const [given] = await takeNumbers(t, [{ key, count }]).rows()
      return Array.from({ length: Number(count) }, (_, i) => (given?.last ?? 0n) - BigInt(i))
    })

  it('gives every number once when transactions compete', async () => {
    await tx((t) => openOnlineSeries(t, 'LK'))
    const given = await Promise.all([3n, 1n, 5n, 2n, 4n, 1n].map((count) => take('LK-W', count)))
    expect(given.flat().sort((a, b) => (a < b ? -1 : 1))).toEqual(
      Array.from({ length: 16 }, (_, i) => BigInt(i + 1)),
    )
    expect(await lastOf('LK-W')).toBe(16n)
  })

  it('gives numbers back when the transaction fails', async () => {
    await tx((t) => openOnlineSeries(t, 'LK'))
    await take('LK-W', 2n)
    const failing = tx(async (t) => {
      takeNumbers(t, [{ key: 'LK-W', count: 9n }])
      throw new Error('poison')
    })
    await expect(failing).rejects.toThrow('poison')
    expect(await take('LK-W', 1n)).toEqual([3n])
  })

  it('locks several series in one order whatever order they are asked in', async () => {
    await tx(async (t) => {
      for (let i = 0; i < 4; i++) await openDealerSeries(t, 'LK')
    })
    const keys = ['LK-3', 'LK-1', 'LK-4', 'LK-2']
    const add = (asked: readonly string[]) =>
      tx(async (t) => {
        takeNumbers(
          t,
          asked.map((key) => ({ key, count: 1n })),
        )
      })
    await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? keys : keys.toReversed())))
    expect(await tx((t) => lockSeries(t, keys))).toEqual(new Map(keys.sort().map((key) => [key, 20n])))
  })

  it('stops at a series that nobody opened', async () => {
    await expect(lastOf('LK-W')).rejects.toThrow('the receipt series LK-W is open')
  })
})

describe('I11', () => {
  const check = receiptChecks[0]
  // The check reads two columns of orders: a schema of its own shows which rows break it.
  const violations = async (series: Record<string, number>, given: readonly [string, number | null][]) => {
    await house.owner.query('begin')
    try {
      await house.owner.query('create schema planted')
      await house.owner.query(
        'create table planted.receipt_series (key text primary key, last bigint not null)',
      )
      await house.owner.query('create table planted.top_up (receipt_series text, receipt_no bigint)')
      for (const [key, last] of Object.entries(series))
        await house.owner.query('insert into planted.receipt_series values ($1, $2)', [key, last])
      for (const [key, number] of given)
        await house.owner.query('insert into planted.top_up values ($1, $2)', [key, number])
      const { rows } = await house.owner.query(check.sql.replaceAll('{{brand}}', 'planted'))
      return rows.map((row) => `${row.series} ${row.number} ${row.problem}`)
    } finally {
      await house.owner.query('rollback')
    }
  }
  const three: [string, number][] = [
    ['LK-W', 1],
    ['LK-W', 2],
    ['LK-W', 3],
  ]

  it('reads the tables of a brand', async () => {
    expect(await laika.query(check.sql)).toEqual([])
  })

  it('holds for whole series, an unused one and orders without a receipt', async () => {
    const found = await violations({ 'LK-W': 3, 'LK-1': 1, 'LK-2': 0 }, [
      ...three,
      ['LK-1', 1],
      ['LK-W', null],
    ])
    expect(found).toEqual([])
  })

  it.each<[string, Record<string, number>, [string, number][], string[]]>([
    ['a gap', { 'LK-W': 4 }, [...three.slice(0, 2), ['LK-W', 4]], ['LK-W 4 follows 2']],
    ['a missing first', { 'LK-W': 3 }, three.slice(1), ['LK-W 2 follows 0']],
    ['a number given twice', { 'LK-W': 3 }, [...three, ['LK-W', 2]], ['LK-W 2 follows 2']],
    ['a lost last receipt', { 'LK-W': 4 }, three, ['LK-W 3 but the series says 4']],
    ['a series set back', { 'LK-W': 2 }, three, ['LK-W 3 but the series says 2']],
    ['a receipt of no series', {}, [['LK-9', 1]], ['LK-9 1 but the series says nothing']],
    ['a series whose receipts are gone', { 'LK-W': 2 }, [], ['LK-W null but the series says 2']],
  ])('finds %s', async (_, series, given, expected) => {
    expect(await violations(series, given)).toEqual(expected)
  })
})
