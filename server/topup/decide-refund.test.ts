import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Book } from '../ledger/index.ts'
import type { AttemptRow } from '../payment/index.ts'
import { untilOf } from '../policy/index.ts'
import type { Command } from './command.ts'
import type { RefundRequest } from './refund-request.ts'
import type { TopUp } from './top-up.ts'
import { inService, MERCHANT, World } from './world-fixture.ts'

const CLEARING = `alipay:${MERCHANT}`

/** A line with one order of 50.00 for 49.80, credited and told. */
function bought(paidMinor = 0n, facts?: ConstructorParameters<typeof World>[0]) {
  const world = new World(facts)
  const line = world.line({ paidMinor })
  const order = buy(world, line.line)
  return { world, line, order, now: () => world.orders.get(order.id) as TopUp }
}

function buy(world: World, line: string, faceMinor = 5000n): TopUp {
  const clock = world.lines.get(line)
  if (!clock) throw new Error('no such line')
  const order = world.order(clock, world.tile(faceMinor))
  world.run([world.says(world.attempt(order), 'paid')])
  world.tell()
  return world.orders.get(order.id) as TopUp
}

function spend(world: World, line: string, amountMinor: bigint): void {
  const account = world.lineAccounts.get(`${line} 1`)
  const revenue = world.accounts.get('usage-revenue  CNY')
  if (!account || !revenue) throw new Error('no such account')
  const paid = amountMinor < account.paidMinor ? amountMinor : account.paidMinor
  const bonus = amountMinor - paid < account.bonusMinor ? amountMinor - paid : account.bonusMinor
  const book = new Book(world.newId)
  book.post('usage', {
    amounts: { paid, bonus },
    parties: { 'line-balance': account, 'usage-revenue': revenue },
    cause: world.newId(),
  })
  world.applyLedger(book.writes())
}

/** The provider's word on the refund of an order that is under way. */
function providerSays(world: World, order: string, said: 'refunded' | 'refund-refused'): Command[] {
  return [...world.refunds.values()]
    .filter((refund) => refund.order === order)
    .map((refund) => {
      const { amountMinor, currency, transaction } = refund
      const attempt = world.attempts.get(refund.attempt) as AttemptRow
      const money = { amountMinor, currency, transaction }
      return world.says(attempt, said, { ...money, kind: 'refund', refund: refund.id, note: 'why' })
    })
}

const requestOf = (world: World, command: Command) =>
  world.requests.get((command as { request: string }).request) as RefundRequest

