import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { brokenConstraint } from '../platform/db.ts'
import { type Account, accountKinds } from './account.ts'
import { Book } from './book.ts'
import { readAfters } from './journal-store.ts'
import { CLEARING, ledgerRoom, TODAY } from './ledger-fixture.ts'
import { openSystemAccounts } from './open-system-accounts.ts'
import {
  insertAccounts,
  insertLineAccounts,
  lockAccounts,
  lockLineAccounts,
  readLineAccount,
  readLineAccounts,
  readLots,
  sendLots,
  sendWrites,
  unlockedAccounts,
} from './store.ts'

const room = await ledgerRoom()
const { laika, owner, clock, db } = room

const rowsOf = async (sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows
const topUp = (
  line: string,
  price: bigint,
  more: { discount?: bigint; bonus?: bigint; cause?: string } = {},
) =>
  room.post(
    'online-top-up',
    { price, discount: more.discount ?? 0n, bonus: more.bonus ?? 0n },
    { line, ...(more.cause === undefined ? {} : { cause: more.cause }) },
  )
const sale = (dealer: string, line: string, price: bigint) =>
  room.post('dealer-top-up', { price, discount: 0n, bonus: 0n, commission: 0n }, { dealer, line })

describe('accounts', () => {
  it('of the system are opened once, with the nature and the limit of their kind', async () => {
    const count = 'select count(*) from laika.account'
    const before = await rowsOf(count)
    await laika.tx((tx) => openSystemAccounts(tx, clock, 'CNY'))
    expect(await rowsOf(count)).toEqual(before)
    for (const { kind, nature, floor } of await rowsOf('select kind, nature, floor from laika.account')) {
      const facts = accountKinds[kind as keyof typeof accountKinds]
      expect({ kind, nature, limit: floor }).toEqual({
        kind,
        nature: facts.nature,
        limit: facts.mayGoBelowZero ? null : '0',
      })
    }
  })

  it('are locked in one order whatever order they are asked in, and unknown ones are left out', async () => {
    const subject = 'an "outlet", \\ {of} null'
    await laika.tx((tx) =>
      insertAccounts(tx, [{ id: room.id(), kind: 'cash-drawer', subject, currency: 'CNY' }], clock.instant()),
    )
    const dealer = await room.openFloat(0n)
    const keys = [
      { kind: 'discount' as const, subject: '' },
      { kind: 'dealer-float' as const, subject: dealer },
      { kind: 'cash-drawer' as const, subject },
      { kind: 'cash-drawer' as const, subject: 'nobody' },
      { kind: 'commission' as const, subject: '' },
    ]
    const lock = (asked: typeof keys) => laika.tx((tx) => lockAccounts(tx, asked))
    const locked = await Promise.all(
      Array.from({ length: 20 }, (_, i) => lock(i % 2 === 0 ? keys : keys.toReversed())),
    )
    for (const accounts of locked) {
      expect(accounts.map(({ kind, subject: of }) => `${kind} ${of}`)).toEqual([
        `dealer-float ${dealer}`,
        `cash-drawer ${subject}`,
        'commission ',
        'discount ',
      ])
    }
  })

  it('brought unlocked are moved from where they then stand, with an unbroken chain of after-values', async () => {
    const keys = [{ kind: 'bank' as const, subject: '' }]
    const book = (account: Account, dealer: Account, amount: bigint) => {
      const open = new Book(room.id)
      const outcome = open.post('float-top-up', {
        amounts: { amount },
        parties: { bank: account, 'dealer-float': dealer },
        cause: room.id(),
      })
      expect(outcome.posted).toBe(true)
      return open.writes()
    }
    const load = async (amount: bigint) => {
      const subject = await room.openFloat(0n)
      await laika.tx(async (tx) => {
        const [dealer] = await lockAccounts(tx, [{ kind: 'dealer-float', subject }])
        const [bank] = await unlockedAccounts(tx, keys)
        expect(bank).toMatchObject({ balanceMinor: 0n, floorMinor: null })
        sendWrites(tx, book(bank as Account, dealer as Account, amount), clock.instant(), clock.instant())
      })
      expect(await room.balanceOf('dealer-float', subject)).toBe(amount)
    }
    const before = (await room.balanceOf('bank', '')) ?? 0n
    await Promise.all(Array.from({ length: 20 }, (_, i) => load(BigInt(i + 1))))
    expect(await room.balanceOf('bank', '')).toBe(before + 210n)
    const chain = await laika.query<{ debit: bigint; after: bigint }>(
      `select debit, after from {{brand}}.entry e join {{brand}}.account a on a.id = e.account
        where a.kind = 'bank' and debit <= 20 and after > $1 order by after`,
      [before],
    )
    expect(chain.map(({ debit, after }) => after - debit)).toEqual([
      before,
      ...chain.slice(0, -1).map((e) => e.after),
    ])
    expect(chain).toHaveLength(20)
  })

  it('brought unlocked keep their floor all the same', async () => {
    const lowered = laika.tx(async (tx) => {
      const accounts = await unlockedAccounts(tx, [
        { kind: 'deferred-revenue', subject: '' },
        { kind: 'package-revenue', subject: '' },
      ])
      const parties = Object.fromEntries(accounts.map((account) => [account.kind, account]))
      const open = new Book(room.id)
      open.post('package-earned', {
        amounts: { earned: 10n ** 15n },
        parties: parties as never,
        cause: room.id(),
      })
      sendWrites(tx, open.writes(), clock.instant(), clock.instant())
    })
    expect(await lowered.catch(brokenConstraint)).toBe('account_floor')
  })

  it('that stand already are left as they are', async () => {
    const dealer = await room.openFloat(-500n)
    await room.post('float-top-up', { amount: 700n }, { dealer })
    const again = { id: room.id(), kind: 'dealer-float' as const, subject: dealer, currency: 'CNY' }
    await laika.tx((tx) => insertAccounts(tx, [again], clock.instant()))
    const [float] = await laika.tx((tx) => lockAccounts(tx, [again]))
    expect(float).toMatchObject({ balanceMinor: 700n, floorMinor: -500n })
  })

  it('of lines are one per epoch, and one brand’s are not another’s', async () => {
    const line = room.id()
    const open = (epoch: number) =>
      laika.tx((tx) => insertLineAccounts(tx, [{ id: room.id(), line, epoch }], 'CNY'))
    await open(2)
    await open(1)
    const again = await open(2).catch(brokenConstraint)
    expect(again).toBe('line_account_line_epoch_key')
    const accounts = await laika.tx((tx) => lockLineAccounts(tx, [line, randomUUID()]))
    expect(accounts.map((account) => account.epoch)).toEqual([1, 2])
    const read = await laika.tx((tx) => readLineAccounts(tx, [line, randomUUID()]))
    expect(read.sort((a, b) => a.epoch - b.epoch)).toEqual(accounts)
    expect(await readLineAccount(laika, line, 2)).toEqual(accounts[1])
    expect(await readLineAccount(laika, line, 3)).toBeUndefined()
    expect(await readLineAccount(db.of('harbour'), line, 2)).toBeUndefined()
  })
})

describe('a posting', () => {
  it('stands as it was posted: journal, both sides of it, and balances', async () => {
    const line = await room.openLine()
    const cause = room.id()
    const before = await room.balanceOf('provider-clearing', CLEARING)
    const outcome = await topUp(line, 4980n, { discount: 20n, bonus: 500n, cause })
    const account = await room.moneyOf(line)
    expect(account).toMatchObject({
      balanceMinor: 5500n,
      paidMinor: 5000n,
      bonusMinor: 500n,
      paidCostMinor: 4980n,
    })
    expect(await room.balanceOf('provider-clearing', CLEARING)).toBe((before ?? 0n) + 4980n)
    const written = await laika.query<Record<string, unknown>>(
      `select id, debit_account as "debitAccount", credit_account as "creditAccount", amount as "amountMinor",
          debit_after as "debitAfterMinor", credit_after as "creditAfterMinor", posting, cause, pending_of as "pendingOf",
          corrects, event_at as "eventAt", created_at as "createdAt" from {{brand}}.transfer where cause = $1 order by id`,
      [cause],
    )
    const times = { eventAt: clock.business('laika'), createdAt: clock.instant() }
    expect(outcome.posted && outcome.transfers.map((transfer) => ({ ...transfer, ...times }))).toEqual(
      written,
    )
    const entries = await laika.query(
      'select debit, credit, after from {{brand}}.entry where cause = $1 and account = $2 order by after',
      [cause, account.id],
    )
    expect(entries).toEqual([
      { debit: 0n, credit: 4980n, after: 4980n },
      { debit: 0n, credit: 20n, after: 5000n },
      { debit: 0n, credit: 500n, after: 5500n },
    ])
  })

  it('of nothing writes nothing', async () => {
    const line = await room.openLine()
    const [before] = await rowsOf('select count(*) from laika.transfer')
    expect(await topUp(line, 0n)).toEqual({ posted: true, transfers: [] })
    expect(await rowsOf('select count(*) from laika.transfer')).toEqual([before])
  })

  it('tells afterwards where it left line and float', async () => {
    const [line, dealer, other] = [await room.openLine(), await room.openFloat(), room.id()]
    await room.post('float-top-up', { amount: 10_000n }, { dealer })
    const [sold, used] = [room.id(), room.id()]
    const amounts = { price: 3000n, discount: 100n, bonus: 50n, commission: 75n }
    await room.post('dealer-top-up', amounts, { dealer, line, cause: sold })
    await room.post('usage', { paid: 1000n, bonus: 50n }, { line, cause: used })
    expect(await readAfters(laika, [sold, used, other])).toEqual(
      new Map([
        [sold, { lineMinor: 3150n, floatMinor: 7075n, settledMinor: 0n }],
        [used, { lineMinor: 2100n, floatMinor: 0n, settledMinor: 0n }],
      ]),
    )
  })

  it('sells from a float to many at once exactly as often as it covers the price', async () => {
    const [line, dealer] = [await room.openLine(), await room.openFloat()]
    await room.post('float-top-up', { amount: 4950n }, { dealer })
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => sale(dealer, line, 300n)))
    expect(outcomes.filter((outcome) => outcome.posted)).toHaveLength(16)
    expect(await room.balanceOf('dealer-float', dealer)).toBe(150n)
    expect((await room.moneyOf(line)).balanceMinor).toBe(4800n)
  })
})

