import { describe, expect, test } from 'vitest'
import { identityHouse, TERMS } from '../../test/support/identity.ts'
import type { Visitor } from '../../test/support/visitor.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const PASSWORD = 'seven giraffes knit quietly'
const plentyOfCodes = { points: 1_000_000, windowSeconds: 3600 }
const house = await identityHouse({
  codeLimits: {
    perAddressMinute: { points: 1, windowSeconds: 60 },
    ...{ perAddressDay: plentyOfCodes, perHost: plentyOfCodes, perNetwork: plentyOfCodes },
    ...{ perNumberBlock: plentyOfCodes, budget: plentyOfCodes },
  },
})
const { db, clock, epochs, visit, codeFor, registered } = house
const laika = db.of('laika')
let numbers = 20_000
const newNumber = () => `154200${numbers++}`
const idOf = async (number: string): Promise<string> => {
  const rows = await laika.query<{ id: string }>('select id from {{brand}}.log_in where phone = $1', [
    `86${number}`,
  ])
  return rows[0]?.id ?? ''
}

/** Logs in by code from a browser of its own. */
async function byCode(number: string, headers: Record<string, string> = {}, visitor = visit()) {
  clock.advance(MINUTE_MS)
  const code = await codeFor(visitor, 'log-in', number)
  const answer = await visitor.send('POST', '/v1/log-ins', { by: 'sms-code', number, code }, headers)
  expect(answer.status).toBe(200)
  return visitor
}

describe('the account', () => {
  test('tells its holder what it holds', async () => {
    const number = newNumber()
    const holder = await registered(number, PASSWORD)
    expect((await holder.get('/v1/me')).body).toEqual({
      ...{ name: null, locale: 'zh-CN', msisdn: `86${number}`, email: null, hasPassword: true },
      registeredAt: expect.stringMatching(/^2026-/),
      terms: { accepted: TERMS, inForce: TERMS },
      phoneChange: null,
    })
  })

  test.each([
    ['  小   林 ', '小 林'],
    ['\u202egnol\u0007', 'gnol'],
    ['   ', null],
    [null, null],
    ['长'.repeat(60), '长'.repeat(40)],
  ])('is called %j: %j', async (typed, name) => {
    const holder = await registered(newNumber())
    const answer = await holder.send('PUT', '/v1/me/profile', { name: typed, locale: 'en' })
    expect(answer.status).toBe(204)
    expect((await holder.get('/v1/me')).body).toMatchObject({ name, locale: 'en' })
  })

  test('accepts new terms once they are in force, and no others', async () => {
    const newer = await identityHouse({ termsVersion: '2027-01' })
    const holder = newer.visit()
    const number = newNumber()
    const code = await newer.codeFor(holder, 'register', number)
    const accepted = { acceptedTerms: true, termsVersion: '2027-01', locale: 'zh-CN' }
    await holder.send('POST', '/v1/registrations', { number, code, ...accepted })
    await newer.owner.query(`update laika.terms_acceptance set version = '2026-11'`)
    expect((await holder.get('/v1/me')).body.terms).toEqual({ accepted: '2026-11', inForce: '2027-01' })
    expect(await holder.send('POST', '/v1/me/terms', { version: '2026-11' })).toMatchObject({
      status: 422,
      body: { code: 'terms-outdated', inForce: '2027-01' },
    })
    newer.clock.advance(1)
    for (let again = 0; again < 2; again++) {
      expect((await holder.send('POST', '/v1/me/terms', { version: '2027-01' })).status).toBe(204)
    }
    expect((await holder.get('/v1/me')).body.terms.accepted).toBe('2027-01')
    const rows = await newer.db.of('laika').query('select from {{brand}}.terms_acceptance')
    expect(rows).toHaveLength(2)
  })

  test('is nobody else’s to see', async () => {
    expect((await visit().get('/v1/me')).body.code).toBe('not-authenticated')
  })
})

describe('devices', () => {
  const firefox = {
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:132.0) Gecko/20100101 Firefox/132.0',
  }
  const sessionsOf = async (visitor: Visitor) => (await visitor.get('/v1/me/sessions')).body.sessions

  test('this one first, then by when they were seen; what is over is not shown', async () => {
    const number = newNumber()
    await registered(number)
    clock.advance(31 * DAY_MS)
    await byCode(number)
    const desk = await byCode(number, firefox)
    const phone = await byCode(number)
    const shown = await sessionsOf(desk)
    expect(shown).toHaveLength(3)
    expect(shown[0]).toMatchObject({ current: true, browser: 'firefox', system: 'windows', assurance: 'sms' })
    expect(shown[1]).toMatchObject({ current: false, browser: null, system: null })
    expect(shown[1].seenAt > shown[2].seenAt).toBe(true)
    expect((await sessionsOf(phone))[0].id).toBe(shown[1].id)
  })

  test('one is signed out at once, and only by its own account', async () => {
    const number = newNumber()
    const desk = await registered(number)
    const phone = await byCode(number)
    const [, other] = await sessionsOf(desk)
    const stranger = await registered(newNumber())
    expect((await stranger.send('DELETE', `/v1/me/sessions/${other.id}`)).body.code).toBe('session-missing')
    expect((await phone.get('/v1/session')).body.kind).toBe('login')
    expect((await desk.send('DELETE', `/v1/me/sessions/${other.id}`)).status).toBe(204)
    expect((await phone.get('/v1/session')).body.kind).toBe('none')
    expect((await desk.send('DELETE', `/v1/me/sessions/${other.id}`)).status).toBe(404)
  })

  test('all others are signed out together', async () => {
    const number = newNumber()
    const desk = await registered(number)
    const others = [await byCode(number), await byCode(number)]
    expect((await desk.send('DELETE', '/v1/me/sessions')).status).toBe(204)
    for (const other of others) expect((await other.get('/v1/session')).body.kind).toBe('none')
    expect(await sessionsOf(desk)).toHaveLength(1)
  })
})

