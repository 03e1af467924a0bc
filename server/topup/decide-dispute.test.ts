import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EvidenceRow } from '../payment/index.ts'
import type { Dispute } from './dispute.ts'
import { Disputed, type DisputeWord } from './disputed-world-fixture.ts'
import type { TopUp } from './top-up.ts'
import { MERCHANT } from './world-fixture.ts'

const CLEARING = `alipay:${MERCHANT}`

function start() {
  const world = new Disputed((brand) => ({ ...brand, disputes: { cardOffDays: 180 } }))
  const line = world.line()
  const order = world.order(line, world.tile(5000n))
  const attempt = world.attempt(order)
  const zero = world.imbalance()
  const now = () => world.orders.get(order.id) as TopUp
  const dispute = () => [...world.disputes.values()][0] as Dispute
  const until = () => world.lines.get(line.line)?.state.service
  return { world, line, order, attempt, zero, now, dispute, until }
}
let at: ReturnType<typeof start>
beforeEach(() => {
  at = start()
})
const paid = () => at.world.run([at.world.says(at.attempt, 'paid')])
const told = (said: DisputeWord, more: Partial<EvidenceRow> = {}) => {
  const filed = at.world.run([at.world.disputeSays(at.attempt, said, more)])
  return [...filed, ...at.world.follow()].map((outcome) => (outcome.outcome === 'applied' ? outcome.to : ''))
}
const owedOf = () => at.world.owedBy(at.line.line)

