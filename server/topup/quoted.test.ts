import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RefundRow } from '../payment/index.ts'
import { net, PAID_IN, quotedOrder } from './quoted-fixture.ts'
import type { TopUp } from './top-up.ts'
import { MERCHANT, World } from './world-fixture.ts'

const start = (amountMinor?: bigint, marginMinor?: bigint) =>
  quotedOrder(new World(), amountMinor, marginMinor)

describe('an order paid in another currency', () => {
  it('is credited at its quote: two postings, each in its currency, the margin apart', () => {
    const { world, line, attempt, now, abroad } = start()
    expect(world.run([world.says(attempt, 'paid')])).toEqual([{ outcome: 'applied', to: 'credited' }])
    expect(now()).toMatchObject({ state: 'credited', capturedMinor: 4980n, refundedMinor: 0n })
    expect(world.lineBalance(line)).toBe(5000n)
    expect([abroad('provider-clearing'), abroad('fx-position')]).toEqual([555n, -555n])
    expect([world.balance('fx-position'), world.balance('fx-margin')]).toEqual([4988n, 8n])
    expect(world.balance('provider-clearing', `alipay:${MERCHANT}`)).toBe(0n)
    expect(net(world)).toEqual([0n, 0n])
  })

  it('late, after the quote has ended, is credited at it all the same', () => {
    const { world, attempt, now } = start()
    world.nowMs += 26 * 3_600_000
    world.run([world.says(attempt, 'paid')])
    expect(now()).toMatchObject({ state: 'credited', capturedMinor: 4980n })
  })

  it('as a package defers its price', () => {
    const { world, order, attempt, quote, abroad } = start()
    const year = world.priceTable.packages.find((offer) => offer.term === 'year')
    if (!year) throw new Error('a package of a year is on sale')
    const sold = {
      ...order,
      terms: year,
      offer: year.id,
      offerKind: year.kind,
      priceMinor: year.priceMinor,
      faceMinor: 0n,
    }
    world.orders.set(order.id, sold)
    world.quotes.set(quote.id, { ...quote, priceMinor: year.priceMinor })
    world.run([world.says(attempt, 'paid')])
    world.tell()
    expect(world.balance('deferred-revenue')).toBe(year.priceMinor)
    world.run([world.asksBack(world.orders.get(order.id) as TopUp)])
    const [refund] = world.refunds.values()
    expect(world.balance('deferred-revenue')).toBe(0n)
    expect(abroad('refund-clearing')).toBe(refund?.amountMinor)
    expect(net(world)).toEqual([0n, 0n])
  })

  it.each([
    ['less', 554n, 4971n],
    ['more', 600n, 5383n],
    ['next to nothing', 1n, 8n],
  ])('by %s than was quoted is held and goes back whole as it came', (_, amountMinor, ofOrder) => {
    const { world, line, attempt, now, abroad, sent } = start()
    world.run([world.says(attempt, 'paid', { amountMinor })])
    expect(now()).toMatchObject({ state: 'refunding', capturedMinor: ofOrder, creditedAtMs: null })
    expect([...world.refunds.values()]).toMatchObject([
      { amountMinor, currency: PAID_IN, reason: 'amount-mismatch' },
    ])
    sent()
    expect(now()).toMatchObject({ state: 'refunded', refundedMinor: ofOrder })
    for (const kind of ['provider-clearing', 'topup-suspense', 'refund-clearing', 'fx-position'] as const)
      expect(abroad(kind), kind).toBe(0n)
    expect([world.lineBalance(line), world.balance('fx-position')]).toEqual([0n, 0n])
    expect(net(world)).toEqual([0n, 0n])
  })

  it('in the brand’s own currency instead is a mismatch', () => {
    const { world, attempt, now } = start()
    world.run([world.says(attempt, 'paid', { currency: 'CNY', amountMinor: 4980n })])
    expect(now().state).toBe('refunding')
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'currency-mismatch', currency: 'CNY' }])
  })

  it('that cannot be credited now waits in the currency that was paid, and is credited at the quote', () => {
    const { world, line, order, attempt, now, abroad } = start()
    world.lines.set(line.line, { ...line, limitDay: world.today, limitDayMinor: 498_000n })
    world.run([world.says(attempt, 'paid')])
    expect([now().state, abroad('topup-suspense'), world.balance('topup-suspense')]).toEqual([
      'held',
      555n,
      0n,
    ])
    world.lines.set(line.line, { ...line })
    world.run([{ kind: 'hold-decision', order: order.id }])
    expect(now().state).toBe('credited')
    expect([abroad('topup-suspense'), abroad('fx-position'), world.balance('fx-position')]).toEqual([
      0n,
      -555n,
      4988n,
    ])
    expect(net(world)).toEqual([0n, 0n])
  })

  it('and once more in its own pays the second back, whichever it is', () => {
    const { world, order, attempt, now, abroad, sent } = start()
    const own = world.attempt(order)
    world.run([world.says(own, 'paid'), world.says(attempt, 'paid')])
    expect([...world.refunds.values()]).toMatchObject([
      { amountMinor: 555n, currency: PAID_IN, reason: 'paid-twice' },
    ])
    sent()
    expect(now()).toMatchObject({ state: 'credited', capturedMinor: 4980n, refundedMinor: 0n })
    expect([abroad('provider-clearing'), abroad('fx-position')]).toEqual([0n, 0n])
    expect(net(world)).toEqual([0n, 0n])
  })
})

