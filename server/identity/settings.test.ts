import { describe, expect, test } from 'vitest'
import type { Visitor } from '../../test/support/visitor.ts'
import { accountsHouse, OTHER_PASSWORD, PASSWORD } from './accounts-fixture.ts'

const MINUTE_MS = 60_000
const house = await accountsHouse()
const { clock, epochs, visit, codeFor, registered } = house
const { newNumber, wrong, byPassword, audits, messagesTo } = house

describe('setting a password', () => {
  const put = (visitor: Visitor, next: string, current?: string) =>
    visitor.send('PUT', '/v1/me/password', { next, ...(current === undefined ? {} : { current }) })

  test('the first, in the first ten minutes of a session by code', async () => {
    const number = newNumber()
    const holder = await registered(number)
    clock.advance(10 * MINUTE_MS - 1)
    expect((await put(holder, PASSWORD)).status).toBe(204)
    expect((await holder.get('/v1/session')).body).toMatchObject({ assurance: 'sms', hasPassword: true })
    expect((await messagesTo(`86${number}`)).at(-1)).toEqual({ template: 'password-changed' })
    expect((await byPassword(number, PASSWORD)).status).toBe(200)
    expect((await audits('password set')).length).toBeGreaterThan(0)
  })

  test.each([
    ['after ten minutes', 10 * MINUTE_MS, false, 'session-too-old'],
    ['when the number has passed on', 0, true, 'epoch-changed'],
  ])('not %s', async (_, waitMs, passedOn, code) => {
    const number = newNumber()
    const holder = await registered(number)
    clock.advance(waitMs)
    if (passedOn) epochs.set(`86${number}`, 7)
    expect(await put(holder, PASSWORD)).toMatchObject({ status: 403, body: { code } })
    expect((await holder.get('/v1/session')).body.hasPassword).toBe(false)
  })

  test('a change needs a session by password and the current one, and ends the other sessions', async () => {
    const number = newNumber()
    const phone = await registered(number, PASSWORD)
    expect(await put(phone, OTHER_PASSWORD, PASSWORD)).toMatchObject({
      status: 403,
      body: { code: 'assurance-too-low', needed: 'password' },
    })
    const { visitor: desk } = await byPassword(number, PASSWORD)
    expect((await put(desk, OTHER_PASSWORD)).body.code).toBe('password-wrong')
    expect((await put(desk, OTHER_PASSWORD, OTHER_PASSWORD)).body.code).toBe('password-wrong')
    expect((await put(desk, 'too short', PASSWORD)).body.code).toBe('password-too-short')
    expect((await put(desk, OTHER_PASSWORD, PASSWORD)).status).toBe(204)
    expect((await phone.get('/v1/session')).body.kind).toBe('none')
    expect((await desk.get('/v1/session')).body.kind).toBe('login')
    expect((await byPassword(number, PASSWORD)).body.code).toBe('log-in-failed')
    expect((await byPassword(number, OTHER_PASSWORD)).status).toBe(200)
  })

  test('of two changes at once, one stands', async () => {
    const number = newNumber()
    await registered(number, PASSWORD)
    const { visitor: desk } = await byPassword(number, PASSWORD)
    const nexts = [OTHER_PASSWORD, 'four otters paint the pier']
    const answers = await Promise.all(nexts.map((next) => put(desk, next, PASSWORD)))
    expect(answers.map((a) => a.status).sort()).toEqual([204, 422])
    const winner = nexts[answers.findIndex((a) => a.status === 204)] as string
    expect((await byPassword(number, winner)).status).toBe(200)
  })

  test('guests and nobody cannot', async () => {
    expect(await put(visit(), PASSWORD)).toMatchObject({ status: 401, body: { code: 'not-authenticated' } })
  })
})

describe('setting an e-mail address', () => {
  const put = (visitor: Visitor, email: string, code: string) =>
    visitor.send('PUT', '/v1/me/email', { email, code })

  test('a later change needs a password; both places are told and other sessions end', async () => {
    const number = newNumber()
    const phone = await registered(number, PASSWORD)
    const [first, second] = [`one${number}@example.com`, `two${number}@example.com`]
    expect((await put(phone, first, await codeFor(phone, 'set-email', first))).status).toBe(204)
    expect(await put(phone, second, await codeFor(phone, 'set-email', second))).toMatchObject({
      status: 403,
      body: { code: 'assurance-too-low' },
    })
    const { visitor: desk } = await byPassword(number, PASSWORD)
    clock.advance(MINUTE_MS)
    expect((await put(desk, second, await codeFor(desk, 'set-email', second))).status).toBe(204)
    expect((await messagesTo(first)).at(-1)).toEqual({ template: 'email-changed' })
    expect((await messagesTo(`86${number}`)).at(-1)).toEqual({ template: 'email-changed' })
    expect((await phone.get('/v1/session')).body.kind).toBe('none')
    expect((await desk.get('/v1/session')).body.email).toBe(second)
    expect((await audits('e-mail changed')).at(-1)).toMatchObject({ detail: { email: 't****@example.com' } })
  })

  test('the code is for the account that asked, and wrong ones count', async () => {
    const [mine, theirs] = [await registered(newNumber()), await registered(newNumber())]
    const email = `shared${newNumber()}@example.com`
    const code = await codeFor(mine, 'set-email', email)
    expect((await put(theirs, email, code)).body.code).toBe('code-expired')
    expect((await put(mine, email, wrong(code))).body).toMatchObject({ code: 'code-wrong', triesLeft: 4 })
    expect((await put(mine, email, code)).status).toBe(204)
  })

  test('an address of another account is refused, to who reads its mail', async () => {
    const [mine, theirs] = [await registered(newNumber()), await registered(newNumber())]
    const email = `taken${newNumber()}@example.com`
    await put(theirs, email, await codeFor(theirs, 'set-email', email))
    clock.advance(MINUTE_MS)
    const code = await codeFor(mine, 'set-email', email)
    expect(await put(mine, email, code)).toMatchObject({ status: 422, body: { code: 'email-taken' } })
    expect((await mine.get('/v1/session')).body.email).toBeNull()
  })

  test('not after ten minutes, nor when the number has passed on', async () => {
    const number = newNumber()
    const holder = await registered(number)
    clock.advance(10 * MINUTE_MS)
    const email = `late${number}@example.com`
    const code = await codeFor(holder, 'set-email', email)
    expect((await put(holder, email, code)).body.code).toBe('session-too-old')
    const other = newNumber()
    const moved = await registered(other)
    epochs.set(`86${other}`, 3)
    const mail = `moved${number}@example.com`
    expect((await put(moved, mail, await codeFor(moved, 'set-email', mail))).body.code).toBe('epoch-changed')
  })
})
