import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AttemptRow, EvidenceRow } from '../payment/index.ts'
import type { Command } from './command.ts'
import { Disputed, type DisputeWord } from './disputed-world-fixture.ts'
import { net, PAID_IN, quotedOrder } from './quoted-fixture.ts'
import { MERCHANT } from './world-fixture.ts'

/** ¥49.80 for £5.55, of which ¥0.08 is margin, and whatever payers' banks do with them. */
function start(amountMinor?: bigint, marginMinor?: bigint) {
  const world = new Disputed((brand) => ({ ...brand, disputes: { cardOffDays: 180 } }))
  return quotedOrder(world, amountMinor, marginMinor)
}
let at: ReturnType<typeof start>
beforeEach(() => {
  at = start()
})
const paid = () => {
  at.world.run([at.world.says(at.attempt, 'paid')])
  at.world.tell()
}
const told = (said: DisputeWord, more: Partial<EvidenceRow> = {}) => {
  const filed = at.world.run([at.world.disputeSays(at.attempt, said, more)])
  return [...filed, ...at.world.follow()].map((outcome) => (outcome.outcome === 'applied' ? outcome.to : ''))
}
/** The open refund, as the provider answers it. */
const answered = (said: EvidenceRow['said']) => {
  const refund = [...at.world.refunds.values()].at(-1)
  if (!refund) throw new Error('there is a refund')
  const { amountMinor, currency, id } = refund
  at.world.run([at.world.says(at.attempt, said, { amountMinor, currency, kind: 'refund', refund: id })])
  at.world.tell()
}
const refunded = (amountMinor?: bigint) => {
  at.world.run([at.world.asksBack(at.now(), amountMinor === undefined ? {} : { amountMinor })])
}
/** What the positions hold in both currencies, what the provider owes, and the margin. */
const exchanged = () => {
  const { world, abroad } = at
  const here = [world.balance('fx-position'), world.balance('fx-margin')]
  return [abroad('provider-clearing'), abroad('fx-position'), ...here]
}
const owed = () => at.world.owedBy(at.line.line)
const NOTHING = [0n, 0n, 0n, 0n]