describe('the database itself', () => {
  it.each([
    'update laika.transfer set amount = amount + 1',
    'delete from laika.transfer',
    'truncate laika.transfer',
  ])('denies the product: %s', async (statement) => {
    await expect(laika.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'a line below zero',
      'line_account_floor',
      async () =>
        laika.query('update {{brand}}.line_account set balance = -1, paid = -1 where line = $1', [
          await room.openLine(),
        ]),
    ],
    [
      'bonus below zero',
      'line_account_floor',
      async () =>
        laika.query('update {{brand}}.line_account set paid = 1, bonus = -1 where line = $1', [
          await room.openLine(),
        ]),
    ],
    [
      'credit that cost more than its face',
      'line_account_floor',
      async () =>
        laika.query(
          'update {{brand}}.line_account set balance = 1, paid = 1, paid_cost = 2 where line = $1',
          [await room.openLine()],
        ),
    ],
    [
      'a float below zero',
      'account_floor',
      async () =>
        laika.query('update {{brand}}.account set balance = -1 where subject = $1', [await room.openFloat()]),
    ],
    [
      'a float below its credit limit',
      'account_floor',
      async () =>
        laika.query('update {{brand}}.account set balance = -501 where subject = $1', [
          await room.openFloat(-500n),
        ]),
    ],
    [
      'a transfer from an account to itself',
      'transfer_sides',
      () =>
        laika.query(
          `insert into {{brand}}.transfer select $1, id, id, 1, 0, 0, 'usage', $1, null, null, now(), now() from {{brand}}.account limit 1`,
          [room.id()],
        ),
    ],
    [
      'a transfer of nothing',
      'transfer_amount_check',
      () =>
        laika.query(
          `insert into {{brand}}.transfer select $1, id, $1, 0, 0, 0, 'usage', $1, null, null, now(), now() from {{brand}}.account limit 1`,
          [room.id()],
        ),
    ],
  ])('refuses %s', async (_, constraint, write) => {
    expect(await write().then(() => 'written', brokenConstraint)).toBe(constraint)
  })

  it('lets a float go down to its credit limit', async () => {
    const dealer = await room.openFloat(-500n)
    await laika.query('update {{brand}}.account set balance = -500 where subject = $1', [dealer])
    expect(await room.balanceOf('dealer-float', dealer)).toBe(-500n)
    await laika.query('update {{brand}}.account set balance = 0 where subject = $1', [dealer])
  })

  it('lets held money be closed once: of crediting and refunding at the same moment one stands', async () => {
    for (let round = 0; round < 5; round++) {
      const [line, hold] = [await room.openLine(), room.id()]
      await room.post('paid-and-held', { captured: 5000n }, { holdId: hold })
      // Other money in suspense, so that no balance stands in the second one's way.
      await room.post('paid-and-held', { captured: 5000n }, { holdId: room.id() })
      const suspense = await room.balanceOf('topup-suspense')
      const closings = await Promise.allSettled([
        room.post('held-then-credited', { price: 5000n, discount: 0n, bonus: 0n }, { line, pendingOf: hold }),
        room.post('held-then-refunding', { captured: 5000n }, { pendingOf: hold, holdId: room.id() }),
      ])
      const lost = closings.filter((closing) => closing.status === 'rejected')
      expect(lost.map((closing) => brokenConstraint(closing.reason))).toEqual(['transfer_pending_of'])
      const credited = closings[0].status === 'fulfilled'
      expect((await room.moneyOf(line)).balanceMinor).toBe(credited ? 5000n : 0n)
      expect(await room.balanceOf('topup-suspense')).toBe((suspense ?? 0n) - 5000n)
    }
  })
})

