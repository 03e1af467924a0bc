import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { preActive, validUntil } from '../policy/index.ts'
import type { AgentTopUpCommand, Credited, Outcome, Refused } from './command.ts'
import { World } from './world-fixture.ts'

const FLOAT = 10_000_000n

function told(outcome: Outcome | undefined): string {
  if (!outcome || outcome.outcome === 'applied') return String(outcome?.outcome)
  const said = outcome.outcome === 'refused' ? outcome.entry.code : 'credited'
  return outcome.replayed ? `${said} again` : said
}

function start(floatMinor = FLOAT) {
  const world = new World()
  const line = world.line()
  const by = world.dealer(floatMinor)
  const sell = (more: Partial<AgentTopUpCommand> = {}) => told(world.run([world.sale(by, more)])[0])
  return { world, line, by, sell }
}

describe('a sale from a float', () => {
  it('moves price, discount, bonus and commission, the clocks, the limits and the receipt', () => {
    const { world, line, by } = start()
    const before = world.imbalance()
    const [outcome] = world.run([world.sale(by, { amountMinor: 10_000n })]) as [Credited]
    expect(outcome).toMatchObject({
      outcome: 'credited',
      balanceAfterMinor: 10_500n,
      floatAfterMinor: FLOAT - 9950n + 200n,
      order: {
        state: 'credited',
        receiptSeries: 'LK-1',
        receiptNo: 1n,
        messageState: 1,
        commissionMinor: 200n,
      },
    })
    expect(outcome.order.until).toBe((outcome.order.untilBefore ?? 0) + 365)
    expect(world.lines.get(line.line)).toMatchObject({ limitDay: world.today, limitDayMinor: 10_000n })
    expect(world.balance('discount')).toBe(50n)
    expect(world.balance('promotion-bonus')).toBe(500n)
    expect(world.imbalance()).toBe(before)
  })

  it('of a package leaves the balance alone: its price is deferred, its allowances and term begin today', () => {
    const { world, line, by } = start()
    const quarter = world.priceTable.packages.find((offer) => offer.term === 'quarter')
    const [outcome] = world.run([
      world.sale(by, { amountMinor: null, currency: null, offerId: quarter?.id ?? '' }),
    ]) as [Credited]
    expect(outcome).toMatchObject({ outcome: 'credited', balanceAfterMinor: null })
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.balance('deferred-revenue')).toBe(2300n)
    const [writes] = world.written
    expect(writes?.packageTerms).toMatchObject([{ priceMinor: 2300n, firstDay: world.today }])
    expect(writes?.lots.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['voice-seconds', 5400n],
      ['sms', 90n],
      ['data-bytes', 314_572_800n],
    ])
  })
})

describe('refusals come in their order', () => {
  const overAll = { amountMinor: 300_000n, currency: 'CNY', confirmDuplicate: false }
  const ceased = { ...preActive, standing: 'in-service', ceasedOn: 1 } as const

  it('dealer before line before stage before offer before amount', () => {
    const { world, line, by, sell } = start(0n)
    const wrong = { offerId: world.newId(), amountMinor: null, currency: null }
    const nobody = { ...wrong, msisdn: '8615499999999' }
    world.lines.set(line.line, { ...line, state: ceased })
    world.changeDealer(by.dealer, { status: 'suspended' })
    expect(sell(nobody)).toBe('dealer-suspended')
    world.changeDealer(by.dealer, { status: 'active' })
    world.activeKeys.delete(by.caller)
    expect(sell(nobody)).toBe('dealer-suspended')
    world.activeKeys.add(by.caller)
    expect(sell(nobody)).toBe('line-not-found')
    expect(sell(wrong)).toBe('line-ceased')
    world.lines.set(line.line, line)
    expect(sell(wrong)).toBe('offer-not-found')
    expect(sell({ offerId: null, amountMinor: null })).toBe('offer-missing')
    expect(sell({ offerId: world.newId() })).toBe('offer-missing')
    expect(sell({ currency: 'GBP' })).toBe('currency-mismatch')
    expect(sell({ amountMinor: 5001n })).toBe('amount-not-allowed')
  })

  it('amount before limits before the recent double before the float', () => {
    const { world, line, by } = start(5000n)
    const barred = { ...line, state: { ...line.state, service: validUntil(world.today - 5) } }
    world.lines.set(line.line, { ...barred, limitDay: world.today, limitDayMinor: 500_000n })
    const sell = (more: Partial<AgentTopUpCommand>) =>
      told(world.run([world.sale(by, { confirmDuplicate: false, ...more })])[0])
    expect(sell({ ...overAll })).toBe('amount-not-allowed')
    expect(sell({ amountMinor: 5000n })).toBe('limit-reached')
    world.lines.set(line.line, barred)
    expect(sell({ amountMinor: 5000n })).toBe('credited')
    expect(sell({ amountMinor: 5000n })).toBe('duplicate-recent')
    expect(sell({ amountMinor: 5000n, confirmDuplicate: true })).toBe('float-low')
  })

  it('says what is missing of the float', () => {
    const { world, by } = start(4000n)
    const [outcome] = world.run([world.sale(by)]) as [Refused]
    expect(outcome.members).toEqual({ short: { amountMinor: '980', currency: 'CNY' } })
    expect(world.transfers).toEqual([])
  })
})

