import { beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { isoInstant } from '../platform/clock.ts'
import { newId } from '../platform/id.ts'
import { messagingChecks } from './checks.ts'
import { claimMessages, forgetOrphans, insertMessages, saveResults, type TryResult } from './store.ts'

const { db, owner, clock } = await testDatabase()
const laika = db.of('laika')
const now = () => clock.instant()

beforeEach(() => owner.query('truncate laika.message, laika.message_part'))

async function insertNotices(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId(now()))
  const common = {
    channel: 'sms',
    to: '8615400001234',
    template: 'welcome',
    locale: 'zh-CN',
    values: {},
  } as const
  await laika.tx(async (tx) =>
    insertMessages(
      tx,
      ids.map((id) => ({
        ...common,
        id,
        subject: null,
        sealed: null,
        urgency: 1,
        notAfterMs: now() + 600_000,
      })),
      now(),
    ),
  )
  return ids
}
const claim = (lease: string, limit = 10) =>
  claimMessages(laika, { channel: 'sms', nowMs: now(), lease, leaseUntilMs: now() + 60_000, limit })
const stateOf = async (id: string) =>
  (await owner.query('select state from laika.message where id = $1', [id])).rows[0].state

describe('a lease', () => {
  const result = (id: string, lease: string, over: Partial<TryResult>): TryResult => ({
    id,
    lease,
    state: 'queued',
    tries: 1,
    unknowns: 0,
    dueAtMs: now(),
    failure: null,
    parts: 1,
    ...over,
  })
  const save = (...results: TryResult[]) => laika.tx((tx) => saveResults(tx, results, now()))

  test('that lapsed passes the message on, and the first sender decides nothing more', async () => {
    const [id] = (await insertNotices(1)) as [string]
    const [first, second] = [newId(now()), newId(now())]
    expect(await claim(first)).toHaveLength(1)
    expect(await claim(second)).toEqual([])
    clock.advance(60_000)
    expect(await claim(second)).toMatchObject([{ id, tries: 2, unknowns: 1 }])
    await save(result(id, first, { state: 'failed', dueAtMs: null }))
    expect(await stateOf(id)).toBe('sending')
    await save(result(id, second, { state: 'unknown' }))
    expect(await stateOf(id)).toBe('unknown')
  })

  test('that lapsed still brings an acceptance, which is a fact whoever brings it', async () => {
    const [id] = (await insertNotices(1)) as [string]
    const [first, second] = [newId(now()), newId(now())]
    await claim(first)
    clock.advance(60_000)
    await claim(second)
    await save(result(id, first, { state: 'sent', dueAtMs: null }))
    expect(await stateOf(id)).toBe('sent')
    await save(result(id, second, { state: 'unknown' }))
    expect(await stateOf(id)).toBe('sent')
  })
})

test('due messages are found by the partial index, however many were sent before', async () => {
  await insertNotices(200)
  await owner.query(
    `insert into laika.message (id, channel, recipient, template, locale, filling, urgency, state, due_at, not_after, created_at)
     select gen_random_uuid(), 'sms', '1', 'welcome', 'en', '{}', 1, 'sent', now(), now(), now() from generate_series(1, 20000)`,
  )
  await owner.query('analyze laika.message')
  const { rows } = await owner.query(
    `explain select id from laika.message where state in ('queued', 'sending', 'unknown') and channel = 'sms' and due_at <= $1
     order by urgency, due_at limit 50 for update skip locked`,
    [isoInstant(now())],
  )
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Scan using message_open')
})

test('receipts that nobody claimed are forgotten after their time, others never', async () => {
  const plant = `insert into laika.message_part (smsc_id, message, part, outcome, at) values ($1, $2, $3, 'delivered', $4)`
  const old = isoInstant(now() - 1_000)
  await owner.query(plant, ['old orphan', null, null, old])
  await owner.query(plant, ['young orphan', null, null, isoInstant(now())])
  await owner.query(plant, ['old part', newId(now()), 1, old])
  await forgetOrphans(laika, now())
  const { rows } = await owner.query('select smsc_id from laika.message_part order by smsc_id')
  expect(rows.map((row) => row.smsc_id)).toEqual(['old part', 'young orphan'])
})

describe('fsck finds', () => {
  const violations = async (id: string) => {
    const check = messagingChecks.find((candidate) => candidate.id === id)
    if (!check) throw new Error(`no check ${id}`)
    return (await owner.query(check.sql.replaceAll('{{brand}}', 'laika'))).rows
  }
  const plant = async (state: string, parts: number, outcomes: (string | null)[]) => {
    const [id] = (await insertNotices(1)) as [string]
    await owner.query('update laika.message set state = $2, parts = $3 where id = $1', [id, state, parts])
    for (const [index, outcome] of outcomes.entries()) {
      await owner.query(
        'insert into laika.message_part (smsc_id, message, part, outcome, at) values ($1, $2, $3, $4, $5)',
        [`${id}/${index}`, id, index + 1, outcome, isoInstant(now())],
      )
    }
    return id
  }

  test('nothing wrong where nothing is', async () => {
    await plant('delivered', 2, ['delivered', 'delivered'])
    await plant('undelivered', 2, ['delivered', 'undelivered'])
    await plant('sent', 2, ['delivered', null])
    await plant('sent', 1, [])
    expect(await violations('M1')).toEqual([])
    expect(await violations('M2')).toEqual([])
  })

  test.each([
    ['delivered', 2, ['delivered', null]],
    ['delivered', 2, ['delivered']],
    ['delivered', 1, []],
    ['sent', 1, ['delivered']],
    ['undelivered', 2, ['delivered', 'delivered']],
  ])('a message %s in %i parts whose receipts say %j', async (state, parts, outcomes) => {
    const id = await plant(state, parts, outcomes)
    expect(await violations('M1')).toEqual([{ id, state }])
  })

  test('a secret that outlived its message', async () => {
    const id = await plant('sent', 1, [])
    await expect(
      owner.query('update laika.message set sealed = $2 where id = $1', [id, Buffer.of(1)]),
    ).rejects.toThrow('message_secret_wiped')
    await owner.query('alter table laika.message drop constraint message_secret_wiped')
    await owner.query('update laika.message set sealed = $2 where id = $1', [id, Buffer.of(1)])
    expect(await violations('M2')).toEqual([{ id, state: 'sent' }])
  })
})
