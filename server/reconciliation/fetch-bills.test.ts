import { beforeEach, expect, it } from 'vitest'
import type { BillOutcome } from '../payment/index.ts'
import { daysDue, fetchBills } from './fetch-bills.ts'
import { alipay, payment, reconciliationRoom, wechat, written } from './reconcile-fixture.ts'

const room = await reconciliationRoom()
const merchant = (createdAtMs: number, ...days: string[]) =>
  ({ provider: 'alipay', id: 'm', createdAtMs, days }) as const
const shanghai = (time: string) => Date.parse(`${time}+08:00`)

beforeEach(async () => {
  await room.owner.query('truncate laika.bill_break, laika.bill_row, laika.bill cascade')
})

it('a day’s bill is due from ten in the morning of the next, in the rail’s zone', () => {
  const old = merchant(shanghai('2026-11-20T12:00:00'))
  expect(daysDue(old, shanghai('2026-11-22T09:59:59'))).toEqual(['2026-11-20'])
  expect(daysDue(old, shanghai('2026-11-22T10:00:00'))).toEqual(['2026-11-20', '2026-11-21'])
})

it('what is there is not asked for, nor what is a week old', () => {
  const old = merchant(0, '2026-11-20', '2026-11-18')
  expect(daysDue(old, shanghai('2026-11-22T12:00:00'))).toEqual([
    '2026-11-15',
    '2026-11-16',
    '2026-11-17',
    '2026-11-19',
    '2026-11-21',
  ])
})

it('bills that are due are fetched and matched, once; what fails is asked for again and holds up no other', async () => {
  const asked: string[] = []
  const paid = payment('2026-11-21 10:00:00')
  await room.books(alipay, [paid])
  const answers: Record<string, BillOutcome> = {
    'alipay 2026-11-18': { kind: 'bill', bytes: written(alipay, '2026-11-17', []) },
    'alipay 2026-11-19': { kind: 'not-ready' },
    'alipay 2026-11-20': { kind: 'unknown', reason: 'no answer' },
    'alipay 2026-11-21': { kind: 'bill', bytes: written(alipay, '2026-11-21', [paid]) },
    'wechat 2026-11-21': { kind: 'bill', bytes: Buffer.alloc(0) },
  }
  const deps = {
    ...room,
    payments: {
      async fetchBill(_: string, { provider }: { readonly provider: string }, day: string) {
        asked.push(`${provider} ${day}`)
        if (provider === 'wechat' && day === '2026-11-20') throw new Error('the key cannot be opened')
        return answers[`${provider} ${day}`]
      },
    },
  }
  expect(await fetchBills(deps, 'laika')).toBe(2)
  expect(asked).toContain('alipay 2026-11-18')
  asked.length = 0
  expect(await fetchBills(deps, 'laika')).toBe(0)
  expect(asked).toContain('alipay 2026-11-20')
  expect(asked).not.toContain('alipay 2026-11-21')
  expect(asked).not.toContain(`${wechat.provider} 2026-11-21`)
  const bills = await room.db
    .of('laika')
    .query('select provider, rows, matched_at is not null as matched from {{brand}}.bill order by provider')
  expect(bills).toEqual([
    { provider: 'alipay', rows: 1, matched: true },
    { provider: 'wechat', rows: 0, matched: true },
  ])
  expect(await room.breaks()).toEqual([])
})
