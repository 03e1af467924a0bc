import { afterEach, describe, expect, it, vi } from 'vitest'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { Book } from './book.ts'
import { earnPackages } from './earn-packages.ts'
import { startEarning } from './jobs.ts'
import { ledgerRoom, TODAY } from './ledger-fixture.ts'
import { earnedByDay } from './lot.ts'
import { lockAccounts, sendPackageTerms, sendWrites } from './store.ts'

const room = await ledgerRoom()
const { laika, clock, owner } = room

const dayOf = (year: number, month: number, day: number) => Date.UTC(year, month - 1, day) / 86_400_000
const earn = (today: number) => earnPackages(laika, clock, today)
const deferred = async () => (await room.balanceOf('deferred-revenue')) ?? 0n
const revenue = async () => (await room.balanceOf('package-revenue')) ?? 0n

interface TermRow {
  readonly price: bigint
  readonly earned: bigint
  readonly earnedUntil: number
}

async function termOf(id: string): Promise<TermRow> {
  const [row] = await laika.query<TermRow>(
    'select price, earned, earned_until as "earnedUntil" from {{brand}}.package_term where id = $1',
    [id],
  )
  if (!row) throw new Error(`there is a term ${id}`)
  return row
}

async function earnings(term: string): Promise<bigint[]> {
  const rows = await laika.query<{ amount: bigint }>(
    `select amount from {{brand}}.transfer where cause = $1 and posting = 'package-earned' order by id`,
    [term],
  )
  return rows.map((row) => row.amount)
}

/** Many packages in one transaction, of 1.00 over two days from `firstDay`. */
async function sellMany(count: number, firstDay: number): Promise<void> {
  await laika.tx(async (tx) => {
    const accounts = await lockAccounts(tx, [
      { kind: 'deferred-revenue', subject: '' },
      { kind: 'provider-clearing', subject: 'alipay:2021000000000001' },
    ])
    const parties = Object.fromEntries(accounts.map((account) => [account.kind, account]))
    const book = new Book(room.id)
    const terms = Array.from({ length: count }, () => {
      const [id, cause, line] = [room.id(), room.id(), room.id()]
      book.post('online-package', { amounts: { price: 100n }, parties: parties as never, cause })
      return { id, cause, line, epoch: 1, priceMinor: 100n, firstDay, until: firstDay + 2 }
    })
    sendWrites(tx, book.writes(), clock.business('laika'), clock.instant())
    sendPackageTerms(tx, terms)
  })
}

afterEach(async () => {
  disarmFailpoints()
  // Every test begins with nothing due.
  await earn(TODAY + 10_000)
  expect(await deferred()).toBe(0n)
})

