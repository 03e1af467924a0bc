import { beforeAll, describe, expect, it } from 'vitest'
import { idFromWire, idToWire } from '../../contract/id.ts'
import type { OrderView } from '../../contract/top-up.ts'
import type { Booking } from '../../sandbox/statement/booking.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { referenceOf } from '../payment/index.ts'
import { keepItems } from '../work-item/index.ts'
import { accountAtBank, openMainAccount } from './account-fixture.ts'
import {
  type ActOutcome,
  assignEntry,
  dismissEntry,
  entriesToSee,
  importStatement,
  matchEntries,
  refundsToTransfer,
  returnEntry,
} from './index.ts'
import { createTakeNotice } from './take-notice.ts'

const house = await topUpHouse()
const { clock, db, payments, topUps } = house
const laika = db.of('laika')
const { account, booked, statement, notice, withdraw } = accountAtBank()
beforeAll(() => openMainAccount(house))

let lines = 0
let payers = 0
interface Asked {
  readonly guest: Visitor
  readonly id: string
  readonly reference: string
}
/** An order of 49.80 for a number of its own, for which a transfer was begun. */
async function asked(): Promise<Asked> {
  const number = `1540005${(++lines).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${number}` })
  const guest = await house.guest(`1540008${(++payers).toString().padStart(4, '0')}`)
  const { id } = (await house.place(guest, number, 5000n)).body as OrderView
  const begun = await begin(guest, id)
  return { guest, id, reference: begun.body.transfer.reference }
}
const begin = (guest: Visitor, id: string) =>
  guest.send(
    'POST',
    `/v1/top-ups/${id}/payments`,
    { provider: 'bank', scene: 'page', locale: 'zh-CN' },
    { 'idempotency-key': newKey() },
  )

const takeNotice = createTakeNotice({ db, clock })
const take = (bytes: Buffer, more: { readonly dryRun?: boolean } = {}) =>
  importStatement(laika, clock, {
    ...{ merchant: 'main', bytes, name: 'day.xml', actor: 'operator alice', owner: 'finance', ...more },
  })
/** Takes a statement in and applies what it says. */
async function told(...given: readonly Booking[]) {
  const report = await take(statement(given))
  await topUps.sweep('laika')
  return report
}
const seen = async ({ guest, id }: Asked) => await house.order(guest, id)
/** As the books have it: a guest's session is over before a transfer's days are. */
const stateOf = async ({ id }: Asked) => {
  const { rows } = await house.owner.query('select state from laika.top_up where id = $1', [idFromWire(id)])
  return rows[0]?.state as string
}
const refundState = async (refund: string) =>
  (await house.owner.query('select state from laika.refund where id = $1', [refund])).rows[0]?.state
const waitingForAccount = async () => {
  const text = `select from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())`
  return (await house.owner.query(text)).rows.length
}
const open = async (reference: string) =>
  (await entriesToSee(laika, true, 1_000)).find(({ entry }) => entry.reference === reference)
const openId = async ({ reference }: Booking) => (await open(reference))?.entry.id as string
const match = async (order: Asked, ...entries: readonly Booking[]): Promise<ActOutcome> => {
  const ids = await Promise.all(entries.map(openId))
  const outcome = await laika.tx((tx) =>
    matchEntries(tx, clock, {
      entries: ids,
      order: idFromWire(order.id) as string,
      actor: 'alice',
      note: null,
    }),
  )
  await topUps.sweep('laika')
  return outcome
}
/** Rounds list what has waited for a person, as they do every minute. */
const proved = async () => {
  await keepItems(house, 'laika')
  expect(await house.fsck()).toEqual([])
}

