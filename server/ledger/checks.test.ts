import { describe, expect, it } from 'vitest'
import type { BrokenRow } from '../platform/check.ts'
import { ledgerChecks } from './checks.ts'
import { earnPackages } from './earn-packages.ts'
import { ledgerRoom, TODAY } from './ledger-fixture.ts'
import { sendLots } from './store.ts'

const room = await ledgerRoom()
const { laika, owner, clock } = room

/** One of everything that can happen to money, so that every check has something to read. */
async function live() {
  const [line, other, dealer] = [await room.openLine(), await room.openLine(), await room.openFloat(-1000n)]
  const [order, sale, used] = [room.id(), room.id(), room.id()]
  await room.post('online-top-up', { price: 4980n, discount: 20n, bonus: 500n }, { line, cause: order })
  await room.post('usage', { paid: 1000n, bonus: 500n }, { line, cause: used })
  await room.post('float-top-up', { amount: 3000n }, { dealer })
  const amounts = { price: 2000n, discount: 0n, bonus: 0n, commission: 50n }
  await room.post('dealer-top-up', amounts, { line, dealer, cause: sale })
  await room.post('dealer-top-up', { ...amounts, discount: 100n }, { line: other, dealer })
  const [held, refunded, refund, waiting] = [room.id(), room.id(), room.id(), room.id()]
  for (const holdId of [held, refunded, waiting]) {
    await room.post('paid-and-held', { captured: 5000n }, { holdId })
  }
  await room.post('held-then-credited', { price: 5000n, discount: 0n, bonus: 0n }, { line, pendingOf: held })
  await room.post('held-then-refunding', { captured: 5000n }, { pendingOf: refunded, holdId: refund })
  await room.post('refund-sent', { refunded: 5000n }, { pendingOf: refund })
  const term = await room.sellPackage(900n, TODAY - 4, TODAY + 5)
  const over = await room.sellPackage(100n, TODAY - 9, TODAY - 2)
  await earnPackages(laika, clock, TODAY)
  await laika.tx(async (tx) =>
    sendLots(tx, [{ line, epoch: 1, kind: 'sms', until: TODAY + 30, amount: 100n }]),
  )
  return { line, other, dealer, order, used, held, waiting, term, over }
}

const world = await live()

/** Plants a corruption as the owner, answers what the checks find, and takes it back. */
async function found(corruptions: readonly string[]): Promise<Map<string, BrokenRow[]>> {
  await owner.query('begin')
  try {
    for (const sql of corruptions) await owner.query(sql)
    const broken = new Map<string, BrokenRow[]>()
    for (const { sentence, ...check } of ledgerChecks) {
      if (!('sql' in check)) throw new Error('the ledger says its invariants in SQL')
      const { rows } = await owner.query(check.sql.replaceAll('{{brand}}', 'laika'))
      if (rows.length > 0) broken.set(sentence, rows)
    }
    return broken
  } finally {
    await owner.query('rollback')
  }
}

const drop = (table: string, constraint: string) => `alter table laika.${table} drop constraint ${constraint}`
const theLine = `line = '${world.line}'`
const account = (kind: string) =>
  `(select id from laika.account where kind = '${kind}' and subject in ('', '${world.dealer}'))`
const oneTransfer = (posting: string) =>
  `id = (select id from laika.transfer where posting = '${posting}' order by id limit 1)`

const sentences = {
  kinds: 'Every account has the nature and the limit of its kind and an id of its own.',
  legs: 'The two accounts of each transfer exist, differ and share its currency, and are those its posting moves money between.',
  ids: 'Every transfer has an id of its own.',
  whole: 'Debit balances and credit balances of the whole ledger are equal, per currency.',
  sold: 'Every package sold has a term that earns its price, and every term was sold.',
  earned: 'Every package has earned the share of its days that are over, as its transfers say.',
  sums: 'Every stored balance is the sum of the account’s entries.',
  chain: 'Every account’s entries form a chain: each begins where another ended, from zero to the balance.',
  line: 'A line’s balance is its endless paid and bonus credit and its money lots, and every lot is of a line.',
  held: 'Money held is closed once and whole: what posts or voids it moves the same amount out of the same account.',
  limits: 'No account is below its limit, and no credit cost more than its face.',
} as const

describe('the ledger’s checks', () => {
  it('are these', () => {
    expect(ledgerChecks.map((check) => check.sentence).sort()).toEqual(Object.values(sentences).sort())
    expect([...new Set(ledgerChecks.map((check) => check.id))]).toEqual(['I1', 'I2', 'I3', 'I7'])
  })

  it('hold in a world that has lived, and in one that has not begun', async () => {
    expect(await found([])).toEqual(new Map())
    for (const check of ledgerChecks) {
      if ('sql' in check) expect(await room.db.of('harbour').query(check.sql)).toEqual([])
    }
  })
})

