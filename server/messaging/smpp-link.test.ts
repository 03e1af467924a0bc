import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { createLog } from '../platform/log.ts'
import { handsets, startFakeSmsc } from './fake-smsc.ts'
import type { Messaging } from './index.ts'
import { openMessagingFixture } from './messaging-fixture.ts'
import { createSmppLink } from './smpp-link.ts'

const fixture = await openMessagingFixture()
const { owner, clock, messagingOver, enqueue, notice, longNotice, code, row, states, pass } = fixture

describe('no answer', () => {
  test('a link cut in the middle of a submit: it is sent again, may arrive twice, and is never lost', async () => {
    fixture.smsc.behaviour = (index) => (index === 0 ? 'cut' : 'accept')
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    expect(await messaging.drain()).toBe(0)
    expect(await row(message)).toMatchObject({ state: 'unknown', unknowns: 1 })
    expect((await row(message)).sealed).not.toBeNull()
    pass()
    expect(await messaging.drain()).toBe(1)
    expect(await row(message)).toMatchObject({ state: 'sent', sealed: null })
    expect(fixture.smsc.submissions.map(({ to }) => to)).toEqual([message.to, message.to])
    // The receipt of the copy nobody answered for is kept, and that of the other one counts.
    expect(await fixture.smsc.receipt('id-1')).toBe(0)
    expect(await states(message)).toEqual(['sent'])
    expect(await fixture.smsc.receipt('id-2')).toBe(0)
    expect(await states(message)).toEqual(['delivered'])
  })

  test('a submit that is never answered goes out three times at most', async () => {
    fixture.smsc.behaviour = () => 'silent'
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    for (let round = 0; round < 5; round++) {
      await messaging.drain()
      pass()
    }
    expect(fixture.smsc.submissions).toHaveLength(3)
    expect(await row(message)).toMatchObject({ state: 'failed', unknowns: 3, sealed: null })
  })

  test('of a long message only what was not taken goes out again, under the same reference', async () => {
    fixture.smsc.behaviour = (_, { concat }) =>
      concat?.number === 2 && fixture.smsc.binds === 1 ? 'cut' : 'accept'
    const messaging = messagingOver()
    const message = longNotice()
    await enqueue(messaging, message)
    await messaging.drain()
    expect(await states(message)).toEqual(['unknown'])
    pass()
    await messaging.drain()
    expect(fixture.smsc.submissions.map(({ concat }) => concat?.number)).toEqual([1, 2, 2])
    expect(new Set(fixture.smsc.submissions.map(({ concat }) => concat?.reference)).size).toBe(1)
    expect(handsets(fixture.smsc.submissions)).toHaveLength(1)
    await fixture.smsc.receipt('id-1')
    await fixture.smsc.receipt('id-3')
    expect(await states(message)).toEqual(['delivered'])
  })

  test('a sender that vanished is found by its lease', async () => {
    const message = notice()
    const first = messagingOver()
    await enqueue(first, message)
    await owner.query(
      `update laika.message set state = 'sending', tries = 1, lease = id, due_at = to_timestamp($1 / 1000.0)`,
      [clock.instant() + 60_000],
    )
    const second = messagingOver()
    expect(await second.drain()).toBe(0)
    clock.advance(60_000)
    expect(await second.drain()).toBe(1)
    expect(await row(message)).toMatchObject({ state: 'sent', tries: 2, unknowns: 1 })
  })

  test('a message that loses its sender each time is given up', async () => {
    const messaging = messagingOver()
    const message = code(messaging)
    await enqueue(messaging, message)
    await owner.query(`update laika.message set state = 'sending', unknowns = 2, lease = id`)
    expect(await messaging.drain()).toBe(0)
    expect(await row(message)).toMatchObject({
      state: 'failed',
      failure: 'the sender vanished',
      sealed: null,
    })
    expect(fixture.smsc.submissions).toEqual([])
  })
})

test('an answer that could not be written down at once is written later, and nothing goes out twice', async () => {
  armFailpoints('messaging.record:1:throw')
  const messaging = messagingOver()
  const message = notice()
  await enqueue(messaging, message)
  expect(await messaging.drain()).toBe(1)
  expect(await row(message)).toMatchObject({ state: 'sent', unknowns: 0 })
  expect(fixture.smsc.submissions).toHaveLength(1)
})
afterEach(disarmFailpoints)

test('a submit whose turn comes after its deadline is not sent', async () => {
  const link = createSmppLink({
    channel: fixture.smsc.channel,
    clock,
    log: createLog('silent'),
    onReceipt: async () => {},
  })
  expect(await link.submit({}, clock.instant())).toMatchObject({ kind: 'no', again: 'at-once' })
  expect(await link.ready()).toBe(true)
  expect(await link.submit({}, clock.instant() - 1)).toMatchObject({ kind: 'no', again: 'at-once' })
  expect(fixture.smsc.submissions).toEqual([])
  await link.close()
  expect(await link.ready()).toBe(false)
})