describe('a package', () => {
  it('is earned day by day, never on the day of sale, and wholly on its last', async () => {
    const term = await room.sellPackage(100n, TODAY, TODAY + 3)
    const before = await revenue()
    const seen: bigint[] = []
    for (let day = TODAY; day <= TODAY + 4; day++) {
      await earn(day)
      seen.push((await termOf(term)).earned)
      expect((await revenue()) - before).toBe(seen.at(-1))
      expect(await deferred()).toBe(100n - (seen.at(-1) as bigint))
    }
    expect(seen).toEqual([0n, 33n, 66n, 100n, 100n])
    expect(await earnings(term)).toEqual([33n, 33n, 34n])
  })

  it('is earned once however often a day is run', async () => {
    const term = await room.sellPackage(900n, TODAY, TODAY + 9)
    expect([await earn(TODAY + 4), await earn(TODAY + 4), await earn(TODAY + 4)]).toEqual([1, 0, 0])
    expect(await earnings(term)).toEqual([400n])
  })

  it('catches up in one transfer after days without a run', async () => {
    const term = await room.sellPackage(900n, TODAY - 20, TODAY - 11)
    const running = await room.sellPackage(900n, TODAY - 4, TODAY + 5)
    expect(await earn(TODAY)).toBe(2)
    expect(await earnings(term)).toEqual([900n])
    expect(await earnings(running)).toEqual([400n])
    expect(await termOf(running)).toEqual({ price: 900n, earned: 400n, earnedUntil: TODAY })
  })

  it('whose day is worth less than a minor unit is earned on the days that make one up', async () => {
    const term = await room.sellPackage(2n, TODAY, TODAY + 4)
    for (let day = TODAY + 1; day <= TODAY + 4; day++) {
      expect(await earn(day)).toBe(1)
      expect((await termOf(term)).earnedUntil).toBe(day)
    }
    expect(await earnings(term)).toEqual([1n, 1n])
  })

  it('that cost nothing moves no money and is over in time', async () => {
    const term = await room.sellPackage(0n, TODAY, TODAY + 2)
    expect([await earn(TODAY + 2), await earn(TODAY + 3)]).toEqual([1, 0])
    expect(await earnings(term)).toEqual([])
  })

  it.each([
    ['31 January to 28 February', dayOf(2027, 1, 31), dayOf(2027, 2, 28)],
    ['29 February to 29 March of a leap year', dayOf(2028, 2, 29), dayOf(2028, 3, 29)],
    ['31 December to 31 March', dayOf(2026, 12, 31), dayOf(2027, 3, 31)],
    ['28 February to 28 February', dayOf(2027, 2, 28), dayOf(2028, 2, 28)],
  ])('from %s earns its price, each day its share', async (_, firstDay, until) => {
    const price = 29_880n
    const term = await room.sellPackage(price, firstDay, until)
    for (const day of [firstDay, firstDay + 1, firstDay + 27, until - 1, until]) {
      await earn(day)
      expect((await termOf(term)).earned).toBe(earnedByDay({ priceMinor: price, firstDay, until }, day))
    }
    expect((await earnings(term)).reduce((sum, each) => sum + each, 0n)).toBe(price)
  })

  it('carries the business instant and the real one', async () => {
    const term = await room.sellPackage(100n, TODAY, TODAY + 1)
    clock.setOffset('laika', 86_400_000)
    await earn(TODAY + 1)
    const [row] = await laika.query(
      'select event_at as "eventAt", created_at as "createdAt" from {{brand}}.transfer where cause = $1',
      [term],
    )
    expect(row).toEqual({ eventAt: clock.instant() + 86_400_000, createdAt: clock.instant() })
  })
})

describe('a run over many packages', () => {
  it('takes them all, in batches', async () => {
    await sellMany(2300, TODAY)
    expect(await earn(TODAY + 1)).toBe(2300)
    expect(await deferred()).toBe(2300n * 50n)
  })

  it('shares them with another worker, each package once', async () => {
    await sellMany(2300, TODAY)
    const taken = await Promise.all([earn(TODAY + 1), earn(TODAY + 1), earn(TODAY + 1)])
    expect(taken.reduce((sum, each) => sum + each, 0)).toBe(2300)
    expect(await earn(TODAY + 1)).toBe(0)
    expect(await deferred()).toBe(2300n * 50n)
  })

  it('leaves what another worker holds and does not wait for it', async () => {
    const term = await room.sellPackage(100n, TODAY, TODAY + 1)
    await owner.query('begin')
    try {
      await owner.query('select from laika.package_term where id = $1 for update', [term])
      expect(await earn(TODAY + 1)).toBe(0)
    } finally {
      await owner.query('rollback')
    }
    expect(await earn(TODAY + 1)).toBe(1)
  })

  it('that breaks leaves nothing half-done and loses nothing', async () => {
    await sellMany(1300, TODAY)
    const before = await revenue()
    armFailpoints('ledger.earn:2:throw')
    await expect(earn(TODAY + 1)).rejects.toThrow('failpoint ledger.earn')
    expect((await revenue()) - before).toBe(1000n * 50n)
    const [moved] = await laika.query(
      "select count(*) as terms, sum(earned) as earned from {{brand}}.package_term where earned_until = date '1970-01-01' + $1::int and until = earned_until + 1",
      [TODAY + 1],
    )
    expect(moved).toEqual({ terms: 1000n, earned: 50_000n })
    expect(await earn(TODAY + 1)).toBe(300)
    expect((await revenue()) - before).toBe(1300n * 50n)
  })
})

it('earning goes on by itself, on the business date of each brand', async () => {
  const term = await room.sellPackage(900n, TODAY, TODAY + 9)
  const loops = startEarning({ ...room, todayOf: ({ key }) => (key === 'laika' ? TODAY + 1 : TODAY + 5) })
  await vi.waitFor(async () => expect((await termOf(term)).earned).toBe(100n), 10_000)
  await Promise.all(loops.map((loop) => loop.stop()))
})