describe('a refund of it', () => {
  it('in parts is paid back at the quote, whole to what was paid, the margin too', () => {
    const { world, attempt, now, abroad, sent } = start()
    world.run([world.says(attempt, 'paid')])
    world.tell()
    world.run([world.asksBack(now(), { amountMinor: 1000n })])
    const amounts = () => [...world.refunds.values()].map((r: RefundRow) => [r.amountMinor, r.orderMinor])
    expect(amounts()).toEqual([[112n, 1000n]])
    sent()
    world.tell()
    expect(now()).toMatchObject({ state: 'credited', refundedMinor: 1000n })
    expect([abroad('provider-clearing'), abroad('fx-position')]).toEqual([443n, -443n])
    world.run([world.asksBack(now())])
    sent()
    expect(amounts()).toEqual([
      [112n, 1000n],
      [443n, 3980n],
    ])
    expect(now()).toMatchObject({ state: 'refunded', refundedMinor: 4980n })
    expect([abroad('fx-position'), world.balance('fx-position'), world.balance('fx-margin')]).toEqual([
      0n,
      0n,
      0n,
    ])
    expect(net(world)).toEqual([0n, 0n])
  })

  it('of a part that comes to nothing is refused', () => {
    const { world, attempt, now, sent } = start()
    world.run([world.says(attempt, 'paid')])
    world.tell()
    world.run([world.asksBack(now(), { amountMinor: 1n })])
    sent()
    world.tell()
    expect(world.run([world.asksBack(now(), { amountMinor: 1n })])).toEqual([
      { outcome: 'applied', to: 'refused', code: 'refund-too-small' },
    ])
    expect(now()).toMatchObject({ state: 'credited', refundedMinor: 1n })
  })

  it('in any parts keeps both currencies whole and never comes to more than was paid', () => {
    const parts = fc.array(fc.bigInt(1n, 2000n), { maxLength: 6 })
    fc.assert(
      fc.property(parts, fc.bigInt(1n, 60_000n), fc.bigInt(0n, 500n), (asked, paid, margin) => {
        const { world, attempt, now, abroad, sent } = start(paid, margin)
        world.run([world.says(attempt, 'paid')])
        for (const amountMinor of asked) {
          world.tell()
          world.run([world.asksBack(now(), { amountMinor })])
          sent()
          expect(net(world)).toEqual([0n, 0n])
        }
        const back = [...world.refunds.values()].reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
        expect(back <= paid && abroad('provider-clearing') === paid - back).toBe(true)
        expect(abroad('refund-clearing')).toBe(0n)
        if (now().state === 'refunded') expect(back).toBe(paid)
      }),
      { numRuns: 60 },
    )
  })
})
