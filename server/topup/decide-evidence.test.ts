import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttemptRow, RefundRow } from '../payment/index.ts'
import type { Command } from './command.ts'
import type { TopUp } from './top-up.ts'
import { MERCHANT, World } from './world-fixture.ts'

const CLEARING = `alipay:${MERCHANT}`

function start(paidMinor = 0n) {
  const world = new World()
  const line = world.line({ paidMinor })
  const order = world.order(line, world.tile(5000n))
  const attempt = world.attempt(order)
  const zero = world.imbalance()
  const now = () => world.orders.get(order.id) as TopUp
  return { world, line, order, attempt, zero, now }
}

/** The provider's last word on our refunds of an order. */
function refundsSaid(
  world: World,
  said: 'refunded' | 'refund-refused',
  only: (r: RefundRow) => boolean,
): Command[] {
  return [...world.refunds.values()].filter(only).map((refund) => {
    const { amountMinor, currency, transaction } = refund
    const attempt = world.attempts.get(refund.attempt) as AttemptRow
    const money = { amountMinor, currency, transaction }
    return world.says(attempt, said, { ...money, kind: 'refund', refund: refund.id, note: 'why' })
  })
}

describe('a payment', () => {
  it('credits its order once, with a receipt and a message owed', () => {
    const { world, line, attempt, zero, now } = start()
    const paid = world.says(attempt, 'paid')
    expect(world.run([paid, paid])).toEqual([
      { outcome: 'applied', to: 'credited' },
      { outcome: 'applied', to: 'nothing' },
    ])
    world.run([world.says(attempt, 'paid', { kind: 'query' }), world.says(attempt, 'closed')])
    expect(now()).toMatchObject({
      ...{ state: 'credited', attempt: attempt.id, capturedMinor: 4980n, refundedMinor: 0n },
      ...{ receiptSeries: 'LK-W', receiptNo: 1n, messageState: 1 },
    })
    expect(now().until).toBe((now().untilBefore ?? 0) + 180)
    expect(world.lineBalance(line)).toBe(5000n)
    expect(world.balance('provider-clearing', CLEARING)).toBe(4980n)
    expect(world.imbalance()).toBe(zero)
  })

  it('of a package defers its price and begins its term', () => {
    const { world, line, zero } = start()
    const year = world.priceTable.packages.find((offer) => offer.term === 'year')
    const order = world.order(line, year as never)
    world.run([world.says(world.attempt(order), 'paid')])
    expect(world.orders.get(order.id)).toMatchObject({ state: 'credited', capturedMinor: 8800n })
    expect(world.balance('deferred-revenue')).toBe(8800n)
    expect(world.written[0]?.packageTerms).toMatchObject([{ cause: order.id, priceMinor: 8800n }])
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it('that comes after the order expired credits it all the same', () => {
    const { world, order, attempt, now } = start()
    world.orders.set(order.id, { ...order, state: 'expired', expiredAtMs: world.nowMs })
    world.attempts.set(attempt.id, { ...attempt, state: 'closed' })
    world.nowMs += 26 * 3_600_000
    world.run([world.says(attempt, 'paid')])
    expect(now().state).toBe('credited')
  })
})

describe('a payment that cannot be credited', () => {
  it.each([
    ['less', 4979n],
    ['more', 5000n],
    ['very much', 10n ** 17n],
  ])('because it is %s than the price goes back whole', (_, amountMinor) => {
    const { world, line, attempt, zero, now } = start()
    expect(world.run([world.says(attempt, 'paid', { amountMinor })])).toMatchObject([{ to: 'refunding' }])
    expect(now()).toMatchObject({ state: 'refunding', capturedMinor: amountMinor, creditedAtMs: null })
    expect([...world.refunds.values()]).toMatchObject([
      { amountMinor, reason: 'amount-mismatch', automatic: true },
    ])
    world.run(refundsSaid(world, 'refunded', () => true))
    expect(now()).toMatchObject({ state: 'refunded', refundedMinor: amountMinor, messageState: 1 })
    expect(world.lineBalance(line)).toBe(0n)
    for (const kind of ['topup-suspense', 'refund-clearing'] as const) expect(world.balance(kind)).toBe(0n)
    expect(world.balance('provider-clearing', CLEARING)).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it.each([
    ['learnt of before its promised time, is held to that time and no longer', 31 * 60_000, 'held'],
    ['learnt of after its promised time, goes back at once', 60 * 60_000, 'refunding'],
  ] as const)('because of a limit, %s', (_, learntMs, state) => {
    const { world, line, order, attempt, now } = start()
    world.lines.set(line.line, { ...line, limitDay: world.today, limitDayMinor: 500_000n })
    const promisedMs = (order.payByMs ?? 0) + 1_800_000
    world.nowMs += learntMs
    expect(world.run([world.says(attempt, 'paid')])).toMatchObject([{ to: state }])
    expect(now()).toMatchObject({ state, decideByMs: state === 'held' ? promisedMs : null })
  })

  it('because it is in another currency goes back as it came', () => {
    const { world, line, attempt, now } = start()
    world.run([world.says(attempt, 'paid', { currency: 'USD' })])
    expect(now()).toMatchObject({ state: 'refunding', creditedAtMs: null })
    expect([...world.refunds.values()]).toMatchObject([
      { amountMinor: 4980n, currency: 'USD', reason: 'currency-mismatch' },
    ])
    expect(world.lineBalance(line)).toBe(0n)
  })

  it('because the number has a new holder goes back, and the line is not touched', () => {
    const { world, line, attempt, now } = start()
    const reissued = world.reissue(line)
    world.run([world.says(attempt, 'paid')])
    expect(now().state).toBe('refunding')
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'number-reassigned' }])
    expect(world.lines.get(line.line)).toBe(reissued)
    expect(world.lineBalance(reissued)).toBe(0n)
    expect(world.written[0]?.clocks).toEqual([])
  })

  it('because the line was given up goes back at once', () => {
    const { world, line, attempt, now } = start()
    world.lines.set(line.line, { ...line, state: { ...line.state, ceasedOn: world.today } })
    world.run([world.says(attempt, 'paid')])
    expect(now().state).toBe('refunding')
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'line-ceased' }])
  })

  it('for now is held until its time: then credited if it can be', () => {
    const { world, line, order, attempt, zero, now } = start()
    world.lines.set(line.line, { ...line, limitDay: world.today, limitDayMinor: 498_000n })
    expect(world.run([world.says(attempt, 'paid')])).toMatchObject([{ to: 'held' }])
    expect(now()).toMatchObject({ state: 'held', heldReason: 'limit-reached', messageState: 1 })
    expect(now().decideByMs).toBe(world.nowMs + 1_800_000)
    expect(world.balance('topup-suspense')).toBe(4980n)
    world.nowMs += 86_400_000
    expect(world.run([{ kind: 'hold-decision', order: order.id }])).toMatchObject([{ to: 'credited' }])
    expect(world.run([{ kind: 'hold-decision', order: order.id }])).toMatchObject([{ to: 'nothing' }])
    expect(now()).toMatchObject({ state: 'credited', heldReason: null, decideByMs: null, receiptNo: 1n })
    expect(world.lineBalance(line)).toBe(5000n)
    expect(world.balance('topup-suspense')).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it('when its time comes goes back if it still cannot', () => {
    const { world, line, order, attempt, now } = start()
    world.lines.set(line.line, { ...line, limitDay: world.today, limitDayMinor: 498_000n })
    world.run([world.says(attempt, 'paid'), { kind: 'hold-decision', order: order.id }])
    expect(now()).toMatchObject({ state: 'refunding', heldReason: null, refundsOpen: true })
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'limit-reached', amountMinor: 4980n }])
  })
})