describe('an order that is to be paid by transfer', () => {
  it('waits for days, says where the money goes, and keeps its reference', async () => {
    const order = await asked()
    const view = await seen(order)
    const { transfer } = view
    expect(transfer).toMatchObject({ reference: order.reference, accountNumber: account.number })
    expect(view).toMatchObject({ state: 'awaiting-payment', provider: 'bank', payBy: transfer?.until })
    expect(Date.parse(view.payBy ?? '') - clock.instant()).toBe(3 * 86_400_000)
    expect((await begin(order.guest, order.id)).body.transfer).toEqual(transfer)
  })

  it('gives a wallet no more than a wallet’s time', async () => {
    const { guest, id } = await asked()
    const wallet = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
    const begun = await guest.send('POST', `/v1/top-ups/${id}/payments`, wallet, {
      'idempotency-key': newKey(),
    })
    expect(Date.parse(begun.body.expiresAt) - clock.instant()).toBe(1_800_000)
  })

  it('is credited by the statement that has it, once', async () => {
    const order = await asked()
    const entry = booked(`充值 ${order.reference.toLowerCase()}`)
    const bytes = statement([entry])
    expect(await take(bytes, { dryRun: true })).toMatchObject({ added: 1, paid: 1 })
    expect(await seen(order)).toMatchObject({ state: 'awaiting-payment' })
    expect(await take(bytes)).toMatchObject({ entries: 1, added: 1, paid: 1, before: false })
    await topUps.sweep('laika')
    const credited = await seen(order)
    expect(credited).toMatchObject({ state: 'credited', captured: { amountMinor: '4980' } })
    expect('transfer' in credited).toBe(false)
    expect(await take(bytes)).toMatchObject({ entries: 1, added: 0, before: true })
    await proved()
  })

  it('is cancelled whenever its payer wishes', async () => {
    const { guest, id } = await asked()
    const { body } = await guest.send('POST', `/v1/top-ups/${id}/cancel`)
    expect(body).toMatchObject({ state: 'expired', paymentState: 'closed' })
  })
})

describe('statements that overlap', () => {
  it('bring each entry once, whatever form tells of it first', async () => {
    const [one, two] = [await asked(), await asked()]
    const [first, second] = [booked(one.reference), booked(two.reference)]
    const bytes = notice('N1', first)
    expect(await takeNotice('laika', 'main', bytes)).toBeNull()
    expect(await takeNotice('laika', 'main', bytes)).toBeNull()
    expect(await told(first, second)).toMatchObject({ entries: 2, added: 1, paid: 1 })
    expect([(await seen(one)).state, (await seen(two)).state]).toEqual(['credited', 'credited'])
    await expect(told({ ...first, amountMinor: 1n })).rejects.toThrow('with another amount than an earlier')
    withdraw(1n)
    await proved()
  })

  it('believe a statement before a notice, as long as that has paid nobody', async () => {
    const order = await asked()
    const said = booked(order.reference, { amountMinor: 4979n })
    const says = (id: string, entry: Booking) => takeNotice('laika', 'main', notice(id, entry))
    expect(await says('N3', said)).toBeNull()
    expect((await open(said.reference))?.entry).toMatchObject({ reason: 'amount-less', noticed: true })
    const right = { ...said, amountMinor: 4980n }
    expect(await says('N4', right)).toMatchObject({ fault: 'malformed' })
    expect(await told(right)).toMatchObject({ added: 1, corrected: 1, paid: 1 })
    expect([await open(said.reference), (await seen(order)).state]).toEqual([undefined, 'credited'])
    expect(await says('N5', said)).toBeNull()
    await expect(told({ ...said, amountMinor: 4981n })).rejects.toThrow('with another amount')
    withdraw(4981n)
    await proved()
  })

  it('of somebody else’s account, or no statement at all, a notice is not taken', async () => {
    const foreign = notice('N2', booked('x'), { ...account, number: '999' })
    expect(await takeNotice('laika', 'main', foreign)).toMatchObject({ fault: 'merchant' })
    expect(await takeNotice('laika', 'main', Buffer.from('<x/>'))).toMatchObject({ fault: 'malformed' })
  })
})

