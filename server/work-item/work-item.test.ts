import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { newId } from '../platform/id.ts'
import { workItemChecks } from './checks.ts'
import { keepItems } from './keep-items.ts'
import { readItems } from './store.ts'
import { closeItem, takeItem } from './tend-item.ts'
import type { WorkItem, WorkKind } from './work-item.ts'

const { db, owner, clock, log } = await testDatabase()
const laika = db.of('laika')
const round = () => keepItems({ db, clock, log }, 'laika')
const open = () => readItems(laika, false, 100)
const all = () => readItems(laika, true, 100)
const HOUR = 3_600_000
const before = (hours: number) => new Date(clock.instant() - hours * HOUR)

await owner.query(
  `insert into laika.merchant (provider, id, seller, currency, gateway, provider_keys, enabled, created_at)
   values ('alipay', '2021', '2088', 'CNY', 'http://127.0.0.1:9', '{}', true, now())`,
)

/** Rows as other rooms would have left them; nothing here reads more of them than their states and times. */
async function anAttempt(state: string, begunHours: number, askedAgain: boolean): Promise<string> {
  const id = newId(clock.instant())
  await owner.query(
    `insert into laika.attempt (id, order_id, provider, merchant, scene, amount, currency, state, caller, key, hash, created_at,
       expires_at, next_query_at, transaction, captured, captured_currency, captured_at)
     select $1, $1, 'alipay', '2021', 'page', 4980, 'CNY', $2, $1, gen_random_uuid()::text, 'a', $3, $3, case when $4 then now() end,
       case when $2 = 'captured' then 'T' || gen_random_uuid() end, case when $2 = 'captured' then 4980 end,
       case when $2 = 'captured' then 'CNY' end, case when $2 = 'captured' then now() end`,
    [id, state, before(begunHours), askedAgain],
  )
  return id
}

async function aRefund(state: string, hours: number, triedAgain: boolean): Promise<string> {
  const attempt = await anAttempt('captured', hours, false)
  const id = newId(clock.instant())
  await owner.query(
    `insert into laika.refund (id, order_id, attempt, transaction, amount, currency, reason, automatic, state, requested_at, done_at, next_try_at)
     values ($1, $2, $2, 'T', 4980, 'CNY', 'asked-by-staff', false, $3, $4, case when $3 in ('done', 'abnormal') then $4::timestamptz end,
       case when $5 then now() end)`,
    [id, attempt, state, before(hours), triedAgain],
  )
  return id
}

async function aHeld(decidedHours: number): Promise<string> {
  const id = newId(clock.instant())
  await owner.query(
    `insert into laika.top_up (id, caller, line, offer, price, face, bonus, captured, placed_at, decide_by, epoch, kind, state, offer_kind,
       held_reason, key, hash, attempt)
     values ($1, $1, $1, $1, 4980, 5000, 0, 4980, now(), $2, 1, 'online', 'held', 'denomination', 'limit-reached', gen_random_uuid()::text, 'x', $1)`,
    [id, before(decidedHours)],
  )
  return id
}

async function anOrphan(): Promise<string> {
  const id = newId(clock.instant())
  await owner.query(
    `insert into laika.evidence (id, provider, merchant, kind, provider_id, said, transaction, amount, currency, raw, fields, received_at)
     values ($1, 'alipay', '2021', 'notify', gen_random_uuid()::text, 'paid', 'T-ORPHAN', 4980, 'CNY', '', '{}', now())`,
    [id],
  )
  return id
}

const found = async (): Promise<[WorkKind, string][]> =>
  (await open()).map(({ kind, subject }) => [kind, subject])
const only = async (): Promise<WorkItem> => {
  const [item, ...others] = await open()
  if (!item || others.length > 0) throw new Error('there is one open item')
  return item
}
const broken = async () => {
  const [check] = workItemChecks({ clock })
  if (!check || !('find' in check)) throw new Error('the check finds')
  return await check.find(laika)
}

beforeEach(() =>
  owner.query('truncate laika.work_item, laika.refund, laika.evidence, laika.attempt, laika.top_up cascade'),
)