describe('a refund of credit', () => {
  it('gives back what is unspent at what it was bought for: of 50.00 for 49.80 with 30.00 left, 29.88', () => {
    const { world, line, order, now } = bought()
    const zero = world.imbalance()
    spend(world, line.line, 2000n)
    const asks = world.asksBack(order)
    expect(world.run([asks])).toEqual([{ outcome: 'applied', to: 'refunding' }])
    expect(now()).toMatchObject({ state: 'refunding', refundedMinor: 0n })
    expect(requestOf(world, asks)).toMatchObject({
      ...{ state: 'begun', refundedMinor: 2988n, faceTakenMinor: 3000n },
    })
    expect([...world.refunds.values()]).toMatchObject([
      { id: (asks as { request: string }).request, amountMinor: 2988n, automatic: false },
    ])
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.balance('refund-clearing')).toBe(2988n)
    world.run(providerSays(world, order.id, 'refunded'))
    expect(now()).toMatchObject({ state: 'credited', refundedMinor: 2988n, messageState: 1 })
    expect(world.balance('refund-clearing')).toBe(0n)
    expect(world.balance('provider-clearing', CLEARING)).toBe(4980n - 2988n)
    expect(world.imbalance()).toBe(zero)
  })

  it('of all of it ends the order as refunded, and a second finds nothing', () => {
    const { world, line, order, now } = bought()
    world.run([world.asksBack(order)])
    world.run(providerSays(world, order.id, 'refunded'))
    expect(now()).toMatchObject({ state: 'refunded', refundedMinor: 4980n })
    expect(world.lineBalance(line)).toBe(0n)
    world.tell()
    expect(world.run([world.asksBack(order)])).toMatchObject([{ to: 'refused', code: 'refund-not-possible' }])
  })

  it('of a part takes its share of the credit, rounded down for the payer', () => {
    const { world, line, order, now } = bought()
    const asks = world.asksBack(order, { amountMinor: 1000n, whole: false })
    world.run([asks])
    expect(requestOf(world, asks)).toMatchObject({ refundedMinor: 1000n, faceTakenMinor: 1004n })
    expect(world.lineBalance(line)).toBe(5000n - 1004n)
    world.run(providerSays(world, order.id, 'refunded'))
    expect(now()).toMatchObject({ state: 'credited', refundedMinor: 1000n })
  })

  it('that asks for more than is left by then is refused, and one for all takes what there is', () => {
    const { world, line, order } = bought()
    const [part, all] = [world.asksBack(order, { amountMinor: 4000n, whole: false }), world.asksBack(order)]
    spend(world, line.line, 4000n)
    expect(world.run([part])).toMatchObject([{ to: 'refused', code: 'refund-exceeds' }])
    expect(requestOf(world, part)).toMatchObject({ state: 'refused', refusedCode: 'refund-exceeds' })
    expect(world.run([all])).toMatchObject([{ to: 'refunding' }])
    expect(requestOf(world, all)).toMatchObject({ refundedMinor: 996n, faceTakenMinor: 1000n })
  })

  it('of credit that is spent is refused', () => {
    const { world, line, order } = bought()
    spend(world, line.line, 5000n)
    expect(world.run([world.asksBack(order)])).toMatchObject([{ to: 'refused', code: 'refund-nothing-left' }])
  })

  it('waits while the line has just been moved, or the message about the credit is still owed', () => {
    const { world, line, order } = bought()
    const other = world.order(world.lines.get(line.line) as never, world.tile(3000n))
    const paid = world.says(world.attempt(other), 'paid')
    const asks = world.asksBack(order)
    expect(world.run([paid, asks])).toMatchObject([{ to: 'credited' }, { to: 'busy' }])
    expect(world.run([world.asksBack(other)])).toMatchObject([{ to: 'busy' }])
    expect(world.run([asks])).toMatchObject([{ to: 'refunding' }])
    expect(requestOf(world, asks).refundedMinor).toBe(4980n)
  })

  it('asked for twice at once is made once', () => {
    const { world, order } = bought()
    const asks = world.asksBack(order)
    expect(world.run([asks, asks, world.asksBack(order)])).toMatchObject([
      { to: 'refunding' },
      { to: 'nothing' },
      { to: 'refused', code: 'refund-in-progress' },
    ])
    expect(world.refunds.size).toBe(1)
  })

  it('takes the bonus that came with it, as far as it is unspent', () => {
    const { world, line, order } = bought()
    const account = world.lineAccounts.get(`${line.line} 1`)
    if (!account) throw new Error('no account')
    world.orders.set(order.id, { ...order, bonusMinor: 500n })
    const bonus = { balanceMinor: account.balanceMinor + 300n, bonusMinor: 300n }
    world.lineAccounts.set(`${line.line} 1`, { ...account, ...bonus })
    const part = world.asksBack(order, { amountMinor: 2490n, whole: false })
    world.run([part])
    expect(requestOf(world, part).bonusTakenMinor).toBe(150n)
    world.run(providerSays(world, order.id, 'refunded'))
    world.tell()
    world.run([world.asksBack(order)])
    expect(world.lineBalance(line)).toBe(0n)
  })
})

describe('a refund that the provider refuses', () => {
  it('waits for a person, who sends it again under its own number', () => {
    const { world, line, order, now } = bought()
    const asks = world.asksBack(order)
    world.run([asks])
    world.run(providerSays(world, order.id, 'refund-refused'))
    expect(now().state).toBe('refund-abnormal')
    const [refund] = [...world.refunds.values()]
    const again: Command = { kind: 'refund-again', refund: refund?.id ?? '', order: order.id }
    expect(world.run([again, again])).toMatchObject([{ to: 'refunding' }, { to: 'nothing' }])
    expect(now().state).toBe('refunding')
    expect([...world.refunds.values()]).toMatchObject([{ id: refund?.id, state: 'requested' }])
    world.run(providerSays(world, order.id, 'refunded'))
    expect(now().state).toBe('refunded')
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.balance('refund-clearing')).toBe(0n)
  })
})

describe('the limits of a line', () => {
  it('are given back what went back of the same day, or month', () => {
    const { world, line, order } = bought()
    expect(world.lines.get(line.line)).toMatchObject({ limitDayMinor: 5000n, limitMonthMinor: 5000n })
    world.run([world.asksBack(order, { amountMinor: 2490n, whole: false })])
    expect(world.lines.get(line.line)).toMatchObject({ limitDayMinor: 2500n, limitMonthMinor: 2500n })
    world.run(providerSays(world, order.id, 'refunded'))
    world.tell()
    world.nowMs += 86_400_000
    buy(world, line.line, 3000n)
    world.run([world.asksBack(order)])
    expect(world.lines.get(line.line)).toMatchObject({ limitDayMinor: 3000n, limitMonthMinor: 3000n })
  })
})