describe('what does not match is left to a person', () => {
  it('with its reason, its owner and what it may be', async () => {
    const [order, paid] = [await asked(), await asked()]
    await told(booked(paid.reference))
    const wrong = `${order.reference.slice(0, 8)}${order.reference.endsWith('2') ? '3' : '2'}`
    const cases = [
      [booked('房租'), 'no-reference'],
      [booked(wrong), 'reference-unknown'],
      [booked(`${order.reference} ${paid.reference}`), 'several-references'],
      [booked(order.reference, { amountMinor: 4979n }), 'amount-less'],
      [booked(order.reference, { amountMinor: 5000n }), 'amount-more'],
      [booked(paid.reference), 'order-over'],
      [booked(paid.reference, { direction: 'debit', reversal: true }), 'reversal'],
      [booked('rent', { direction: 'debit' }), 'debit-unknown'],
    ] as const
    const report = await told(...cases.map(([entry]) => entry))
    expect(report.paid).toBe(0)
    expect(Object.fromEntries(report.open)).toEqual(
      Object.fromEntries(cases.map(([, reason]) => [reason, 1])),
    )
    for (const [{ reference }, reason] of cases)
      expect((await open(reference))?.entry).toMatchObject({ state: 'open', reason, owner: 'finance' })
    const near = (await open(cases[1][0].reference))?.suggestions[0]
    expect(near).toMatchObject({ sameAmount: true, signsApart: 1, awaited: { reference: order.reference } })
    expect(await seen(order)).toMatchObject({ state: 'awaiting-payment' })
    await proved()
  })

  it('who may match it to its order: it is credited', async () => {
    const order = await asked()
    const entry = booked('忘了写')
    await told(entry)
    expect(await match(order, entry)).toEqual({ outcome: 'done' })
    expect(await seen(order)).toMatchObject({ state: 'credited' })
    expect(await open(entry.reference)).toBeUndefined()
    await proved()
  })

  it('and two parts together once they are whole, not before', async () => {
    const order = await asked()
    const [part, rest] = [
      booked(order.reference, { amountMinor: 2000n }),
      booked('剩下的', { amountMinor: 2980n }),
    ]
    await told(part)
    expect(await match(order, part)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('less'),
    })
    await told(rest)
    expect(await match(order, part, rest)).toEqual({ outcome: 'done' })
    expect(await seen(order)).toMatchObject({ state: 'credited', captured: { amountMinor: '4980' } })
    await proved()
  })

  it('or give it back: the debit is known by the bank’s reference, whichever comes first', async () => {
    const order = await asked()
    const [more, again] = [
      booked(order.reference, { amountMinor: 6000n }),
      booked(order.reference, { amountMinor: 6000n }),
    ]
    await told(more, again)
    expect(await match(order, more)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('more'),
    })
    const back = (entry: string, reference: string) =>
      laika.tx((tx) => returnEntry(tx, clock, { entry, reference, actor: 'alice', note: 'too much' }))
    expect(await back(await openId(more), 'BACK1')).toEqual({ outcome: 'done' })
    const debits = [booked('', { reference: 'BACK1', direction: 'debit', amountMinor: 6000n })]
    expect(await told(...debits)).toMatchObject({ returned: 1 })
    const early = booked('', { reference: 'BACK2', direction: 'debit', amountMinor: 6000n })
    await told(early)
    // While it is being recorded, no file is taken in that would not find it.
    const third = booked(order.reference, { amountMinor: 6000n })
    await told(third)
    const gone = booked('', { reference: 'BACK3', direction: 'debit', amountMinor: 6000n })
    let taking: ReturnType<typeof told> | undefined
    await laika.tx(async (tx) => {
      const act = { entry: await openId(third), reference: 'BACK3', actor: 'alice', note: null }
      expect(await returnEntry(tx, clock, act)).toEqual({ outcome: 'done' })
      taking = told(gone)
      await expect.poll(waitingForAccount).toBe(1)
    })
    expect(await taking).toMatchObject({ returned: 1 })
    expect(await back(await openId(again), 'BACK1')).toMatchObject({ outcome: 'refused' })
    expect(await back(await openId(again), 'BACK2')).toEqual({ outcome: 'done' })
    expect(await open('BACK2')).toBeUndefined()
    await proved()
  })

  it('when the bank has taken it back already: it pays nothing, and is closed by the debit', async () => {
    const order = await asked()
    const credit = booked(order.reference)
    const taken = booked(`冲正 ${credit.reference}`, { direction: 'debit', reversal: true })
    await told(taken)
    expect(await told(credit)).toMatchObject({ paid: 0 })
    expect((await open(credit.reference))?.entry).toMatchObject({ reason: 'reversal' })
    const back = { entry: await openId(credit), reference: taken.reference, actor: 'alice', note: null }
    expect(await laika.tx((tx) => returnEntry(tx, clock, back))).toEqual({ outcome: 'done' })
    expect([await open(taken.reference), (await seen(order)).state]).toEqual([undefined, 'awaiting-payment'])
    await proved()
  })

  it('or know it from elsewhere, give it up, or give it to somebody else', async () => {
    const [credit, debit, taken] = [
      booked('支付宝结算'),
      booked('工资', { direction: 'debit' }),
      booked('退汇', { direction: 'debit', reversal: true }),
    ]
    await told(credit, debit, taken)
    const dismiss = (entry: string, writeOff = false) =>
      laika.tx((tx) =>
        dismissEntry(tx, clock, { entry, reason: 'booked elsewhere', actor: 'alice', writeOff }),
      )
    const id = await openId(credit)
    expect(await dismiss(id, true)).toMatchObject({ outcome: 'refused' })
    await laika.tx((tx) => assignEntry(tx, clock, { entry: id, owner: 'bob', actor: 'alice' }))
    expect((await open(credit.reference))?.entry.owner).toBe('bob')
    for (const entry of [credit, debit])
      expect(await dismiss(await openId(entry))).toEqual({ outcome: 'done' })
    expect(await dismiss(await openId(taken), true)).toEqual({ outcome: 'done' })
    expect(await dismiss(id)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('closed by alice'),
    })
    await proved()
  })
})

