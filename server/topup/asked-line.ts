import type { Brand } from '../brand/index.ts'
import type { PriceTable } from '../catalog/index.ts'
import type { Principal } from '../identity/index.ts'
import { type LineAccount, readLineAccount } from '../ledger/index.ts'
import { knownNumber, type LineClock, readLine } from '../line/index.ts'
import type { Reader } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import { dayAt, type Policy } from '../policy/index.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'

/** A line somebody asks about. */
export interface AskedLine {
  readonly clock: LineClock
  readonly account: LineAccount
  readonly policy: Policy
  /** It is bound to the asker's account. */
  readonly own: boolean
}

/** What a brand sells today, and by which rules. */
export interface SalesDay {
  readonly brand: Brand
  readonly today: number
  readonly businessMs: number
  readonly priceTable: PriceTable
  readonly policyOf: (policy: string, version: number) => Policy
}

/** Read before any transaction begins: the price table may have to wait for a connection of its own. */
export async function salesDay(
  { clock, catalog, policyOf }: Pick<TopUpsDeps, 'clock' | 'catalog' | 'policyOf'>,
  brand: Brand,
): Promise<SalesDay> {
  const businessMs = clock.business(brand.key)
  const today = dayAt(businessMs, brand.zone)
  const priceTable = await catalog.priceTable(brand.key, today)
  return { brand, today, businessMs, priceTable, policyOf }
}

/** The line of a number as typed. Locks nothing. Throws `number-invalid`, or `line-not-found` for any number not of this brand. */
export async function readAsked(
  { lines }: Pick<TopUpsDeps, 'lines'>,
  db: Reader,
  { brand, policyOf }: SalesDay,
  caller: Principal | null,
  typedNumber: string,
): Promise<AskedLine> {
  const clock = await readLine(db, knownNumber(brand, typedNumber))
  if (!clock) throw refuse(topUpErrors['line-not-found'])
  const [account, own] = await Promise.all([
    readLineAccount(db, clock.line, clock.epoch),
    lines.isOwn(db, caller, clock.line),
  ])
  assert(account, `line ${clock.line} has an account at epoch ${clock.epoch}`)
  return { clock, account, own, policy: policyOf(clock.policy, clock.policyVersion) }
}
