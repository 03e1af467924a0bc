import { assert } from '../platform/error.ts'
import { type Account, type AccountKind, accountKinds, type LineAccount } from './account.ts'
import { greatest, least } from './least.ts'
import { type Leg, type PostingAmounts, type PostingKinds, type PostingName, postings } from './postings.ts'

/** One row of the journal to be written. */
export interface Transfer {
  readonly id: string
  readonly debitAccount: string
  readonly creditAccount: string
  readonly amountMinor: bigint
  readonly debitAfterMinor: bigint
  readonly creditAfterMinor: bigint
  readonly posting: PostingName
  readonly cause: string
  readonly pendingOf: string | null
  readonly corrects: string | null
}

/** A line account's new figures. */
export interface LineAccountWrite {
  readonly id: string
  readonly balanceMinor: bigint
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
  readonly paidCostMinor: bigint
  readonly owedMinor: bigint
}

/** How an account moved: from what it was brought with to where the book leaves it. */
export interface AccountWrite {
  readonly id: string
  readonly broughtMinor: bigint
  readonly balanceMinor: bigint
}

export interface LedgerWrites {
  readonly transfers: readonly Transfer[]
  readonly accounts: readonly AccountWrite[]
  readonly lineAccounts: readonly LineAccountWrite[]
}

export interface PostInput<N extends PostingName> {
  readonly amounts: PostingAmounts<N>
  readonly parties: Readonly<Record<PostingKinds<N>, Account>>
  readonly cause: string
  /** The transfer into a holding account that the closing leg posts or voids. */
  readonly pendingOf?: string
  /** The id of the leg into a holding account, so that what closes it can name it: the attempt's or the refund's own id. */
  readonly holdId?: string
  readonly corrects?: string
  /** Whose debt a leg of `subscriber-receivable` is. */
  readonly owing?: LineAccount
}

export type PostOutcome =
  | { readonly posted: true; readonly transfers: readonly Transfer[] }
  /** Nothing was posted: this account lacks `shortMinor`, in its balance or in the kind of its credit. */
  | { readonly posted: false; readonly short: Account; readonly shortMinor: bigint }

/** The endless credit of a line as the batch has left it so far, in minor units. */
export interface LineMoney {
  readonly paid: bigint
  readonly bonus: bigint
  /** What the paid credit was bought for; at most `paid`. */
  readonly paidCost: bigint
}

/** An account while the book is open. */
interface Running {
  readonly account: Account
  balance: bigint
  paid: bigint
  bonus: bigint
  paidCost: bigint
  owed: bigint
  touched: boolean
}

/** Rounded up: what stays of the cost when paid credit is spent, in the payer's favour. */
function costLeft(side: Running, spentMinor: bigint): bigint {
  const paidLeft = side.paid - spentMinor
  return side.paid <= 0n || paidLeft <= 0n ? 0n : (side.paidCost * paidLeft + side.paid - 1n) / side.paid
}

/** Moves one side of a leg; `change` is what the balance gains. */
function move(side: Running, money: Leg['money'], change: bigint): void {
  side.balance += change
  if (side.account.kind !== 'line-balance') return
  switch (money) {
    case 'bought':
      side.paid += change
      side.paidCost += change
      return
    case 'given':
      side.paid += change
      // Undone discount can leave less credit than what the rest cost; credit never cost more than its face.
      side.paidCost = least(side.paidCost, side.paid)
      return
    case 'spent':
      side.paidCost = costLeft(side, -change)
      side.paid += change
      return
    case 'bonus':
      side.bonus += change
      return
    default:
      assert(false, 'a leg of a line says what its money is')
  }
}

/** What a debit, or a credit, of this amount adds to the account's balance. */
function debited(side: Running, amount: bigint): bigint {
  return accountKinds[side.account.kind].nature === 'debit' ? amount : -amount
}

/** Accounts that only hold money between two postings. */
function isHolding(kind: AccountKind): boolean {
  return kind === 'topup-suspense' || kind === 'refund-clearing'
}

/** How much the side lacks, above zero when it cannot bear what was moved. */
function lacks(side: Running): bigint {
  const { floorMinor, kind } = side.account
  const lack = floorMinor === null ? 0n : floorMinor - side.balance
  if (kind !== 'line-balance') return lack
  return greatest(lack, -least(least(side.paid, side.bonus), least(side.paidCost, side.owed)))
}

/** What a leg adds to the debt of the line that owes. */
function owes({ debit, credit }: Leg, amount: bigint): bigint {
  if (debit === 'subscriber-receivable') return amount
  return credit === 'subscriber-receivable' ? -amount : 0n
}

