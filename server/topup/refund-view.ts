import { wire } from '../../contract/money.ts'
import type { RefundsView } from '../../contract/refund.ts'
import type { Brand } from '../brand/index.ts'
import { readLine, readPasts, withoutOrder } from '../line/index.ts'
import type { Reader } from '../platform/db.ts'
import { clockUntil } from '../policy/index.ts'
import { assessNow, needsCheckerFor } from './ask-refund.ts'
import type { Assessed } from './assess-refund.ts'
import { policyDay } from './creditable.ts'
import type { TopUpsDeps } from './deps.ts'
import { safeDay } from './order-view.ts'
import { viewRefundsOf } from './refund-progress.ts'
import { takenSoFar } from './refund-request.ts'
import type { ShownOrder } from './shown-order.ts'

/** What would go back of an order today, with what its payer asked for before. */
export async function viewRefunds(
  deps: Pick<TopUpsDeps, 'clock' | 'policyOf'>,
  db: Reader,
  brand: Brand,
  shown: ShownOrder,
): Promise<RefundsView> {
  const refunds = viewRefundsOf(brand, shown)
  const assessed = await assessNow(deps, db, brand, shown.order, shown.requests)
  if (!assessed.can) return { offer: null, refusedCode: assessed.entry.code, refunds }
  const days = shown.own ? await safeDays(deps, db, brand, shown, assessed) : null
  return {
    offer: {
      most: wire(assessed.amountMinor, brand.currency),
      credit: wire(assessed.faceMinor, brand.currency),
      bonus: wire(assessed.bonusMinor, brand.currency),
      partly: shown.order.offerKind !== 'package',
      looked: needsCheckerFor(brand, 'payer', assessed.amountMinor),
      lastSafeDayBefore: days?.before ?? null,
      lastSafeDay: days?.after ?? null,
    },
    refusedCode: null,
    refunds,
  }
}

/** The number's last safe day as it stands, and once all of the order's credit has gone back. */
async function safeDays(
  { clock, policyOf }: Pick<TopUpsDeps, 'clock' | 'policyOf'>,
  db: Reader,
  brand: Brand,
  { order, msisdn, requests }: ShownOrder,
  assessed: Assessed,
): Promise<{ readonly before: string | null; readonly after: string | null } | null> {
  const line = await readLine(db, msisdn)
  if (line?.epoch !== order.epoch) return null
  const past = (await readPasts(db, policyOf, brand.zone, [line])).get(line.line)
  if (!past) return null
  const policy = policyOf(line.policy, line.policyVersion)
  const onDay = policyDay({ businessMs: clock.business(brand.key), brand }, policy)
  const kept = order.faceMinor - takenSoFar(requests).faceMinor - assessed.faceMinor
  const taken = { order: order.id, keptMinor: kept.toString(), mayEnd: false, after: [] }
  const after = withoutOrder(policy, brand.zone, past, line.state, onDay, taken)
  return {
    before: safeDay(clockUntil(policy, line.state, 'number')),
    after: safeDay(clockUntil(policy, after, 'number')),
  }
}
