import { describe, expect, test } from 'vitest'
import { TERMS } from '../../test/support/identity.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { monotonicMs } from '../platform/clock.ts'
import { accountsHouse, OTHER_PASSWORD, PASSWORD } from './accounts-fixture.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const house = await accountsHouse()
const { clock, epochs, visit, codeFor, registered } = house
const { laika, newNumber, newNetwork, wrong, byPassword, audits, messagesTo } = house

const register = (visitor: Visitor, number: string, code: string, change: object = {}) =>
  visitor.send('POST', '/v1/registrations', {
    number,
    code,
    acceptedTerms: true,
    termsVersion: TERMS,
    locale: 'zh-CN',
    ...change,
  })
const bySms = (visitor: Visitor, number: string, code: string) =>
  visitor.send('POST', '/v1/log-ins', { by: 'sms-code', number, code })
const byEmail = (visitor: Visitor, email: string, code: string) =>
  visitor.send('POST', '/v1/log-ins', { by: 'email-code', email, code })

describe('registration', () => {
  test('makes an account, records the terms, welcomes and logs in', async () => {
    const number = newNumber()
    const visitor = visit()
    const answer = await register(visitor, number, await codeFor(visitor, 'register', number))
    expect(answer).toMatchObject({
      status: 201,
      body: { kind: 'login', assurance: 'sms', msisdn: `86${number}`, email: null, hasPassword: false },
    })
    expect((await visitor.get('/v1/session')).body).toEqual(answer.body)
    const [terms] = await laika.query<{ version: string; accepted_at: number }>(
      `select version, accepted_at from {{brand}}.terms_acceptance t
        join {{brand}}.log_in l on l.id = t.log_in where l.phone = $1`,
      [`86${number}`],
    )
    expect(terms).toEqual({ version: TERMS, accepted_at: clock.instant() })
    expect((await messagesTo(`86${number}`)).map((m) => m.template)).toEqual(['register-code', 'welcome'])
    expect(await audits('account registered')).not.toHaveLength(0)
  })

  test.each([
    ['other terms than those in force', { termsVersion: '2020-01' }, 422, 'terms-outdated'],
    ['terms not accepted', { acceptedTerms: false }, 400, 'field-malformed'],
    ['a short password', { password: 'kX9#vTq2' }, 422, 'password-too-short'],
    ['a common password', { password: 'passwordpassword' }, 422, 'password-common'],
    ['an e-mail address, which no code has proved', { email: 'a@example.com' }, 400, 'field-unknown'],
    ['a landline', { number: '01012345678' }, 422, 'number-invalid'],
  ])('refuses %s, and the code stays usable', async (_, change, status, problem) => {
    const number = newNumber()
    const code = await codeFor(visit(), 'register', number)
    expect(await register(visit(), number, code, change)).toMatchObject({ status, body: { code: problem } })
    expect((await register(visit(), number, code)).status).toBe(201)
  })

  test('binds the account’s own number where that is a line of the brand', async () => {
    const [own, foreign] = [newNumber(), newNumber()]
    epochs.set(`86${own}`, 4)
    await registered(own)
    await registered(foreign)
    const [row] = await laika.query<{ id: string; phone_epoch: number }>(
      'select id, phone_epoch from {{brand}}.log_in where phone = $1',
      [`86${own}`],
    )
    expect(row?.phone_epoch).toBe(4)
    const ofThese = house.bound.filter(({ msisdn }) => [`86${own}`, `86${foreign}`].includes(msisdn))
    expect(ofThese).toEqual([{ logIn: row?.id, msisdn: `86${own}` }])
  })

  test('a wrong code is counted, with a password and without', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'register', number)
    expect((await register(visit(), number, wrong(code))).body).toMatchObject({ triesLeft: 4 })
    const withPassword = await register(visit(), number, wrong(code), { password: PASSWORD })
    expect(withPassword.body).toMatchObject({ code: 'code-wrong', triesLeft: 3 })
    expect((await register(visit(), number, code, { password: PASSWORD })).status).toBe(201)
  })

  test('of ten at once with one code, one makes the account', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'register', number)
    const answers = await Promise.all(Array.from({ length: 10 }, () => register(visit(), number, code)))
    expect(answers.map((a) => a.body.code ?? 'made').sort()).toEqual([
      ...Array.from({ length: 9 }, () => 'code-spent'),
      'made',
    ])
  })

  test('who has a right code and an account is told so, and logs in with the same code', async () => {
    const number = newNumber()
    await registered(number)
    clock.advance(MINUTE_MS)
    const code = await codeFor(visit(), 'register', number)
    expect((await register(visit(), number, wrong(code))).body.code).toBe('code-wrong')
    const again = await register(visit(), number, code)
    expect(again).toMatchObject({ status: 422, body: { code: 'already-registered' } })
    expect((await bySms(visit(), number, code)).status).toBe(200)
  })
})