describe('an order that has ended', () => {
  it('past its days is credited after all when a person says whose the transfer is', async () => {
    const order = await asked()
    clock.advance(3 * 86_400_000 + 1000)
    await topUps.expireDue('laika')
    expect(await stateOf(order)).toBe('expired')
    const late = booked(order.reference)
    expect(Object.fromEntries((await told(late)).open)).toEqual({ 'order-over': 1 })
    expect(await match(order, late)).toEqual({ outcome: 'done' })
    expect(await stateOf(order)).toBe('credited')
    await proved()
  })

  it('paid twice, the second goes back: a person transfers it, and the statement ends it', async () => {
    const order = await asked()
    await told(booked(order.reference))
    const second = booked(order.reference)
    await told(second)
    expect(await match(order, second)).toEqual({ outcome: 'done' })
    await payments.sendRefunds('laika')
    await payments.sendRefunds('laika')
    const [due] = await refundsToTransfer(laika)
    expect(due).toMatchObject({
      reason: 'paid-twice',
      amountMinor: 4980n,
      toName: '张三',
      toAccount: second.account,
    })
    if (!due) throw new Error('there is a refund to transfer')
    expect(due.reference).toBe(referenceOf(idToWire(due.refund)))
    const out = booked(`退款${due.reference}`, { direction: 'debit' })
    expect(await told(out)).toMatchObject({ refunded: 1 })
    expect(await refundsToTransfer(laika)).toEqual([])
    expect(await seen(order)).toMatchObject({ state: 'credited', refunded: { amountMinor: '0' } })
    await proved()
    const back = booked(`RETURN ${out.reference} ${due.reference}`, { reversal: true })
    const report = await told(back)
    expect([report.refundsBack, report.open.size]).toEqual([1, 0])
    expect(await refundState(due.refund)).toBe('abnormal')
    await proved()
    expect(await refundsToTransfer(laika)).toEqual([due])
    expect(await told(booked(due.reference, { direction: 'debit' }))).toMatchObject({ refunded: 1 })
    expect([await refundsToTransfer(laika), await refundState(due.refund)]).toEqual([[], 'done'])
    await proved()
  })
})

describe('fsck finds', () => {
  const planted = async (sql: string, undo: string, sentence: RegExp) => {
    await house.owner.query(sql)
    const found = await house.fsck()
    await house.owner.query(undo)
    expect(found.map((each) => each.sentence).join('\n')).toMatch(sentence)
  }
  it('an entry that moved nothing, one that no evidence knows, and a statement that lost one', async () => {
    const order = await asked()
    const paid = booked(order.reference)
    await told(paid)
    await planted(
      `update laika.bank_entry set state = 'dismissed' where attempt is not null and state = 'matched' and transaction = '${paid.reference}'`,
      `update laika.bank_entry set state = 'matched' where transaction = '${paid.reference}'`,
      /moved the bank[\s\S]*entries of a payment/,
    )
    await planted(
      `update laika.bank_statement set added = 0 where id = (select statement from laika.bank_entry where bank_reference = '${paid.reference}')`,
      `update laika.bank_statement set added = 1 where id = (select statement from laika.bank_entry where bank_reference = '${paid.reference}')`,
      /every bank statement|Every bank statement/,
    )
    await planted(
      "update laika.bank_entry set amount = amount + 1 where bank_reference = 'BACK1'",
      "update laika.bank_entry set amount = amount - 1 where bank_reference = 'BACK1'",
      /given back is what had come/,
    )
    await proved()
  })
})
