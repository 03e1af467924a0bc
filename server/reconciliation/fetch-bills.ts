import { type ListedMerchant, listMerchants, type Payments } from '../payment/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { dayAt, formatDay } from '../policy/index.ts'
import { railZones } from './bill.ts'
import { billBytes } from './bill-source.ts'
import { type AwaitedMerchant, readAwaited } from './bill-store.ts'
import { importBill } from './import-bill.ts'
import { matchBill } from './match-bill.ts'

export interface FetchDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  /** A bill without a byte says that nothing happened on that day. */
  readonly payments: Pick<Payments, 'fetchBill'>
}

/** Bills are ready at ten in the morning of the next day; those of so many days are fetched later where they were missed. */
const READY_HOUR = 10
const DAYS_BACK = 7
const HOUR_MS = 3_600_000

const ACTOR = 'job reconciliation'

/**
 * Fetches the bills of a brand that are due and not there yet, and matches each, the oldest first. What cannot be fetched or read is
 * logged and asked for again in the next round. Answers how many bills came.
 */
export async function fetchBills(deps: FetchDeps, brand: string): Promise<number> {
  const { db, clock } = deps
  const nowMs = clock.instant()
  const since = formatDay(dayAt(nowMs, 'UTC') - DAYS_BACK - 1)
  const merchants = new Map(
    (await listMerchants(db.of(brand))).map((each) => [`${each.provider} ${each.id}`, each]),
  )
  let came = 0
  for (const awaited of await readAwaited(db.of(brand), since)) {
    const merchant = merchants.get(`${awaited.provider} ${awaited.id}`)
    if (!merchant) continue
    for (const day of daysDue(awaited, nowMs)) if (await fetchOne(deps, brand, merchant, day)) came++
  }
  return came
}

/** The days whose bills are ready and missing, the oldest first. */
export function daysDue(merchant: AwaitedMerchant, nowMs: number): string[] {
  const zone = railZones[merchant.provider]
  // Ten hours earlier it is still the day before until ten in the morning.
  const last = dayAt(nowMs - READY_HOUR * HOUR_MS, zone) - 1
  const first = Math.max(last - DAYS_BACK + 1, dayAt(merchant.createdAtMs, zone))
  const days: string[] = []
  for (let day = first; day <= last; day++) {
    const name = formatDay(day)
    if (!merchant.days.includes(name)) days.push(name)
  }
  return days
}

async function fetchOne(
  { db, clock, log, payments }: FetchDeps,
  brand: string,
  merchant: ListedMerchant,
  day: string,
): Promise<boolean> {
  const about = { brand, provider: merchant.provider, merchant: merchant.id, day }
  try {
    const answer = await payments.fetchBill(brand, merchant, day)
    if (answer === undefined || answer.kind === 'not-ready') return false
    if (answer.kind === 'unknown') {
      log.warn({ ...about, reason: answer.reason }, 'a bill could not be fetched')
      return false
    }
    const name = `the bill of ${merchant.provider} ${merchant.id} for ${day}`
    const source = answer.bytes.length === 0 ? null : billBytes(name, answer.bytes)
    const { provider, id, seller, currency } = merchant
    const told = { provider, merchant: id, seller, currency, day, source, actor: ACTOR }
    const { id: bill } = await importBill(db.of(brand), clock, told)
    const { found } = await matchBill(db.of(brand), clock, bill, { actor: ACTOR })
    log.info({ ...about, found: Object.fromEntries(found) }, 'a bill was matched')
    return true
  } catch (error) {
    // One bill that cannot be read must not keep the others waiting.
    log.error({ ...about, err: error }, 'a bill could not be reconciled')
    return false
  }
}
