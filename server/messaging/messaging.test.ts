import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { newId } from '../platform/id.ts'
import { handsets } from './fake-smsc.ts'
import { openMessagingFixture } from './messaging-fixture.ts'

const fixture = await openMessagingFixture()
const { db, laika, owner, clock, messagingOver, enqueue, notice, longNotice, code, row, states, pass } =
  fixture

describe('an SMS', () => {
  test('arrives whole, signed, from the brand, and is delivered once every part has its receipt', async () => {
    const messaging = messagingOver()
    const message = longNotice()
    await enqueue(messaging, message)
    expect(await messaging.drain()).toBe(1)
    const text = `【莱卡保号】充值已到账：${message.values.amount}。余额 62.30 元。`
    expect(handsets(fixture.smsc.submissions)).toEqual([{ to: message.to, text }])
    expect(fixture.smsc.submissions.map(({ from, dataCoding }) => [from, dataCoding])).toEqual([
      ['10154', 8],
      ['10154', 8],
    ])
    expect(await states(message)).toEqual(['sent'])
    expect(await fixture.smsc.receipt('id-1')).toBe(0)
    expect(await states(message)).toEqual(['sent'])
    expect(await fixture.smsc.receipt('id-2')).toBe(0)
    expect(await states(message)).toEqual(['delivered'])
  })

  test('in English goes out in the GSM alphabet, from a name', async () => {
    const harbour = messagingOver({}, 'harbour')
    const id = newId(clock.instant())
    const values = { amount: 'GBP 10.00', balance: 'GBP 12.50' }
    await db.of('harbour').tx(async (tx) => {
      harbour.enqueue(tx, [notice({ id, to: '447700900123', locale: 'en', values })])
    })
    await harbour.drain()
    expect(fixture.smsc.submissions).toMatchObject([
      {
        from: 'Harbour',
        to: '447700900123',
        dataCoding: 0,
        concat: null,
        text: 'Harbour: Top-up received: GBP 10.00. Balance GBP 12.50.',
      },
    ])
  })

  test('tells the SMSC how long it is worth delivering', async () => {
    const messaging = messagingOver()
    await enqueue(messaging, notice({ notAfterMs: clock.instant() + 600_000 }))
    await messaging.drain()
    const validity = fixture.smsc.submissions[0]?.validity as Date
    const seconds = (validity.getTime() - performance.timeOrigin - performance.now()) / 1_000
    expect(seconds).toBeGreaterThan(580)
    expect(seconds).toBeLessThanOrEqual(601)
  })

  test('is sent soon after its transaction commits, and not when that rolls back', async () => {
    const messaging = messagingOver()
    messaging.start()
    await sleep(100)
    const [kept, dropped] = [notice(), notice({ to: '8615400009999' })]
    await enqueue(messaging, kept)
    await expect(
      laika.tx(async (tx) => {
        messaging.enqueue(tx, [dropped])
        throw new Error('roll back')
      }),
    ).rejects.toThrow('roll back')
    await expect.poll(() => states(kept), { timeout: 800, interval: 20 }).toEqual(['sent'])
    await sleep(100)
    expect(fixture.smsc.submissions.map(({ to }) => to)).toEqual([kept.to])
  })
})

describe('a code', () => {
  test('is legible only on the handset, and wiped once sent', async () => {
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    const kept = JSON.stringify((await owner.query('select * from laika.message')).rows)
    expect(kept).not.toContain('482913')
    expect((await row(message)).sealed).not.toBeNull()
    await messaging.drain()
    expect(fixture.smsc.submissions[0]?.text).toContain('登录验证码 482913，')
    expect(await row(message)).toMatchObject({ state: 'sent', sealed: null })
  })

  test('goes before notices that wait longer', async () => {
    const messaging = messagingOver({ sms: { ...fixture.smsc.channel, window: 1 } })
    const notices = Array.from({ length: 3 }, () => notice({ to: '8615400000001' }))
    await enqueue(messaging, ...notices)
    clock.advance(1_000)
    await enqueue(messaging, code(messaging, { to: '8615400000002' }))
    await messaging.drain()
    expect(fixture.smsc.submissions.map(({ to }) => to.at(-1))).toEqual(['2', '1', '1', '1'])
  })

  test('sealed for another message, or under another key, fails that message alone', async () => {
    const messaging = messagingOver()
    const stolen = code(messaging, { sealed: messaging.sealCode(newId(clock.instant()), '482913') })
    const good = code(messaging)
    await enqueue(messaging, stolen, good)
    await messaging.drain()
    expect(await row(stolen)).toMatchObject({
      state: 'failed',
      sealed: null,
      failure: 'the text could not be made',
    })
    expect(await states(good)).toEqual(['sent'])
    expect(fixture.smsc.submissions).toHaveLength(1)
  })
})

describe('what may be enqueued', () => {
  test.each([
    ['a blank left empty', { values: { amount: '50 元' } }],
    ['a blank too many', { values: { amount: '50 元', balance: '1 元', more: 'x' } }],
    ['a template of the other channel', { channel: 'email' as const }],
    ['a secret where none belongs', { sealed: Buffer.of(1) }],
  ])('%s rolls the transaction back', async (_, over) => {
    const messaging = messagingOver()
    await expect(enqueue(messaging, notice(), notice(over))).rejects.toThrow('invariant broken')
    expect((await owner.query('select 1 from laika.message')).rows).toEqual([])
  })

  test('odd characters survive their way through the database', async () => {
    const messaging = messagingOver()
    const amount = `50 "元", {a}, \\b, 'c', NULL, 换\n行 😀`
    await enqueue(messaging, notice({ values: { amount, balance: 'null' } }), notice({ to: '8615400000002' }))
    await messaging.drain()
    expect(fixture.smsc.submissions[0]?.text).toBe(`【莱卡保号】充值已到账：${amount}。余额 null。`)
  })
})