describe('the days an order gave', () => {
  const until = (world: World, line: string) => {
    const { service } = world.lines.get(line)?.state ?? {}
    return service && service !== 'unlimited' ? untilOf(service) - world.today : null
  }

  it('go back with its money', () => {
    const { world, line, order } = bought()
    expect(until(world, line.line)).toBe(90 + 180)
    world.run([world.asksBack(order)])
    expect(until(world, line.line)).toBe(90)
    expect(world.written.at(-1)?.lineEvents).toMatchObject([
      { kind: 'validity-taken-back', detail: { order: order.id, keptMinor: '0', mayEnd: false } },
    ])
  })

  it('stay as many as the credit that is kept gives', () => {
    const { world, line, order } = bought()
    world.run([world.asksBack(order, { amountMinor: 1000n, whole: false })])
    expect(until(world, line.line)).toBe(90 + 90)
  })

  it('stay where a later top-up gives them, though the line would have been lost by then', () => {
    const world = new World()
    const line = world.line({ state: inService(world.today + 5) })
    const first = buy(world, line.line)
    world.nowMs += 170 * 86_400_000
    buy(world, line.line, 3000n)
    world.run([world.asksBack(first)])
    expect(until(world, line.line)).toBe(90)
  })

  it('never end the number before the end of today without a person’s yes, nor before today with it', () => {
    for (const mayEnd of [false, true]) {
      const world = new World()
      const line = world.line({ state: inService(world.today + 5) })
      const order = buy(world, line.line)
      world.nowMs += 60 * 86_400_000
      world.run([world.asksBack(order, { mayEnd })])
      expect(until(world, line.line)).toBe(mayEnd ? 0 : 1)
      const due = world.lines.get(line.line)?.nextDueOn
      expect(due).toBe(world.today + (mayEnd ? 0 : 1))
    }
  })

  it('of a number that has passed on are nobody’s to take', () => {
    const { world, line, order } = bought()
    const reissued = world.reissue(world.lines.get(line.line) as never)
    world.run([world.asksBack(order)])
    expect(world.lines.get(line.line)?.state).toBe(reissued.state)
    expect(world.written.at(-1)?.lineEvents).toEqual([])
  })
})

describe('a refund of a package', () => {
  function soldYear() {
    const world = new World()
    const line = world.line()
    const year = world.priceTable.packages.find((offer) => offer.term === 'year')
    if (!year) throw new Error('no year')
    const order = world.order(line, year)
    world.run([world.says(world.attempt(order), 'paid')])
    world.grants.set(
      order.id,
      (world.written.at(-1)?.lots ?? []).map((lot) => ({ ...lot, order: order.id })),
    )
    world.tell()
    return { world, line, order: world.orders.get(order.id) as TopUp }
  }

  it('gives back the days that have not begun, and earns the others at once', () => {
    const { world, order } = soldYear()
    const zero = world.imbalance()
    const term = world.terms.get(order.id)
    if (!term) throw new Error('no term')
    world.nowMs += 9 * 86_400_000
    const asks = world.asksBack(order)
    world.run([asks])
    const days = BigInt(term.until - term.firstDay)
    const refund = 8800n - (8800n * 10n) / days
    expect(requestOf(world, asks)).toMatchObject({ state: 'begun', refundedMinor: refund })
    expect(world.balance('deferred-revenue')).toBe(0n)
    expect(world.balance('package-revenue')).toBe(8800n - refund)
    expect(world.balance('refund-clearing')).toBe(refund)
    expect([...world.lots.values()].every((left) => left === 0n)).toBe(true)
    expect(world.imbalance()).toBe(zero)
  })

  it('of which anything was used is refused with the reason', () => {
    const { world, order } = soldYear()
    const [key, left] = [...world.lots][0] ?? ['', 0n]
    world.lots.set(key, left - 1n)
    expect(world.run([world.asksBack(order)])).toMatchObject([{ to: 'refused', code: 'refund-package-used' }])
  })
})

