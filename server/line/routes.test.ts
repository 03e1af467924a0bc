import { describe, expect, it } from 'vitest'
import { lineHouse } from '../../test/support/line.ts'
import { formatDay, preActive } from '../policy/index.ts'

const house = await lineHouse()
const { clock, visit, open, key, today, grant, db, http } = house
const reader = await key(['line:read'])
const day = (offset: number) => formatDay(today() + offset)
const problem = ({ requestId, ...rest }: { requestId: string }) => rest

describe('the balance, by an operator’s key', () => {
  it('is the money and the clocks that hold today', async () => {
    await open({ msisdn: '8615400000001', days: 31, paidMinor: 5000n, bonusMinor: 230n })
    const { status, body } = await visit().get('/v1/lines/15400000001/balance', reader)
    expect(status).toBe(200)
    expect(body).toEqual({
      msisdn: '8615400000001',
      stage: 'active',
      balance: { amountMinor: '5230', currency: 'CNY' },
      clocks: [
        { clock: 'service', until: day(31), lastSafeDay: day(30), daysLeft: 30 },
        { clock: 'number', until: day(211), lastSafeDay: day(210), daysLeft: 210 },
      ],
    })
  })

  it('is refused to whoever lacks the scope: a dealer’s key, another scope, nobody', async () => {
    const { rows } = await house.owner.query<{ id: string }>('select gen_random_uuid() as id')
    const dealers = await key(['top-up:place'], 'laika', rows[0]?.id)
    const url = '/v1/lines/15400000001/balance'
    expect(await visit().get(url, dealers)).toMatchObject({ status: 403, body: { code: 'scope-missing' } })
    expect(await visit().get(url)).toMatchObject({ status: 401, body: { code: 'not-authenticated' } })
    expect(await visit('harbour').get(url, reader)).toMatchObject({ body: { code: 'api-key-invalid' } })
  })

  it('tells the stage by the clocks, whatever the network was last told', async () => {
    await open({ msisdn: '8615400000002', days: -1 })
    await house.owner.query(
      `update laika.line_clock set stage_told = 'active' where line = (select id from laika.line where msisdn = '8615400000002')`,
    )
    const { body } = await visit().get('/v1/lines/15400000002/balance', reader)
    expect(body).toMatchObject({ stage: 'outbound-barred', clocks: [{ daysLeft: -2 }, { daysLeft: 178 }] })
  })

  it('of many asked at once is each one’s own', async () => {
    const numbers = Array.from({ length: 40 }, (_, i) => `86154000001${String(i).padStart(2, '0')}`)
    for (const [i, msisdn] of numbers.entries()) await open({ msisdn, paidMinor: BigInt(i) })
    const answers = await Promise.all(
      [...numbers, '8615499999999', ...numbers].map((msisdn) =>
        visit().get(`/v1/lines/${msisdn}/balance`, reader),
      ),
    )
    expect(answers[40]).toMatchObject({ status: 404 })
    for (const [i, { body }] of answers.toSpliced(40, 1).entries())
      expect([body.msisdn, body.balance.amountMinor]).toEqual([numbers[i % 40], String(i % 40)])
  })
})