describe('log-in by code', () => {
  test('to the phone', async () => {
    const number = newNumber()
    await registered(number)
    clock.advance(MINUTE_MS)
    const code = await codeFor(visit(), 'log-in', number)
    const answer = await bySms(visit(), number, code)
    expect(answer).toMatchObject({ status: 200, body: { kind: 'login', assurance: 'sms' } })
    expect(answer.body.payerVerifiedUntil).not.toBeNull()
    expect((await bySms(visit(), number, code)).body.code).toBe('code-spent')
  })

  test('a number without an account learns so only by a right code, which then registers it', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'log-in', number)
    expect((await bySms(visit(), number, wrong(code))).body.code).toBe('code-wrong')
    const unknown = await bySms(visit(), number, code)
    expect(unknown).toMatchObject({ status: 422, body: { code: 'not-registered' } })
    expect(unknown.headers['set-cookie']).toBeUndefined()
    expect((await register(visit(), number, code)).status).toBe(201)
    expect((await bySms(visit(), number, code)).body.code).toBe('code-spent')
  })

  test('to the e-mail address, once it was set', async () => {
    const number = newNumber()
    const holder = await registered(number)
    const email = `reader${number}@example.com`
    const setCode = await codeFor(holder, 'set-email', email)
    const body = { email: email.toUpperCase(), code: setCode }
    expect((await holder.send('PUT', '/v1/me/email', body)).status).toBe(204)
    clock.advance(MINUTE_MS)
    const answer = await byEmail(visit(), email, await codeFor(visit(), 'log-in', email))
    expect(answer).toMatchObject({ status: 200, body: { assurance: 'sms', email, payerVerifiedUntil: null } })
  })

  test('a number that passed to somebody new no longer opens the old account', async () => {
    const number = newNumber()
    epochs.set(`86${number}`, 1)
    const former = await registered(number)
    const email = `former${number}@example.com`
    const setCode = await codeFor(former, 'set-email', email)
    await former.send('PUT', '/v1/me/email', { email, code: setCode })
    epochs.set(`86${number}`, 2)
    clock.advance(MINUTE_MS)
    const code = await codeFor(visit(), 'log-in', number)
    expect((await bySms(visit(), number, code)).body.code).toBe('not-registered')
    const holder = visit()
    expect((await register(holder, number, code)).status).toBe(201)
    expect((await former.get('/v1/session')).body.kind).toBe('none')
    expect((await holder.get('/v1/session')).body).toMatchObject({ msisdn: `86${number}`, email: null })
    const back = await byEmail(visit(), email, await codeFor(visit(), 'log-in', email))
    expect(back).toMatchObject({ status: 200, body: { email, msisdn: null } })
    expect(await audits('phone detached')).toHaveLength(1)
  })

  test('an account that only the lost number opened is closed', async () => {
    const number = newNumber()
    await registered(number)
    epochs.set(`86${number}`, 1)
    clock.advance(MINUTE_MS)
    await register(visit(), number, await codeFor(visit(), 'register', number))
    const rows = await laika.query<{ phone: string | null; disabled: boolean }>(
      `select phone, disabled_at is not null as disabled from {{brand}}.log_in
        where created_at >= to_timestamp($1 / 1000.0) - interval '90 seconds' order by id`,
      [clock.instant()],
    )
    expect(rows.slice(-2)).toEqual([
      { phone: null, disabled: true },
      { phone: `86${number}`, disabled: false },
    ])
  })

  test('a closed account is refused, to who has a right code', async () => {
    const number = newNumber()
    const holder = await registered(number)
    const [row] = await laika.query<{ id: string }>('select id from {{brand}}.log_in where phone = $1', [
      `86${number}`,
    ])
    await laika.tx((tx) =>
      house.identity.endLogIn(tx, row?.id as string, {
        actor: 'operator alice',
        reason: 'asked for by the holder',
      }),
    )
    expect((await holder.get('/v1/session')).body.kind).toBe('none')
    clock.advance(MINUTE_MS)
    const code = await codeFor(visit(), 'log-in', number)
    expect((await bySms(visit(), number, wrong(code))).body.code).toBe('code-wrong')
    expect(await bySms(visit(), number, code)).toMatchObject({
      status: 403,
      body: { code: 'log-in-disabled' },
    })
  })
})