describe('a refund', () => {
  it('that the provider refuses waits for a person, and ends once it was made after all', () => {
    const { world, attempt, now } = start()
    world.run([world.says(attempt, 'paid', { amountMinor: 1n })])
    world.run(refundsSaid(world, 'refund-refused', () => true))
    expect(now()).toMatchObject({ state: 'refund-abnormal', refundsOpen: false })
    expect(world.written.at(-1)?.refundChanges).toMatchObject([{ state: 'abnormal', note: 'why' }])
    world.run(refundsSaid(world, 'refunded', () => true))
    expect(now()).toMatchObject({ state: 'refunded', refundAbnormal: false })
    world.run(refundsSaid(world, 'refund-refused', () => true))
    expect(now().state).toBe('refunded')
  })

  it('made by others at the provider before we heard of the payment ends the attempt', () => {
    const { world, attempt, now } = start()
    expect(world.run([world.says(attempt, 'refunded')])).toMatchObject([{ to: 'closed' }])
    expect(now().state).toBe('awaiting-payment')
    expect(world.attempts.get(attempt.id)?.state).toBe('closed')
  })

  it('of a second payment on the same attempt is made once, however often that is spoken of', () => {
    const { world, attempt, now } = start()
    const second = { transaction: 'T-second' }
    world.run([
      world.says(attempt, 'paid'),
      world.says(attempt, 'paid', second),
      world.says(attempt, 'paid', second),
    ])
    world.run([world.says(attempt, 'paid', { ...second, kind: 'query' })])
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'paid-twice', transaction: 'T-second' }])
    expect(now().state).toBe('credited')
  })
})

