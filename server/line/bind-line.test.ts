import { describe, expect, it } from 'vitest'
import { DAY_MS, inService, lineHouse } from '../../test/support/line.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import type { Principal } from '../identity/index.ts'
import { presetOf } from '../policy/index.ts'

const house = await lineHouse()
const { clock, db, owner, visit, open, registered, codeFor, lines, brands, today } = house
const laika = db.of('laika')
const MINUTE_MS = 60_000

const numbersOf = async (who: Visitor): Promise<string[]> =>
  (await who.get('/v1/me/lines')).body.lines.map((line: { msisdn: string }) => line.msisdn)

async function bind(who: Visitor, number: string) {
  const code = await codeFor(who, 'bind-line', number)
  return await who.send('POST', '/v1/me/lines', { number, code })
}

const principalOf = (logIn: string): Principal => ({
  kind: 'login',
  id: logIn,
  assurance: 'sms',
  scopes: [],
  dealer: null,
  payer: null,
  session: null,
})

async function logInOf(phone: string): Promise<string> {
  const { rows } = await owner.query('select id from laika.log_in where phone = $1', [phone])
  return rows[0].id
}

const bindingsOf = async (line: string) =>
  (await owner.query('select log_in, epoch from laika.line_log_in where line = $1', [line])).rows

const auditOf = async (line: string) =>
  (await owner.query('select act from laika.audit where subject = $1 order by id', [line])).rows.map(
    (r) => r.act,
  )

describe('my numbers', () => {
  it('are none without a log-in', async () => {
    expect(await visit().get('/v1/me/lines')).toMatchObject({
      status: 401,
      body: { code: 'not-authenticated' },
    })
  })

  it('begin with the one the account was registered with, if it is a line of the brand', async () => {
    await open({ msisdn: '8615410000001', paidMinor: 700n })
    const holder = await registered('15410000001')
    const { body } = await holder.get('/v1/me/lines')
    expect(body.lines).toMatchObject([
      { msisdn: '8615410000001', balance: { amountMinor: '700' }, own: true },
    ])
    expect(await numbersOf(await registered('15410000002'))).toEqual([])
  })

  it('are those bound by a code, in the order they were bound', async () => {
    const line = await open({ msisdn: '8615410000011' })
    await open({ msisdn: '8615410000012' })
    const holder = await registered('15410000010')
    for (const number of ['15410000012', '15410000011']) {
      expect(await bind(holder, number)).toMatchObject({
        status: 201,
        body: { msisdn: `86${number}`, own: true },
      })
      clock.advance(MINUTE_MS)
    }
    expect(await numbersOf(holder)).toEqual(['8615410000012', '8615410000011'])
    expect(await auditOf(line)).toEqual(['line bound'])
  })

  it('are an account’s own: another sees the stranger’s view and binds for itself', async () => {
    await open({ msisdn: '8615410000021' })
    const [one, two] = [await registered('15410000021'), await registered('15410000022')]
    expect((await two.get('/v1/lines/15410000021')).body).toMatchObject({ own: false })
    clock.advance(MINUTE_MS)
    expect((await bind(two, '15410000021')).status).toBe(201)
    expect(await numbersOf(one)).toEqual(await numbersOf(two))
  })

  it('end when they are unbound, for that account alone', async () => {
    const line = await open({ msisdn: '8615410000031' })
    const holder = await registered('15410000031')
    const other = await registered('15410000032')
    const url = '/v1/me/lines/15410000031'
    expect(await other.send('DELETE', url)).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
    expect((await holder.send('DELETE', url)).status).toBe(204)
    expect(await holder.send('DELETE', url)).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
    expect(await numbersOf(holder)).toEqual([])
    expect(await auditOf(line)).toEqual(['line bound', 'line unbound'])
  })
})