/**
 * The ledger's arithmetic for one batch, in memory and without I/O: later postings see what earlier ones did. Accounts
 * must be locked while the book is open, but for those brought as `unlockedAccounts`; its writes go to the store in the
 * same transaction.
 */
export class Book {
  readonly #running = new Map<string, Running>()
  readonly #transfers: Transfer[] = []
  readonly #newId: () => string

  constructor(newId: () => string) {
    this.#newId = newId
  }

  balanceMinor(account: Account): bigint {
    return this.#of(account).balance
  }

  lineMoney(account: LineAccount): LineMoney {
    const { paid, bonus, paidCost } = this.#of(account)
    return { paid, bonus, paidCost }
  }

  /** What the line's holder owes, in minor units. */
  owedMinor(account: LineAccount): bigint {
    return this.#of(account).owed
  }

  /**
   * Posts all legs or none. A negative amount, a missing party or one of the wrong kind is a bug and throws; an account
   * that cannot bear it is a refusal and is returned.
   */
  post<N extends PostingName>(posting: N, input: PostInput<N>): PostOutcome {
    const amounts = input.amounts as Readonly<Record<string, bigint>>
    const parties = input.parties as Readonly<Record<string, Account>>
    const sides: Running[] = []
    const before: Running[] = []
    const done: Transfer[] = []
    for (const leg of postings[posting] as readonly Leg[]) {
      const amount = amounts[leg.amount]
      assert(amount !== undefined && amount >= 0n, `${posting} has a ${leg.amount} of at least zero`)
      if (amount === 0n) continue
      assert(!leg.closes || input.pendingOf, `${posting} names the transfer it closes`)
      const debit = this.#party(parties, leg.debit)
      const credit = this.#party(parties, leg.credit)
      const touched = [debit, credit]
      const debt = owes(leg, amount)
      if (debt !== 0n) {
        assert(input.owing, `${posting} says whose debt it is`)
        touched.push(this.#of(input.owing))
      }
      sides.push(...touched)
      before.push(...touched.map((side) => ({ ...side })))
      move(debit, leg.money, debited(debit, amount))
      move(credit, leg.money, -debited(credit, amount))
      if (debt !== 0n && touched[2]) touched[2].owed += debt
      const short = touched.find((side) => lacks(side) > 0n) ?? credit
      const shortMinor = lacks(short)
      if (shortMinor > 0n) {
        for (let i = sides.length - 1; i >= 0; i--) Object.assign(sides[i] as Running, before[i])
        return { posted: false, short: short.account, shortMinor }
      }
      done.push({
        id: (isHolding(leg.credit) && input.holdId) || this.#newId(),
        debitAccount: debit.account.id,
        creditAccount: credit.account.id,
        amountMinor: amount,
        debitAfterMinor: debit.balance,
        creditAfterMinor: credit.balance,
        posting,
        cause: input.cause,
        pendingOf: leg.closes ? (input.pendingOf as string) : null,
        corrects: input.corrects ?? null,
      })
    }
    for (const side of sides) side.touched = true
    this.#transfers.push(...done)
    return { posted: true, transfers: done }
  }

  writes(): LedgerWrites {
    const accounts: AccountWrite[] = []
    const lineAccounts: LineAccountWrite[] = []
    for (const { account, balance, paid, bonus, paidCost, owed, touched } of this.#running.values()) {
      if (!touched) continue
      if (account.kind !== 'line-balance') {
        accounts.push({ id: account.id, broughtMinor: account.balanceMinor, balanceMinor: balance })
      } else {
        lineAccounts.push({
          id: account.id,
          balanceMinor: balance,
          paidMinor: paid,
          bonusMinor: bonus,
          paidCostMinor: paidCost,
          owedMinor: owed,
        })
      }
    }
    return { transfers: this.#transfers, accounts, lineAccounts }
  }

  #party(parties: Readonly<Record<string, Account>>, kind: AccountKind): Running {
    const account = parties[kind]
    assert(account?.kind === kind, `a party of kind ${kind} is brought`)
    return this.#of(account)
  }

  #of(account: Account): Running {
    let running = this.#running.get(account.id)
    if (!running) {
      const line = account.kind === 'line-balance' ? (account as LineAccount) : null
      running = {
        account,
        balance: account.balanceMinor,
        paid: line?.paidMinor ?? 0n,
        bonus: line?.bonusMinor ?? 0n,
        paidCost: line?.paidCostMinor ?? 0n,
        owed: line?.owedMinor ?? 0n,
        touched: false,
      }
      this.#running.set(account.id, running)
    }
    return running
  }
}
