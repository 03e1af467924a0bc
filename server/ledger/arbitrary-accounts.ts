import fc from 'fast-check'
import { type Account, type AccountKind, accountKinds, type LineAccount } from './account.ts'
import { greatest, least } from './least.ts'
import { type Leg, type PostingName, postings } from './postings.ts'

/** Minor units as they occur and far beyond: up to the wire's 15 digits. */
export const anAmount = fc.oneof(
  fc.bigInt({ min: 0n, max: 200n }),
  fc.bigInt({ min: 0n, max: 999_999_999_999_999n }),
)

/** The accounts that every posting can bear. */
const PLENTY = 10n ** 18n

/** An account of a kind, its id its kind and `name`. The floor is the kind's own unless given. */
export function accountOf(kind: AccountKind, balanceMinor: bigint, name = '', floorMinor?: bigint): Account {
  const own = accountKinds[kind].mayGoBelowZero ? null : 0n
  return { id: `${kind} ${name}`, kind, balanceMinor, floorMinor: floorMinor ?? own }
}

export function lineAccountOf(
  { paid, bonus, paidCost }: { readonly paid: bigint; readonly bonus: bigint; readonly paidCost: bigint },
  name = '',
): LineAccount {
  return {
    ...accountOf('line-balance', paid + bonus, name),
    kind: 'line-balance',
    line: name,
    epoch: 1,
    paidMinor: paid,
    bonusMinor: bonus,
    paidCostMinor: paidCost,
    owedMinor: 0n,
  }
}

/** Paid credit bought at par or with a discount, and bonus. */
export const someLineMoney = fc
  .tuple(anAmount, anAmount, anAmount)
  .map(([a, b, bonus]) => ({ paid: greatest(a, b), paidCost: least(a, b), bonus }))

/** Any account as it may stand in the database; `name` tells it from others of its kind. */
export function anAccount(kind: AccountKind, name = ''): fc.Arbitrary<Account> {
  if (kind === 'line-balance') return someLineMoney.map((money) => lineAccountOf(money, name))
  if (kind === 'dealer-float') {
    // With credit: the balance may be below zero, down to the limit.
    return fc
      .tuple(anAmount, anAmount)
      .map(([above, credit]) => accountOf(kind, above - credit, name, -credit))
  }
  return anAmount.map((balance) => accountOf(kind, balance, name))
}

export const postingNames = Object.keys(postings) as PostingName[]

export function legsOf(posting: PostingName): readonly Leg[] {
  return postings[posting]
}

export function kindsOf(posting: PostingName): readonly AccountKind[] {
  return [...new Set(legsOf(posting).flatMap((leg) => [leg.debit, leg.credit]))]
}

/** The amounts a posting takes, each drawn from `amount`. */
export function amountsOf(
  posting: PostingName,
  amount: fc.Arbitrary<bigint> = anAmount,
): fc.Arbitrary<Record<string, bigint>> {
  return fc.record(Object.fromEntries(legsOf(posting).map((leg) => [leg.amount, amount])))
}

/** Parties rich enough for whatever the posting asks of them. */
export function richParties(posting: PostingName): Record<string, Account> {
  return Object.fromEntries(
    kindsOf(posting).map((kind) => [
      kind,
      kind === 'line-balance'
        ? lineAccountOf({ paid: PLENTY, bonus: PLENTY, paidCost: PLENTY })
        : accountOf(kind, PLENTY),
    ]),
  )
}

/** Parties as they may stand, rich or poor. */
export function someParties(posting: PostingName): fc.Arbitrary<Record<string, Account>> {
  return fc.record(Object.fromEntries(kindsOf(posting).map((kind) => [kind, anAccount(kind)])))
}