describe('what a guest had', () => {
  /** A browser whose guest has proved a phone. */
  async function guestOf(number: string) {
    const guest = visit()
    const code = await codeFor(guest, 'payer', number)
    await guest.send('POST', '/v1/codes/payer', { number, code })
    const rows = await laika.query<{ id: string }>(
      'select id from {{brand}}.session where log_in is null order by id desc limit 1',
    )
    return { guest, id: rows[0]?.id }
  }

  test('is claimed by the registration in that browser', async () => {
    const number = newNumber()
    const { guest, id } = await guestOf(number)
    clock.advance(MINUTE_MS)
    const code = await codeFor(guest, 'register', number)
    const accepted = { acceptedTerms: true, termsVersion: TERMS, locale: 'zh-CN' }
    await guest.send('POST', '/v1/registrations', { number, code, ...accepted })
    const claim = { guest: id, logIn: await idOf(number), phone: `86${number}` }
    expect(house.claimed.at(-1)).toEqual(claim)
  })

  test('is claimed by a log-in in that browser, for the account’s own phone', async () => {
    const number = newNumber()
    await registered(number)
    const { guest, id } = await guestOf(newNumber())
    await byCode(number, {}, guest)
    expect(house.claimed.at(-1)).toEqual({ guest: id, logIn: await idOf(number), phone: `86${number}` })
  })

  test('is not claimed by another browser, nor once the number has passed on', async () => {
    const number = newNumber()
    const desk = await registered(number, PASSWORD)
    const before = house.claimed.length
    await byCode(number)
    await byCode(number, {}, desk)
    epochs.set(`86${number}`, 9)
    const { guest } = await guestOf(newNumber())
    const captcha = await guest.captcha()
    const byPassword = { by: 'password', name: number, password: PASSWORD, captcha }
    expect((await guest.send('POST', '/v1/log-ins', byPassword)).status).toBe(200)
    expect(house.claimed).toHaveLength(before)
  })
})

describe('closing', () => {
  const close = (visitor: Visitor, more: object = {}) =>
    visitor.send('POST', '/v1/me/closure', { understood: true, ...more })

  test('takes all that opens or names it, and tells the holder', async () => {
    const number = newNumber()
    const desk = await registered(number)
    const phone = await byCode(number)
    const id = await idOf(number)
    await phone.send('PUT', '/v1/me/profile', { name: '小林', locale: 'zh-CN' })
    expect((await close(phone)).status).toBe(204)
    for (const one of [desk, phone]) expect((await one.get('/v1/session')).body.kind).toBe('none')
    const [row] = await laika.query('select * from {{brand}}.log_in where id = $1', [id])
    expect(row).toMatchObject({
      ...{ phone: null, email: null, password_hash: null, display_name: null },
      disabled_at: clock.instant(),
    })
    expect(house.letGo).toContain(id)
    const told = await laika.query<{ template: string }>(
      'select template from {{brand}}.message where recipient = $1 order by id desc limit 1',
      [`86${number}`],
    )
    expect(told).toEqual([{ template: 'account-closed' }])
    clock.advance(MINUTE_MS)
    await registered(number)
    expect(await idOf(number)).not.toBe(id)
  })

  test('not while an order is open', async () => {
    const number = newNumber()
    const holder = await registered(number)
    house.withOpenOrders.add(await idOf(number))
    expect(await close(holder)).toMatchObject({ status: 409, body: { code: 'orders-open' } })
    expect((await holder.get('/v1/me')).status).toBe(200)
  })

  test('with a password: only in a session by it, and with it', async () => {
    const number = newNumber()
    const bySms = await registered(number, PASSWORD)
    expect((await close(bySms, { current: PASSWORD })).body.code).toBe('assurance-too-low')
    const desk = visit('laika', '2001:db8:77::1')
    const captcha = await desk.captcha()
    await desk.send('POST', '/v1/log-ins', { by: 'password', name: number, password: PASSWORD, captcha })
    expect((await close(desk)).body.code).toBe('password-wrong')
    expect((await close(desk, { current: 'nine walruses hum at noon' })).body.code).toBe('password-wrong')
    expect((await close(desk, { current: PASSWORD })).status).toBe(204)
  })

  test('without one: only soon after a log-in', async () => {
    const holder = await registered(newNumber())
    clock.advance(10 * MINUTE_MS)
    expect((await close(holder)).body.code).toBe('session-too-old')
  })
})
