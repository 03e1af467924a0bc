import { describe, expect, it } from 'vitest'
import { newKey, PAYER, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { fsck } from '../fsck.ts'
import { createMessaging } from '../messaging/index.ts'
import { ownOrderInBrief } from '../topup/index.ts'
import {
  answerCase,
  type Closing,
  closeCase,
  closings,
  createSupport,
  moveCases,
  supportChecks,
  wipeReplies,
} from './index.ts'

const house = await topUpHouse()
const { clock, db, owner } = house
const laika = db.of('laika')
const messaging = createMessaging({
  ...{ db, clock, log: house.log, brands: house.brands, masterKey: Buffer.alloc(32, 7) },
  channels: () => ({ sms: null, email: null }),
})
const support = createSupport({
  ...{ db, clock, messaging },
  identity: house.identity,
  orderOf: ownOrderInBrief,
})
await house.http.register(support.routes)

const OWN = '15400070001'
await house.open({ msisdn: `86${OWN}`, paidMinor: 1230n })
const QUESTION = '充值成功了，但是余额没有变化。'
const bySms = (number: string) => ({ by: 'sms', number })

const open = async (who: Visitor, more: object = {}, key = newKey()) => {
  const captcha = await who.captcha()
  const body = { topic: 'top-up', body: QUESTION, locale: 'zh-CN', replyTo: bySms(OWN), captcha, ...more }
  return await who.send('POST', '/v1/cases', body, { 'idempotency-key': key })
}
const mine = async (who: Visitor) => (await who.get('/v1/me/cases')).body.cases
const messagesOf = async (template: string, to: string) =>
  await laika.query<{ filling: Record<string, string> }>(
    'select filling from {{brand}}.message where template = $1 and recipient = $2 order by id',
    [template, to],
  )
const sessionOf = async () => {
  const rows = await laika.query<{ id: string }>(
    'select id from {{brand}}.session where log_in is null order by id desc limit 1',
  )
  return rows[0]?.id ?? ''
}

describe('opening a case', () => {
  it('about an order of one’s own keeps what was seen of it, and is confirmed to the proved phone', async () => {
    const guest = await house.guest()
    const { body: order } = await house.place(guest, OWN, 5000n)
    const { status, body: view } = await open(guest, { order: order.id, replyTo: bySms(PAYER) })
    expect(status).toBe(201)
    expect(view).toEqual({
      number: expect.stringMatching(/^LK-26112\d-[0-9A-HJKMNP-TV-Z]{6}$/),
      ...{ state: 'open', topic: 'top-up', body: QUESTION, answer: null, answeredAt: null },
      order: {
        ...{ id: order.id, msisdn: '154****0001' },
        price: { amountMinor: '4980', currency: 'CNY' },
      },
      reply: { by: 'sms', to: '154****9999', confirmed: true },
      openedAt: expect.any(String),
    })
    expect(await mine(guest)).toEqual([view])
    expect(await messagesOf('case-opened', `86${PAYER}`)).toEqual([{ filling: { number: view.number } }])
  })

  it('nobody’s order but one’s own', async () => {
    const guest = await house.guest()
    const { body: order } = await house.place(guest, OWN, 10_000n)
    for (const other of [house.visit(), await house.guest('15400088888')]) {
      expect((await open(other, { order: order.id })).body.code).toBe('order-not-found')
    }
  })

  it('by nobody in particular: a captcha, no text to an address that was not proved', async () => {
    const who = house.visit()
    expect((await open(who, { captcha: undefined })).body.code).toBe('captcha-needed')
    expect((await open(who, { captcha: 'bm90IG9uZQ==' })).body.code).toBe('captcha-wrong')
    const { status, body } = await open(who, { replyTo: bySms('15400077777') })
    expect([status, body.reply.confirmed]).toEqual([201, false])
    expect(await messagesOf('case-opened', '8615400077777')).toEqual([])
    expect((await who.get('/v1/me/cases')).status).toBe(401)
  })

  it('by an account needs no captcha; its mailbox is proved, another is not', async () => {
    const account = await house.registered(OWN)
    const email = 'lin@example.com'
    const code = await house.codeFor(account, 'set-email', email)
    await account.send('PUT', '/v1/me/email', { email, code })
    const proved = await open(account, {
      captcha: undefined,
      replyTo: { by: 'email', email: 'LIN@example.com' },
    })
    expect(proved.body.reply).toEqual({ by: 'email', to: 'l****@example.com', confirmed: true })
    const other = { by: 'email', email: 'else@example.com' }
    expect((await open(account, { captcha: undefined, replyTo: other })).body.reply.confirmed).toBe(false)
    expect((await mine(account)).map((one: { reply: object }) => one.reply)).toHaveLength(2)
  })

  it('the same request again is the same case; another under its key is refused', async () => {
    const who = house.visit()
    const key = newKey()
    const [first, second] = [await open(who, {}, key), await open(who, {}, key)]
    expect(second.body).toEqual(first.body)
    expect((await open(who, { body: '另外一个问题。' }, key)).body.code).toBe('idempotency-key-reused')
  })

  it('of two at one moment with one key one is opened, and both are answered it', async () => {
    const key = newKey()
    const answers = await Promise.all([open(house.visit(), {}, key), open(house.visit(), {}, key)])
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect(answers[0]?.body).toEqual(answers[1]?.body)
  })

  it.each([
    ['too short a question', { body: '？？？' }, 400, 'field-malformed'],
    ['no number', { replyTo: bySms('1234') }, 422, 'number-invalid'],
    ['a number of no country of ours', { replyTo: bySms('+1 202 555 0100') }, 422, 'number-invalid'],
    ['no mailbox', { replyTo: { by: 'email', email: 'lin@' } }, 422, 'email-invalid'],
    ['a number as a mailbox', { replyTo: { by: 'email', email: OWN } }, 422, 'email-invalid'],
  ])('refuses %s', async (_, more, status, code) => {
    expect(await open(house.visit(), more)).toMatchObject({ status, body: { code } })
  })

  it('five a day for one caller', async () => {
    const guest = await house.guest()
    for (let i = 0; i < 5; i++) expect((await open(guest)).status).toBe(201)
    expect(await open(guest)).toMatchObject({ status: 429, body: { code: 'cases-too-many' } })
    clock.advance(24 * 3_600_000)
  })
})

describe('answering', () => {
  const answer = (number: string, text = '已为您补发，请查看余额。') =>
    laika.tx((tx) => answerCase(tx, { clock, messaging }, { number, text, actor: 'operator alice' }))

  it('is shown and told: by mail whole, by SMS that it is there', async () => {
    const guest = await house.guest()
    const { number } = (await open(guest)).body
    await answer(number, '请见 https://www.laika.example')
    expect((await mine(guest))[0]).toMatchObject({
      state: 'answered',
      answer: '请见 https://www.laika.example',
    })
    expect((await messagesOf('case-answered', `86${OWN}`)).at(-1)).toEqual({ filling: { number } })
    const email = 'answer@example.com'
    const mailed = (await open(guest, { replyTo: { by: 'email', email } })).body.number
    await answer(mailed)
    const told = await messagesOf('case-answered', email)
    expect(told).toEqual([{ filling: { number: mailed, answer: '已为您补发，请查看余额。' } }])
  })

  it('once', async () => {
    const { number } = (await open(house.visit())).body
    await answer(number)
    await expect(answer(number)).rejects.toMatchObject({ entry: { code: 'case-not-found' } })
    await expect(answer('LK-261122-000000')).rejects.toMatchObject({ entry: { code: 'case-not-found' } })
  })
})

describe('closing', () => {
  const close = (number: string, because: Closing) =>
    laika.tx((tx) => closeCase(tx, { clock }, { number, because, actor: 'operator alice' }))

  it.each(closings)('because %s is read in the answer’s place, and nobody is written to', async (because) => {
    const guest = await house.guest()
    const { number } = (await open(guest, { locale: 'en' })).body
    const before = await messagesOf('case-answered', `86${OWN}`)
    await close(number, because)
    expect((await mine(guest))[0]).toMatchObject({
      state: 'answered',
      answer: expect.stringMatching(/^[A-Z].*\.$/),
    })
    expect(await messagesOf('case-answered', `86${OWN}`)).toEqual(before)
    const acts = await laika.query(
      `select a.actor, a.act, a.reason from {{brand}}.audit a join {{brand}}.support_case c on c.id::text = a.subject
        where c.number = $1`,
      [number],
    )
    expect(acts).toEqual([{ actor: 'operator alice', act: 'case closed', reason: because }])
    clock.advance(24 * 3_600_000)
  })

  it('in the language of the question', async () => {
    const guest = await house.guest()
    const { number } = (await open(guest)).body
    await close(number, 'by-phone')
    expect((await mine(guest))[0]).toMatchObject({ answer: '这件事已经在电话里答复您了。' })
  })

  it('once, and nothing that is answered', async () => {
    const { number } = (await open(house.visit())).body
    await close(number, 'duplicate')
    await expect(close(number, 'by-phone')).rejects.toMatchObject({ entry: { code: 'case-not-found' } })
    await expect(close('LK-261122-000000', 'by-phone')).rejects.toMatchObject({
      entry: { code: 'case-not-found' },
    })
  })
})

describe('whose a case is', () => {
  const logIn = '019aab00-0000-7000-8000-000000000001'
  const claim = (guest: string, orders: readonly string[]) =>
    laika.tx((tx) => moveCases(tx, { guest, logIn, phone: `86${PAYER}`, orders }))
  const callersOf = async (numbers: readonly string[]) => {
    const rows = await laika.query<{ caller: string }>(
      'select caller from {{brand}}.support_case where number = any($1::text[]) order by id',
      [numbers],
    )
    return rows.map(({ caller }) => caller)
  }

  it('moves with its order, or with the phone it is to be answered at', async () => {
    const guest = await house.guest()
    const session = await sessionOf()
    const { body: order } = await house.place(guest, OWN, 20_000n)
    const about = (await open(guest, { order: order.id })).body.number
    const toPhone = (await open(guest, { replyTo: bySms(PAYER) })).body.number
    const elsewhere = (await open(guest)).body.number
    await claim(session, [])
    expect(await callersOf([about, toPhone, elsewhere])).toEqual([session, logIn, session])
    expect(await fsck(db, ['laika'], supportChecks)).toEqual([])
    const [{ id = '' } = {}] = await laika.query<{ id: string }>(
      'select top_up as id from {{brand}}.support_case where number = $1',
      [about],
    )
    await claim(session, [id])
    expect(await callersOf([about])).toEqual([logIn])
    // The order itself did not move: that is what the check is for.
    expect((await fsck(db, ['laika'], supportChecks)).map((violation) => violation.id)).toEqual(['SP1'])
    await owner.query('update laika.support_case set caller = $1 where number = $2', [session, about])
  })

  it('loses where to answer when its account is closed', async () => {
    const guest = await house.guest()
    const session = await sessionOf()
    const { number } = (await open(guest)).body
    await laika.tx((tx) => wipeReplies(tx, session))
    expect((await mine(guest))[0]).toMatchObject({ number, reply: { by: 'sms', to: null } })
    await laika.tx((tx) =>
      answerCase(tx, { clock, messaging }, { number, text: '好的', actor: 'operator alice' }),
    )
  })
})
