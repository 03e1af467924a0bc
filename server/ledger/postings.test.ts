import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Account, accountKinds, type LineAccount } from './account.ts'
import {
  accountOf,
  amountsOf,
  anAccount,
  kindsOf,
  legsOf,
  lineAccountOf,
  postingNames,
  richParties,
  someLineMoney,
  someParties,
} from './arbitrary-accounts.ts'
import { Book, type PostOutcome, type Transfer } from './book.ts'
import type { PostingName } from './postings.ts'

const HOLDING = ['topup-suspense', 'refund-clearing']

function newBook(): Book {
  let made = 0
  return new Book(() => `transfer ${++made}`)
}

/** Who owes what a posting that names no line brings to `subscriber-receivable`, or takes from it. */
const debtor: LineAccount = {
  ...lineAccountOf({ paid: 0n, bonus: 0n, paidCost: 0n }, 'debtor'),
  owedMinor: 10n ** 18n,
}

/** Posts whatever posting it is; its closing leg closes `held`. */
function postAny(
  book: Book,
  posting: PostingName,
  amounts: Readonly<Record<string, bigint>>,
  parties: Readonly<Record<string, Account>>,
): PostOutcome {
  const line = parties['line-balance'] as LineAccount | undefined
  const owing = line?.owedMinor ? line : debtor
  const input = { amounts, parties, cause: 'order', pendingOf: 'held', owing }
  return book.post(posting, input as unknown as Parameters<typeof book.post>[1])
}

/** What a debit of this amount adds to the account's own balance. */
function gain(account: Account, debit: bigint): bigint {
  return accountKinds[account.kind].nature === 'debit' ? debit : -debit
}

const isLine = (account: Account): account is LineAccount => account.kind === 'line-balance'

describe('the template of', () => {
  it.each(postingNames)('%s says what it must and nothing else', (posting) => {
    for (const leg of legsOf(posting)) {
      expect(leg.debit).not.toBe(leg.credit)
      const line = leg.debit === 'line-balance' || leg.credit === 'line-balance'
      expect(leg.money !== undefined, 'money is said of lines, and of nothing else').toBe(line)
      expect(leg.closes === true, 'what leaves a holding account closes what came in').toBe(
        HOLDING.includes(leg.debit),
      )
    }
    const holds = legsOf(posting).filter((leg) => HOLDING.includes(leg.credit))
    expect(holds.length, 'one hold has one id').toBeLessThan(2)
  })
})