describe('a line, asked for by', () => {
  it('a stranger: whether it can be topped up, and nothing more', async () => {
    await open({ msisdn: '8615400000011', paidMinor: 100n })
    await open({ msisdn: '8615400000012', days: -181 })
    expect((await visit().get('/v1/lines/154 0000 0011')).body).toEqual({
      msisdn: '8615400000011',
      topUp: 'possible',
      own: false,
    })
    expect((await visit().get('/v1/lines/+8615400000012')).body).toEqual({
      msisdn: '8615400000012',
      topUp: 'refused',
      own: false,
    })
  })

  it('its owner: everything, with allowances first to end first and none that ended', async () => {
    const line = await open({ msisdn: '8615400000013', days: 45, paidMinor: 1230n })
    const lot = (kind: 'sms' | 'voice-seconds' | 'roaming-data-bytes', until: number, amount: bigint) => ({
      line,
      epoch: 1,
      kind,
      until: today() + until,
      amount,
    })
    await grant([lot('sms', 60, 50n), lot('roaming-data-bytes', 30, 2n ** 55n), lot('voice-seconds', 0, 60n)])
    const owner = await house.registered('15400000013')
    expect((await owner.get('/v1/lines/15400000013')).body).toEqual({
      msisdn: '8615400000013',
      stage: 'active',
      topUp: 'possible',
      balance: { amountMinor: '1230', currency: 'CNY' },
      clocks: [
        { clock: 'service', until: day(45), lastSafeDay: day(44), daysLeft: 44 },
        { clock: 'number', until: day(225), lastSafeDay: day(224), daysLeft: 224 },
      ],
      keptUntil: { clock: 'number', until: day(225), lastSafeDay: day(224), daysLeft: 224 },
      allowances: [
        { unit: 'data-bytes', remaining: '36028797018963968', until: day(30), roaming: true },
        { unit: 'sms', remaining: '50', until: day(60), roaming: false },
      ],
      own: true,
    })
    expect((await owner.get('/v1/lines/15400000011')).body).toMatchObject({ own: false })
  })

  it('an operator’s key: everything', async () => {
    expect((await visit().get('/v1/lines/15400000013', reader)).body).toMatchObject({
      own: true,
      balance: { amountMinor: '1230', currency: 'CNY' },
    })
  })

  it('before its first use and after it was ported out: no date', async () => {
    await open({ msisdn: '8615400000014', state: preActive })
    await open({ msisdn: '8615400000015', state: { ...preActive, standing: 'ported-out' } })
    const [fresh, gone] = await Promise.all(
      ['15400000014', '15400000015'].map((number) => visit().get(`/v1/lines/${number}`, reader)),
    )
    expect(fresh?.body).toMatchObject({
      stage: 'pre-active',
      topUp: 'possible',
      clocks: [],
      keptUntil: null,
    })
    expect(gone?.body).toMatchObject({ stage: 'ported-out', topUp: 'refused', clocks: [], keptUntil: null })
  })

  it('its owner while its clock never ends: kept without an end', async () => {
    const state = { ...preActive, standing: 'in-service', service: 'unlimited' } as const
    await open({ msisdn: '8615400000016', state })
    const { body } = await visit().get('/v1/lines/15400000016', reader)
    expect(body.keptUntil).toEqual({ clock: 'number', until: null, lastSafeDay: null, daysLeft: null })
  })
})

describe('a number that is no line of the brand', () => {
  const numbers = {
    'another brand’s': '447700900111',
    'nobody’s': '15499999998',
    'outside the plan': '13800138000',
  }
  const urls = (number: string) => [`/v1/lines/${number}`, `/v1/lines/${number}/balance`]

  it('is answered alike, whoever has it', async () => {
    await open({ msisdn: '447700900111', brand: 'harbour' })
    expect(await visit('harbour').get('/v1/lines/07700900111')).toMatchObject({ status: 200 })
    const answers = await Promise.all(
      Object.values(numbers)
        .flatMap(urls)
        .map((url) => visit().get(url, reader)),
    )
    for (const { status, body } of answers) {
      expect(status).toBe(404)
      expect(problem(body)).toEqual(problem(answers[0]?.body))
      expect(body).toMatchObject({ code: 'line-not-found', moneyMoved: false })
    }
  })

  it('costs the same statement, so that time says nothing either', async () => {
    const statements = new Map<string, string[]>()
    const laika = db.of('laika')
    const query = laika.query.bind(laika)
    let asked: string[] = []
    laika.query = async (text, values) => {
      if (text.includes('line_clock')) asked.push(text)
      return await query(text, values)
    }
    try {
      for (const [whose, number] of Object.entries(numbers)) {
        asked = []
        for (const url of urls(number)) await visit().get(url, reader)
        statements.set(whose, asked)
      }
    } finally {
      laika.query = query
    }
    const [first, ...others] = [...statements.values()]
    expect(first).toHaveLength(2)
    for (const other of others) expect(other).toEqual(first)
  })

  it('and takes about the same time', async () => {
    const times = Object.values(numbers).map((number) => ({ number, taken: [] as number[] }))
    // By turns, so that a busy moment of the machine is everybody’s; the quicker tries are the quiet ones.
    for (let i = 0; i < 60; i++) {
      for (const { number, taken } of times) {
        const begin = performance.now()
        await visit().get(`/v1/lines/${number}`)
        taken.push(performance.now() - begin)
      }
    }
    const usual = times.map(({ taken }) => taken.sort((a, b) => a - b)[12] as number)
    expect(Math.max(...usual)).toBeLessThan(Math.min(...usual) * 2)
  })

  it.each(['12', 'hello', '1540000', '+86154000000123456'])('%s is no number at all', async (typed) => {
    const { status, body } = await visit().get(`/v1/lines/${encodeURIComponent(typed)}`)
    expect([status, body.code]).toEqual(typed === '12' ? [400, 'field-malformed'] : [422, 'number-invalid'])
  })
})

