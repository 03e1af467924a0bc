import { idToWire } from '../../contract/id.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import type { Allowance } from './allowance.ts'
import {
  merchantsDue,
  type OwnAttempt,
  type QuerySchedule,
  scheduleQueries,
  takeQueries,
} from './attempt-store.ts'
import type { Evidence } from './evidence.ts'
import type { Merchants } from './merchant.ts'
import type { ProviderName, QueryOutcome } from './port.ts'
import { planQuery } from './query-plan.ts'
import type { Recorder } from './record.ts'

export interface QueryDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly merchants: Merchants
  readonly recorder: Recorder
  readonly allowance: Allowance
  readonly random: () => number
}

/** Longer than a call out and the settling of its answer take; after it somebody asks again. */
const LEASE_MS = 30_000

/** Asks about the attempts that are due, at most as many of each merchant as its allowance has left; answers how many. */
export async function queryDue(deps: QueryDeps, brand: string): Promise<number> {
  const due = await merchantsDue(deps.db.of(brand), deps.clock.instant())
  const asked = await Promise.all(due.map((merchant) => queryMerchant(deps, brand, merchant)))
  return asked.reduce((sum, count) => sum + count, 0)
}

async function queryMerchant(
  deps: QueryDeps,
  brand: string,
  merchant: { readonly provider: ProviderName; readonly id: string },
): Promise<number> {
  const { db, clock, log, allowance } = deps
  const nowMs = clock.instant()
  const name = `${brand} ${merchant.provider} ${merchant.id}`
  const limit = allowance.left(name, nowMs)
  if (limit === 0) return 0
  const attempts = await db.of(brand).tx((tx) => takeQueries(tx, merchant, limit, nowMs, nowMs + LEASE_MS))
  allowance.spend(name, attempts.length)
  await failpoint('payment.query-taken')
  const schedules = await Promise.all(
    attempts.map((attempt) =>
      // One that cannot be asked must not keep the others from their next time; after its lease it is due again.
      queryOne(deps, brand, attempt).catch((error: unknown) => {
        log.error({ err: error, brand, attempt: attempt.id }, 'a query failed')
        return null
      }),
    ),
  )
  const changed = schedules.filter((schedule) => schedule !== null)
  if (changed.length > 0) await db.of(brand).tx((tx) => scheduleQueries(tx, changed))
  return attempts.length
}

/** Null when settle writes what comes next: the answer is final and in the inbox. */
async function queryOne(deps: QueryDeps, brand: string, attempt: OwnAttempt): Promise<QuerySchedule | null> {
  const outcome = await ask(deps, brand, attempt)
  const final = outcome.kind === 'paid' || outcome.kind === 'refunded' || outcome.kind === 'closed'
  if (final && !(outcome.kind === 'closed' && attempt.state === 'closed')) return null
  const plan = planQuery(attempt, outcome.kind !== 'unknown', deps.clock.instant(), deps.random())
  if (plan.atMs === null && attempt.state !== 'closed') {
    deps.log.error({ brand, attempt: attempt.id, outcome: outcome.kind }, 'an attempt is left for a person')
  }
  return { id: attempt.id, ...plan, pending: outcome.kind === 'pending' }
}

/** Asks the provider about one attempt by our number; a final answer is in the inbox before this resolves. */
export async function ask(
  { log, merchants, recorder }: Pick<QueryDeps, 'log' | 'merchants' | 'recorder'>,
  brand: string,
  attempt: OwnAttempt,
): Promise<QueryOutcome> {
  const provider = await merchants.provider(brand, attempt.provider, attempt.merchant)
  assert(provider, 'an attempt has a merchant')
  const outcome = await provider.query({ number: idToWire(attempt.id), reference: attempt.reference })
  await failpoint('payment.query-answered')
  if (outcome.kind === 'unknown') {
    log.warn({ brand, attempt: attempt.id, reason: outcome.reason }, 'a query was not answered')
  }
  const evidence = evidenceOf(attempt, outcome)
  if (evidence) await recorder.record(brand, evidence)
  return outcome
}

function evidenceOf(attempt: OwnAttempt, outcome: QueryOutcome): Evidence | null {
  if (outcome.kind !== 'paid' && outcome.kind !== 'refunded' && outcome.kind !== 'closed') return null
  const money = outcome.kind === 'closed' ? null : outcome
  return {
    provider: attempt.provider,
    merchant: attempt.merchant,
    kind: 'query',
    providerId: `${money?.transaction ?? idToWire(attempt.id)}/${outcome.status}`,
    attempt: attempt.id,
    refund: null,
    said: outcome.kind,
    transaction: money?.transaction ?? null,
    amountMinor: money?.amountMinor ?? null,
    currency: money?.currency ?? null,
    happenedAtMs: money?.atMs ?? null,
    note: null,
    raw: outcome.raw,
    fields: outcome.fields,
  }
}
