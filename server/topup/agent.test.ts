import { describe, expect, it } from 'vitest'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer } from '../../test/support/visitor.ts'
import { preActive } from '../policy/index.ts'

const house = await topUpHouse()
const { owner } = house
const dealer = house.visit()

let numbers = 0
async function aLine(given: Partial<Parameters<typeof house.open>[0]> = {}): Promise<string> {
  const msisdn = `861540007${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn, ...given })
  return msisdn
}
const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const code = ({ status, body }: Answer) => `${status} ${body?.code ?? body?.state ?? ''}`.trim()
const seller = await house.seller(10_000_000n)

const sell = (body: unknown, key = newKey(), headers = seller.headers) =>
  dealer.send('POST', '/v1/agent/top-ups', body, { ...headers, 'idempotency-key': key })

describe('a dealer’s system', () => {
  it('tops up by amount and is told all a till needs', async () => {
    const msisdn = await aLine({ paidMinor: 1230n })
    const { status, body, headers } = await sell({ msisdn, amount: cny('5000'), reference: 'till-7-001' })
    expect(status).toBe(201)
    expect(headers['idempotency-replayed']).toBeUndefined()
    expect(body).toMatchObject({
      ...{ state: 'credited', msisdn, face: cny('5000'), bonus: cny('0'), price: cny('4980') },
      ...{ commission: cny('0'), balanceAfter: cny('6230'), floatAfter: cny('9995020') },
      ...{ until: '2028-02-15', lastSafeDay: '2028-02-14', receiptNumber: 'LK-1-00000001' },
    })
    const { rows } = await owner.query('select reference, kind from laika.top_up order by id desc limit 1')
    expect(rows).toEqual([{ reference: 'till-7-001', kind: 'agent' }])
  })

  it('tops up by offer: a package leaves the balance as it was', async () => {
    const msisdn = await aLine()
    const { packages } = await house.offers(dealer, msisdn)
    const quarter = packages.find(({ term }) => term === 'quarter')
    const sold = await sell({ msisdn, offerId: quarter?.id })
    expect(sold).toMatchObject({
      status: 201,
      body: { price: cny('2300'), face: cny('0'), balanceAfter: null },
    })
  })

  it('asks again under the same key and is told the same, word for word', async () => {
    const msisdn = await aLine()
    const { packages } = await house.offers(dealer, msisdn)
    for (const body of [
      { msisdn, amount: cny('10000') },
      { msisdn, offerId: packages[0]?.id },
    ]) {
      const key = newKey()
      const first = await sell(body, key)
      await sell({ msisdn, amount: cny('3000') })
      const second = await sell(body, key)
      expect(second.body).toEqual(first.body)
      expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
        undefined,
        'true',
      ])
      expect(code(await sell({ ...body, confirmDuplicate: true }, key))).toBe('422 idempotency-key-reused')
      const read = await dealer.get(`/v1/agent/top-ups/${first.body.id}`, seller.headers)
      expect(read).toMatchObject({ status: 200, body: first.body })
    }
  })

  it('is refused with the reason, and the same reason again', async () => {
    const msisdn = await aLine()
    const key = newKey()
    const first = await sell({ msisdn, amount: cny('5001') }, key)
    expect(first).toMatchObject({
      status: 422,
      body: { code: 'amount-not-allowed', moneyMoved: false, min: cny('1000') },
    })
    const second = await sell({ msisdn, amount: cny('5001') }, key)
    expect(second.body).toEqual({ ...first.body, requestId: second.body.requestId })
    expect(second.headers['idempotency-replayed']).toBe('true')
  })

  it.each([
    ['400 idempotency-key-missing', { amount: cny('5000') }, {}],
    ['400 field-unknown', { amount: cny('5000'), extra: 1 }, { 'idempotency-key': newKey() }],
    [
      '400 amount-malformed',
      { amount: { amountMinor: 5000, currency: 'CNY' } },
      { 'idempotency-key': newKey() },
    ],
    ['400 amount-malformed', { amount: cny('-5000') }, { 'idempotency-key': newKey() }],
    [
      '422 currency-mismatch',
      { amount: { amountMinor: '5000', currency: 'GBP' } },
      { 'idempotency-key': newKey() },
    ],
    ['400 offer-missing', {}, { 'idempotency-key': newKey() }],
    ['404 offer-not-found', { offerId: '0'.repeat(26) }, { 'idempotency-key': newKey() }],
  ] as const)('hears %s', async (expected, body, headers) => {
    const msisdn = await aLine()
    const answer = await dealer.send(
      'POST',
      '/v1/agent/top-ups',
      { msisdn, ...body },
      { ...seller.headers, ...headers },
    )
    expect(code(answer)).toBe(expected)
  })

  it('hears alike of another brand’s number and one nobody has, and of a line given up', async () => {
    await house.open({ msisdn: '447700900700', brand: 'harbour' })
    const answers = await Promise.all(
      ['447700900700', '8615499999999'].map((msisdn) => sell({ msisdn, amount: cny('5000') })),
    )
    const [one, other] = answers.map(({ status, body: { requestId, ...rest } }) => ({
      status,
      rest,
      told: typeof requestId,
    }))
    expect(one).toEqual(other)
    expect(code(answers[0] as Answer)).toBe('404 line-not-found')
    const ceased = await aLine({ state: { ...preActive, standing: 'in-service', ceasedOn: 1 } })
    expect(code(await sell({ msisdn: ceased, amount: cny('5000') }))).toBe('422 line-ceased')
  })
})

describe('who sells', () => {
  it('holds the scope, a dealer and a key that stands', async () => {
    const body = { msisdn: await aLine(), amount: cny('5000') }
    const without = await house.key(['line:read'], 'laika', seller.dealer)
    expect(code(await sell(body, newKey(), without))).toBe('403 scope-missing')
    const noDealer = await house.key(['topup:write'])
    expect(code(await sell(body, newKey(), noDealer))).toBe('403 forbidden')
    expect(code(await dealer.get(`/v1/agent/top-ups/${'0'.repeat(26)}`, noDealer))).toBe('403 forbidden')
    expect(
      code(await house.visit('harbour').send('POST', '/v1/agent/top-ups', body, { ...seller.headers })),
    ).toBe('401 api-key-invalid')
    const other = await house.seller(1_000_000n)
    await owner.query(`update laika.dealer set status = 'suspended' where id = $1`, [other.dealer])
    expect(code(await sell(body, newKey(), other.headers))).toBe('403 dealer-suspended')
  })

  it('reads only what it sold itself', async () => {
    const { body } = await sell({ msisdn: await aLine(), amount: cny('5000') })
    const other = await house.seller(0n)
    expect(code(await dealer.get(`/v1/agent/top-ups/${body.id}`, other.headers))).toBe('404 order-not-found')
  })
})

describe('the last of a float', () => {
  it('is sold to exactly as many of 64 at once as it covers, from two processes', async () => {
    const poor = await house.seller(4980n * 7n + 4979n)
    const other = house.anotherProcess().topUps
    const lines = await Promise.all(Array.from({ length: 64 }, () => aLine()))
    const { rows } = await owner.query('select principal from laika.api_key where dealer = $1', [poor.dealer])
    const answers = await Promise.all(
      lines.map(async (msisdn, i) => {
        if (i % 2 === 0) return code(await sell({ msisdn, amount: cny('5000') }, newKey(), poor.headers))
        const outcome = await other.settlerOf('laika').settle({
          ...{
            kind: 'agent-top-up',
            id: crypto.randomUUID(),
            caller: rows[0].principal,
            dealer: poor.dealer,
          },
          ...{ key: newKey(), hash: 'aa', msisdn, offerId: null, amountMinor: 5000n, currency: 'CNY' },
          ...{ confirmDuplicate: false, reference: null },
        })
        return outcome.outcome === 'credited' ? '201 credited' : '422 float-low'
      }),
    )
    const sold = answers.filter((answer) => answer === '201 credited')
    expect(sold).toHaveLength(7)
    expect(new Set(answers)).toEqual(new Set(['201 credited', '422 float-low']))
    const balance = await owner.query(
      `select balance from laika.account where kind = 'dealer-float' and subject = $1`,
      [poor.dealer],
    )
    expect(balance.rows).toEqual([{ balance: '4979' }])
    await house.topUps.handOverMessages('laika')
    expect(await house.fsck()).toEqual([])
  })
})