type Check = keyof typeof sentences

describe('planted and found:', () => {
  it.each<[string, Check, readonly string[], Record<string, unknown>]>([
    [
      'an account of a kind nobody knows',
      'kinds',
      [`update laika.account set kind = 'piggy-bank' where kind = 'bad-debt'`],
      { kind: 'piggy-bank' },
    ],
    [
      'an account whose nature is turned',
      'kinds',
      [`update laika.account set nature = 'debit' where kind = 'tax-payable'`],
      { kind: 'tax-payable', nature: 'debit' },
    ],
    [
      'an account that lost its limit',
      'kinds',
      [`update laika.account set floor = null where kind = 'deferred-revenue'`],
      { kind: 'deferred-revenue', floor: null },
    ],
    [
      'a limit below zero that is no dealer’s',
      'kinds',
      [`update laika.account set floor = -100 where kind = 'topup-suspense'`],
      { kind: 'topup-suspense', floor: '-100' },
    ],
    [
      'one id for two accounts',
      'kinds',
      [`update laika.line_account set id = ${account('bank')} where ${theLine}`],
      { kind: 'bank', line: world.line },
    ],
    [
      'a transfer from an account that is none',
      'legs',
      [`update laika.transfer set debit_account = gen_random_uuid() where ${oneTransfer('usage')}`],
      { posting: 'usage', debit_kind: null, credit_kind: 'usage-revenue' },
    ],
    [
      'a transfer to an account that is none',
      'legs',
      [`update laika.transfer set credit_account = gen_random_uuid() where ${oneTransfer('usage')}`],
      { posting: 'usage', credit_kind: null },
    ],
    [
      'a transfer from an account to itself',
      'legs',
      [
        drop('transfer', 'transfer_sides'),
        `update laika.transfer set debit_account = credit_account where ${oneTransfer('float-top-up')}`,
      ],
      { posting: 'float-top-up', debit_kind: 'dealer-float', credit_kind: 'dealer-float' },
    ],
    [
      'a transfer between two currencies',
      'legs',
      [`update laika.account set currency = 'GBP' where kind = 'bank'`],
      { posting: 'float-top-up', debit_currency: 'GBP', credit_currency: 'CNY' },
    ],
    [
      'a transfer of less than nothing',
      'legs',
      [
        drop('transfer', 'transfer_amount_check'),
        `update laika.transfer set amount = -amount where ${oneTransfer('float-top-up')}`,
      ],
      { posting: 'float-top-up', amount: '-3000' },
    ],
    [
      'a posting nobody knows',
      'legs',
      [`update laika.transfer set posting = 'gift' where ${oneTransfer('float-top-up')}`],
      { posting: 'gift' },
    ],
    [
      'money moved between accounts its posting does not name',
      'legs',
      [
        `update laika.transfer set debit_account = ${account('discount')} where ${oneTransfer('float-top-up')}`,
      ],
      { posting: 'float-top-up', debit_kind: 'discount', credit_kind: 'dealer-float' },
    ],
    [
      'money that left suspense without closing anything',
      'legs',
      [`update laika.transfer set pending_of = null where pending_of = '${world.held}'`],
      { posting: 'held-then-credited', pending_of: null },
    ],
    [
      'a transfer that closes though its posting closes nothing',
      'legs',
      [`update laika.transfer set pending_of = '${world.waiting}' where ${oneTransfer('usage')}`],
      { posting: 'usage', pending_of: world.waiting },
    ],
    [
      'two transfers of one id',
      'ids',
      [`update laika.transfer set id = '${world.waiting}' where id = '${world.held}'`],
      { transfer: world.waiting, times: '2' },
    ],
    [
      'a balance out of thin air',
      'whole',
      [`update laika.account set balance = balance + 1 where kind = 'package-revenue'`],
      { currency: 'CNY' },
    ],
    [
      'a currency that does not balance, hidden in the other’s sum',
      'whole',
      [`update laika.account set currency = 'GBP' where kind = 'bank'`],
      { currency: 'GBP', credit_balances: null },
    ],
    [
      'a package sold and forgotten',
      'sold',
      [`delete from laika.package_term where id = '${world.over}'`],
      { package_term: null, sold: '100' },
    ],
    [
      'a package nobody sold',
      'sold',
      [`update laika.package_term set cause = gen_random_uuid() where id = '${world.over}'`],
      { package_term: world.over, sold: null },
    ],
    [
      'a package at another price',
      'sold',
      [`update laika.package_term set price = price + 1 where id = '${world.term}'`],
      { package_term: world.term, price: '901', sold: '900' },
    ],
    [
      'a package that earned what no transfer says',
      'earned',
      [
        `update laika.package_term set earned = 300, earned_until = earned_until - 1 where id = '${world.term}'`,
      ],
      { package_term: world.term, earned: '300', posted: '400' },
    ],
    [
      'earnings of no package',
      'earned',
      [`delete from laika.package_term where id = '${world.over}'`],
      { package_term: world.over, price: null, posted: '100' },
    ],
    [
      'a package that was earned too soon',
      'earned',
      [`update laika.package_term set earned_until = earned_until - 1 where id = '${world.term}'`],
      { package_term: world.term, earned: '400', posted: '400' },
    ],
    [
      'a changed balance',
      'sums',
      [`update laika.account set balance = balance - 7 where kind = 'commission'`],
      { kind: 'commission', balance: '93', entries: '100' },
    ],
    [
      'a changed balance of a line',
      'sums',
      [`update laika.line_account set balance = balance + 7, bonus = bonus + 7 where ${theLine}`],
      { kind: 'line-balance', balance: '11007', entries: '11000' },
    ],
    [
      'a changed amount',
      'sums',
      [`update laika.transfer set amount = amount + 1 where ${oneTransfer('usage')}`],
      { kind: 'usage-revenue', balance: '1500', entries: '1501' },
    ],
    [
      'a lost transfer',
      'sums',
      [`delete from laika.transfer where cause = '${world.used}'`],
      { kind: 'usage-revenue', balance: '1500', entries: '0' },
    ],
    [
      'a changed after-value, though every sum is right',
      'chain',
      [`update laika.transfer set debit_after = debit_after + 5 where ${oneTransfer('float-top-up')}`],
      { value: '3005', reached: '1' },
    ],
    [
      'two amounts changed against each other',
      'chain',
      [
        `update laika.transfer set amount = amount - 1 where ${oneTransfer('paid-and-held')}`,
        `update laika.transfer set amount = amount + 1 where id = '${world.waiting}'`,
      ],
      { transfer: world.waiting },
    ],
    [
      'a line whose parts are not its balance',
      'line',
      [`update laika.line_account set paid = paid - 1, paid_cost = 0 where ${theLine}`],
      { line: world.line, balance: '11000', paid: '10999' },
    ],
    [
      'a money lot that nobody paid in',
      'line',
      [`insert into laika.lot values ('${world.line}', 1, 'bonus', '2027-01-01', 5, 5)`],
      { line: world.line, lots: '5' },
    ],
    [
      'a lot of no line',
      'line',
      [`update laika.lot set epoch = 2 where ${theLine}`],
      { line: world.line, epoch: 2, balance: null },
    ],
    [
      'money held and given out twice',
      'held',
      [
        'drop index laika.transfer_pending_of',
        `insert into laika.transfer select gen_random_uuid(), debit_account, credit_account, amount, debit_after, credit_after, posting,
           cause, corrects, pending_of, event_at, created_at from laika.transfer where pending_of = '${world.held}'`,
      ],
      { pending_of: world.held, times: '2' },
    ],
    [
      'money held and given out in part',
      'held',
      [`update laika.transfer set amount = amount - 1 where pending_of = '${world.held}'`],
      { pending_of: world.held, amount: '4999', held: '5000' },
    ],
    [
      'money given out that was held elsewhere',
      'held',
      [`update laika.transfer set credit_account = ${account('refund-clearing')} where id = '${world.held}'`],
      { pending_of: world.held },
    ],
    [
      'money given out that was never held',
      'held',
      [`delete from laika.transfer where id = '${world.held}'`],
      { pending_of: world.held, held: null },
    ],
    [
      'a float below its credit limit',
      'limits',
      [
        drop('account', 'account_floor'),
        `update laika.account set balance = -1001 where subject = '${world.dealer}'`,
      ],
      { kind: 'dealer-float', balance: '-1001', floor: '-1000' },
    ],
    [
      'a line whose bonus is below zero',
      'limits',
      [
        drop('line_account', 'line_account_floor'),
        `update laika.line_account set bonus = -1, paid = paid + 1 where ${theLine}`,
      ],
      { subject: world.line, bonus: '-1' },
    ],
    [
      'credit that cost more than its face',
      'limits',
      [
        drop('line_account', 'line_account_floor'),
        `update laika.line_account set paid_cost = paid + 1 where ${theLine}`,
      ],
      { subject: world.line, paid: '11000', paid_cost: '11001' },
    ],
  ])('%s', async (_, check, corruptions, row) => {
    const rows = (await found(corruptions)).get(sentences[check])
    expect(rows).toEqual(expect.arrayContaining([expect.objectContaining(row)]))
  })
})
