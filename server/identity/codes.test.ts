import { describe, expect, test } from 'vitest'
import { identityHouse } from '../../test/support/identity.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import type { Log } from '../platform/log.ts'
import { CODE_LIMITS, type CodeLimits } from './send-limits.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const plenty = { points: 1_000_000, windowSeconds: 3600 }
const house = await identityHouse({
  codeLimits: { ...CODE_LIMITS, perHost: plenty, perNetwork: plenty, perNumberBlock: plenty, budget: plenty },
})
const { db, clock, visit, codeFor } = house
let numbers = 10_000
const newNumber = () => `154000${numbers++}`
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

async function ask(visitor: Visitor, to: string, purpose = 'payer', captcha?: string) {
  const body = { purpose, to, captcha: captcha ?? (await visitor.captcha()), locale: 'zh-CN' }
  return await visitor.send('POST', '/v1/codes', body)
}
const prove = (visitor: Visitor, number: string, code: string) =>
  visitor.send('POST', '/v1/codes/payer', { number, code })

async function failures(subject: string) {
  const [row] = await db
    .of('laika')
    .query<{ failures: number; tries: number }>(
      'select failures, tries from {{brand}}.guess_counter where subject = $1',
      [subject],
    )
  return row ?? { failures: 0, tries: 0 }
}