describe('a day', () => {
  it('begins at the brand’s own midnight', async () => {
    await open({ msisdn: '8615400000021', days: 1 })
    await open({ msisdn: '447700900121', brand: 'harbour', days: 1 })
    const harbourReader = await key(['line:read'], 'harbour')
    const at = async (iso: string) => {
      clock.advance(Date.parse(iso) - clock.instant())
      const [laika, harbour] = await Promise.all([
        visit().get('/v1/lines/15400000021/balance', reader),
        visit('harbour').get('/v1/lines/07700900121/balance', harbourReader),
      ])
      return [
        laika.body.stage,
        laika.body.clocks[0].daysLeft,
        harbour.body.stage,
        harbour.body.clocks[0].daysLeft,
      ]
    }
    // 22 November: UTC in London, eight hours on in Shanghai.
    expect(await at('2026-11-22T15:59:59.999Z')).toEqual(['active', 0, 'active', 0])
    expect(await at('2026-11-22T16:00:00.000Z')).toEqual(['outbound-barred', -1, 'active', 0])
    expect(await at('2026-11-22T23:59:59.999Z')).toEqual(['outbound-barred', -1, 'active', 0])
    expect(await at('2026-11-23T00:00:00.000Z')).toEqual(['outbound-barred', -1, 'ceased', -1])
  })

  it('is a calendar day through the change to summer time and back', async () => {
    // Clocks go forward in London on 28 March 2027 and back on 31 October 2027, at 01:00 UTC.
    const harbourReader = await key(['line:read'], 'harbour')
    const leftAt = async (iso: string) => {
      clock.advance(Date.parse(iso) - clock.instant())
      const { body } = await visit('harbour').get('/v1/lines/07700900122/balance', harbourReader)
      return body.clocks[0].daysLeft
    }
    await open({ msisdn: '447700900122', brand: 'harbour', days: 400 })
    const first = await leftAt('2027-03-27T23:59:59.999Z')
    expect(await leftAt('2027-03-28T00:00:00.000Z')).toBe(first - 1)
    // The 28th has 23 hours: it is over at 23:00 UTC.
    expect(await leftAt('2027-03-28T22:59:59.999Z')).toBe(first - 1)
    expect(await leftAt('2027-03-28T23:00:00.000Z')).toBe(first - 2)
    const autumn = await leftAt('2027-10-30T22:59:59.999Z')
    expect(await leftAt('2027-10-30T23:00:00.000Z')).toBe(autumn - 1)
    // The 31st has 25.
    expect(await leftAt('2027-10-31T23:59:59.999Z')).toBe(autumn - 1)
    expect(await leftAt('2027-11-01T00:00:00.000Z')).toBe(autumn - 2)
  })
})

it('every route says who may call it', () => {
  const rows = http.routeTable.filter(({ url }) => /^\/v1\/(me\/)?(lines|ussd)/.test(url))
  expect(rows.map(({ method, url, who, scope }) => [method, url, ...who, scope ?? '-'])).toEqual([
    ['GET', '/v1/lines/:number', 'anyone', '-'],
    ['GET', '/v1/lines/:number/balance', 'api-key', 'line:read'],
    ['GET', '/v1/me/lines', 'login', '-'],
    ['POST', '/v1/me/lines', 'login', '-'],
    ['DELETE', '/v1/me/lines/:number', 'login', '-'],
    ['POST', '/v1/ussd', 'api-key', 'ussd:answer'],
  ])
})