describe('a payment that the payer’s bank takes back', () => {
  it('takes unspent credit from the line while it is open, and nothing else', () => {
    paid()
    const { world, now, zero } = at
    const before = at.until()
    expect(told('disputed')).toEqual(['filed', 'disputed'])
    expect(now()).toMatchObject({ state: 'reversed', reversedMinor: 4980n, messageState: 1 })
    expect(world.lineBalance(at.line)).toBe(0n)
    expect(world.balance('provider-clearing', CLEARING)).toBe(0n)
    expect(world.balance('discount')).toBe(0n)
    expect([world.balance('dispute-clearing'), owedOf()]).toEqual([0n, 0n])
    expect([at.until(), world.written.at(-1)?.flags]).toEqual([before, []])
    expect(world.imbalance()).toBe(zero)
  })

  it('leaves what is spent owed once it is lost, takes the days back and flags number and payer', () => {
    paid()
    const { world, line, order, dispute, zero } = at
    world.spends(line.line, 2000n)
    told('disputed')
    expect(dispute()).toMatchObject({ costTakenMinor: 2988n, faceTakenMinor: 3000n, undecidedMinor: 1992n })
    expect([world.balance('dispute-clearing'), owedOf()]).toEqual([1992n, 0n])
    expect(told('reversed')).toEqual(['filed', 'reversed'])
    expect([world.balance('dispute-clearing'), owedOf()]).toEqual([0n, 1992n])
    expect(world.balance('subscriber-receivable')).toBe(1992n)
    expect(at.until()).toEqual(line.state.service)
    expect(world.written.at(-1)).toMatchObject({
      flags: [
        {
          line: line.line,
          payer: order.caller,
          kind: 'card-refused',
          untilMs: world.nowMs + 180 * 86_400_000,
        },
      ],
      lineEvents: [{ kind: 'validity-taken-back', detail: { keptMinor: '0' } }, { kind: 'flagged' }],
    })
    expect(world.lines.get(line.line)?.limitDayMinor).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it('won: all is as it was, days and all', () => {
    paid()
    const until = at.until()
    at.world.spends(at.line.line, 2000n)
    const spent = at.world.books()
    told('disputed')
    expect(told('reinstated')).toEqual(['filed', 'reinstated'])
    expect(at.world.books()).toEqual(spent)
    expect(at.until()).toEqual(until)
    expect(at.now()).toMatchObject({ state: 'credited', reversedMinor: 0n })
  })

  it('given back after it was lost, what is still owed is owed no more and the rest is credit', () => {
    paid()
    const { world, line, zero } = at
    world.spends(line.line, 5000n)
    told('reversed')
    expect(owedOf()).toBe(4980n)
    const next = world.order(line, world.tile(3000n))
    world.run([world.says(world.attempt(next), 'paid')])
    expect([owedOf(), world.lineBalance(line)]).toEqual([1980n, 0n])
    told('reinstated')
    expect([owedOf(), world.lineBalance(line)]).toEqual([0n, 3000n])
    expect(world.written.at(-1)?.flagsLifted).toEqual([at.dispute().id])
    expect(at.now().state).toBe('credited')
    expect(world.imbalance()).toBe(zero)
  })

  it('in part takes its share, and the order stays credited', () => {
    paid()
    const { world, line, now, zero } = at
    told('reversed', { amountMinor: 2490n })
    expect(now()).toMatchObject({ state: 'credited', reversedMinor: 2490n })
    expect([world.lineBalance(line), owedOf()]).toEqual([2500n, 0n])
    expect(world.written.at(-1)?.lineEvents[0]).toMatchObject({ detail: { keptMinor: '2500' } })
    expect(world.run([world.asksBack(now())])).toMatchObject([{ to: 'busy' }])
    world.tell()
    expect(world.run([world.asksBack(now())])).toMatchObject([{ code: 'refund-not-possible' }])
    expect(world.imbalance()).toBe(zero)
  })

  it('of more than was captured owes the difference', () => {
    paid()
    told('reversed', { amountMinor: 6000n })
    expect([at.world.lineBalance(at.line), owedOf()]).toEqual([0n, 1020n])
    expect(at.now()).toMatchObject({ state: 'reversed', reversedMinor: 6000n })
    expect(at.world.imbalance()).toBe(at.zero)
  })

  it('that was refunded already owes all of it', () => {
    paid()
    const { world, now, zero } = at
    world.tell()
    world.run([world.asksBack(now())])
    const [refund] = [...world.refunds.values()]
    world.run([world.says(at.attempt, 'refunded', { kind: 'refund', refund: refund?.id ?? '' })])
    expect(now().state).toBe('refunded')
    told('reversed')
    expect(now()).toMatchObject({ state: 'reversed', refundedMinor: 4980n, reversedMinor: 4980n })
    expect([world.lineBalance(at.line), owedOf()]).toEqual([0n, 4980n])
    expect(world.imbalance()).toBe(zero)
  })

  it('of which a refund was refused: what that holds goes towards the loss, and is not owed', () => {
    paid()
    const { world, now, zero } = at
    world.tell()
    world.run([world.asksBack(now())])
    const refund = [...world.refunds.keys()][0] ?? ''
    const says = (said: EvidenceRow['said']) =>
      world.run([world.says(at.attempt, said, { kind: 'refund', refund, note: 'charge_disputed' })])
    expect(told('disputed')).toEqual(['filed', 'busy'])
    says('refund-refused')
    expect(world.follow()).toMatchObject([{ to: 'disputed' }])
    expect(now()).toMatchObject({ state: 'reversed', refundAbnormal: true })
    told('reversed')
    expect([owedOf(), world.balance('refund-clearing'), world.balance('dispute-clearing')]).toEqual([
      0n,
      0n,
      0n,
    ])
    expect([world.refunds.get(refund)?.state, now().refundAbnormal, now().state]).toEqual([
      'covered',
      false,
      'reversed',
    ])
    expect(world.run([{ kind: 'refund-again', refund, order: at.order.id }])).toMatchObject([
      { to: 'nothing' },
    ])
    for (const said of ['refunded', 'refund-refused', 'refund-failed'] as const)
      expect(says(said)).toMatchObject([{ to: 'nothing' }])
    told('reinstated')
    expect([now().state, world.lineBalance(at.line), owedOf()]).toEqual(['credited', 4980n, 0n])
    expect(world.imbalance()).toBe(zero)
  })

  it('in part, as much as a refused refund holds: nothing is owed, and the order is credited again', () => {
    paid()
    const { world, now, zero } = at
    world.spends(at.line.line, 2500n)
    world.tell()
    world.run([world.asksBack(now())])
    const refund = [...world.refunds.keys()][0] ?? ''
    world.run([world.says(at.attempt, 'refund-refused', { kind: 'refund', refund })])
    told('reversed', { amountMinor: 2490n })
    expect([owedOf(), now().state, world.refunds.get(refund)?.state]).toEqual([0n, 'credited', 'covered'])
    expect(world.imbalance()).toBe(zero)
  })

  it('in part, and a refused refund of the rest is made after all: all of it is gone', () => {
    paid()
    const { world, now, zero } = at
    world.tell()
    world.run([world.asksBack(now(), { amountMinor: 2490n })])
    const refund = [...world.refunds.values()][0]
    const answered = { kind: 'refund', refund: refund?.id ?? '', amountMinor: 2490n } as const
    world.run([world.says(at.attempt, 'refund-refused', answered)])
    told('disputed', { amountMinor: 2490n })
    expect(now().state).toBe('refund-abnormal')
    world.run([world.says(at.attempt, 'refunded', answered)])
    expect(now()).toMatchObject({ state: 'reversed', refundedMinor: 2490n, reversedMinor: 2490n })
    expect(world.imbalance()).toBe(zero)
  })

  it('and is held waits for its decision', () => {
    const { world, line, order, now } = at
    world.lines.set(line.line, { ...line, limitDay: world.today, limitDayMinor: 498_000n })
    paid()
    expect(told('reversed')).toEqual(['filed', 'busy'])
    expect(now().state).toBe('held')
    world.nowMs += 86_400_000
    world.run([{ kind: 'hold-decision', order: order.id }])
    expect(world.follow()).toMatchObject([{ to: 'reversed' }])
    expect(now().state).toBe('reversed')
    expect([world.lineBalance(line), world.balance('topup-suspense')]).toEqual([0n, 0n])
  })

  it('and was a second one is owed, and the order stays as it is', () => {
    paid()
    const { world, order, now, line } = at
    const second = world.attempt(order)
    world.run([world.says(second, 'paid')])
    world.run([world.disputeSays(second, 'reversed')])
    expect(world.follow()).toMatchObject([{ to: 'reversed' }])
    expect(now()).toMatchObject({ state: 'credited', reversedMinor: 0n })
    expect([world.lineBalance(line), owedOf()]).toEqual([5000n, 4980n])
    expect(world.written.at(-1)?.flags).toEqual([])
  })

  it('by the old holder of a number touches nothing of the new one’s', () => {
    paid()
    const { world, line } = at
    const reissued = world.reissue(line)
    told('reversed')
    expect(world.lineAccounts.get(`${line.line} ${reissued.epoch}`)).toMatchObject({
      owedMinor: 0n,
      balanceMinor: 5000n,
    })
    expect(world.lineAccounts.get(`${line.line} ${line.epoch}`)).toMatchObject({ balanceMinor: 0n })
    expect(world.lines.get(line.line)?.state).toEqual(reissued.state)
  })
})

describe('a package', () => {
  function sold() {
    const { world, line } = at
    const year = world.priceTable.packages.find((offer) => offer.term === 'year')
    const order = world.order(line, year as never)
    const attempt = world.attempt(order)
    world.run([world.says(attempt, 'paid')])
    const grants = world.written.at(-1)?.lots ?? []
    world.grants.set(
      order.id,
      grants.map(({ kind, amount }) => ({ order: order.id, kind, amount })),
    )
    return { ...at, order, attempt, term: () => world.terms.get(order.id) }
  }
  const lost = ({ world, attempt }: ReturnType<typeof sold>, more: Partial<EvidenceRow> = {}) => {
    world.run([world.disputeSays(attempt, 'reversed', more)])
    world.follow()
  }

  it('that is unused ends: its days that have not begun go back, the others are owed', () => {
    const one = sold()
    lost(one)
    const { world, term } = one
    const begun = 8800n - (term()?.refundedMinor ?? 0n)
    expect(begun > 0n && begun < 100n).toBe(true)
    expect([owedOf(), world.balance('package-revenue')]).toEqual([begun, begun])
    expect(world.balance('deferred-revenue')).toBe(0n)
    expect([...world.lots.values()].every((left) => left === 0n)).toBe(true)
    expect(world.imbalance()).toBe(one.zero)
  })

  it('that was used stays, and is owed', () => {
    const one = sold()
    const [key, amount] = [...one.world.lots][0] ?? ['', 0n]
    one.world.lots.set(key, amount - 1n)
    lost(one)
    expect([owedOf(), one.world.balance('deferred-revenue'), one.term()?.refundedMinor]).toEqual([
      8800n,
      8800n,
      0n,
    ])
  })

  it('disputed in part stays, and the part is owed', () => {
    const one = sold()
    lost(one, { amountMinor: 4000n })
    expect([owedOf(), one.world.balance('deferred-revenue')]).toEqual([4000n, 8800n])
  })
})

describe('what is owed', () => {
  it('is paid first by the next top-up, whoever sells it, and never by more than that brings', () => {
    paid()
    const { world, line } = at
    world.spends(line.line, 5000n)
    told('reversed')
    const by = world.dealer(100_000n)
    const loaded = world.imbalance()
    const [sale] = world.run([world.sale(by, { amountMinor: 3000n })])
    expect(sale).toMatchObject({ outcome: 'credited', balanceAfterMinor: 0n })
    expect([owedOf(), world.lineBalance(line)]).toEqual([1980n, 0n])
    const next = world.order(line, world.tile(5000n))
    world.run([world.says(world.attempt(next), 'paid')])
    expect([owedOf(), world.lineBalance(line), world.balance('subscriber-receivable')]).toEqual([
      0n,
      3020n,
      0n,
    ])
    expect(world.imbalance()).toBe(loaded)
  })
})

describe('sayings in every order, in batches of every size', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 })
  const worldOf = (sayings: readonly string[], sizes: readonly number[], spentMinor: bigint) => {
    at = start()
    const { world, attempt } = at
    const commands = sayings.map((said) =>
      said === 'paid' || said === 'closed'
        ? world.says(attempt, said)
        : world.disputeSays(attempt, said as DisputeWord),
    )
    let spent = spentMinor === 0n
    for (let i = 0; commands.length > 0; i++) {
      world.run(commands.splice(0, sizes[i % sizes.length]))
      // Used as soon as it is there, before anything is taken.
      if (!spent && world.lineBalance(at.line) >= spentMinor) world.spends(at.line.line, spentMinor)
      spent ||= world.lineBalance(at.line) > 0n
      world.follow()
    }
    return at
  }

  it.each<[string, readonly string[], string]>([
    ['open', ['paid', 'paid', 'disputed', 'disputed', 'closed'], 'reversed'],
    ['lost', ['paid', 'paid', 'disputed', 'reversed', 'reversed', 'closed'], 'reversed'],
    ['won', ['paid', 'paid', 'disputed', 'disputed', 'reinstated', 'closed'], 'credited'],
    ['lost and given back', ['paid', 'disputed', 'reversed', 'reinstated', 'reinstated'], 'credited'],
  ])('%s: end in one ledger', (_, sayings, state) => {
    const straight = worldOf(sayings, [1], 2000n)
    const [books, orderly] = [straight.world.books(), straight.now().state]
    expect(orderly).toBe(state)
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...sayings], { minLength: sayings.length }),
        cuts,
        (shuffled, sizes) => {
          const { world, now, zero } = worldOf(shuffled, sizes, 2000n)
          expect(world.books()).toEqual(books)
          expect(now().state).toBe(state)
          expect(world.imbalance()).toBe(zero)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('with a refund on its way: what is said of either, and when, does not matter', () => {
    const sayings = ['refunded', 'refunded', 'disputed', 'reversed', 'reversed'] as const
    const end = (order: readonly (typeof sayings)[number][]) => {
      at = start()
      const { world, attempt, now } = at
      paid()
      world.tell()
      world.run([world.asksBack(now())])
      const refund = [...world.refunds.keys()][0] ?? ''
      for (const said of order) {
        const evidence =
          said === 'refunded'
            ? world.says(attempt, said, { kind: 'refund', refund })
            : world.disputeSays(attempt, said)
        world.run([evidence])
        world.follow()
      }
      expect(world.imbalance()).toBe(at.zero)
      return { books: world.books(), state: now().state }
    }
    const straight = end(sayings)
    expect(straight.state).toBe('reversed')
    fc.assert(
      fc.property(fc.shuffledSubarray([...sayings], { minLength: sayings.length }), (shuffled) => {
        expect(end(shuffled)).toEqual(straight)
      }),
      { numRuns: 60 },
    )
  })
})