describe('evidence in every order and in batches of every size', () => {
  /** Two payments of one order on two attempts, each said up to three times, and both closed; then what became of the refund. */
  const sayings = ['paid-a', 'paid-a', 'query-a', 'paid-b', 'query-b', 'closed-a', 'closed-b'] as const
  const order = fc.shuffledSubarray([...sayings], { minLength: sayings.length })
  const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 })
  const ends = fc.shuffledSubarray(['refunded', 'refunded', 'refund-refused'] as const, { minLength: 3 })

  it('ends in one state: credited once, the other payment back with the payer, every transfer balanced', () => {
    fc.assert(
      fc.property(order, cuts, ends, (shuffled, sizes, refundEnds) => {
        const { world, line, order, attempt: a, zero, now } = start()
        const b = world.attempt(order)
        const commands = shuffled.map((said): Command => {
          const attempt = said.endsWith('a') ? a : b
          if (said.startsWith('closed')) return world.says(attempt, 'closed')
          return world.says(attempt, 'paid', { kind: said.startsWith('query') ? 'query' : 'notify' })
        })
        for (let i = 0; commands.length > 0; i++) world.run(commands.splice(0, sizes[i % sizes.length]))
        for (const end of refundEnds) world.run(refundsSaid(world, end, () => true))
        expect(now()).toMatchObject({
          ...{ state: 'credited', capturedMinor: 4980n, refundedMinor: 0n, receiptNo: 1n },
          ...{ refundsOpen: false, refundAbnormal: false },
        })
        expect([...world.attempts.values()].map(({ state }) => state)).toEqual(['captured', 'captured'])
        expect([...world.refunds.values()].map(({ reason, state }) => [reason, state])).toEqual([
          ['paid-twice', 'done'],
        ])
        expect(world.lineBalance(line)).toBe(5000n)
        expect(world.balance('provider-clearing', CLEARING)).toBe(4980n)
        for (const kind of ['topup-suspense', 'refund-clearing'] as const)
          expect(world.balance(kind)).toBe(0n)
        expect(world.imbalance()).toBe(zero)
        const credits = world.transfers.filter(
          (t) => t.posting === 'online-top-up' && t.amountMinor === 4980n,
        )
        expect(credits).toHaveLength(1)
      }),
    )
  })

  it('of a wrong amount ends refunded, whatever is said how often', () => {
    const wrong = fc.shuffledSubarray(['paid', 'paid', 'query', 'closed'] as const, { minLength: 4 })
    fc.assert(
      fc.property(wrong, cuts, ends, (shuffled, sizes, refundEnds) => {
        const { world, attempt, zero, now } = start()
        const commands = shuffled.map((said) =>
          said === 'closed'
            ? world.says(attempt, 'closed')
            : world.says(attempt, 'paid', {
                amountMinor: 4000n,
                kind: said === 'query' ? 'query' : 'notify',
              }),
        )
        for (let i = 0; commands.length > 0; i++) world.run(commands.splice(0, sizes[i % sizes.length]))
        for (const end of refundEnds) world.run(refundsSaid(world, end, () => true))
        expect(now()).toMatchObject({ state: 'refunded', capturedMinor: 4000n, refundedMinor: 4000n })
        expect(world.balance('provider-clearing', CLEARING)).toBe(0n)
        expect(world.imbalance()).toBe(zero)
      }),
    )
  })
})

