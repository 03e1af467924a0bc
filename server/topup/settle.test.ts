import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { startCuttingProxy } from '../../test/support/cutting-proxy.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import { createCatalog } from '../catalog/index.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { presetOf } from '../policy/index.ts'
import type { AgentTopUpCommand, Outcome } from './command.ts'
import { createSettler, type Settler } from './settle.ts'

const house = await topUpHouse()
const { clock, owner } = house
const guest = await house.guest()
const { dealer } = await house.seller(100_000_000n)
const caller = (await owner.query('select principal from laika.api_key where dealer = $1', [dealer])).rows[0]
  .principal
const settler = house.topUps.settlerOf('laika')
const proxy = await startCuttingProxy(house.appUrl)
afterAll(() => proxy.close())
afterEach(disarmFailpoints)

let numbers = 0
async function aLine(): Promise<string> {
  const national = `1540006${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}` })
  return national
}

const sale = (number: string, more: Partial<AgentTopUpCommand> = {}): AgentTopUpCommand => ({
  ...{ kind: 'agent-top-up', id: newId(clock.instant()), caller, dealer, key: newKey(), hash: 'aa' },
  ...{ msisdn: `86${number}`, offerId: null, amountMinor: 5000n, currency: 'CNY' },
  ...{ confirmDuplicate: true, reference: null },
  ...more,
})
const told = (outcome: Outcome): string => {
  if (outcome.outcome === 'applied') return outcome.outcome
  const said = outcome.outcome === 'refused' ? outcome.entry.code : 'credited'
  return outcome.replayed ? `${said} again` : said
}
const balanceOf = async (number: string): Promise<string> => {
  const { rows } = await owner.query(
    'select balance from laika.line_account a join laika.line l on l.id = a.line where l.msisdn = $1',
    [`86${number}`],
  )
  return rows[0].balance
}
const paying = async () => {
  const number = await aLine()
  return { number, ...(await house.toPay(guest, number, 5000n)) }
}
const stateOf = async (id: string) => (await house.order(guest, id)).state

describe('a key used at one moment in two processes', () => {
  const other = house.anotherProcess().topUps.settlerOf('laika')

  it('sells once, and both are told the same', async () => {
    const sales = await Promise.all(Array.from({ length: 40 }, async () => sale(await aLine())))
    const both = [settler, other].map((one) =>
      Promise.all(sales.map((s) => one.settle({ ...s, id: newId(clock.instant()) }))),
    )
    const [here, there] = (await Promise.all(both)) as [Outcome[], Outcome[]]
    for (const [i, outcome] of here.entries()) {
      const twin = there[i] as Outcome
      expect([told(outcome), told(twin)].sort()).toEqual(['credited', 'credited again'])
      if (outcome.outcome !== 'credited' || twin.outcome !== 'credited') throw new Error('unreachable')
      expect(twin.order.id).toBe(outcome.order.id)
      expect(twin.balanceAfterMinor).toBe(outcome.balanceAfterMinor)
      expect(twin.floatAfterMinor).toBe(outcome.floatAfterMinor)
    }
    for (const { msisdn } of sales) expect(await balanceOf(msisdn.slice(2))).toBe('5000')
  })

  it('for two requests goes to one of them, sold or refused', async () => {
    const number = await aLine()
    for (let i = 0; i < 10; i++) {
      const good = sale(number)
      const bad = sale(number, { key: good.key, amountMinor: 5001n, hash: 'bb' })
      const answers = await Promise.all([settler.settle(good), other.settle(bad)])
      expect(answers.map(told)).toContain('idempotency-key-reused')
    }
    expect((await house.fsck()).filter(({ id }) => id === 'I13')).toEqual([])
  })

  it('refuses alike', async () => {
    const number = await aLine()
    const refused = sale(number, { amountMinor: 5001n })
    const answers = await Promise.all([settler.settle(refused), other.settle(refused)])
    expect(answers.map(told).sort()).toEqual(['amount-not-allowed', 'amount-not-allowed again'])
  })
})

/** What a dealer pays for a tile of 50 yuan. */
const PRICE = 4980

