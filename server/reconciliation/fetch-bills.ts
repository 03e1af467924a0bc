import { type ListedMerchant, listMerchants, type Payments } from '../payment/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { dayAt, formatDay } from '../policy/index.ts'
import { railZones } from './bill.ts'
import { billBytes } from './bill-source.ts'
import { type AwaitedMerchant, billsOf, readAwaited } from './bill-store.ts'
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
  const { db, clock, log } = deps
  const nowMs = clock.instant()
  const since = formatDay(dayAt(nowMs, 'UTC') - DAYS_BACK - 1)
  const merchants = new Map((await listMerchants(db.of(brand))).map((each) => [nameOf(each), each]))
  let came = 0
  for (const awaited of await readAwaited(db.of(brand), since)) {
    const merchant = merchants.get(nameOf(awaited))
    if (!merchant) continue
    for (const day of daysDue(awaited, nowMs)) {
      const fetched = await fetchOne(deps, brand, merchant, day)
      const about = { brand, provider: merchant.provider, merchant: merchant.id, day }
      if (fetched.kind === 'came') {
        const { found } = await matchBill(db.of(brand), clock, fetched.bill, { actor: ACTOR })
        log.info({ ...about, found: Object.fromEntries(found) }, 'a bill was matched')
        came++
      }
      if (fetched.kind === 'failed') log.warn({ ...about, err: fetched.error }, 'a bill could not be fetched')
    }
  }
  return came
}

/** A merchant of whom a day's bill could not be fetched, and why: null where it is not made yet, or the rail has none to fetch. */
export interface Unfetched {
  readonly merchant: ListedMerchant
  readonly error: Error | null
}

/** Fetches the bills of one day that are not here, without matching them; answers whose did not come. */
export async function fetchDay(deps: FetchDeps, brand: string, day: string): Promise<Unfetched[]> {
  const reader = deps.db.of(brand)
  const here = new Set(
    (await billsOf(reader, day)).map(({ provider, merchant }) => `${provider} ${merchant}`),
  )
  const unfetched: Unfetched[] = []
  for (const merchant of await listMerchants(reader)) {
    if (here.has(nameOf(merchant))) continue
    const fetched = await fetchOne(deps, brand, merchant, day)
    if (fetched.kind !== 'came')
      unfetched.push({ merchant, error: fetched.kind === 'failed' ? fetched.error : null })
  }
  return unfetched
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

const nameOf = ({ provider, id }: { readonly provider: string; readonly id: string }) => `${provider} ${id}`

type Fetched =
  | { readonly kind: 'came'; readonly bill: string }
  | { readonly kind: 'not-ready' }
  | { readonly kind: 'failed'; readonly error: Error }

/** One bill that cannot be fetched or read must not keep the others waiting: what goes wrong is answered. */
async function fetchOne(
  { db, clock, payments }: FetchDeps,
  brand: string,
  merchant: ListedMerchant,
  day: string,
): Promise<Fetched> {
  const { provider, id, seller, currency } = merchant
  try {
    const answer = await payments.fetchBill(brand, merchant, day)
    if (answer === undefined || answer.kind === 'not-ready') return { kind: 'not-ready' }
    if (answer.kind === 'unknown') return { kind: 'failed', error: new Error(answer.reason) }
    const name = `the bill of ${nameOf(merchant)} for ${day}`
    const source = answer.bytes.length === 0 ? null : billBytes(name, answer.bytes)
    const told = { provider, merchant: id, seller, currency, day, source, actor: ACTOR }
    return { kind: 'came', bill: (await importBill(db.of(brand), clock, told)).id }
  } catch (error) {
    return { kind: 'failed', error: error as Error }
  }
}