describe('whatever the rails', () => {
  const rails = ['alipay', 'wechat', 'card', 'unionpay', 'bank'] as const
  type Rail = (typeof rails)[number]
  const pairs = rails.flatMap((first) => rails.map((second) => [first, second] as const))

  /** The order's only attempt is at one rail; another can be begun at any. */
  function startAt(rail: Rail) {
    const { world, line, order, attempt, zero, now } = start()
    const openAt = (one: AttemptRow, provider: Rail): AttemptRow => {
      const key = `provider-clearing ${provider}:${MERCHANT} CNY`
      const clearing = world.accounts.get(`provider-clearing ${CLEARING} CNY`)
      if (!world.accounts.has(key) && clearing) world.accounts.set(key, { ...clearing, id: world.newId() })
      const opened = { ...one, provider }
      world.attempts.set(opened.id, opened)
      return opened
    }
    return { world, line, order, zero, now, openAt, attempt: openAt(attempt, rail) }
  }
  const owedBy = (world: World, rail: Rail) => world.balance('provider-clearing', `${rail}:${MERCHANT}`)

  it.each(pairs)(
    'paid by %s and by %s: the second pays itself back, to where it came from',
    (first, second) => {
      const { world, line, order, attempt, zero, now, openAt } = startAt(first)
      const other = openAt(world.attempt(order), second)
      world.run([world.says(attempt, 'paid'), world.says(other, 'paid'), world.says(other, 'paid')])
      expect(now()).toMatchObject({ state: 'credited', attempt: attempt.id, capturedMinor: 4980n })
      expect([...world.refunds.values()]).toMatchObject([{ attempt: other.id, reason: 'paid-twice' }])
      world.run(refundsSaid(world, 'refunded', () => true))
      expect(now()).toMatchObject({ state: 'credited', refundedMinor: 0n })
      expect(world.lineBalance(line)).toBe(5000n)
      expect(owedBy(world, first)).toBe(4980n)
      if (second !== first) expect(owedBy(world, second)).toBe(0n)
      expect(world.imbalance()).toBe(zero)
    },
  )

  it.each(rails)('paid at %s after it was closed: credited if it can be, else it goes back', (rail) => {
    for (const can of [true, false]) {
      const { world, line, order, attempt, now } = startAt(rail)
      world.orders.set(order.id, { ...order, state: 'expired', expiredAtMs: world.nowMs })
      world.attempts.set(attempt.id, { ...attempt, state: 'closed' })
      if (!can) world.lines.set(line.line, { ...line, state: { ...line.state, ceasedOn: world.today } })
      world.run([world.says(attempt, 'paid')])
      expect(now().state).toBe(can ? 'credited' : 'refunding')
      expect([...world.refunds.values()]).toHaveLength(can ? 0 : 1)
    }
  })
})