describe('a float that two processes sell from at one moment', { timeout: 60_000 }, () => {
  const other = house.anotherProcess().topUps.settlerOf('laika')

  /** Both have decided by the same float and wait at its row, which a third party holds until then. */
  async function sellAtOnce(floatMinor: bigint, each: number) {
    const { dealer: seller } = await house.seller(floatMinor)
    const key = await owner.query('select principal from laika.api_key where dealer = $1', [seller])
    const sales = await Promise.all(
      Array.from({ length: 2 * each }, async () =>
        sale(await aLine(), { dealer: seller, caller: key.rows[0].principal }),
      ),
    )
    await owner.query('begin')
    await owner.query(`select from laika.account where kind = 'dealer-float' and subject = $1 for update`, [
      seller,
    ])
    const answers = Promise.all(sales.map((s, i) => (i < each ? settler : other).settle(s)))
    try {
      await vi.waitFor(async () => {
        // Within a transaction it goes on showing what it showed first.
        await owner.query('select pg_stat_clear_snapshot()')
        const waiting = await house.owner.query(
          'select distinct pid from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()',
        )
        expect(waiting.rowCount).toBeGreaterThanOrEqual(2)
      }, 45_000)
    } finally {
      await owner.query('commit')
    }
    return { seller, outcomes: await answers }
  }
  const soldBy = (outcomes: readonly Outcome[]) =>
    outcomes.flatMap((outcome) => (outcome.outcome === 'credited' ? [outcome] : []))

  it('gives each its own receipt numbers and tells each what it left in the float', async () => {
    const { seller, outcomes } = await sellAtOnce(1_000_000n, 12)
    const sold = soldBy(outcomes)
    expect(sold).toHaveLength(24)
    const { rows } = await owner.query(
      `select o.id, o.receipt_no as no, t.debit_after as left from laika.top_up o join laika.transfer t on t.cause = o.id
         join laika.account a on a.id = t.debit_account and a.kind = 'dealer-float'
        where o.dealer = $1 order by o.receipt_no`,
      [seller],
    )
    expect(rows.map(({ no, left }) => `${no} ${left}`)).toEqual(
      Array.from({ length: 24 }, (_, i) => `${i + 1} ${1_000_000 - PRICE * (i + 1)}`),
    )
    const answered = sold.map(({ order, floatAfterMinor }) => `${order.receiptNo} ${floatAfterMinor}`)
    expect(answered.sort()).toEqual(rows.map(({ no, left }) => `${no} ${left}`).sort())
  })

  it('is never overdrawn: who comes second sees what is left', async () => {
    const { seller, outcomes } = await sellAtOnce(17n * BigInt(PRICE), 12)
    expect(soldBy(outcomes)).toHaveLength(17)
    expect(outcomes.map(told).filter((answer) => answer === 'float-low')).toHaveLength(7)
    const float = await owner.query(
      `select balance from laika.account where kind = 'dealer-float' and subject = $1`,
      [seller],
    )
    expect(float.rows[0].balance).toBe('0')
  })
})

describe('poison', () => {
  it('among sales fails alone; its neighbours are sold', async () => {
    const number = await aLine()
    const results = await Promise.allSettled(
      Array.from({ length: 9 }, (_, i) =>
        settler.settle(sale(number, i === 4 ? { hash: 'not hexadecimal' } : {})),
      ),
    )
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 9 }, (_, i) => (i === 4 ? 'rejected' : 'fulfilled')),
    )
    expect(await balanceOf(number)).toBe('40000')
  })

  it('among evidence is left for a minute; the rest is applied', async () => {
    const orders = await Promise.all([paying(), paying(), paying()])
    const [, poisoned] = orders
    const nobody = newId(clock.instant())
    const attempt = idFromWire(poisoned?.attempt ?? '')
    await owner.query('update laika.attempt set order_id = $1 where id = $2', [nobody, attempt])
    for (const order of orders) await house.notify(order.attempt)
    expect(await settler.sweep()).toBe(2)
    expect(await Promise.all(orders.map(({ id }) => stateOf(id)))).toEqual([
      'credited',
      'awaiting-payment',
      'credited',
    ])
    await owner.query('update laika.attempt set order_id = $1 where id = $2', [
      idFromWire(poisoned?.id ?? ''),
      attempt,
    ])
    expect(await settler.sweep()).toBe(0)
    clock.advance(60_001)
    expect(await settler.sweep()).toBe(1)
    expect(await stateOf(poisoned?.id ?? '')).toBe('credited')
  })
})

describe('a fault at any moment', () => {
  const points = ['settle.begin', 'settle.decided', 'settle.written']

  it.each(points)('%s leaves nothing of a sale, and the same key sells', async (point) => {
    const number = await aLine()
    const one = sale(number)
    armFailpoints(`${point}:1:throw`)
    await expect(settler.settle(one)).rejects.toThrow(point)
    expect(await balanceOf(number)).toBe('0')
    expect(told(await settler.settle(one))).toBe('credited')
    expect(told(await settler.settle(one))).toBe('credited')
    expect(await balanceOf(number)).toBe('5000')
  })

  it.each([...points, 'payment.evidence-committed'])('%s loses no payment', async (point) => {
    const { id, attempt, number } = await paying()
    if (point.startsWith('payment')) armFailpoints(`${point}:1:throw`)
    await house.notify(attempt)
    if (point.startsWith('settle')) armFailpoints(`${point}:1:throw`)
    await settler.sweep()
    await settler.sweep()
    expect(await stateOf(id)).toBe('credited')
    expect(await balanceOf(number)).toBe('5000')
  })
})