describe('a code that binds', () => {
  it('is counted when it is wrong, whatever becomes of the rest', async () => {
    await open({ msisdn: '8615410000041' })
    const holder = await registered('15410000040')
    const code = await codeFor(holder, 'bind-line', '15410000041')
    const wrong = code === '000000' ? '000001' : '000000'
    for (const triesLeft of [4, 3]) {
      const answer = await holder.send('POST', '/v1/me/lines', { number: '15410000041', code: wrong })
      expect(answer).toMatchObject({ status: 422, body: { code: 'code-wrong', triesLeft } })
    }
    expect(await numbersOf(holder)).toEqual([])
    expect((await holder.send('POST', '/v1/me/lines', { number: '15410000041', code })).status).toBe(201)
  })

  it('works only for the account that asked for it, and not for another purpose', async () => {
    await open({ msisdn: '8615410000051' })
    const [asker, thief] = [await registered('15410000050'), await registered('15410000052')]
    const code = await codeFor(asker, 'bind-line', '15410000051')
    const stolen = await thief.send('POST', '/v1/me/lines', { number: '15410000051', code })
    expect(stolen).toMatchObject({ status: 422, body: { code: 'code-expired' } })
    clock.advance(MINUTE_MS)
    const payer = await codeFor(thief, 'payer', '15410000051')
    const other = await thief.send('POST', '/v1/me/lines', { number: '15410000051', code: payer })
    expect(other.status).toBe(422)
    expect(await numbersOf(thief)).toEqual([])
  })

  it('for a number that is no line of the brand binds nothing', async () => {
    const holder = await registered('15410000060')
    expect(await bind(holder, '15410000061')).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
    const outside = await holder.send('POST', '/v1/me/lines', { number: '13800138000', code: '123456' })
    expect(outside).toMatchObject({ status: 404, body: { code: 'line-not-found' } })
    expect(await numbersOf(holder)).toEqual([])
  })

  it('binds once, of twenty requests at the same moment', async () => {
    const line = await open({ msisdn: '8615410000071' })
    const holder = await registered('15410000070')
    const code = await codeFor(holder, 'bind-line', '15410000071')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => holder.send('POST', '/v1/me/lines', { number: '15410000071', code })),
    )
    const codes = answers.map(({ status, body }) => (status === 201 ? 'bound' : body.code)).sort()
    expect(codes).toEqual(['bound', ...Array.from({ length: 19 }, () => 'code-spent')])
    expect(await bindingsOf(line)).toHaveLength(1)
    expect(await auditOf(line)).toEqual(['line bound'])
  })
})

describe('a number that passed to somebody else', () => {
  it('is gone from the former holder’s account, who sees nothing of the new one', async () => {
    const line = await open({ msisdn: '8615410000081', days: -170, paidMinor: 900n })
    const former = await registered('15410000081')
    const formerId = await logInOf('8615410000081')
    const isOwn = (logIn: string) => lines.isOwn(laika, principalOf(logIn), line)
    expect(await numbersOf(former)).toEqual(['8615410000081'])
    expect(await isOwn(formerId)).toBe(true)

    clock.advance(10 * DAY_MS)
    await lines.sweepStages('laika')
    expect(await numbersOf(former)).toEqual([])
    expect(await isOwn(formerId)).toBe(false)
    expect((await former.get('/v1/lines/15410000081')).body).toEqual({
      msisdn: '8615410000081',
      topUp: 'refused',
      own: false,
    })

    const brand = brands.get('laika')
    const again = {
      msisdn: '8615410000081',
      iccid: null,
      state: inService(today() + 90),
      paidMinor: 100n,
      bonusMinor: 0n,
    }
    const opening = { brand, policy: presetOf('china-keep', 1), today: today() }
    await laika.tx((tx) => lines.reissueLines(tx, opening, [again]))
    expect(await numbersOf(former)).toEqual([])
    expect((await former.get('/v1/lines/15410000081')).body).toMatchObject({ topUp: 'possible', own: false })
    expect(await former.send('DELETE', '/v1/me/lines/15410000081')).toMatchObject({ status: 404 })

    const next = await registered('15410000081')
    const { body } = await next.get('/v1/me/lines')
    expect(body.lines).toMatchObject([{ msisdn: '8615410000081', balance: { amountMinor: '100' } }])
    // Nothing else opened the former account; the room of log-ins has ended it.
    expect(await former.get('/v1/me/lines')).toMatchObject({ status: 401 })
    expect(await isOwn(await logInOf('8615410000081'))).toBe(true)
    const epochs = (await bindingsOf(line)).map((row) => row.epoch)
    expect(epochs.sort()).toEqual([1, 2])
  })

  it('is the former holder’s again once they have proved it anew', async () => {
    const line = await open({ msisdn: '8615410000091', days: -179 })
    const holder = await registered('15410000090')
    expect((await bind(holder, '15410000091')).status).toBe(201)
    clock.advance(DAY_MS)
    await lines.sweepStages('laika')
    expect(await numbersOf(holder)).toEqual([])
    const again = {
      msisdn: '8615410000091',
      iccid: null,
      state: inService(today() + 90),
      paidMinor: 0n,
      bonusMinor: 0n,
    }
    const opening = { brand: brands.get('laika'), policy: presetOf('china-keep', 1), today: today() }
    await laika.tx((tx) => lines.reissueLines(tx, opening, [again]))
    expect((await bind(holder, '15410000091')).status).toBe(201)
    expect(await numbersOf(holder)).toEqual(['8615410000091'])
    expect(await bindingsOf(line)).toMatchObject([{ epoch: 2 }])
  })
})

it('a guest and an API key own nothing', async () => {
  const line = await open({ msisdn: '8615410000099' })
  const base = principalOf('00000000-0000-7000-8000-000000000000')
  expect(await lines.isOwn(laika, null, line)).toBe(false)
  expect(await lines.isOwn(laika, { ...base, kind: 'guest', assurance: 'guest' }, line)).toBe(false)
  expect(await lines.isOwn(laika, { ...base, kind: 'api-key', scopes: ['line:read'] }, line)).toBe(false)
})