describe('refusals', () => {
  test('for the moment are tried again after 5 s, 30 s, 2 m, 10 m', async () => {
    fixture.smsc.behaviour = (index) => (index < 4 ? 'ESME_RSYSERR' : 'accept')
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    for (const [tries, waitMs] of [5_000, 30_000, 120_000, 600_000].entries()) {
      expect(await messaging.drain()).toBe(0)
      expect(await row(message)).toMatchObject({
        state: 'queued',
        tries: tries + 1,
        failure: 'ESME_RSYSERR',
        dueAtMs: clock.instant() + waitMs,
      })
      expect((await row(message)).sealed).not.toBeNull()
      clock.advance(waitMs - 1)
      expect(await messaging.drain()).toBe(0)
      clock.advance(1)
    }
    expect(await messaging.drain()).toBe(1)
    expect(await row(message)).toMatchObject({ state: 'sent', tries: 5, sealed: null, failure: null })
  })

  test('for good end the message', async () => {
    fixture.smsc.behaviour = () => 'ESME_RINVDSTADR'
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    await messaging.drain()
    expect(await row(message)).toMatchObject({ state: 'failed', failure: 'ESME_RINVDSTADR', sealed: null })
    pass()
    await messaging.drain()
    expect(fixture.smsc.binds).toBe(1)
  })

  test('throttling makes the whole link pause, and counts against no message', async () => {
    fixture.smsc.behaviour = (index) => (index < 3 ? 'ESME_RTHROTTLED' : 'accept')
    const messaging = messagingOver()
    const messages = Array.from({ length: 20 }, () => notice())
    await enqueue(messaging, ...messages)
    await messaging.drain()
    const before = fixture.smsc.submissions.length
    expect(await states(...messages)).toContain('queued')
    await messaging.drain()
    expect(fixture.smsc.submissions).toHaveLength(before)
    clock.advance(1_000)
    await messaging.drain()
    expect(fixture.smsc.submissions).toHaveLength(20)
    expect(new Set(await states(...messages))).toEqual(new Set(['sent']))
    expect(new Set((await Promise.all(messages.map(row))).map(({ tries }) => tries))).toEqual(new Set([1]))
  })
})

describe('too late', () => {
  test('is not sent, and the code is wiped', async () => {
    const messaging = messagingOver()
    const message = code(messaging, { notAfterMs: clock.instant() + 1_000 })
    await enqueue(messaging, message)
    clock.advance(1_000)
    expect(await messaging.drain()).toBe(0)
    expect(await row(message)).toMatchObject({ state: 'expired', sealed: null, tries: 0 })
    expect(fixture.smsc.submissions).toEqual([])
  })

  test('also when the SMSC was never there, or the channel is not set up', async () => {
    fixture.smsc.bindStatus = 0x0d
    const unreachable = messagingOver()
    const unset = messagingOver({ sms: null })
    for (const messaging of [unreachable, unset]) {
      const message = code(messaging, { notAfterMs: clock.instant() + 1_000 })
      await enqueue(messaging, message)
      await messaging.drain()
      expect(await states(message)).toEqual(['queued'])
      clock.advance(1_000)
      await messaging.drain()
      expect(await row(message)).toMatchObject({ state: 'expired', sealed: null })
    }
  })

  test('a retry never outlives the last moment', async () => {
    fixture.smsc.behaviour = () => 'ESME_RSYSERR'
    const messaging = messagingOver()
    const message = notice({ notAfterMs: clock.instant() + 2_000 })
    await enqueue(messaging, message)
    await messaging.drain()
    expect((await row(message)).dueAtMs).toBe(message.notAfterMs)
    clock.advance(2_000)
    await messaging.drain()
    expect(await row(message)).toMatchObject({ state: 'expired', failure: 'ESME_RSYSERR' })
  })
})

test('the state of every message about a subject can be asked', async () => {
  const messaging = messagingOver()
  const subject = newId(clock.instant())
  const other = newId(clock.instant())
  const [first, second] = [
    notice({ subject }),
    notice({
      subject,
      template: 'top-up-credited-payer',
      values: { number: '154****1234', amount: '50 元' },
    }),
  ]
  await enqueue(messaging, first, second, notice())
  const before = await messaging.statusOf(laika, [subject, other])
  expect([...before.keys()]).toEqual([subject])
  await messaging.drain()
  clock.advance(4_000)
  const smscId = fixture.smsc.submissions.find(({ text }) => text.includes('余额'))?.smscId as string
  await fixture.smsc.receipt(smscId)
  const after = (await messaging.statusOf(laika, [subject])).get(subject)
  expect(after).toEqual([
    { id: first.id, channel: 'sms', template: first.template, state: 'delivered', atMs: clock.instant() },
    {
      id: second.id,
      channel: 'sms',
      template: second.template,
      state: 'sent',
      atMs: clock.instant() - 4_000,
    },
  ])
  expect(await messaging.statusOf(laika, [])).toEqual(new Map())
})