describe('allowance lots', () => {
  it('of one end are merged, in one write and over several, and read while they last', async () => {
    const [line, until] = [room.id(), TODAY + 90]
    const grant = { line, epoch: 1, kind: 'voice-seconds', until, amount: 600n } as const
    await laika.tx(async (tx) => sendLots(tx, []))
    await laika.tx(async (tx) => sendLots(tx, [grant, grant, { ...grant, kind: 'sms', amount: 50n }]))
    await laika.tx(async (tx) => sendLots(tx, [grant, { ...grant, until: until - 30, amount: 60n }]))
    await owner.query(`update laika.lot set remaining = remaining - 500 where line = $1 and granted = 1800`, [
      line,
    ])
    const voice = { kind: 'voice-seconds', until, remaining: 1300n }
    const sms = { kind: 'sms', until, remaining: 50n }
    expect(await readLots(laika, line, 1, TODAY)).toEqual([
      { kind: 'voice-seconds', until: until - 30, remaining: 60n },
      sms,
      voice,
    ])
    expect(await readLots(laika, line, 1, until - 30)).toEqual([sms, voice])
    expect(await readLots(laika, line, 1, until)).toEqual([])
    expect(await readLots(laika, line, 2, TODAY)).toEqual([])
    await owner.query('update laika.lot set remaining = 0 where line = $1', [line])
    expect(await readLots(laika, line, 1, TODAY)).toEqual([])
  })
})
