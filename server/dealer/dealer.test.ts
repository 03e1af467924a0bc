import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { openSystemAccounts } from '../ledger/index.ts'
import type { Tx } from '../platform/db.ts'
import { openDealerSeries } from '../receipt/index.ts'
import { commissionOn, createDealers, holdDealers, readDealers } from './index.ts'

const house = await testDatabase()
const laika = house.db.of('laika')
const tx = <T>(work: (tx: Tx) => Promise<T>) => laika.tx(work)

const dealers = createDealers({ ...house, openDealerSeries })
const open = (name = '顺达通讯') => tx((t) => dealers.createDealer(t, { name, commissionBp: 250 }))
const statusOf = async (id: string) => (await readDealers(laika, [id])).get(id)?.status
const suspension = (dealer: string) => ({
  dealer,
  status: 'suspended' as const,
  actor: 'operator alice',
  reason: '投诉待查',
})
const auditOf = async (dealer: string) => {
  const { rows } = await house.owner.query(
    'select actor, act, reason from laika.audit where subject = $1 order by id',
    [dealer],
  )
  return rows
}

describe('a commission', () => {
  it('is its share of the sale, less than one minor unit below', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.integer({ min: 0, max: 10_000 }), (saleMinor, bp) => {
        const commission = commissionOn(saleMinor, bp)
        const lost = saleMinor * BigInt(bp) - commission * 10_000n
        expect(lost >= 0n && lost < 10_000n && commission >= 0n && commission <= saleMinor).toBe(true)
      }),
    )
  })

  it('of 2.5 % on 49.99 is 1.24', () => {
    expect(commissionOn(4999n, 250)).toBe(124n)
  })
})

describe('a new dealer', () => {
  it('is active, with an empty float that cannot go below zero and a series of its own', async () => {
    const dealer = await open('"Kerb, Ltd" \\ Söhne')
    expect(await readDealers(laika, [dealer.id])).toEqual(new Map([[dealer.id, dealer]]))
    expect(dealer).toMatchObject({ name: '"Kerb, Ltd" \\ Söhne', status: 'active', commissionBp: 250 })
    const { rows } = await house.owner.query(
      'select kind, subject, currency, nature, balance, floor from laika.account where subject = $1',
      [dealer.id],
    )
    expect(rows).toEqual([
      {
        kind: 'dealer-float',
        subject: dealer.id,
        currency: 'CNY',
        nature: 'credit',
        balance: '0',
        floor: '0',
      },
    ])
    expect((await open()).receiptSeries).not.toBe(dealer.receiptSeries)
  })

  it.each<[string, { name: string; commissionBp: number }, RegExp]>([
    ['no name', { name: '', commissionBp: 0 }, /dealer_name_check/],
    ['a negative commission', { name: 'x', commissionBp: -1 }, /dealer_commission_bp_check/],
    ['a commission above the sale', { name: 'x', commissionBp: 10_001 }, /dealer_commission_bp_check/],
  ])('with %s is refused, account and series with it', async (_, dealer, constraint) => {
    const count = async () => {
      const { rows } = await house.owner.query(
        'select (select count(*) from laika.account) as accounts, (select count(*) from laika.receipt_series) as series',
      )
      return rows
    }
    const before = await count()
    await expect(tx((t) => dealers.createDealer(t, dealer))).rejects.toThrow(constraint)
    expect(await count()).toEqual(before)
  })

  it('is read with others, and unknown ids are left out', async () => {
    const [one, other] = [await open(), await open()]
    const found = await readDealers(laika, [other.id, randomUUID(), one.id])
    expect([...found.keys()].sort()).toEqual([one.id, other.id].sort())
    expect(await readDealers(house.db.of('harbour'), [one.id])).toEqual(new Map())
  })
})

describe('a change of status', () => {
  it('stands with who did it and why', async () => {
    const { id } = await open()
    await tx((t) => dealers.changeStatus(t, suspension(id)))
    expect(await statusOf(id)).toBe('suspended')
    await tx((t) => dealers.changeStatus(t, { ...suspension(id), status: 'active', reason: '已查清' }))
    expect(await statusOf(id)).toBe('active')
    expect(await auditOf(id)).toEqual([
      { actor: 'operator alice', act: 'dealer suspend', reason: '投诉待查' },
      { actor: 'operator alice', act: 'dealer resume', reason: '已查清' },
    ])
  })

  it('to what it is already is no act', async () => {
    const { id } = await open()
    await tx((t) => dealers.changeStatus(t, { ...suspension(id), status: 'active' }))
    expect(await auditOf(id)).toEqual([])
  })

  it('of nobody is refused', async () => {
    await expect(tx((t) => dealers.changeStatus(t, suspension(randomUUID())))).rejects.toMatchObject({
      entry: { code: 'dealer-not-found' },
    })
  })

  it('waits for the sale under way, and the next sale sees it', async () => {
    const { id } = await open()
    const seen: (string | undefined)[] = []
    let finish = () => {}
    const selling = new Promise<void>((resolve) => {
      finish = resolve
    })
    let locked = () => {}
    const saleBegan = new Promise<void>((resolve) => {
      locked = resolve
    })
    const sale = tx(async (t) => {
      await holdDealers(t, [id], 'shared')
      locked()
      await selling
      seen.push((await readDealers(t, [id])).get(id)?.status)
    })
    await saleBegan
    const change = tx((t) => dealers.changeStatus(t, suspension(id)))
    await vi.waitFor(async () => {
      const waiting = await house.owner.query(
        'select from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()',
      )
      expect(waiting.rowCount).toBe(1)
    }, 10_000)
    expect(await statusOf(id)).toBe('active')
    finish()
    await Promise.all([sale, change])
    seen.push(await statusOf(id))
    expect(seen).toEqual(['active', 'suspended'])
  })
})

describe('a load with the bank’s reference', () => {
  const load = (dealer: string, reference: string) => ({
    dealer,
    reference,
    amountMinor: 500n,
    from: 'bank' as const,
    actor: 'operator alice',
  })
  const floatOf = async (dealer: string) =>
    (await house.owner.query('select balance::text from laika.account where subject = $1', [dealer])).rows[0]
      .balance

  it('is booked once, whoever books it how often, and audited once', async () => {
    await tx((t) => openSystemAccounts(t, house.clock, 'CNY'))
    const { id } = await open()
    const loads = await Promise.all(
      ['T1', 'T1', 'T2', 'T1'].map((reference) => tx((t) => dealers.loadFloatOnce(t, load(id, reference)))),
    )
    expect(loads.filter(Boolean)).toHaveLength(2)
    expect(await floatOf(id)).toBe('1000')
    expect(await auditOf(id)).toHaveLength(2)
    const other = await open()
    expect(await tx((t) => dealers.loadFloatOnce(t, load(other.id, 'T1')))).toBe(true)
  })

  it('of no dealer is refused', async () => {
    await expect(tx((t) => dealers.loadFloatOnce(t, load(randomUUID(), 'T9')))).rejects.toMatchObject({
      entry: { code: 'dealer-not-found' },
    })
  })
})
