import type { TakeStatement } from '../payment/index.ts'
import type { Clock } from '../platform/clock.ts'
import { FileRefused } from '../platform/csv-file.ts'
import type { Db } from '../platform/db.ts'
import { importStatement } from './import-statement.ts'
import { OtherAccount } from './read-statement.ts'

/** Who looks after what a notice leaves to a person, until somebody takes it. */
const OWNER = 'finance'

/**
 * Takes in what a bank sends by itself, already known to be genuine. One bank signs for all its customers with one key: a notice of another
 * account than the merchant's is told apart here.
 */
export function createTakeNotice({ db, clock }: { readonly db: Db; readonly clock: Clock }): TakeStatement {
  return async (brand, merchant, raw) => {
    try {
      const given = { merchant, bytes: raw, name: 'the notice', actor: 'the bank', owner: OWNER }
      await importStatement(db.of(brand), clock, given)
      return null
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error
      return { fault: error instanceof OtherAccount ? 'merchant' : 'malformed', reason: error.message }
    }
  }
}
