import { describe, expect, test } from 'vitest'
import { identityHouse } from '../../test/support/identity.ts'
import type { Visitor } from '../../test/support/visitor.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const PASSWORD = 'seven giraffes knit quietly'
const plenty = { points: 1_000_000, windowSeconds: 3600 }
const house = await identityHouse({
  codeLimits: {
    perAddressMinute: { points: 1, windowSeconds: 60 },
    ...{ perAddressDay: plenty, perHost: plenty, perNetwork: plenty, perNumberBlock: plenty, budget: plenty },
  },
})
const { db, clock, brands, epochs, visit, codeFor, registered } = house
const laika = db.of('laika')
let numbers = 30_000
const newNumber = () => `154300${numbers++}`
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')
const brand = brands.get('laika')
const carryOut = () => house.identity.carryOutPhoneChanges(brand)

async function byPassword(name: string): Promise<Visitor> {
  const visitor = visit('laika', `2001:db8:${(numbers++).toString(16)}::1`)
  const captcha = await visitor.captcha()
  const answer = await visitor.send('POST', '/v1/log-ins', {
    ...{ by: 'password', name, password: PASSWORD, captcha },
  })
  expect(answer.status).toBe(200)
  return visitor
}

/** Somebody with a password and, a week old, an e-mail address, in a session by password. */
async function settled(number = newNumber()) {
  const phone = await registered(number, PASSWORD)
  const email = `m${number}@example.com`
  const code = await codeFor(phone, 'set-email', email)
  expect((await phone.send('PUT', '/v1/me/email', { email, code })).status).toBe(204)
  clock.advance(7 * DAY_MS)
  return { number, email, phone, desk: await byPassword(number) }
}

const change = (visitor: Visitor, number: string, code: string, proof: object) =>
  visitor.send('PUT', '/v1/me/phone', { number, code, proof })

/** Proved by the old phone. */
async function changeAtHand(desk: Visitor, old: string, number: string) {
  const proof = { by: 'phone', code: await codeFor(desk, 'change-phone', old) }
  return await change(desk, number, await codeFor(desk, 'new-phone', number), proof)
}

/** Proved by the mailbox, the phone being lost. */
async function changeLost(desk: Visitor, email: string, number: string, password = PASSWORD) {
  clock.advance(MINUTE_MS)
  const proof = { by: 'email', code: await codeFor(desk, 'change-phone', email), password }
  return await change(desk, number, await codeFor(desk, 'new-phone', number), proof)
}

const toldLast = async (to: string) => {
  const rows = await laika.query<{ template: string; filling: Record<string, string> }>(
    'select template, filling from {{brand}}.message where recipient = $1 order by id desc limit 1',
    [to],
  )
  return rows[0]
}
const phoneOf = async (visitor: Visitor) => (await visitor.get('/v1/me')).body.msisdn