describe('log-in by password', () => {
  test('by phone or e-mail, in any form they are typed', async () => {
    const number = newNumber()
    await registered(number, PASSWORD)
    for (const name of [number, `+86 ${number}`, `0086${number}`]) {
      const answer = await byPassword(name, PASSWORD)
      expect(answer).toMatchObject({ status: 200, body: { assurance: 'password', hasPassword: true } })
    }
  })

  test('whatever is wrong, the answer is one', async () => {
    const [number, without, closed] = [newNumber(), newNumber(), newNumber()]
    await registered(number, PASSWORD)
    await registered(without)
    await registered(closed, PASSWORD)
    await laika.query('update {{brand}}.log_in set disabled_at = created_at where phone = $1', [
      `86${closed}`,
    ])
    const bodies = []
    for (const [name, password] of [
      [number, OTHER_PASSWORD],
      [number, ''],
      [without, PASSWORD],
      [closed, PASSWORD],
      [newNumber(), PASSWORD],
      ['nobody@example.com', PASSWORD],
    ] as const) {
      const { status, body } = await byPassword(name, password)
      bodies.push({ status, ...body, requestId: '' })
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
    expect(bodies[0]).toMatchObject({ status: 422, code: 'log-in-failed', moneyMoved: false })
  })

  test('a name that exists and one that does not take the same time', async () => {
    const number = newNumber()
    await registered(number, PASSWORD)
    const fastest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
    for (let i = 0; i < 9; i++) {
      for (const kind of ['known', 'unknown'] as const) {
        const visitor = visit('laika', newNetwork())
        const captcha = await visitor.captcha()
        const name = kind === 'known' ? number : newNumber()
        const began = monotonicMs()
        await visitor.send('POST', '/v1/log-ins', { by: 'password', name, password: OTHER_PASSWORD, captcha })
        fastest[kind] = Math.min(fastest[kind], monotonicMs() - began)
      }
    }
    expect(fastest.unknown / fastest.known).toBeGreaterThan(0.6)
    expect(fastest.unknown / fastest.known).toBeLessThan(1.6)
  })

  test('ten tries in a quarter of an hour with one name, known or not', async () => {
    const number = newNumber()
    await registered(number, PASSWORD)
    for (const name of [number, newNumber()]) {
      for (let i = 0; i < 10; i++)
        expect((await byPassword(name, OTHER_PASSWORD)).body.code).toBe('log-in-failed')
      expect(await byPassword(name, PASSWORD)).toMatchObject({
        status: 429,
        body: { code: 'log-in-too-many', retryAfterSeconds: 900 },
      })
    }
    clock.advance(15 * MINUTE_MS)
    expect((await byPassword(number, PASSWORD)).status).toBe(200)
  })

  test('a captcha is needed, and spent', async () => {
    const visitor = visit()
    const captcha = await visitor.captcha()
    const body = { by: 'password', name: newNumber(), password: PASSWORD }
    const send = (given: string) => visitor.send('POST', '/v1/log-ins', { ...body, captcha: given })
    expect((await send('bm8=')).body.code).toBe('captcha-wrong')
    expect((await send(captcha)).body.code).toBe('log-in-failed')
    expect((await send(captcha)).body.code).toBe('captcha-spent')
  })

  test('after a hundred wrong ones the password opens nothing until a code has', async () => {
    const number = newNumber()
    await registered(number, PASSWORD)
    await laika.query('update {{brand}}.log_in set password_failures = 98 where phone = $1', [`86${number}`])
    const tries = await Promise.all(Array.from({ length: 4 }, () => byPassword(number, OTHER_PASSWORD)))
    expect(new Set(tries.map((t) => t.body.code))).toEqual(new Set(['log-in-failed']))
    expect((await byPassword(number, PASSWORD)).body.code).toBe('log-in-failed')
    clock.advance(15 * MINUTE_MS)
    expect((await bySms(visit(), number, await codeFor(visit(), 'log-in', number))).status).toBe(200)
    expect((await byPassword(number, PASSWORD)).status).toBe(200)
  })
})

test('tidying forgets what has ended and keeps what counts', async () => {
  const number = newNumber()
  const holder = await registered(number)
  await visit().captcha()
  clock.advance(91 * DAY_MS)
  const fresh = await registered(newNumber())
  await house.identity.tidy('laika')
  const left = async (table: 'session' | 'one_time_code' | 'spent_captcha') =>
    (await laika.query(`select 1 from {{brand}}.${table}`)).length
  expect(await left('session')).toBe(1)
  expect(await left('one_time_code')).toBe(1)
  expect(await left('spent_captcha')).toBe(1)
  expect((await holder.get('/v1/session')).body.kind).toBe('none')
  expect((await fresh.get('/v1/session')).body.kind).toBe('login')
})