describe('a key', () => {
  it('gives its first outcome again, in one batch or in the next, and nothing to another request', () => {
    const { world, by } = start()
    const sale = world.sale(by)
    const again = { ...sale, id: world.newId() }
    expect(world.run([sale, again, { ...again, hash: 'bb' }]).map(told)).toEqual([
      'credited',
      'credited again',
      'idempotency-key-reused',
    ])
    expect(world.run([again, { ...again, hash: 'bb' }]).map(told)).toEqual([
      'credited again',
      'idempotency-key-reused',
    ])
    expect(world.orders.size).toBe(1)
  })

  it('keeps a no about the request, not one about who asks or what exists', () => {
    const { world, by } = start()
    const refused = world.sale(by, { amountMinor: 5001n })
    const nobody = world.sale(by, { msisdn: '8615499999999' })
    expect(world.run([refused, nobody, refused, nobody]).map(told)).toEqual([
      'amount-not-allowed',
      'line-not-found',
      'amount-not-allowed again',
      'line-not-found',
    ])
    expect(world.written[0]?.refusals.map(({ key }) => key)).toEqual([refused.key])
  })

  it('of one caller says nothing to another', () => {
    const { world, by } = start()
    const other = world.dealer(FLOAT)
    const sale = world.sale(by)
    expect(world.run([sale, { ...world.sale(other), key: sale.key }]).map(told)).toEqual([
      'credited',
      'credited',
    ])
  })
})

describe('what a batch has done so far counts', () => {
  it('for doubles: the second of the same within two minutes is asked about', () => {
    const { world, by } = start()
    const twice = () => [1, 2].map(() => world.sale(by, { confirmDuplicate: false }))
    expect(world.run(twice()).map(told)).toEqual(['credited', 'duplicate-recent'])
    expect(world.run([world.sale(by, { confirmDuplicate: true })]).map(told)).toEqual(['credited'])
    world.nowMs += 120_001
    expect(world.run(twice()).map(told)).toEqual(['credited', 'duplicate-recent'])
  })

  it('for limits: by day until the next day, by month until the next month', () => {
    const world = new World((brand) => ({
      ...brand,
      limits: {
        ...brand.limits,
        perOrderMinor: 20_000n,
        perLineDayMinor: 12_000n,
        perLineMonthMinor: 20_000n,
      },
    }))
    world.line()
    const by = world.dealer(FLOAT)
    const limitsOf = (outcomes: Outcome[]) =>
      outcomes.map((o) => (o.outcome === 'refused' ? o.members.per : o.outcome))
    const five = (n: number) => Array.from({ length: n }, () => world.sale(by))
    expect(limitsOf(world.run([world.sale(by, { amountMinor: 30_000n })]))).toEqual(['order'])
    expect(limitsOf(world.run(five(3)))).toEqual(['credited', 'credited', 'day'])
    world.nowMs += 86_400_000
    expect(limitsOf(world.run(five(3)))).toEqual(['credited', 'credited', 'day'])
    world.nowMs += 86_400_000
    expect(limitsOf(world.run(five(1)))).toEqual(['month'])
    world.nowMs += 8 * 86_400_000
    expect(limitsOf(world.run(five(1)))).toEqual(['credited'])
  })

  it('for receipts: numbers without a gap, whatever is refused between', () => {
    const { world, by } = start()
    const outcomes = world.run([
      world.sale(by),
      world.sale(by, { amountMinor: 5001n }),
      world.sale(by),
      world.sale(by, { msisdn: '1' }),
      world.sale(by),
    ])
    const numbers = outcomes.flatMap((o) => (o.outcome === 'credited' ? [o.order.receiptNo] : []))
    expect(numbers).toEqual([1n, 2n, 3n])
    expect(world.series.get('LK-1')).toBe(3n)
  })

  it('for the float: of 64 sales on the last of it exactly those succeed that it covers, in batches of any size', () => {
    const float = fc.bigInt(0n, 400_000n)
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(float, fc.integer({ min: 0, max: 1000 }), sizes, (floatMinor, commissionBp, cuts) => {
        const { world, by } = start(floatMinor)
        world.changeDealer(by.dealer, { commissionBp })
        const sales = Array.from({ length: 64 }, () => world.sale(by))
        const outcomes: Outcome[] = []
        for (let i = 0; sales.length > 0; i++)
          outcomes.push(...world.run(sales.splice(0, cuts[i % cuts.length])))
        let left = floatMinor
        let covered = 0
        const price = 4980n
        const commission = (5000n * BigInt(commissionBp)) / 10_000n
        while (covered < 64 && left >= price) {
          left -= price - commission
          covered++
        }
        const credited = outcomes.filter((o) => o.outcome === 'credited')
        expect(credited).toHaveLength(covered)
        if (commissionBp === 0) expect(covered).toBe(Math.min(64, Number(floatMinor / price)))
        expect(world.balance('dealer-float', by.dealer)).toBe(left)
        expect(new Set(outcomes.map(told))).toEqual(
          new Set([...(covered > 0 ? ['credited'] : []), ...(covered < 64 ? ['float-low'] : [])]),
        )
      }),
      { numRuns: 60 },
    )
  })
})

describe('a top-up that revives a line', () => {
  it('forfeits old credit where the policy says so, and only what is left counts for the balance', () => {
    const world = new World()
    const barredSince = world.today - 335
    const line = world.line({
      policy: 'ethio',
      paidMinor: 2000n,
      state: { ...preActive, standing: 'in-service', service: validUntil(barredSince) },
    })
    const by = world.dealer(FLOAT)
    const before = world.imbalance()
    const [outcome] = world.run([world.sale(by)]) as [Credited]
    expect(outcome).toMatchObject({ outcome: 'credited', balanceAfterMinor: 5000n })
    expect(world.lineBalance(line)).toBe(5000n)
    expect(world.balance('breakage')).toBe(2000n)
    expect(world.imbalance()).toBe(before)
  })
})