describe('with the old phone at hand', () => {
  test('at once: other sessions end, both places are told, the old number opens nothing', async () => {
    const { number, email, phone, desk } = await settled()
    const next = newNumber()
    expect((await changeAtHand(desk, number, next)).status).toBe(204)
    expect(await phoneOf(desk)).toBe(`86${next}`)
    expect((await phone.get('/v1/session')).body.kind).toBe('none')
    const masked = `${next.slice(0, 3)}****${next.slice(-4)}`
    for (const to of [`86${number}`, email]) {
      expect(await toldLast(to)).toMatchObject({ template: 'phone-changed', filling: { number: masked } })
    }
    clock.advance(MINUTE_MS)
    const stranger = visit()
    const code = await codeFor(stranger, 'log-in', number)
    const logIn = await stranger.send('POST', '/v1/log-ins', { by: 'sms-code', number, code })
    expect(logIn.body.code).toBe('not-registered')
    await byPassword(next)
  })

  test('a line of the brand is bound, at the epoch it has', async () => {
    const { number, desk } = await settled()
    const next = newNumber()
    epochs.set(`86${next}`, 4)
    expect((await changeAtHand(desk, number, next)).status).toBe(204)
    expect(house.bound.at(-1)?.msisdn).toBe(`86${next}`)
  })

  test('says which of the two codes is wrong, counts it, and keeps the other', async () => {
    const { number, desk } = await settled()
    const next = newNumber()
    const old = await codeFor(desk, 'change-phone', number)
    const fresh = await codeFor(desk, 'new-phone', next)
    const wrongOld = await change(desk, next, fresh, { by: 'phone', code: wrong(old) })
    expect(wrongOld.body).toMatchObject({ code: 'code-wrong', triesLeft: 4, pointer: '/proof/code' })
    const wrongNew = await change(desk, next, wrong(fresh), { by: 'phone', code: old })
    expect(wrongNew.body).toMatchObject({ code: 'code-wrong', triesLeft: 4, pointer: '/code' })
    expect((await change(desk, next, fresh, { by: 'phone', code: old })).status).toBe(204)
    const again = await change(desk, newNumber(), fresh, { by: 'phone', code: old })
    expect(again.status).toBe(422)
  })

  test('only in a session by password, and not to the number it is', async () => {
    const { number, phone, desk } = await settled()
    const proof = { by: 'phone', code: '123456' }
    expect((await change(phone, newNumber(), '123456', proof)).body.code).toBe('assurance-too-low')
    expect((await change(desk, number, '123456', proof)).body.code).toBe('phone-same')
  })

  test('not once the old number has passed to somebody else', async () => {
    const { number, desk } = await settled()
    epochs.set(`86${number}`, 2)
    const proof = { by: 'phone', code: '123456' }
    expect((await change(desk, newNumber(), '123456', proof)).body.code).toBe('epoch-changed')
  })

  test('the phone of another account is refused, to who has it in hand; one that passed on is taken', async () => {
    const { number, desk } = await settled()
    const theirs = newNumber()
    await registered(theirs)
    clock.advance(MINUTE_MS)
    expect((await changeAtHand(desk, number, theirs)).body.code).toBe('phone-taken')
    epochs.set(`86${theirs}`, 3)
    clock.advance(MINUTE_MS)
    expect((await changeAtHand(desk, number, theirs)).status).toBe(204)
    expect(await phoneOf(desk)).toBe(`86${theirs}`)
  })

  test('its codes are sent nowhere but to the account’s own phone and mailbox', async () => {
    const { desk } = await settled()
    const captcha = await desk.captcha()
    const wish = { purpose: 'change-phone', to: newNumber(), captcha, locale: 'zh-CN' }
    expect((await desk.send('POST', '/v1/codes', wish)).body.code).toBe('address-not-own')
  })
})