describe('asking for a code', () => {
  test('the answer masks the address and says how long to wait', async () => {
    const answer = await ask(visit(), '154 0000 0001')
    expect(answer).toMatchObject({
      status: 202,
      body: { validSeconds: 600, resendAfterSeconds: 60, to: '154****0001' },
    })
  })

  test.each([
    ['payer', '1540000', 'number-invalid'],
    ['payer', 'someone@example.com', 'number-invalid'],
    ['payer', '+44 7911 123456', 'number-invalid'],
    ['payer', '010 1234 5678', 'number-invalid'],
    ['log-in', 'not a number', 'number-invalid'],
    ['log-in', 'nobody@nowhere', 'email-invalid'],
    ['bind-line', '15400000001', 'not-authenticated'],
    ['set-email', 'someone@example.com', 'not-authenticated'],
  ])('%s to %s is %s', async (purpose, to, code) => {
    expect((await ask(visit(), to, purpose)).body).toMatchObject({ code, moneyMoved: false })
  })

  test.each([
    ['an unknown purpose', { purpose: 'gift' }, 'field-malformed'],
    ['an unknown field', { more: 1 }, 'field-unknown'],
    ['a number for a text', { to: 15400000001 }, 'field-type'],
    ['a missing captcha', { captcha: undefined }, 'field-missing'],
  ])('%s', async (_, change, code) => {
    const body = { purpose: 'payer', to: '15400000001', captcha: 'x', locale: 'zh-CN', ...change }
    expect(await visit().send('POST', '/v1/codes', body)).toMatchObject({ status: 400, body: { code } })
  })

  test('a captcha that is wrong, too old or used before sends nothing', async () => {
    const visitor = visit()
    expect((await ask(visitor, newNumber(), 'payer', 'bm8=')).body.code).toBe('captcha-wrong')
    const old = await visitor.captcha()
    clock.advance(5 * MINUTE_MS + 1_000)
    expect((await ask(visitor, newNumber(), 'payer', old)).body.code).toBe('captcha-expired')
    const harbours = await visit('harbour').captcha()
    expect((await ask(visitor, newNumber(), 'payer', harbours)).body.code).toBe('captcha-wrong')
    const once = await visitor.captcha()
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(visitor, newNumber(), 'payer', once)))
    expect(answers.map((a) => a.body.code ?? 'sent').sort()).toEqual([
      'captcha-spent',
      'captcha-spent',
      'captcha-spent',
      'sent',
    ])
  })

  test('a captcha is spent by a refused request too', async () => {
    const visitor = visit()
    const number = newNumber()
    await ask(visitor, number)
    const captcha = await visitor.captcha()
    expect((await ask(visitor, number, 'payer', captcha)).body.code).toBe('code-too-soon')
    expect((await ask(visitor, newNumber(), 'payer', captcha)).body.code).toBe('captcha-spent')
  })

  test('one a minute and five a day to a number, whatever for and whoever asks', async () => {
    const number = newNumber()
    for (let i = 0; i < 5; i++) {
      expect((await ask(visit(), number, i % 2 ? 'payer' : 'log-in')).status).toBe(202)
      const soon = await ask(visit('laika', '198.51.100.9'), number)
      expect(soon).toMatchObject({ status: 429, body: { code: 'code-too-soon', retryAfterSeconds: 60 } })
      expect(soon.headers['retry-after']).toBe('60')
      clock.advance(MINUTE_MS)
    }
    expect((await ask(visit(), number)).body).toMatchObject({
      code: 'code-daily-limit',
      retryAfterSeconds: DAY_MS / 1000 - 300,
    })
    clock.advance(DAY_MS - 5 * MINUTE_MS)
    expect((await ask(visit(), number)).status).toBe(202)
  })

  test('the code lies sealed in the message and hashed in its own row', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    const [message] = await db
      .of('laika')
      .query<{ text: string; sealed: Buffer }>(
        'select m::text as text, sealed from {{brand}}.message m where recipient = $1',
        [`86${number}`],
      )
    const [row] = await db
      .of('laika')
      .query<{ text: string }>('select c::text as text from {{brand}}.one_time_code c where address = $1', [
        `86${number}`,
      ])
    const digits = new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`)
    expect(message?.sealed.toString('latin1')).not.toContain(code)
    expect(message?.text).not.toMatch(digits)
    expect(row?.text).not.toMatch(digits)
  })

  test('known and unknown addresses are alike', async () => {
    const known = newNumber()
    await house.registered(known)
    clock.advance(MINUTE_MS)
    for (const purpose of ['log-in', 'register']) {
      const answers = [await ask(visit(), known, purpose), await ask(visit(), newNumber(), purpose)]
      expect(answers[0]?.status).toBe(202)
      expect(answers[1]?.status).toBe(202)
      const shape = (a: (typeof answers)[0]) => ({ ...a.body, to: a.body.to.replace(/\d{4}$/, '') })
      expect(shape(answers[0] as never)).toEqual(shape(answers[1] as never))
      clock.advance(MINUTE_MS)
    }
    const unknown = await ask(visit(), 'nobody@example.com', 'log-in')
    expect(unknown).toMatchObject({ status: 202, body: { to: 'n****@example.com' } })
    const sent = await db
      .of('laika')
      .query("select 1 from {{brand}}.message where recipient = 'nobody@example.com'")
    expect(sent).toHaveLength(0)
  })
})

describe('handing a code in', () => {
  test('a right code works once', async () => {
    const visitor = visit()
    const number = newNumber()
    const code = await codeFor(visitor, 'payer', number)
    const answer = await prove(visitor, number, code)
    expect(answer).toMatchObject({ status: 200, body: { kind: 'guest', assurance: 'guest' } })
    expect(answer.body.msisdn).toBe(`154****${number.slice(-4)}`)
    expect(Date.parse(answer.body.payerVerifiedUntil) - clock.instant()).toBe(10 * MINUTE_MS)
    expect((await prove(visitor, number, code)).body.code).toBe('code-spent')
    expect((await prove(visit(), number, code)).body.code).toBe('code-spent')
  })

  test('of twenty right ones at once, one works', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(visit(), number, code)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.filter((a) => a.body.code === 'code-spent')).toHaveLength(19)
  })

  test('a wrong code says how many tries are left; the fifth ends the code', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    for (const triesLeft of [4, 3, 2, 1]) {
      expect((await prove(visit(), number, wrong(code))).body).toMatchObject({
        code: 'code-wrong',
        triesLeft,
      })
    }
    const fifth = await prove(visit(), number, wrong(code))
    expect(fifth).toMatchObject({ status: 429, body: { code: 'code-tries-used-up', retryAfterSeconds: 600 } })
    expect((await prove(visit(), number, code)).body.code).toBe('code-tries-used-up')
    const [row] = await db
      .of('laika')
      .query('select code_hash, ended from {{brand}}.one_time_code where address = $1', [`86${number}`])
    expect(row).toEqual({ code_hash: null, ended: 'tries-used-up' })
  })

  test('twenty wrong ones at once use exactly five tries', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    const answers = await Promise.all(Array.from({ length: 20 }, () => prove(visit(), number, wrong(code))))
    expect(answers.map((a) => a.body.code).sort()).toEqual([
      ...Array.from({ length: 16 }, () => 'code-tries-used-up'),
      ...Array.from({ length: 4 }, () => 'code-wrong'),
    ])
    expect(await failures(`86${number}`)).toEqual({ failures: 5, tries: 5 })
  })

  test('a new code does not give new tries; ten quiet minutes do; a right code clears the count', async () => {
    const number = newNumber()
    const first = await codeFor(visit(), 'payer', number)
    for (let i = 0; i < 3; i++) await prove(visit(), number, wrong(first))
    clock.advance(MINUTE_MS)
    const second = await codeFor(visit(), 'log-in', number)
    const logIn = (code: string) => visit().send('POST', '/v1/log-ins', { by: 'sms-code', number, code })
    expect((await logIn(wrong(second))).body).toMatchObject({ code: 'code-wrong', triesLeft: 1 })
    expect((await logIn(wrong(second))).body.code).toBe('code-tries-used-up')
    expect((await ask(visit(), number)).body.code).toBe('code-tries-used-up')
    clock.advance(10 * MINUTE_MS)
    const third = await codeFor(visit(), 'payer', number)
    expect((await prove(visit(), number, wrong(third))).body).toMatchObject({ triesLeft: 4 })
    expect(await failures(`86${number}`)).toEqual({ failures: 6, tries: 1 })
    expect((await prove(visit(), number, third)).status).toBe(200)
    expect(await failures(`86${number}`)).toEqual({ failures: 0, tries: 0 })
  })

  test('a code is good for ten minutes', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    clock.advance(10 * MINUTE_MS)
    expect((await prove(visit(), number, code)).body.code).toBe('code-expired')
    expect((await prove(visit(), newNumber(), code)).body.code).toBe('code-expired')
    expect(await failures(`86${number}`)).toEqual({ failures: 0, tries: 0 })
  })

  test('a code is for its purpose, its number and its brand, and the newest alone', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    const logIn = await visit().send('POST', '/v1/log-ins', { by: 'sms-code', number, code })
    expect(logIn.body.code).toBe('code-expired')
    const other = newNumber()
    const others = await codeFor(visit(), 'payer', other)
    if (others !== code) expect((await prove(visit(), other, code)).body.code).toBe('code-wrong')
    clock.advance(MINUTE_MS)
    const newer = await codeFor(visit(), 'payer', number)
    if (newer !== code) expect((await prove(visit(), number, code)).body.code).toBe('code-wrong')
    expect((await prove(visit(), number, newer)).status).toBe(200)
  })

  test('after a hundred wrong ones in a row no code is sent or taken until the holder is identified', async () => {
    const number = newNumber()
    const code = await codeFor(visit(), 'payer', number)
    await db.of('laika').query(
      `insert into {{brand}}.guess_counter (subject, failures, tries, last_failed_at)
         values ($1, 99, 0, to_timestamp(0))`,
      [`86${number}`],
    )
    expect(await prove(visit(), number, wrong(code))).toMatchObject({
      status: 403,
      body: { code: 'account-locked' },
    })
    clock.advance(30 * DAY_MS)
    expect((await ask(visit(), number)).body.code).toBe('account-locked')
    expect((await prove(visit(), number, code)).body.code).toBe('account-locked')
    const act = { actor: 'operator alice', reason: 'came to the shop with her papers' }
    await db.of('laika').tx((tx) => house.identity.unlockAddress(tx, `86${number}`, act))
    const fresh = await codeFor(visit(), 'payer', number)
    expect((await prove(visit(), number, fresh)).status).toBe(200)
    const audit = await db
      .of('laika')
      .query("select actor, reason from {{brand}}.audit where act = 'codes unlocked'")
    expect(audit).toEqual([act])
  })

  test('wrong codes to the phone and to the e-mail of one account count together', async () => {
    const number = newNumber()
    const holder = await house.registered(number)
    const email = `holder${number}@example.com`
    const code = await codeFor(holder, 'set-email', email)
    expect((await holder.send('PUT', '/v1/me/email', { email, code })).status).toBe(204)
    clock.advance(MINUTE_MS)
    const bySms = await codeFor(visit(), 'log-in', number)
    const byEmail = await codeFor(visit(), 'log-in', email)
    const guess = (body: object) => visit().send('POST', '/v1/log-ins', body)
    await guess({ by: 'sms-code', number, code: wrong(bySms) })
    const second = await guess({ by: 'email-code', email, code: wrong(byEmail) })
    expect(second.body).toMatchObject({ code: 'code-wrong', triesLeft: 3 })
  })
})

describe('limits beyond one address', () => {
  const one = (what: keyof CodeLimits): CodeLimits => {
    const limits = { perHost: plenty, perNetwork: plenty, perNumberBlock: plenty, budget: plenty }
    return { ...CODE_LIMITS, ...limits, [what]: { points: 1, windowSeconds: 3600 } }
  }
  const cases = [
    ['perHost', '192.0.2.7', '15400002000', '192.0.2.8', 429, 'code-network-limit'],
    ['perNetwork', '192.0.2.99', '15400002000', '192.0.3.7', 429, 'code-network-limit'],
    ['perNumberBlock', '198.51.100.1', '15400001999', '192.0.2.7', 429, 'code-network-limit'],
    ['budget', '198.51.100.1', '15400002000', null, 503, 'code-budget'],
  ] as const
  test.each(cases)('%s', async (what, ip, number, elsewhere, status, code) => {
    const small = await identityHouse({ codeLimits: one(what) })
    const first = small.visit('laika', '192.0.2.7')
    expect((await ask(first, '15400001000')).status).toBe(202)
    const refused = await ask(small.visit('laika', ip), number)
    expect(refused).toMatchObject({ status, body: { code, retryAfterSeconds: 3600 } })
    if (elsewhere !== null) {
      const free = await ask(small.visit('laika', elsewhere), '15400003000')
      expect(free.status).toBe(202)
    }
    const otherBrand = await small.visit('harbour', ip).send('POST', '/v1/codes', {
      purpose: 'payer',
      to: '07700 900123',
      captcha: await small.visit('harbour').captcha(),
      locale: 'en',
    })
    expect(otherBrand.status).toBe(202)
    small.clock.advance(3600_000)
    expect((await ask(small.visit('laika', ip), number)).status).toBe(202)
  })

  test('the operator is told once that the budget is used up', async () => {
    const told: object[] = []
    const log = { error: (facts: object) => told.push(facts) } as unknown as Log
    const small = await identityHouse({ codeLimits: one('budget'), log })
    for (let i = 0; i < 3; i++) await ask(small.visit(), newNumber())
    expect(told).toEqual([{ brand: 'laika', retryAfterSeconds: 3600 }])
    small.clock.advance(3600_000)
    for (let i = 0; i < 2; i++) await ask(small.visit(), newNumber())
    expect(told).toHaveLength(2)
  })
})