describe('a payment in another currency that the payer’s bank takes back', () => {
  it('takes unspent credit at the quote, and the margin, in both currencies', () => {
    paid()
    expect(exchanged()).toEqual([555n, -555n, 4988n, 8n])
    expect(told('disputed')).toEqual(['filed', 'disputed'])
    expect(at.now()).toMatchObject({ state: 'reversed', reversedMinor: 4980n })
    expect([exchanged(), at.world.lineBalance(at.line)]).toEqual([NOTHING, 0n])
    expect([at.world.balance('discount'), at.world.balance('dispute-clearing'), owed()]).toEqual([0n, 0n, 0n])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('leaves what is spent owed in the order’s currency once it is lost', () => {
    paid()
    at.world.spends(at.line.line, 2000n)
    told('disputed')
    const [dispute] = at.world.disputes.values()
    expect(dispute).toMatchObject({ amountMinor: 555n, currency: PAID_IN, orderMinor: 4980n })
    expect(dispute).toMatchObject({ costTakenMinor: 2988n, undecidedMinor: 1992n, marginTakenMinor: 8n })
    told('reversed')
    expect([owed(), at.world.balance('dispute-clearing'), exchanged()]).toEqual([1992n, 0n, NOTHING])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('won: all is as it was', () => {
    paid()
    at.world.spends(at.line.line, 2000n)
    const before = at.world.books()
    told('disputed')
    told('reinstated')
    expect([at.world.books(), at.now().state]).toEqual([before, 'credited'])
  })

  it('in parts takes by the sums so far, and all of it is all of the order', () => {
    paid()
    told('disputed', { amountMinor: 277n })
    expect([at.now().state, at.now().reversedMinor, at.world.lineBalance(at.line)]).toEqual([
      'credited',
      2485n,
      2506n,
    ])
    told('disputed', { amountMinor: 278n, dispute: 'du_2' })
    expect(at.now()).toMatchObject({ state: 'reversed', reversedMinor: 4980n })
    expect([exchanged(), at.world.lineBalance(at.line)]).toEqual([NOTHING, 0n])
  })

  it('by less than a minor unit of the order is the brand’s, and nothing is said of it', () => {
    at = start(50_000n)
    paid()
    told('reversed', { amountMinor: 10n })
    expect(at.now()).toMatchObject({ state: 'credited', reversedMinor: 0n, messageState: 2 })
    expect(exchanged()).toEqual([49_990n, -49_990n, 4988n, 8n])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('of more than was paid owes the difference at the quote', () => {
    paid()
    told('reversed', { amountMinor: 600n })
    expect(at.now()).toMatchObject({ state: 'reversed', reversedMinor: 5383n })
    expect([owed(), exchanged()]).toEqual([403n, [-45n, 45n, -403n, 0n]])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('of what a part refund has left takes what is left, to the minor unit', () => {
    paid()
    refunded(1000n)
    answered('refunded')
    expect(exchanged()).toEqual([443n, -443n, 3987n, 7n])
    told('reversed', { amountMinor: 443n })
    expect(at.now()).toMatchObject({ state: 'reversed', refundedMinor: 1000n, reversedMinor: 3980n })
    expect([exchanged(), owed(), at.world.lineBalance(at.line)]).toEqual([NOTHING, 0n, 0n])
  })

  it('and was refunded already owes all of it', () => {
    paid()
    refunded()
    answered('refunded')
    told('reversed')
    expect(at.now()).toMatchObject({ state: 'reversed', refundedMinor: 4980n, reversedMinor: 4980n })
    expect([owed(), exchanged()]).toEqual([4980n, [-555n, 555n, -4980n, 0n]])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('of which a refund was refused: what that holds is exchanged back and goes towards the loss', () => {
    paid()
    refunded(1000n)
    expect(told('disputed')).toEqual(['filed', 'busy'])
    answered('refund-refused')
    expect(at.world.follow()).toMatchObject([{ to: 'disputed' }])
    told('reversed')
    expect([owed(), at.abroad('refund-clearing'), at.world.balance('dispute-clearing')]).toEqual([0n, 0n, 0n])
    expect([exchanged(), at.now().state]).toEqual([NOTHING, 'reversed'])
    told('reinstated')
    expect([exchanged(), at.world.lineBalance(at.line)]).toEqual([[555n, -555n, 4988n, 8n], 4996n])
    expect(net(at.world)).toEqual([0n, 0n])
  })

  it('and was another sum than was quoted, which goes back whole, is owed at the quote', () => {
    at.world.run([at.world.says(at.attempt, 'paid', { amountMinor: 278n })])
    expect(told('reversed', { amountMinor: 278n })).toEqual(['filed', 'busy'])
    answered('refund-refused')
    expect(at.world.follow()).toMatchObject([{ to: 'reversed' }])
    expect([owed(), exchanged(), at.now().state]).toEqual([0n, NOTHING, 'reversed'])
    expect([at.abroad('refund-clearing'), at.world.balance('dispute-clearing')]).toEqual([0n, 0n])
  })

  it('and came second is owed at its quote, without a margin', () => {
    const { world, order, attempt } = at
    const own = world.attempt(order)
    world.run([world.says(own, 'paid'), world.says(attempt, 'paid')])
    world.tell()
    expect(told('reversed')).toEqual(['filed', 'reversed'])
    expect(at.now()).toMatchObject({ state: 'credited', reversedMinor: 0n })
    expect([owed(), world.lineBalance(at.line), world.balance('fx-margin')]).toEqual([4980n, 5000n, 0n])
    expect([world.balance('fx-position'), at.abroad('fx-position')]).toEqual([-4980n, 555n])
    expect(world.balance('provider-clearing', `alipay:${MERCHANT}`)).toBe(4980n)
    expect(net(world)).toEqual([0n, 0n])
  })

  it('that the bank counts in yet another currency waits for a person', () => {
    paid()
    expect(told('disputed', { currency: 'CNY', amountMinor: 4980n })).toEqual(['filed', 'busy'])
    expect(at.world.lineBalance(at.line)).toBe(5000n)
  })

  it('of a package takes the days that have not begun, and the margin', () => {
    const year = at.world.priceTable.packages.find((offer) => offer.term === 'year')
    if (!year) throw new Error('a package of a year is on sale')
    const terms = { terms: year, offer: year.id, offerKind: year.kind, faceMinor: 0n }
    at.world.orders.set(at.order.id, { ...at.order, ...terms, priceMinor: year.priceMinor })
    at.world.quotes.set(at.quote.id, { ...at.quote, priceMinor: year.priceMinor })
    paid()
    told('reversed')
    expect([exchanged(), at.world.balance('deferred-revenue')]).toEqual([NOTHING, 0n])
    expect(owed() > 0n && owed() < 100n).toBe(true)
    expect(net(at.world)).toEqual([0n, 0n])
  })
})

describe('whatever is said, in whatever order', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 })
  const money = fc.record({ paidMinor: fc.bigInt(1n, 60_000n), marginMinor: fc.bigInt(0n, 500n) })

  type Saying = (world: Disputed, attempt: AttemptRow) => Command
  const capture: Saying = (world, attempt) => world.says(attempt, 'paid')
  const saying =
    (said: DisputeWord, dispute: string, amountMinor: bigint): Saying =>
    (world, attempt) =>
      world.disputeSays(attempt, said, { dispute, amountMinor })

  /** All is said, in batches of these sizes; each currency is whole after each. */
  function ended({ paidMinor, marginMinor }: { paidMinor: bigint; marginMinor: bigint }) {
    return (sayings: readonly Saying[], cut: readonly number[], spentMinor = 2000n) => {
      at = start(paidMinor, marginMinor)
      const commands = sayings.map((say) => say(at.world, at.attempt))
      let spent = false
      for (let i = 0; commands.length > 0; i++) {
        at.world.run(commands.splice(0, cut[i % cut.length]))
        if (!spent && at.world.lineBalance(at.line) > 0n) {
          at.world.spends(at.line.line, spentMinor)
          spent = true
        }
        at.world.follow()
        expect(net(at.world)).toEqual([0n, 0n])
      }
      return { books: at.world.books(), state: at.now().state, exchanged: exchanged() }
    }
  }

  it.each<[string, readonly DisputeWord[]]>([
    ['open', ['disputed']],
    ['lost', ['disputed', 'reversed']],
    ['won', ['disputed', 'reinstated']],
    ['lost and given back', ['disputed', 'reversed', 'reinstated']],
  ])('a dispute that is %s ends in one ledger', (_, words) => {
    fc.assert(
      fc.property(
        money,
        fc.bigInt(1n, 70_000n),
        sizes,
        fc.infiniteStream(fc.nat()),
        (of, disputed, cut, dice) => {
          const sayings = [
            capture,
            capture,
            ...[...words, ...words].map((said) => saying(said, 'du_1', disputed)),
          ]
          const end = ended(of)
          const straight = end(sayings, [1])
          const shuffled = sayings.map((say) => [dice.next().value as number, say] as const)
          const mixed = shuffled.toSorted(([a], [b]) => a - b).map(([, say]) => say)
          expect(end(mixed, cut)).toEqual(straight)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('two disputes about parts come to the same in either order, and all of it to all of the order', () => {
    fc.assert(
      fc.property(money, fc.bigInt(1n, 60_000n), (of, asked) => {
        const first = asked % of.paidMinor
        fc.pre(first > 0n)
        const [one, other] = [
          saying('reversed', 'du_1', first),
          saying('reversed', 'du_2', of.paidMinor - first),
        ]
        for (const sayings of [
          [capture, one, other],
          [other, capture, one],
        ]) {
          const { state, exchanged: left } = ended(of)(sayings, [1])
          expect([state, left]).toEqual(['reversed', NOTHING])
          expect(at.now().reversedMinor).toBe(4980n)
        }
      }),
      { numRuns: 40 },
    )
  })

  const step = fc.oneof(
    fc.record({ kind: fc.constant('refund' as const), amountMinor: fc.bigInt(1n, 3000n) }),
    fc.record({ kind: fc.constantFrom('refunded', 'refund-refused', 'refund-failed') }),
    fc.record({
      kind: fc.constantFrom<DisputeWord>('disputed', 'reversed', 'reinstated'),
      number: fc.integer({ min: 1, max: 3 }),
      amountMinor: fc.bigInt(1n, 60_000n),
    }),
  )

  it('refunds and disputes keep both currencies whole and never take more than was paid', () => {
    const stands = () =>
      [...at.world.disputes.values()].some(({ posted }) => posted === 'disputed' || posted === 'reversed')
    fc.assert(
      fc.property(money, fc.array(step, { maxLength: 14 }), fc.nat(4000), (of, steps, spent) => {
        at = start(of.paidMinor, of.marginMinor)
        paid()
        at.world.spends(at.line.line, BigInt(spent))
        // A refused refund that is made after all is rounded by itself.
        let late = false
        for (const one of steps) {
          late ||= stands() && one.kind === 'refunded'
          if (one.kind === 'refund') refunded(one.amountMinor)
          else if ('number' in one)
            told(one.kind, { dispute: `du_${one.number}`, amountMinor: one.amountMinor })
          else if (at.world.refunds.size > 0) answered(one.kind)
          at.world.follow()
          expect(net(at.world)).toEqual([0n, 0n])
        }
        const standing = [...at.world.disputes.values()].filter(
          ({ posted }) => posted === 'disputed' || posted === 'reversed',
        )
        const total = (all: readonly bigint[]) => all.reduce((sum, one) => sum + one, 0n)
        const takenMinor = total(standing.map((one) => one.amountMinor))
        const sentMinor = total(
          [...at.world.refunds.values()].map((one) => (one.state === 'done' ? one.amountMinor : 0n)),
        )
        expect(at.abroad('provider-clearing')).toBe(of.paidMinor - sentMinor - takenMinor)
        const { refundedMinor, reversedMinor, capturedMinor } = at.now()
        expect(reversedMinor).toBe(total(standing.map((one) => one.orderMinor)))
        expect(total(standing.map((one) => one.marginTakenMinor)) <= of.marginMinor).toBe(true)
        if (sentMinor + takenMinor <= of.paidMinor)
          expect(refundedMinor + reversedMinor <= capturedMinor).toBe(true)
        if (!late && takenMinor > 0n && sentMinor + takenMinor >= of.paidMinor)
          expect(at.now().state).toBe('reversed')
      }),
      { numRuns: 150 },
    )
  })
})