describe('the link', () => {
  test('is one bind, kept while messages come and go', async () => {
    const messaging = messagingOver()
    for (let i = 0; i < 3; i++) {
      await enqueue(messaging, notice())
      await messaging.drain()
    }
    expect(fixture.smsc.binds).toBe(1)
  })

  test('comes back after the SMSC was away, was cut, and said unbind', async () => {
    const { port } = fixture.smsc.channel
    const { channel } = fixture.smsc
    await fixture.smsc.stop()
    const messaging = messagingOver({ sms: channel })
    const messages = [notice(), notice(), notice()] as const
    await enqueue(messaging, messages[0])
    expect(await messaging.drain()).toBe(0)
    expect(await row(messages[0])).toMatchObject({ state: 'queued', tries: 0 })
    fixture.smsc = await startFakeSmsc(port)
    pass()
    expect(await messaging.drain()).toBe(1)
    for (const [message, end] of [
      [messages[1], fixture.smsc.cut],
      [messages[2], fixture.smsc.unbindAll],
    ] as const) {
      end()
      await sleep(50)
      await enqueue(messaging, message)
      pass()
      expect(await messaging.drain()).toBe(1)
    }
    expect(fixture.smsc.binds).toBe(3)
  })

  test('is not tried in a hurry when the SMSC refuses it', async () => {
    const messaging = messagingOver({ sms: { ...fixture.smsc.channel, password: 'wrong' } })
    await enqueue(messaging, notice())
    for (let i = 0; i < 10; i++) await messaging.drain()
    expect(fixture.smsc.binds).toBe(1)
    clock.advance(1_000)
    for (let i = 0; i < 10; i++) await messaging.drain()
    expect(fixture.smsc.binds).toBe(2)
  })

  test('is asked whether it lives, and replaced when it does not say', async () => {
    const messaging = messagingOver({
      sms: { ...fixture.smsc.channel, enquireLinkMs: 20, responseTimeoutMs: 60 },
    })
    await enqueue(messaging, notice())
    await messaging.drain()
    await expect.poll(() => fixture.smsc.enquiries).toBeGreaterThan(2)
    fixture.smsc.answersEnquiries = false
    await sleep(200)
    fixture.smsc.answersEnquiries = true
    pass()
    await enqueue(messaging, notice())
    expect(await messaging.drain()).toBe(1)
    expect(fixture.smsc.binds).toBe(2)
  })

  test('never has more unanswered than the window, and fills it', async () => {
    fixture.smsc.behaviour = () => 'slow'
    const messaging = messagingOver({ sms: { ...fixture.smsc.channel, window: 4 } })
    await enqueue(messaging, ...Array.from({ length: 20 }, () => longNotice()))
    expect(await messaging.drain()).toBe(20)
    expect(fixture.smsc.unanswered.most).toBe(4)
  })

  test('keeps the rate the carrier gave', async () => {
    const messaging = messagingOver({ sms: { ...fixture.smsc.channel, perSecond: 100 } })
    await enqueue(messaging, ...Array.from({ length: 30 }, () => notice()))
    const began = performance.now()
    expect(await messaging.drain()).toBe(30)
    expect(performance.now() - began).toBeGreaterThan(280)
  })
})

describe('many senders', () => {
  test('share the work and never send one message twice', async () => {
    const senders = [messagingOver(), messagingOver(), messagingOver()]
    const messages = Array.from({ length: 600 }, (_, i) =>
      notice({ to: `86154${String(i).padStart(8, '0')}` }),
    )
    await enqueue(senders[0] as Messaging, ...messages)
    const counts = await Promise.all(senders.map((messaging) => messaging.drain()))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(600)
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1)
    expect(new Set(fixture.smsc.submissions.map(({ to }) => to)).size).toBe(600)
    expect(fixture.smsc.submissions).toHaveLength(600)
  })

  test('a restart goes on where the last process ended', async () => {
    const messages = Array.from({ length: 200 }, () => notice())
    const first = messagingOver({ sms: { ...fixture.smsc.channel, window: 10, perSecond: 500 } })
    await enqueue(first, ...messages)
    first.start()
    await sleep(150)
    await first.stop()
    const before = fixture.smsc.submissions.length
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(200)
    expect(new Set(await states(...messages))).toEqual(new Set(['sent', 'queued']))
    expect(await messagingOver().drain()).toBe(200 - before)
    expect(fixture.smsc.submissions).toHaveLength(200)
  })

  test('a window of 50 carries far more than 300 messages a second', async () => {
    const messaging = messagingOver()
    await enqueue(messaging, ...Array.from({ length: 1_500 }, () => code(messaging)))
    const began = performance.now()
    expect(await messaging.drain()).toBe(1_500)
    expect(1_500 / ((performance.now() - began) / 1_000)).toBeGreaterThan(300)
  })
})