describe('keepItems', () => {
  it('lists each trouble once, however often and by however many it is looked for, with an owner', async () => {
    const expected: [WorkKind, string][] = [
      ['unknown-payment', await anAttempt('pending', 25, true)],
      ['unknown-payment', await anAttempt('unknown', 3, false)],
      ['held', await aHeld(2)],
      ['refund-abnormal', await aRefund('abnormal', 1, false)],
      ['unknown-refund', await aRefund('sent', 25, true)],
      ['unknown-refund', await aRefund('unknown', 3, false)],
      ['orphan-evidence', await anOrphan()],
    ]
    const rounds = await Promise.all([round(), round()])
    expect(rounds.reduce((sum, { opened }) => sum + opened, 0)).toBe(expected.length)
    expect(await round()).toEqual({ opened: 0, closed: 0 })
    expect((await found()).toSorted()).toEqual(expected.toSorted())
    expect(new Set((await open()).map((item) => item.owner))).toEqual(new Set(['payments']))
    expect((await open()).find(({ kind }) => kind === 'orphan-evidence')).toMatchObject({
      ...{ order: null, provider: 'alipay', transaction: 'T-ORPHAN', amountMinor: 4980n, currency: 'CNY' },
    })
  })

  it('lists nothing that will come right by itself', async () => {
    await anAttempt('pending', 23, true)
    await anAttempt('captured', 48, false)
    await anAttempt('closed', 48, false)
    await aHeld(0)
    await aRefund('sent', 23, true)
    await aRefund('done', 48, false)
    expect(await round()).toEqual({ opened: 0, closed: 0 })
  })

  it('closes what came right by itself, and lists a refund that is refused again as another trouble', async () => {
    const refund = await aRefund('abnormal', 2, false)
    await round()
    await owner.query(`update laika.refund set state = 'requested', done_at = null, next_try_at = now()`)
    expect(await round()).toEqual({ opened: 0, closed: 1 })
    expect(await all()).toMatchObject([{ closedBy: 'baohao', reason: 'it came right by itself' }])
    await owner.query(`update laika.refund set state = 'abnormal', done_at = now(), next_try_at = null`)
    expect(await round()).toEqual({ opened: 1, closed: 0 })
    expect(await found()).toEqual([['refund-abnormal', refund]])
  })
})

describe('a person', () => {
  const actor = 'operator ann'
  const audited = async () => (await owner.query('select act, reason from laika.audit order by at, id')).rows

  it('takes an item, closes it with a reason, and the same trouble does not come back', async () => {
    await anOrphan()
    await round()
    const { id } = await only()
    await laika.tx((tx) => takeItem(tx, clock, { id, owner: 'li', actor }))
    expect((await only()).owner).toBe('li')
    const close = () =>
      laika.tx((tx) => closeItem(tx, clock, { id, reason: 'paid back in the console', actor }))
    expect(await close()).toMatchObject({ outcome: 'done' })
    expect(await close()).toEqual({ outcome: 'closed-before', by: actor, reason: 'paid back in the console' })
    expect(await laika.tx((tx) => takeItem(tx, clock, { id, owner: 'wu', actor }))).toMatchObject({
      outcome: 'closed-before',
    })
    expect(await round()).toEqual({ opened: 0, closed: 0 })
    expect(await audited()).toEqual([
      { act: 'work item taken', reason: null },
      { act: 'work item closed', reason: 'paid back in the console' },
    ])
  })

  it('is told that there is no such item', async () => {
    const id = newId(clock.instant())
    expect(await laika.tx((tx) => takeItem(tx, clock, { id, owner: 'li', actor }))).toEqual({
      outcome: 'not-found',
    })
  })
})

describe('fsck', () => {
  it('finds what has waited for a day and is on no list, and nothing that is on it or was closed', async () => {
    const attempt = await anAttempt('unknown', 25, false)
    expect(await broken()).toMatchObject([{ kind: 'unknown-payment', subject: attempt }])
    await round()
    expect(await broken()).toEqual([])
    const { id } = await only()
    await laika.tx((tx) => closeItem(tx, clock, { id, reason: 'never paid', actor: 'operator ann' }))
    expect(await broken()).toEqual([])
  })
})