describe('a refund of a dealer’s sale', () => {
  it('goes to its float at once, and its share of the commission is taken back', () => {
    const world = new World()
    const line = world.line()
    const by = world.dealer(100_000n)
    world.run([world.sale(by)])
    world.tell()
    const zero = world.imbalance()
    const order = [...world.orders.values()][0] as TopUp
    expect(order.commissionMinor).toBe(100n)
    spend(world, line.line, 2500n)
    const before = world.balance('dealer-float', by.dealer)
    expect(world.run([world.asksBack(order)])).toMatchObject([{ to: 'refunded' }])
    expect(world.orders.get(order.id)).toMatchObject({ state: 'credited', refundedMinor: 2490n })
    expect(world.balance('dealer-float', by.dealer)).toBe(before + 2490n - 50n)
    expect(world.balance('dealer-receivable', by.dealer)).toBe(0n)
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.refunds.size).toBe(0)
    expect(world.imbalance()).toBe(zero)
  })

  it('owes what the float lacks of the commission', () => {
    const world = new World()
    const line = world.line()
    const by = world.dealer(10_000n)
    world.changeDealer(by.dealer, { commissionBp: 10_000 })
    world.run([world.sale(by)])
    world.tell()
    const order = [...world.orders.values()][0] as TopUp
    const float = world.accounts.get(`dealer-float ${by.dealer} CNY`)
    if (!float) throw new Error('no float')
    world.accounts.set(`dealer-float ${by.dealer} CNY`, { ...float, balanceMinor: 0n })
    world.run([world.asksBack(order)])
    expect(world.orders.get(order.id)?.state).toBe('refunded')
    expect(world.balance('dealer-float', by.dealer)).toBe(0n)
    expect(world.balance('dealer-receivable', by.dealer)).toBe(20n)
    expect(world.lineBalance(line)).toBe(0n)
  })
})

describe('top-ups, use, requests and the provider’s answers in every order', () => {
  const act = fc.oneof(
    fc.constant({ does: 'buy' as const }),
    fc.record({ does: fc.constant('spend' as const), amount: fc.bigInt({ min: 1n, max: 4000n }) }),
    fc.record({
      does: fc.constant('ask' as const),
      order: fc.nat(3),
      amount: fc.option(fc.bigInt({ min: 1n, max: 5000n })),
    }),
    fc.record({
      does: fc.constant('answer' as const),
      order: fc.nat(3),
      said: fc.constantFrom('refunded' as const, 'refunded' as const, 'refund-refused' as const),
    }),
    fc.record({ does: fc.constant('again' as const), order: fc.nat(3) }),
    fc.record({ does: fc.constant('pass' as const), days: fc.nat(40) }),
  )

  it('keep the books whole, and never pay back more than was paid', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 4, maxLength: 25 }), (acts) => {
        const world = new World((brand) => ({
          ...brand,
          limits: { ...brand.limits, perLineDayMinor: 10n ** 9n, perLineMonthMinor: 10n ** 9n },
        }))
        const { line } = world.line({ paidMinor: 700n })
        const zero = world.imbalance()
        const orders: string[] = []
        const chosen = (at: number) => world.orders.get(orders[at % orders.length] ?? '')
        for (const one of acts) {
          const order = 'order' in one ? chosen(one.order) : undefined
          if (one.does === 'buy') orders.push(buy(world, line).id)
          if (one.does === 'spend') spend(world, line, one.amount)
          if (one.does === 'pass') world.nowMs += one.days * 86_400_000
          if (one.does === 'ask' && order) {
            const amount = one.amount === null ? {} : { amountMinor: one.amount, whole: false }
            world.run([world.asksBack(order, amount)])
          }
          if (one.does === 'answer' && order) world.run(providerSays(world, order.id, one.said))
          if (one.does === 'again' && order)
            for (const { id } of [...world.refunds.values()].filter((refund) => refund.order === order.id))
              world.run([{ kind: 'refund-again', refund: id, order: order.id }])
          world.tell()
          stands(world, line, orders, zero)
        }
      }),
      { numRuns: 150 },
    )
  })

  function stands(world: World, line: string, orders: readonly string[], zero: bigint): void {
    expect(world.imbalance()).toBe(zero)
    const account = world.lineAccounts.get(`${line} 1`)
    expect(account && account.paidMinor >= account.paidCostMinor && account.paidCostMinor >= 0n).toBe(true)
    expect(account && account.balanceMinor === account.paidMinor + account.bonusMinor).toBe(true)
    let [captured, back, open] = [0n, 0n, 0n]
    for (const id of orders) {
      const order = world.orders.get(id) as TopUp
      const refunds = [...world.refunds.values()].filter((refund) => refund.order === id)
      const sum = refunds.reduce((all, { amountMinor }) => all + amountMinor, 0n)
      const done = refunds.filter(({ state }) => state === 'done')
      const paid = done.reduce((all, { amountMinor }) => all + amountMinor, 0n)
      expect(sum <= order.capturedMinor).toBe(true)
      expect(order.refundedMinor).toBe(paid)
      expect(order.refundsOpen).toBe(refunds.some(({ state }) => state === 'requested'))
      captured += order.capturedMinor
      back += paid
      open += sum - paid
    }
    expect(world.balance('provider-clearing', CLEARING)).toBe(captured - back)
    expect(world.balance('refund-clearing')).toBe(open)
  }
})
