import { wire } from '../../contract/money.ts'
import type { RefundsView } from '../../contract/refund.ts'
import type { Brand } from '../brand/index.ts'
import { readLine, readPasts, withoutOrder } from '../line/index.ts'
import type { Reader } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { clockUntil } from '../policy/index.ts'
import { assessNow, needsCheckerFor } from './ask-refund.ts'
import { askedPart } from './assess-refund.ts'
import { policyDay } from './creditable.ts'
import { type Share, shareOf } from './decide-refund.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { safeDay } from './order-view.ts'
import { paidQuote } from './quote-view.ts'
import { backOf } from './quoted.ts'
import { viewRefundsOf } from './refund-progress.ts'
import { takenSoFar } from './refund-request.ts'
import type { ShownOrder } from './shown-order.ts'

/**
 * What would go back of an order today, with what its payer asked for before. `askedMinor`: the part to speak of; null: all of it.
 * Throws, where not so much or no part can go back, `refund-exceeds`, `refund-package-whole`, `refund-too-small`.
 */
export async function viewRefunds(
  deps: Pick<TopUpsDeps, 'clock' | 'policyOf'>,
  db: Reader,
  brand: Brand,
  shown: ShownOrder,
  askedMinor: bigint | null,
): Promise<RefundsView> {
  const refunds = viewRefundsOf(brand, shown)
  const assessed = await assessNow(deps, db, brand, shown.order, shown.requests)
  if (!assessed.can) return { offer: null, refusedCode: assessed.entry.code, refunds }
  const part = askedPart(shown.order, assessed, askedMinor, brand.currency)
  if (!part.can) throw refuse(part.entry, part.members)
  const share = shareOf(assessed, part.amountMinor)
  const quote = paidQuote(shown)
  const backMinor = quote ? backOf(quote, shown.order, share.amountMinor).amountMinor : share.amountMinor
  if (backMinor === 0n) {
    const tooSmall = topUpErrors['refund-too-small']
    if (askedMinor !== null) throw refuse(tooSmall)
    return { offer: null, refusedCode: tooSmall.code, refunds }
  }
  const days = shown.own ? await safeDays(deps, db, brand, shown, share) : null
  const money = (minor: bigint) => wire(minor, brand.currency)
  return {
    offer: {
      most: money(assessed.amountMinor),
      amount: money(share.amountMinor),
      ...(quote && { paidBack: wire(backMinor, quote.payCurrency) }),
      credit: money(share.faceMinor),
      bonus: money(share.bonusMinor),
      partly: shown.order.offerKind !== 'package',
      looked: needsCheckerFor(brand, 'payer', share.amountMinor),
      lastSafeDayBefore: days?.before ?? null,
      lastSafeDay: days?.after ?? null,
    },
    refusedCode: null,
    refunds,
  }
}

/** The number's last safe day as it stands, and once this share of the order has gone back. */
async function safeDays(
  { clock, policyOf }: Pick<TopUpsDeps, 'clock' | 'policyOf'>,
  db: Reader,
  brand: Brand,
  { order, msisdn, requests }: ShownOrder,
  share: Share,
): Promise<{ readonly before: string | null; readonly after: string | null } | null> {
  const line = await readLine(db, msisdn)
  if (line?.epoch !== order.epoch) return null
  const past = (await readPasts(db, policyOf, brand.zone, [line])).get(line.line)
  if (!past) return null
  const policy = policyOf(line.policy, line.policyVersion)
  const onDay = policyDay({ businessMs: clock.business(brand.key), brand }, policy)
  const kept = order.faceMinor - takenSoFar(requests).faceMinor - share.faceMinor
  const taken = { order: order.id, keptMinor: kept.toString(), mayEnd: false, after: [] }
  const after = withoutOrder(policy, brand.zone, past, line.state, onDay, taken)
  return {
    before: safeDay(clockUntil(policy, line.state, 'number')),
    after: safeDay(clockUntil(policy, after, 'number')),
  }
}
