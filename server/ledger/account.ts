/** The side an account's balance grows on: debit for assets and expenses, credit for liabilities, income and equity. */
export type Nature = 'debit' | 'credit'

interface AccountKindFacts {
  readonly nature: Nature
  /** May the balance fall below zero? A dealer's float may too, down to its own credit limit. */
  readonly mayGoBelowZero: boolean
}

const asset = (mayGoBelowZero: boolean): AccountKindFacts => ({ nature: 'debit', mayGoBelowZero })
const liability = (mayGoBelowZero: boolean): AccountKindFacts => ({ nature: 'credit', mayGoBelowZero })
const anyway = true
const never = false

/** Every kind of account there is; one account per kind, subject and currency. */
export const accountKinds = {
  /** Subject `{provider}:{merchant}`: what a provider owes us until it settles to the bank. */
  'provider-clearing': asset(anyway),
  /** Subject: the outlet's terminal. */
  'terminal-clearing': asset(anyway),
  bank: asset(anyway),
  'unmatched-receipts': liability(never),
  /** Subject: an own outlet's shift. */
  'cash-drawer': asset(never),
  'cash-in-transit': asset(never),
  /** Subject: line and epoch; kept in the table `line_account`. */
  'line-balance': liability(never),
  /** Subject: the dealer. */
  'dealer-float': liability(never),
  /** One for all lines; each line's account says what its holder owes of it. */
  'subscriber-receivable': asset(never),
  'dealer-receivable': asset(never),
  /** What payers' banks have taken back and not decided about, but for the credit that was there to take. */
  'dispute-clearing': asset(never),
  /** Holds money that is paid and not credited (held orders). */
  'topup-suspense': liability(never),
  /** Holds money on its way back to payers. */
  'refund-clearing': liability(never),
  'deferred-revenue': liability(never),
  'package-revenue': liability(never),
  'usage-revenue': liability(never),
  'retention-fee-revenue': liability(never),
  'surcharge-revenue': liability(never),
  breakage: liability(never),
  'tax-payable': liability(anyway),
  discount: asset(anyway),
  'promotion-bonus': asset(anyway),
  commission: asset(anyway),
  'payment-fee': asset(anyway),
  'bad-debt': asset(anyway),
  'cash-over-short': asset(anyway),
  'fx-gain-loss': asset(anyway),
  'opening-balance': liability(anyway),
  'fx-position': asset(anyway),
  'fx-margin': liability(anyway),
} as const satisfies Readonly<Record<string, AccountKindFacts>>

export type AccountKind = keyof typeof accountKinds

/** An account as a posting needs to know it, locked or unlocked. `floorMinor` null: it may go anywhere. */
export interface Account {
  readonly id: string
  readonly kind: AccountKind
  readonly balanceMinor: bigint
  readonly floorMinor: bigint | null
}

/** The money of a line at an epoch. paid + bonus is its endless part; lots hold what has an end. */
export interface LineAccount extends Account {
  readonly kind: 'line-balance'
  readonly line: string
  readonly epoch: number
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
  /** What the endless paid credit was bought for. */
  readonly paidCostMinor: bigint
  /** This line's share of `subscriber-receivable`: what its holder of this epoch owes. */
  readonly owedMinor: bigint
}
