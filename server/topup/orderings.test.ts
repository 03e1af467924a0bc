import { describe, expect, it } from 'vitest'
import type { AttemptRow, EvidenceRow, RefundRow } from '../payment/index.ts'
import type { Command } from './command.ts'
import {
  MISPAID_MINOR,
  PRICE_MINOR,
  permutations,
  type Saying,
  type Story,
  sayings,
  stories,
} from './orderings-fixture.ts'
import { World } from './world-fixture.ts'

/** At UnionPay nothing can be closed, and refunds are asked about, not told of. */
const heardOf: Readonly<Record<string, readonly Saying[]>> = {
  'Alipay, WeChat Pay and card gateways': sayings,
  UnionPay: sayings.filter((saying) => saying !== 'close' && saying !== 'refund-notify'),
}

function begin(story: Story) {
  const world = new World()
  const line = world.line()
  const order = world.order(line, world.tile(5000n))
  const attempt = world.attempt(order)
  const amountMinor = story === 'mispaid' ? MISPAID_MINOR : PRICE_MINOR
  const paid = (kind: EvidenceRow['kind'], transaction = 'T-1') =>
    world.says(attempt, 'paid', { kind, transaction, amountMinor })
  /** The refund that settle has begun by then, by its number; else one that nobody here asked for. */
  const refundTold = () => {
    const refund = story === 'others' ? undefined : [...world.refunds.values()][0]
    return world.says(attempt, 'refunded', {
      ...{ kind: 'notify', transaction: refund?.transaction ?? 'T-1' },
      ...{ amountMinor: refund?.amountMinor ?? amountMinor, refund: refund?.id ?? null },
    })
  }
  const command: Readonly<Record<Saying, () => Command>> = {
    notify: () => paid('notify'),
    duplicate: () => paid('notify', story === 'paid-twice' ? 'T-2' : 'T-1'),
    'query-success': () => paid('query'),
    return: () => paid('return'),
    close: () => world.says(attempt, 'closed', { kind: 'close' }),
    'refund-notify': refundTold,
  }
  return { world, line, order, attempt, command }
}

/** The provider's answer to each refund that was sent to it and is not known to be done. */
function answerRefunds(world: World, attempt: AttemptRow): void {
  const open = ({ state }: RefundRow) => state !== 'done'
  const answers = [...world.refunds.values()]
    .filter(open)
    .map(({ id, amountMinor, transaction }) =>
      world.says(attempt, 'refunded', { kind: 'refund', refund: id, amountMinor, transaction }),
    )
  if (answers.length > 0) world.run(answers)
}

/** All that must not depend on the order: balances, transfers without their ids, the order, its refunds. */
function ending({ world, line, order }: ReturnType<typeof begin>) {
  const { state, capturedMinor, refundedMinor, receiptNo } = world.orders.get(order.id) ?? order
  const balances = [...world.accounts.values()].map(({ kind, balanceMinor }) => `${kind} ${balanceMinor}`)
  const moved = world.transfers.map(({ posting, amountMinor }) => `${posting} ${amountMinor}`)
  const refunds = [...world.refunds.values()].map(({ reason, state, amountMinor }) => [
    reason,
    state,
    amountMinor,
  ])
  return {
    ...{ state, capturedMinor, refundedMinor, receiptNo, refunds, credit: world.lineBalance(line) },
    ...{ balances: balances.sort(), moved: moved.sort() },
  }
}

/** What is heard, so many at a time decided together. */
function play(story: Story, heard: readonly Saying[], atOnce: number) {
  const told = begin(story)
  const { world, attempt, command } = told
  for (let i = 0; i < heard.length; i += atOnce)
    world.run(heard.slice(i, i + atOnce).map((saying) => command[saying]()))
  answerRefunds(world, attempt)
  return ending(told)
}

const ends = {
  others: { state: 'credited', refundedMinor: 0n, credit: 5000n, refunds: [] },
  mispaid: {
    ...{ state: 'refunded', refundedMinor: MISPAID_MINOR, credit: 0n },
    refunds: [['amount-mismatch', 'done', MISPAID_MINOR]],
  },
  'paid-twice': {
    ...{ state: 'credited', refundedMinor: 0n, credit: 5000n },
    refunds: [['paid-twice', 'done', PRICE_MINOR]],
  },
}

const BATCHES = [1, 2, sayings.length]

describe.each(Object.entries(heardOf))('every order of what can be heard of %s', (_, sayings) => {
  it.each(stories)('of a payment %s ends in one ledger', (story) => {
    const first = play(story, sayings, 1)
    expect(first).toMatchObject(ends[story])
    for (const [i, heard] of permutations(sayings).entries()) {
      const atOnce = BATCHES[i % BATCHES.length] as number
      expect(play(story, heard, atOnce), `${heard.join()}, ${atOnce} at once`).toEqual(first)
    }
  })
})

it('these are 720 orders of six', () =>
  expect(new Set(permutations(sayings).map(String))).toHaveProperty('size', 720))
