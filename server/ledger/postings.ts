import type { AccountKind } from './account.ts'

/**
 * One leg of a posting: `amount` moves from the account that is debited to the one that is credited. Of the two sides,
 * a line's balance also says what its money is: `bought` is paid credit and what it cost, `given` (a discount) is paid
 * credit at no cost, `spent` takes paid credit with its share of the cost, `bonus` is promotion. `closes` marks the leg
 * that posts or voids what an earlier posting held.
 */
export interface Leg {
  readonly debit: AccountKind
  readonly credit: AccountKind
  readonly amount: string
  readonly money?: 'bought' | 'given' | 'spent' | 'bonus'
  readonly closes?: true
}

function leg<const D extends AccountKind, const C extends AccountKind, const A extends string>(
  debit: D,
  credit: C,
  amount: A,
  more: Pick<Leg, 'money' | 'closes'> = {},
): Leg & { readonly debit: D; readonly credit: C; readonly amount: A } {
  return { debit, credit, amount, ...more }
}

const bought = { money: 'bought' } as const
const given = { money: 'given' } as const
const spent = { money: 'spent' } as const
const bonus = { money: 'bonus' } as const
const closes = { closes: true } as const

/**
 * Every way money can move. Each leg is one transfer; legs of amount zero are left out. A posting is double entry leg by
 * leg, so it nets to zero for every amount; postings.test.ts proves it, and that floors and money kinds hold.
 */
