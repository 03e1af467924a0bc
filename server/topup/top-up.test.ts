import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { DERIVED_STATE } from './checks.ts'
import { deriveState, finalStates, type OrderFacts, orderStates } from './top-up.ts'

const { owner } = await testDatabase()

const facts: fc.Arbitrary<OrderFacts> = fc
  .record({
    ...{ expired: fc.boolean(), credited: fc.boolean(), held: fc.boolean() },
    ...{ refundsOpen: fc.boolean(), refundAbnormal: fc.boolean() },
    capturedMinor: fc.constantFrom(0n, 4980n),
    refundedMinor: fc.constantFrom(0n, 1000n, 4980n),
    reversedMinor: fc.constantFrom(0n, 0n, 3980n, 4980n),
  })
  .filter((f) => f.refundedMinor <= f.capturedMinor)

describe('the state of an order', () => {
  it('is one of the machine’s, whatever is known of it', () => {
    fc.assert(
      fc.property(facts, (known) => {
        expect(Object.keys(orderStates.states)).toContain(deriveState(known))
      }),
    )
  })

  it('is refunded only when all that was captured is back', () => {
    fc.assert(
      fc.property(facts, (known) => {
        if (deriveState(known) !== 'refunded') return
        expect(known.refundedMinor).toBe(known.capturedMinor)
        expect(known.capturedMinor).toBeGreaterThan(0n)
      }),
    )
  })

  it('never says expired of money that was taken', () => {
    fc.assert(
      fc.property(facts, (known) => {
        if (known.capturedMinor > 0n)
          expect(['expired', 'awaiting-payment']).not.toContain(deriveState(known))
      }),
    )
  })

  it('is what fsck derives in SQL', async () => {
    const sample = fc.sample(facts, 400)
    const { rows } = await owner.query(
      `select ${DERIVED_STATE} as derived from (
         select case when expired then now() end as expired_at, case when credited then now() end as credited_at,
                case when held then 'limit-reached' end as held_reason,
                open as refunds_open, abnormal as refund_abnormal, captured, refunded, reversed
           from unnest($1::bool[], $2::bool[], $3::bool[], $4::bool[], $5::bool[], $6::bigint[], $7::bigint[], $8::bigint[])
             with ordinality as u (expired, credited, held, open, abnormal, captured, refunded, reversed, n)
          order by n) facts`,
      [
        sample.map((f) => f.expired),
        sample.map((f) => f.credited),
        sample.map((f) => f.held),
        sample.map((f) => f.refundsOpen),
        sample.map((f) => f.refundAbnormal),
        sample.map((f) => f.capturedMinor),
        sample.map((f) => f.refundedMinor),
        sample.map((f) => f.reversedMinor),
      ],
    )
    expect(rows.map(({ derived }) => derived)).toEqual(sample.map(deriveState))
  })

  it('says which states are final', () => {
    expect([...finalStates].sort()).toEqual(['credited', 'expired', 'refunded', 'reversed'])
  })
})