describe('a connection cut', () => {
  const cuts = ['before-commit', 'after-commit'] as const
  const through: Settler = house.anotherProcess(proxy.url).topUps.settlerOf('laika')

  it.each(cuts)('%s sells once, and the caller is told the truth', async (cut) => {
    const number = await aLine()
    const one = sale(number)
    const done = proxy.arm(cut)
    const outcome = await through.settle(one)
    await done
    expect(outcome).toMatchObject({
      outcome: 'credited',
      replayed: false,
      order: { id: one.id },
      balanceAfterMinor: 5000n,
    })
    expect(told(await settler.settle({ ...one, id: newId(clock.instant()) }))).toBe('credited again')
    expect(await balanceOf(number)).toBe('5000')
  })

  it.each(cuts)('%s refuses once, and the caller is told why', async (cut) => {
    const number = await aLine()
    const refused = sale(number, { amountMinor: 5001n })
    const done = proxy.arm(cut)
    const outcome = await through.settle(refused)
    await done
    expect(outcome).toMatchObject({ outcome: 'refused', entry: { code: 'amount-not-allowed' } })
    const { rowCount } = await owner.query('select from laika.refusal where key = $1', [refused.key])
    expect(rowCount).toBe(1)
  })

  it.each(cuts)('%s credits a payment once', async (cut) => {
    const { id, attempt, number } = await paying()
    await house.notify(attempt)
    const done = proxy.arm(cut)
    await through.sweep()
    await done
    await settler.sweep()
    expect(await stateOf(id)).toBe('credited')
    expect(await balanceOf(number)).toBe('5000')
  })
})

describe('notifications', () => {
  it('32 of one payment at once credit it once', async () => {
    const { id, attempt, number } = await paying()
    const answers = await Promise.all(Array.from({ length: 32 }, () => house.notify(attempt)))
    expect(new Set(answers)).toEqual(new Set(['success']))
    const other = house.anotherProcess().topUps
    await Promise.all([house.topUps.sweep('laika'), other.sweep('laika'), house.topUps.sweep('laika')])
    expect(await stateOf(id)).toBe('credited')
    expect(await balanceOf(number)).toBe('5000')
  })

  it('are not waited for: an answer to a query wakes the sweep', async () => {
    const { id, attempt } = await paying()
    house.alipay.on('alipay.trade.query', ({ biz }) =>
      biz.out_trade_no === attempt
        ? {
            ...{
              code: '10000',
              out_trade_no: attempt,
              trade_no: `T${attempt}`,
              trade_status: 'TRADE_SUCCESS',
            },
            ...{ total_amount: '49.80', send_pay_date: '2026-11-22 14:00:05' },
          }
        : { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' },
    )
    clock.advance(15_000)
    await house.payments.queryDue('laika')
    await expect.poll(() => stateOf(id), { timeout: 5_000 }).toBe('credited')
  })

  it('of two scans: the second payment goes back, the order stays credited', async () => {
    const { id, attempt, number } = await paying()
    await house.notify(attempt)
    await house.notify(attempt, { trade_no: 'second', notify_id: 'second' })
    await house.notify(attempt, { trade_no: 'second', notify_id: 'once-more' })
    await settler.sweep()
    expect(await stateOf(id)).toBe('credited')
    expect(await balanceOf(number)).toBe('5000')
    const { rows } = await owner.query(
      'select reason, transaction, amount from laika.refund where attempt = $1',
      [idFromWire(attempt)],
    )
    expect(rows).toEqual([{ reason: 'paid-twice', transaction: 'second', amount: '4980' }])
  })
})

describe('after all of it', () => {
  it('every invariant holds', async () => {
    await house.topUps.handOverMessages('laika')
    expect(await house.fsck()).toEqual([])
  })
})

describe('a brand that sells nothing yet', () => {
  it('is swept like any other, as there is nothing to settle', async () => {
    await owner.query('truncate harbour.offer, harbour.price_table')
    const { db, brands } = house
    const catalog = createCatalog({ db, clock, brands, switches: house.switches })
    const deps = { ...house, catalog, policyOf: presetOf }
    expect(await createSettler(deps, brands.get('harbour')).sweep()).toBe(0)
    await expect(catalog.priceTable('harbour', house.today())).rejects.toThrow('no price table')
  })
})