describe('with the old phone lost', () => {
  test('after a day that both places are told of; then every session ends', async () => {
    const { number, email, desk } = await settled()
    const next = newNumber()
    const asked = await changeLost(desk, email, next)
    expect(asked).toMatchObject({ status: 202 })
    const { dueAt, askedAt } = asked.body
    expect(Date.parse(dueAt) - Date.parse(askedAt)).toBe(DAY_MS)
    for (const to of [`86${number}`, email]) {
      expect((await toldLast(to))?.template).toBe('phone-change-asked')
    }
    clock.advance(DAY_MS - 1)
    expect(await carryOut()).toBe(0)
    expect((await desk.get('/v1/me')).body).toMatchObject({
      msisdn: `86${number}`,
      phoneChange: asked.body,
    })
    clock.advance(1)
    expect(await carryOut()).toBe(1)
    expect(await carryOut()).toBe(0)
    expect((await desk.get('/v1/session')).body.kind).toBe('none')
    expect((await toldLast(`86${number}`))?.template).toBe('phone-changed')
    const anew = await byPassword(next)
    expect((await anew.get('/v1/me')).body).toMatchObject({ msisdn: `86${next}`, phoneChange: null })
  })

  test('the holder of the old phone stops it, and whoever asked is signed out', async () => {
    const { number, email, desk } = await settled()
    await changeLost(desk, email, newNumber())
    const owner = visit()
    clock.advance(MINUTE_MS)
    const code = await codeFor(owner, 'log-in', number)
    await owner.send('POST', '/v1/log-ins', { by: 'sms-code', number, code })
    expect((await owner.send('DELETE', '/v1/me/phone-change')).status).toBe(204)
    expect((await desk.get('/v1/session')).body.kind).toBe('none')
    expect((await toldLast(email))?.template).toBe('phone-change-stopped')
    clock.advance(2 * DAY_MS)
    expect(await carryOut()).toBe(0)
    expect(await phoneOf(owner)).toBe(`86${number}`)
    expect((await owner.send('DELETE', '/v1/me/phone-change')).body.code).toBe('phone-change-missing')
  })

  test('needs the password, a mailbox, and that the mailbox is not new', async () => {
    const { email, desk } = await settled()
    const refused = await changeLost(desk, email, newNumber(), 'nine walruses hum at noon')
    expect(refused.body.code).toBe('password-wrong')
    const number = newNumber()
    const phone = await registered(number, PASSWORD)
    const without = await byPassword(number)
    const proof = { by: 'email', code: '123456', password: PASSWORD }
    expect((await change(without, newNumber(), '123456', proof)).body.code).toBe('email-missing')
    const mail = `n${number}@example.com`
    await phone.send('PUT', '/v1/me/email', {
      ...{ email: mail, code: await codeFor(phone, 'set-email', mail) },
    })
    expect((await change(without, newNumber(), '123456', proof)).body).toMatchObject({
      code: 'email-too-new',
      daysLeft: 7,
    })
  })

  test('a later wish takes the place of an earlier one; the fourth in a week is refused and spends nothing', async () => {
    const { email, desk } = await settled()
    const wishes = [newNumber(), newNumber(), newNumber()]
    for (const wish of wishes) expect((await changeLost(desk, email, wish)).status).toBe(202)
    const fourth = newNumber()
    clock.advance(MINUTE_MS)
    const proof = { by: 'email', code: await codeFor(desk, 'change-phone', email), password: PASSWORD }
    const code = await codeFor(desk, 'new-phone', fourth)
    expect((await change(desk, fourth, code, proof)).body.code).toBe('phone-change-too-many')
    expect((await change(desk, fourth, code, proof)).body.code).toBe('phone-change-too-many')
    clock.advance(DAY_MS)
    expect(await carryOut()).toBe(1)
    expect(await phoneOf(await byPassword(wishes[2] as string))).toBe(`86${wishes[2]}`)
  })

  test('lapses when the number became somebody else’s meanwhile', async () => {
    const { email, desk, number } = await settled()
    const next = newNumber()
    await changeLost(desk, email, next)
    clock.advance(MINUTE_MS)
    await registered(next)
    clock.advance(DAY_MS)
    expect(await carryOut()).toBe(0)
    expect(await phoneOf(await byPassword(number))).toBe(`86${number}`)
    const other = await settled()
    const passing = newNumber()
    await changeLost(other.desk, other.email, passing)
    epochs.set(`86${passing}`, 5)
    clock.advance(DAY_MS)
    expect(await carryOut()).toBe(0)
    const ends = await laika.query('select outcome from {{brand}}.phone_change order by id desc limit 2')
    expect(ends).toEqual([{ outcome: 'lapsed' }, { outcome: 'lapsed' }])
  })

  test('says nothing to an old number that is somebody else’s by now', async () => {
    const { number, email, desk } = await settled()
    const before = await toldLast(`86${number}`)
    epochs.set(`86${number}`, 2)
    expect((await changeLost(desk, email, newNumber())).status).toBe(202)
    expect(await toldLast(`86${number}`)).toEqual(before)
    expect((await toldLast(email))?.template).toBe('phone-change-asked')
  })
})
