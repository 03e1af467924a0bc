import type { AttemptRow } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import { type Quote, shareDown, shareUp } from '../quote/index.ts'
import type { Source } from './credit.ts'
import type { HeldReason, TopUp } from './top-up.ts'
import type { Work } from './work.ts'

/** The quote that a payment was begun under; null: it is in the order's own currency. */
export function quoteOf(work: Work, attempt: Pick<AttemptRow, 'quote'>): Quote | null {
  if (attempt.quote === null) return null
  const quote = work.state.quotes.get(attempt.quote)
  assert(quote, `quote ${attempt.quote} is read`)
  return quote
}

/** Where a payment differs from what its attempt asked for; null: it does not. */
export function mismatch(
  attempt: AttemptRow,
  paid: { readonly amountMinor: bigint; readonly currency: string },
): HeldReason | null {
  if (paid.currency !== attempt.currency) return 'currency-mismatch'
  return paid.amountMinor === attempt.amountMinor ? null : 'amount-mismatch'
}

/** What was captured, in the order's currency: at the quote, or so much of the price as came; never nothing. */
export function ofOrder(work: Work, attempt: AttemptRow, capturedMinor: bigint): bigint {
  const quote = quoteOf(work, attempt)
  if (!quote) return capturedMinor
  const share = (quote.priceMinor * capturedMinor) / quote.amountMinor
  return share > 0n ? share : 1n
}

export function clearingOf(work: Work, { provider, merchant, currency }: AttemptRow) {
  return work.systemAccount('provider-clearing', `${provider}:${merchant}`, currency)
}

/**
 * Where the money of a captured payment comes from, held until now or not. Of a quoted one it goes into the position of the payer's
 * currency first, and the sale is paid for out of that of the order's.
 */
export function sourceOf(work: Work, order: TopUp, attempt: AttemptRow, held: boolean): Source {
  const quote = quoteOf(work, attempt)
  if (!quote) {
    return held
      ? { from: 'suspense', held: attempt.id }
      : { from: 'provider', clearing: clearingOf(work, attempt) }
  }
  const position = work.systemAccount('fx-position', '', attempt.currency)
  const amounts = { captured: quote.amountMinor }
  const paid = held
    ? work.book.post('fx-held-then-paid', {
        amounts,
        parties: {
          'topup-suspense': work.systemAccount('topup-suspense', '', attempt.currency),
          'fx-position': position,
        },
        cause: order.id,
        pendingOf: attempt.id,
      })
    : work.book.post('fx-paid', {
        amounts,
        parties: { 'provider-clearing': clearingOf(work, attempt), 'fx-position': position },
        cause: order.id,
      })
  assert(paid.posted, 'captured money can be exchanged')
  return { from: 'quote', marginMinor: quote.marginMinor }
}

/** What a part of a quoted order comes to: back to the payer in the payer's currency, and of the margin. */
export interface Back {
  readonly amountMinor: bigint
  readonly marginMinor: bigint
}

/** At the quoted rate, by what has gone back so far: all of the order gives back all that was paid, to the minor unit. */
export function backOf(quote: Quote, order: TopUp, partMinor: bigint): Back {
  const share = { beforeMinor: order.refundedMinor, partMinor, wholeMinor: order.capturedMinor }
  return {
    amountMinor: shareUp(quote.amountMinor, share),
    marginMinor: shareDown(quote.marginMinor, share),
  }
}

/** The accounts through which a refund of a quoted order leaves the order's currency. */
export function positionParties(work: Work) {
  return { 'fx-position': work.systemAccount('fx-position'), 'fx-margin': work.systemAccount('fx-margin') }
}

/** On its way to the payer, in the currency that was paid. */
export function postBack(work: Work, refund: string, quote: Quote, { amountMinor: refunded }: Back): void {
  const outcome = work.book.post('fx-refunding', {
    amounts: { refunded },
    parties: {
      'fx-position': work.systemAccount('fx-position', '', quote.payCurrency),
      'refund-clearing': work.systemAccount('refund-clearing', '', quote.payCurrency),
    },
    cause: refund,
    holdId: refund,
  })
  assert(outcome.posted, 'a position can be drawn on')
}
