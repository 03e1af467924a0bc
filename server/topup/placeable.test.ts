import { expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { LineAccount } from '../ledger/index.ts'
import { preActive, presetOf } from '../policy/index.ts'
import { type Placing, placeable, type Wish } from './placeable.ts'
import { World } from './world-fixture.ts'

const world = new World()
const clock = world.line()
const account = world.lineAccounts.get(`${clock.line} 1`) as LineAccount
const tile = world.tile(5000n)
const free = world.priceTable.freeAmount?.id ?? ''

/** Everything is wrong with it. */
const worst: { placing: Placing; wish: Wish } = {
  placing: {
    ...{ brand: world.brand, today: world.today, businessMs: world.nowMs, priceTable: world.priceTable },
    policyOf: presetOf,
    line: { clock: { ...clock, state: { ...preActive, standing: 'ported-out' } }, account },
    recent: [5000n],
    payer: { isLogIn: false, knowsLine: false, isProved: false },
  },
  wish: {
    offerId: idFromWire('0'.repeat(26)) ?? '',
    amount: { amountMinor: 5001n, currency: 'GBP' },
    expected: { amountMinor: 1n, currency: 'GBP' },
    confirmDuplicate: false,
  },
}

type Mend = (at: typeof worst) => typeof worst
const placing =
  (change: (p: Placing) => Partial<Placing>): Mend =>
  ({ placing: p, wish }) => ({
    placing: { ...p, ...change(p) },
    wish,
  })
const wish =
  (change: Partial<Wish>): Mend =>
  ({ placing: p, wish: w }) => ({ placing: p, wish: { ...w, ...change } })
const full = { ...clock, limitDay: world.today, limitDayMinor: world.brand.limits.perLineDayMinor }

it('refuses for the first of its reasons; mending each brings up the next, and the last is placed', () => {
  const steps: readonly (readonly [code: string, mend: Mend])[] = [
    ['line-ceased', placing(() => ({ line: { clock: full, account } }))],
    ['offer-not-found', wish({ offerId: free })],
    ['currency-mismatch', wish({ amount: { amountMinor: 5001n, currency: 'CNY' } })],
    ['amount-not-allowed', wish({ amount: { amountMinor: 5000n, currency: 'CNY' } })],
    ['currency-mismatch', wish({ expected: { amountMinor: 1n, currency: 'CNY' } })],
    ['price-changed', wish({ expected: { amountMinor: 5000n, currency: 'CNY' } })],
    ['limit-reached', placing(() => ({ line: { clock, account } }))],
    ['duplicate-recent', wish({ confirmDuplicate: true })],
    ['verification-needed', placing(({ payer }) => ({ payer: { ...payer, isProved: true } }))],
  ]
  let at = worst
  for (const [code, mend] of steps) {
    const verdict = placeable(at.placing, at.wish)
    expect(verdict.may ? 'placed' : verdict.entry.code).toBe(code)
    at = mend(at)
  }
  expect(placeable(at.placing, at.wish)).toMatchObject({ may: true, offer: { priceMinor: 5000n } })
})

it.each([
  ['a guest', { isLogIn: false, knowsLine: true }, 4980n, false],
  ['an account that does not know the number', { isLogIn: true, knowsLine: false }, 4980n, false],
  ['an account that knows the number', { isLogIn: true, knowsLine: true }, 4980n, true],
  [
    'an account that knows the number, just below the threshold',
    { isLogIn: true, knowsLine: true },
    49_500n,
    true,
  ],
  ['an account that knows the number, at the threshold', { isLogIn: true, knowsLine: true }, 50_000n, false],
] as const)('%s may pay without a code: %#', (_, who, price, may) => {
  const offerId = price === 50_000n ? free : price === 4980n ? tile.id : world.tile(50_000n).id
  const amount = price === 50_000n ? { amountMinor: price, currency: 'CNY' } : null
  const verdict = placeable(
    { ...worst.placing, line: { clock, account }, recent: [], payer: { ...who, isProved: false } },
    { offerId, amount, expected: { amountMinor: price, currency: 'CNY' }, confirmDuplicate: false },
  )
  expect(verdict.may).toBe(may)
  if (!verdict.may) expect(verdict.entry.code).toBe('verification-needed')
})
