import { APP_ID } from '../../test/support/payment.ts'
import { spend } from '../../test/support/spending.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import type { DisputeState } from './dispute.ts'
import { refundHouse, uuid } from './refund-fixture.ts'

/** A house in which payers' banks take payments back. */
export async function disputeHouse() {
  const house = await refundHouse()
  const { payments, topUps, db, clock, rows } = house
  const world = {
    ...house,
    spends: (number: string, minor: bigint) => spend({ db, clock }, 'laika', `86${number}`, minor),
    /** The provider says so of the payment behind an attempt, and the ledger follows. */
    async told(attempt: string, said: DisputeState, amountMinor = 4980n): Promise<void> {
      await payments.record('laika', {
        ...{ provider: 'alipay', merchant: APP_ID, kind: 'notify', providerId: `du_${attempt}/${said}` },
        ...{ attempt: uuid(attempt), refund: null, said, transaction: `T${attempt}`, amountMinor },
        ...{ currency: 'CNY', happenedAtMs: null, note: 'fraudulent', raw: Buffer.from('{}'), fields: {} },
        dispute: { number: `du_${attempt}`, feeMinor: 1500n },
      })
      await house.settled()
      await topUps.applyDisputes('laika')
      await house.settled()
    },
    /** An order that was credited, used up, and taken back for good; so all of it is owed. */
    async owing(who: Visitor, line?: string) {
      const bought = await house.bought(who, 5000n, line)
      await world.spends(bought.number, 5000n)
      await world.told(bought.attempt, 'reversed')
      return bought
    },
    async accountOf(number: string): Promise<{ readonly balance: string; readonly owed: string }> {
      const [found] = await rows(
        'select balance::text, owed::text from laika.line_account a join laika.line l on l.id = a.line where l.msisdn = $1',
        `86${number}`,
      )
      return found
    },
  }
  return world
}
