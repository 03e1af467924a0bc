import { parseInstant } from '../../../platform/clock.ts'
import type { BillOutcome } from '../../port.ts'
import type { Gateway, GatewayAnswer } from './gateway.ts'

const SECOND = 1_000
const DAY_SECONDS = 86_400
const REPORT = 'balance_change_from_activity.itemized.3'

/** What reconciliation reads. Amounts are in major units, times in UTC. Source: Stripe, report types. */
const COLUMNS = [
  'balance_transaction_id',
  'created_utc',
  'reporting_category',
  'currency',
  'gross',
  'fee',
  'net',
  'source_id',
  'charge_id',
  'payment_intent_id',
  'payment_metadata[number]',
  'refund_metadata[number]',
]

/**
 * The itemised balance report of a UTC day, as CSV. A run takes Stripe some minutes: the first call asks for it, a later one finds
 * it under the same idempotency key and fetches its file.
 */
export async function fetchBill(gateway: Gateway, day: string): Promise<BillOutcome> {
  const start = parseInstant(`${day}T00:00:00Z`) / SECOND
  const end = start + DAY_SECONDS
  const type = await gateway.call('report type', (stripe) => stripe.reporting.reportTypes.retrieve(REPORT))
  if (type.kind !== 'answered') return unknown(type)
  if (type.body.data_available_end < end) return { kind: 'not-ready' }
  const parameters = { interval_start: start, interval_end: end, columns: COLUMNS }
  const asked = await gateway.call('report run', (stripe) =>
    stripe.reporting.reportRuns.create(
      { report_type: REPORT, parameters },
      { idempotencyKey: `${REPORT}/${day}` },
    ),
  )
  if (asked.kind !== 'answered') return unknown(asked)
  const run = await gateway.call('report run', (stripe) =>
    stripe.reporting.reportRuns.retrieve(asked.body.id),
  )
  if (run.kind !== 'answered') return unknown(run)
  const { status, result, error } = run.body
  if (status === 'pending') return { kind: 'not-ready' }
  if (status !== 'succeeded' || !result?.url) {
    return { kind: 'unknown', reason: `the report ${status}: ${error ?? 'no file'}` }
  }
  try {
    const bytes = await gateway.download(result.url)
    return bytes.length === result.size
      ? { kind: 'bill', bytes }
      : { kind: 'unknown', reason: `the file has ${bytes.length} bytes, not ${result.size}` }
  } catch (failed) {
    return { kind: 'unknown', reason: `the report’s file: ${(failed as Error).message}` }
  }
}

function unknown(answer: Exclude<GatewayAnswer<unknown>, { kind: 'answered' }>): BillOutcome {
  return { kind: 'unknown', reason: answer.reason }
}