export const postings = {
  /** Paid online and credited at once: face = price + discount. */
  'online-top-up': [
    leg('provider-clearing', 'line-balance', 'price', bought),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
  ],
  /** A package sold online: owed to the subscriber until earned day by day. */
  'online-package': [leg('provider-clearing', 'deferred-revenue', 'price')],
  'package-earned': [leg('deferred-revenue', 'package-revenue', 'earned')],
  /** Paid and not to be credited now: the captured amount waits, whatever the order says. */
  'paid-and-held': [leg('provider-clearing', 'topup-suspense', 'captured')],
  'held-then-credited': [
    leg('topup-suspense', 'line-balance', 'price', { ...bought, ...closes }),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
  ],
  'held-then-package': [leg('topup-suspense', 'deferred-revenue', 'price', closes)],
  'held-then-refunding': [leg('topup-suspense', 'refund-clearing', 'captured', closes)],
  'refund-sent': [leg('refund-clearing', 'provider-clearing', 'refunded', closes)],
  /** A refund that was made came back to the provider: it is on its way once more. */
  'refund-returned': [leg('provider-clearing', 'refund-clearing', 'returned')],
  /** Unspent credit goes back: face leaves the line, cost returns to the payer, the discount is undone. */
  'credit-refunding': [
    leg('line-balance', 'refund-clearing', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
  ],
  /** The same of a dealer's sale: the dealer has paid the customer back. */
  'credit-refunded-to-float': [
    leg('line-balance', 'dealer-float', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
  ],
  /** Bonus goes with the credit it was given for, as far as it is unspent. */
  'bonus-taken-back': [leg('line-balance', 'promotion-bonus', 'bonus', bonus)],
  /** The days of a package that have not begun go back. */
  'package-refunding': [leg('deferred-revenue', 'refund-clearing', 'refund')],
  'package-refunded-to-float': [leg('deferred-revenue', 'dealer-float', 'refund')],
  /** An agent's sale from its float, at the offer's price. */
  'dealer-top-up': [
    leg('dealer-float', 'line-balance', 'price', bought),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
    leg('commission', 'dealer-float', 'commission'),
  ],
  'dealer-package': [
    leg('dealer-float', 'deferred-revenue', 'price'),
    leg('commission', 'dealer-float', 'commission'),
  ],
  'counter-cash-top-up': [
    leg('cash-drawer', 'line-balance', 'price', bought),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
    leg('cash-drawer', 'surcharge-revenue', 'surcharge'),
  ],
  /** A balance brought in by import, and a dealer's float. */
  'line-opening': [
    leg('opening-balance', 'line-balance', 'paid', bought),
    leg('opening-balance', 'line-balance', 'bonus', bonus),
  ],
  'float-opening': [leg('opening-balance', 'dealer-float', 'amount')],
  'float-top-up': [leg('bank', 'dealer-float', 'amount')],
  'commission-claw-back': [
    leg('dealer-float', 'commission', 'taken'),
    leg('dealer-receivable', 'commission', 'owed'),
  ],
  'provider-settled': [
    leg('bank', 'provider-clearing', 'settled'),
    leg('payment-fee', 'provider-clearing', 'fee'),
  ],
  'provider-fee': [leg('payment-fee', 'provider-clearing', 'fee')],
  /** A refund's share of the fee, where the contract gives it back. */
  'provider-fee-returned': [leg('provider-clearing', 'payment-fee', 'returned')],
  /** A break closed by an entry: what a provider owes by our books and not by its bill, and the other way round. */
  'clearing-written-off': [leg('bad-debt', 'provider-clearing', 'amount')],
  'clearing-received': [leg('provider-clearing', 'unmatched-receipts', 'amount')],
  /** A transfer came to the bank: it belongs to nobody until it is matched to an order, given back, or known from elsewhere. */
  'transfer-received': [leg('bank', 'unmatched-receipts', 'amount')],
  'transfer-matched': [leg('unmatched-receipts', 'provider-clearing', 'amount')],
  'transfer-returned': [leg('unmatched-receipts', 'bank', 'amount')],
  /** It is in the books by another entry, or none of this business. */
  'transfer-dismissed': [leg('unmatched-receipts', 'bank', 'amount')],
  /** A refund left the account. */
  'refund-transferred': [leg('provider-clearing', 'bank', 'amount')],
  /** The bank took a transfer back, and nobody will replace it. */
  'transfer-written-off': [leg('bad-debt', 'bank', 'amount')],
  /** The payer's bank has taken a payment back and has not decided: unspent credit leaves the line, the rest waits. */
  'payment-disputed': [
    leg('line-balance', 'provider-clearing', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
    leg('dispute-clearing', 'provider-clearing', 'open'),
  ],
  /** It has decided for the payer: what waited is the days of a package that have not begun, or is owed. */
  'charge-back': [
    leg('deferred-revenue', 'dispute-clearing', 'unbegun'),
    leg('subscriber-receivable', 'dispute-clearing', 'owed'),
  ],
  /** What a refused refund holds goes towards the loss: the payer's bank has paid it. */
  'refund-charged-back': [leg('refund-clearing', 'dispute-clearing', 'held', closes)],
  /** It has given the money back: what was taken for it returns to the line, what is still owed is owed no more. */
  'dispute-returned': [
    leg('provider-clearing', 'line-balance', 'cost', bought),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
    leg('provider-clearing', 'dispute-clearing', 'open'),
    leg('provider-clearing', 'subscriber-receivable', 'owed'),
  ],
  /** What a line's holder owes is paid from the credit of the next top-up; what a dealer owes, from its next load. */
  'owed-settled': [leg('line-balance', 'subscriber-receivable', 'settled', spent)],
  'dealer-owed-settled': [leg('dealer-float', 'dealer-receivable', 'settled')],
  'retention-fee': [
    leg('line-balance', 'retention-fee-revenue', 'paid', spent),
    leg('line-balance', 'retention-fee-revenue', 'bonus', bonus),
  ],
  usage: [
    leg('line-balance', 'usage-revenue', 'paid', spent),
    leg('line-balance', 'usage-revenue', 'bonus', bonus),
  ],
  /** Only paid credit becomes income; bonus that ends undoes the promotion. */
  breakage: [
    leg('line-balance', 'breakage', 'paid', spent),
    leg('line-balance', 'promotion-bonus', 'bonus', bonus),
  ],
  /** Unspent credit of the wrong line to the right one, through suspense: two postings, the second closes the first. */
  'wrong-number-taken': [
    leg('line-balance', 'topup-suspense', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
  ],
  'wrong-number-given': [
    leg('topup-suspense', 'line-balance', 'cost', { ...bought, ...closes }),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
  ],
  /** A top-up paid in another currency: one posting in each, joined by the quote. */
  'fx-paid': [leg('provider-clearing', 'fx-position', 'captured')],
  'fx-held-then-paid': [leg('topup-suspense', 'fx-position', 'captured', closes)],
  'fx-credited': [
    leg('fx-position', 'line-balance', 'price', bought),
    leg('fx-position', 'fx-margin', 'margin'),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
  ],
  'fx-package': [leg('fx-position', 'deferred-revenue', 'price'), leg('fx-position', 'fx-margin', 'margin')],
  /** And back at the quoted rate, with its share of the margin. */
  'fx-credit-refunding': [
    leg('line-balance', 'fx-position', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
    leg('fx-margin', 'fx-position', 'margin'),
  ],
  'fx-package-refunding': [
    leg('deferred-revenue', 'fx-position', 'refund'),
    leg('fx-margin', 'fx-position', 'margin'),
  ],
  'fx-refunding': [leg('fx-position', 'refund-clearing', 'refunded')],
  /** The payer's bank has taken such a payment back: in the currency that was paid, and in the order's. */
  'fx-disputed': [leg('fx-position', 'provider-clearing', 'disputed')],
  'fx-payment-disputed': [
    leg('line-balance', 'fx-position', 'cost', bought),
    leg('line-balance', 'discount', 'discount', given),
    leg('dispute-clearing', 'fx-position', 'open'),
    leg('fx-margin', 'fx-position', 'margin'),
  ],
  /** What a refused refund of it holds goes towards the loss, and is exchanged back for that. */
  'fx-refund-covered': [leg('refund-clearing', 'fx-position', 'held', closes)],
  'fx-refund-charged-back': [
    leg('fx-position', 'dispute-clearing', 'held'),
    leg('fx-position', 'fx-margin', 'margin'),
  ],
  /** And it has been given back. */
  'fx-reinstated': [leg('provider-clearing', 'fx-position', 'disputed')],
  'fx-dispute-returned': [
    leg('fx-position', 'line-balance', 'cost', bought),
    leg('discount', 'line-balance', 'discount', given),
    leg('promotion-bonus', 'line-balance', 'bonus', bonus),
    leg('fx-position', 'dispute-clearing', 'open'),
    leg('fx-position', 'subscriber-receivable', 'owed'),
    leg('fx-position', 'fx-margin', 'margin'),
  ],
  /** Money of another currency became the brand's own at a real rate: one posting in each; what differs from the quotes is gained or lost. */
  'fx-exchanged': [leg('fx-position', 'bank', 'given')],
  'fx-realised': [
    leg('bank', 'fx-position', 'received'),
    leg('fx-gain-loss', 'fx-position', 'loss'),
    leg('fx-position', 'fx-gain-loss', 'gain'),
  ],
} as const

export type PostingName = keyof typeof postings

/** The amounts a posting takes, all in minor units of one currency. */
export type PostingAmounts<N extends PostingName> = Readonly<
  Record<(typeof postings)[N][number]['amount'], bigint>
>

/** The account kinds a posting touches, each of which its caller must bring. */
export type PostingKinds<N extends PostingName> =
  | (typeof postings)[N][number]['debit']
  | (typeof postings)[N][number]['credit']