describe.each(postingNames)('%s', (posting) => {
  it('of any amounts is double entry leg by leg and nets to zero', () => {
    fc.assert(
      fc.property(amountsOf(posting), (amounts) => {
        const book = newBook()
        const parties = richParties(posting)
        const outcome = postAny(book, posting, amounts, parties)
        const legs = legsOf(posting).filter((leg) => amounts[leg.amount] !== 0n)
        expect(outcome.posted && outcome.transfers.length).toBe(legs.length)
        const running = new Map(Object.values(parties).map((party) => [party.id, party.balanceMinor]))
        for (const [i, transfer] of book.writes().transfers.entries()) {
          const leg = legs[i]
          const [debit, credit] = [parties[leg?.debit ?? ''], parties[leg?.credit ?? '']]
          if (!leg || !debit || !credit) throw new Error('a transfer has its leg')
          expect(transfer).toMatchObject({
            debitAccount: debit.id,
            creditAccount: credit.id,
            amountMinor: amounts[leg.amount],
            posting,
            cause: 'order',
            pendingOf: leg.closes ? 'held' : null,
          })
          running.set(debit.id, (running.get(debit.id) as bigint) + gain(debit, transfer.amountMinor))
          running.set(credit.id, (running.get(credit.id) as bigint) + gain(credit, -transfer.amountMinor))
          expect(transfer.debitAfterMinor).toBe(running.get(debit.id))
          expect(transfer.creditAfterMinor).toBe(running.get(credit.id))
        }
        let net = 0n
        for (const party of Object.values(parties)) {
          const change = book.balanceMinor(party) - party.balanceMinor
          expect(running.get(party.id)).toBe(book.balanceMinor(party))
          net += gain(party, change)
          if (!isLine(party)) continue
          const { paid, bonus } = book.lineMoney(party)
          expect(book.balanceMinor(party)).toBe(paid + bonus)
        }
        expect(net).toBe(0n)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps every floor, and refused it has changed nothing', () => {
    fc.assert(
      fc.property(amountsOf(posting), someParties(posting), (amounts, parties) => {
        const book = newBook()
        const outcome = postAny(book, posting, amounts, parties)
        for (const party of Object.values(parties)) {
          const balance = book.balanceMinor(party)
          if (!outcome.posted) expect(balance).toBe(party.balanceMinor)
          expect(party.floorMinor === null || balance >= party.floorMinor).toBe(true)
          if (!isLine(party)) continue
          const { paid, bonus, paidCost } = book.lineMoney(party)
          if (!outcome.posted) {
            expect({ paid, bonus, paidCost }).toEqual({
              paid: party.paidMinor,
              bonus: party.bonusMinor,
              paidCost: party.paidCostMinor,
            })
          }
          expect(paid >= 0n && bonus >= 0n && paidCost >= 0n && paidCost <= paid).toBe(true)
        }
        if (outcome.posted) return
        expect(book.writes()).toEqual({ transfers: [], accounts: [], lineAccounts: [] })
        expect(Object.values(parties)).toContain(outcome.short)
        expect(outcome.shortMinor > 0n).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the credit of a line', () => {
  const bank = accountOf('provider-clearing', 0n)
  const expense = {
    discount: accountOf('discount', 0n),
    'promotion-bonus': accountOf('promotion-bonus', 0n),
  }
  const empty = { paid: 0n, bonus: 0n, paidCost: 0n }
  const topUp = (book: Book, line: LineAccount, price: bigint, discount: bigint, bonus: bigint) =>
    book.post('online-top-up', {
      amounts: { price, discount, bonus },
      parties: { ...expense, 'provider-clearing': bank, 'line-balance': line },
      cause: 'order',
    })
  const use = (book: Book, line: LineAccount, paid: bigint, bonus: bigint) =>
    book.post('usage', {
      amounts: { paid, bonus },
      parties: { 'usage-revenue': accountOf('usage-revenue', 0n), 'line-balance': line },
      cause: 'usage',
    })

  it('bought costs its price, given costs nothing, bonus is apart', () => {
    const [book, line] = [newBook(), lineAccountOf(empty)]
    topUp(book, line, 4980n, 20n, 500n)
    expect(book.lineMoney(line)).toEqual({ paid: 5000n, bonus: 500n, paidCost: 4980n })
    expect(book.writes().lineAccounts).toEqual([
      {
        ...{ id: line.id, balanceMinor: 5500n, paidMinor: 5000n, bonusMinor: 500n, paidCostMinor: 4980n },
        owedMinor: 0n,
      },
    ])
  })

  it('spent takes its share of the cost: of 50.00 for 49.80, the 30.00 left cost 29.88', () => {
    const [book, line] = [newBook(), lineAccountOf(empty)]
    topUp(book, line, 4980n, 20n, 0n)
    use(book, line, 2000n, 0n)
    expect(book.lineMoney(line)).toEqual({ paid: 3000n, bonus: 0n, paidCost: 2988n })
  })

  it('spent leaves the share of the cost rounded up, by less than one minor unit, and nothing at the end', () => {
    fc.assert(
      fc.property(
        someLineMoney.chain((money) => fc.tuple(fc.constant(money), fc.bigInt(0n, money.paid))),
        ([money, spent]) => {
          const [book, line] = [newBook(), lineAccountOf(money)]
          expect(use(book, line, spent, 0n).posted).toBe(true)
          const { paidCost, paid, bonus } = book.lineMoney(line)
          expect({ paid, bonus }).toEqual({ paid: money.paid - spent, bonus: money.bonus })
          const over = paidCost * money.paid - money.paidCost * paid
          expect(over >= 0n && (over < money.paid || money.paid === 0n)).toBe(true)
          if (paid === 0n) expect(paidCost).toBe(0n)
        },
      ),
    )
  })

  it('pays what is owed and no more, and a refusal leaves the debt as it was', () => {
    const line = { ...lineAccountOf({ paid: 5000n, bonus: 0n, paidCost: 4980n }), owedMinor: 1200n }
    const book = newBook()
    const settle = (settled: bigint) =>
      book.post('owed-settled', {
        amounts: { settled },
        parties: { 'line-balance': line, 'subscriber-receivable': accountOf('subscriber-receivable', 9000n) },
        cause: 'order',
        owing: line,
      })
    expect(settle(1201n)).toEqual({ posted: false, short: line, shortMinor: 1n })
    expect([book.owedMinor(line), book.balanceMinor(line)]).toEqual([1200n, 5000n])
    expect(settle(1200n).posted).toBe(true)
    expect([book.owedMinor(line), book.balanceMinor(line)]).toEqual([0n, 3800n])
    expect(book.writes().lineAccounts).toMatchObject([{ id: line.id, owedMinor: 0n, paidMinor: 3800n }])
  })

  it('of one kind does not stand in for the other', () => {
    const line = lineAccountOf({ paid: 2000n, bonus: 8000n, paidCost: 2000n })
    const book = newBook()
    expect(use(book, line, 5000n, 0n)).toEqual({ posted: false, short: line, shortMinor: 3000n })
    expect(use(book, line, 0n, 8001n)).toEqual({ posted: false, short: line, shortMinor: 1n })
    expect(use(book, line, 2000n, 8000n).posted).toBe(true)
    expect(book.balanceMinor(line)).toBe(0n)
  })
})

describe('a book', () => {
  const line = lineAccountOf({ paid: 0n, bonus: 0n, paidCost: 0n })
  const bank = accountOf('bank', 0n)
  const sale = (book: Book, float: Account, price: bigint, commission: bigint) =>
    book.post('dealer-top-up', {
      amounts: { price, discount: 0n, bonus: 0n, commission },
      parties: {
        'dealer-float': float,
        'line-balance': line,
        commission: accountOf('commission', 0n),
        discount: accountOf('discount', 0n),
        'promotion-bonus': accountOf('promotion-bonus', 0n),
      },
      cause: 'sale',
    })

  it('sells from a float exactly as often as it covers the price, commission or not', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 5000n),
        fc.bigInt(100n, 999n),
        fc.bigInt(0n, 500n),
        (balance, price, credit) => {
          const float = accountOf('dealer-float', balance, '', -credit)
          const book = newBook()
          let sold = 0n
          while (sale(book, float, price, 0n).posted) sold++
          expect(sold).toBe((balance + credit) / price)
        },
      ),
    )
  })

  it('does not let the commission of a sale pay for it', () => {
    const float = accountOf('dealer-float', 999n)
    expect(sale(newBook(), float, 1000n, 50n)).toEqual({ posted: false, short: float, shortMinor: 1n })
  })

  it('gives a hold the id it was asked to, and the other legs their own', () => {
    const book = newBook()
    const refunding = lineAccountOf({ paid: 5000n, bonus: 0n, paidCost: 4980n })
    book.post('credit-refunding', {
      amounts: { cost: 2988n, discount: 12n },
      parties: {
        'line-balance': refunding,
        'refund-clearing': accountOf('refund-clearing', 0n),
        discount: accountOf('discount', 20n),
      },
      cause: 'order',
      holdId: 'refund',
      corrects: 'first',
    })
    expect(book.writes().transfers.map(({ id, corrects }) => ({ id, corrects }))).toEqual([
      { id: 'refund', corrects: 'first' },
      { id: 'transfer 1', corrects: 'first' },
    ])
  })

  it.each<[string, (book: Book) => unknown, RegExp]>([
    [
      'a negative amount',
      (book) =>
        book.post('float-top-up', {
          amounts: { amount: -1n },
          parties: { bank, 'dealer-float': accountOf('dealer-float', 0n) },
          cause: 'load',
        }),
      /float-top-up has a amount of at least zero/,
    ],
    [
      'a party of another kind',
      (book) =>
        book.post('float-top-up', {
          amounts: { amount: 1n },
          parties: { bank, 'dealer-float': bank },
          cause: 'load',
        }),
      /a party of kind dealer-float is brought/,
    ],
    [
      'a closing leg that closes nothing',
      (book) =>
        book.post('refund-sent', {
          amounts: { refunded: 1n },
          parties: {
            'refund-clearing': accountOf('refund-clearing', 5n),
            'provider-clearing': accountOf('provider-clearing', 0n),
          },
          cause: 'refund',
        }),
      /refund-sent names the transfer it closes/,
    ],
  ])('takes %s for a bug', (_, post, sentence) => {
    expect(() => post(newBook())).toThrow(sentence)
  })
})

describe('any sequence of postings', () => {
  const names = ['a', 'b']
  /** Two accounts of every kind, as they may stand. */
  const world = fc
    .record(
      Object.fromEntries(
        (Object.keys(accountKinds) as (keyof typeof accountKinds)[]).flatMap((kind) =>
          names.map((name) => [`${kind} ${name}`, anAccount(kind, name)]),
        ),
      ),
    )
    .map((accounts) => accounts as Readonly<Record<string, Account>>)
  const step = fc
    .constantFrom(...postingNames)
    .chain((posting) =>
      fc.tuple(fc.constant(posting), amountsOf(posting, fc.bigInt(0n, 300n)), fc.constantFrom(...names)),
    )

  it('leaves the whole at zero, the after-values in a chain and the writes at its end', () => {
    fc.assert(
      fc.property(world, fc.array(step, { maxLength: 40 }), (accounts, steps) => {
        const book = newBook()
        const posted: Transfer[] = []
        for (const [posting, amounts, name] of steps) {
          const parties = Object.fromEntries(
            kindsOf(posting).map((kind) => [kind, accounts[`${kind} ${name}`] as Account]),
          )
          const outcome = postAny(book, posting, amounts, parties)
          if (outcome.posted) posted.push(...outcome.transfers)
        }
        expect(book.writes().transfers).toEqual(posted)
        const running = new Map(Object.values(accounts).map((account) => [account.id, account.balanceMinor]))
        const kindOf = new Map(Object.values(accounts).map((account) => [account.id, account]))
        const move = (id: string, debit: bigint, after: bigint) => {
          const next = (running.get(id) as bigint) + gain(kindOf.get(id) as Account, debit)
          expect(after).toBe(next)
          running.set(id, next)
        }
        for (const { debitAccount, creditAccount, amountMinor, ...after } of posted) {
          move(debitAccount, amountMinor, after.debitAfterMinor)
          move(creditAccount, -amountMinor, after.creditAfterMinor)
        }
        const writes = [...book.writes().accounts, ...book.writes().lineAccounts].filter(
          ({ id }) => id !== debtor.id,
        )
        const touched = new Set(posted.flatMap((t) => [t.debitAccount, t.creditAccount]))
        expect(new Set(writes.map((write) => write.id))).toEqual(touched)
        for (const { id, balanceMinor } of writes) expect(balanceMinor).toBe(running.get(id))
        for (const write of book.writes().lineAccounts) {
          expect(write.balanceMinor).toBe(write.paidMinor + write.bonusMinor)
        }
        let net = 0n
        for (const account of Object.values(accounts)) {
          net += gain(account, book.balanceMinor(account) - account.balanceMinor)
        }
        expect(net).toBe(0n)
      }),
    )
  })
})
