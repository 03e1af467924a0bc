import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compactChinaTime, createClock } from '../clock.ts'
import {
  base,
  holds,
  merId,
  now,
  post,
  readPlain,
  signed,
  signedByStranger,
  startUnionPayWorld,
  type UnionPayWorld,
} from '../testing/unionpay.ts'
import { until } from '../testing/world.ts'

let world: UnionPayWorld

beforeAll(async () => {
  world = await startUnionPayWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

let serial = 0
function nextOrder(): string {
  serial += 1
  return `ORDER0000${serial}`
}

async function paidOrder(): Promise<string> {
  const orderId = nextOrder()
  await world.arrive(orderId)
  await world.pay(orderId)
  return orderId
}

describe('the envelope', () => {
  const query = { txnType: '00', txnSubType: '00', orderId: 'NOBODY001', txnTime: now() }
  const ask = async (fields: Record<string, string>) => {
    const answer = await post(`${world.sandbox.addresses.unionpay}/queryTrans.do`, fields)
    return readPlain(await answer.text())
  }

  test('a signature by another key is refused, and the refusal is signed', async () => {
    const said = await ask(signedByStranger({ ...base, ...query }))
    expect(said.respCode).toBe('11')
    expect(holds(said, world.sandbox)).toBe(true)
    const { signature: _, ...altered } = said
    expect(holds({ ...said, ...altered, respCode: '00' }, world.sandbox)).toBe(false)
  })

  test('answers are plain text, nothing escaped', async () => {
    const answer = await post(
      `${world.sandbox.addresses.unionpay}/queryTrans.do`,
      signed({ ...base, ...query }),
    )
    expect(await answer.text()).toContain('respMsg=查无此交易[3400000]&')
  })

  test.each([
    [{ merId: '777290058110049' }, '31'],
    [{ certId: '1' }, '11'],
    [{ version: '5.0.0' }, '10'],
    [{ signMethod: '11' }, '10'],
    [{ accessType: '' }, '13'],
    [{ txnType: '04' }, '10'],
  ])('with %j it says %s', async (change, code) => {
    const fields = { ...base, ...query, ...change } as Record<string, string>
    expect((await ask(signed(fields))).respCode).toBe(code)
  })

  test('a form that is refused shows the payer a page, in the language of the browser', async () => {
    const order = {
      ...base,
      txnType: '01',
      txnSubType: '01',
      orderId: nextOrder(),
      txnTime: '20200101000000',
    }
    const answer = await post(`${world.sandbox.addresses.unionpay}/frontTransReq.do`, signed(order))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('报文格式错误[1000000] txnTime')
  })
})

describe('a payment', () => {
  test('is not there until the payer acts; a declined card leaves it open; another one pays', async () => {
    const orderId = nextOrder()
    await world.arrive(orderId)
    expect((await world.query(orderId)).respCode).toBe('34')
    await world.pay(orderId, 'poor')
    expect(await world.query(orderId)).toMatchObject({ respCode: '00', origRespCode: '64', settleAmt: '0' })
    await world.pay(orderId, 'quickpass')
    const paid = await world.query(orderId)
    expect(paid).toMatchObject({
      origRespCode: '00',
      txnType: '01',
      txnAmt: '4980',
      currencyCode: '156',
      orderId,
    })
    expect(paid.queryId).toMatch(/^\d{21}$/)
    expect((await world.pay(orderId)).respCode).toBe('12')
    const byQueryId = await world.call('queryTrans.do', {
      ...{ txnType: '00', txnSubType: '00', txnTime: now(), orderId: 'IGNORED00' },
      queryId: paid.queryId ?? '',
    })
    expect(byQueryId.orderId).toBe(orderId)
  })

  test('is told to the merchant by a back notice, signed up to the root', async () => {
    const orderId = await paidOrder()
    await until('the notice', () => world.receiver.got.some((notice) => notice.orderId === orderId))
    const notice = world.receiver.got.find((one) => one.orderId === orderId) ?? {}
    expect(notice).toMatchObject({ merId, respCode: '00', txnType: '01', txnAmt: '4980', settleAmt: '4980' })
    expect(holds(notice, world.sandbox)).toBe(true)
    expect(holds({ ...notice, txnAmt: '4981' }, world.sandbox)).toBe(false)
  })

  test('is asked for by number and time both', async () => {
    const orderId = await paidOrder()
    const other = { txnType: '00', txnSubType: '00', orderId, txnTime: '20200101000000' }
    expect((await world.call('queryTrans.do', other)).respCode).toBe('34')
  })

  test('can be begun again under the same number while open, not with another amount, not once paid', async () => {
    const orderId = nextOrder()
    const cashier = await world.arrive(orderId)
    expect(await world.arrive(orderId)).toBe(cashier)
    await expect(world.arrive(orderId, { txnAmt: '1' })).rejects.toThrow('重复交易')
    await world.pay(orderId)
    await expect(world.arrive(orderId)).rejects.toThrow('重复交易')
  })

  test('is not taken past payTimeout, unless the knob says so', async () => {
    const clock = createClock()
    const orderId = nextOrder()
    const payTimeout = compactChinaTime(clock.now() + 3_600_000)
    const cashier = await world.arrive(orderId, { payTimeout })
    await world.knobs({ clockSkewSeconds: 3_601 })
    expect((await world.pay(orderId)).respCode).toBe('39')
    expect((await fetch(cashier)).status).toBe(410)
    await world.knobs({ paidAfterClose: true })
    expect((await world.pay(orderId)).transactions).toHaveLength(1)
  })

  test.each([
    { txnAmt: '0' },
    { txnAmt: '1.00' },
    { orderId: 'a-b-c-d-e' },
    { currencyCode: '840' },
    { channelType: '01' },
    { backUrl: 'ftp://x' },
  ])('%j is refused', async (change) => {
    await expect(world.arrive(nextOrder(), change)).rejects.toThrow('[10')
  })
})

describe('the cashier', () => {
  const look = async (url: string, language = 'zh-CN') => {
    const answer = await fetch(url, { headers: { 'accept-language': language } })
    return { status: answer.status, text: await answer.text() }
  }

  test('shows payee, item, amount and cards, escaped, in the language of the browser', async () => {
    const cashier = await world.arrive(nextOrder())
    const chinese = await look(cashier)
    expect(chinese.text).toContain('莱卡通信')
    expect(chinese.text).toContain('季度套餐 &lt;90 天&gt;')
    expect(chinese.text).toContain('云闪付')
    expect(chinese.text).toMatch(/<small>¥<\/small>49\.80</)
    expect((await look(cashier, 'en-GB')).text).toContain('Debit card ending 0010')
  })

  test('paying ends in a form that the browser posts back to the merchant, giving up goes back bare', async () => {
    const orderId = nextOrder()
    const cashier = await world.arrive(orderId)
    const left = await fetch(`${cashier}/give-up`, { method: 'POST', redirect: 'manual' })
    expect([left.status, left.headers.get('location')]).toEqual([307, 'http://127.0.0.1:3000/back'])
    expect((await world.query(orderId)).respCode).toBe('34')
    const declined = await post(`${cashier}/pay`, { card: 'poor' })
    const again = await look(new URL(declined.headers.get('location') ?? '', cashier).href)
    expect(again.text).toContain('卡上的余额不足')
    await post(`${cashier}/pay`, { card: 'credit' })
    const { text } = await look(cashier)
    expect(text).toContain('action="http://127.0.0.1:3000/back"')
    expect(text).toContain('data-submit')
    const inputs = [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
    const fields = Object.fromEntries(inputs) as Record<string, string>
    expect(holds(fields, world.sandbox)).toBe(true)
    expect(fields).toMatchObject({ orderId, respCode: '00' })
  })

  test('nobody’s order is not found', async () => {
    expect((await look(`${world.sandbox.addresses.home}/unionpay/cashier/00`)).status).toBe(404)
  })
})

describe('refund and void', () => {
  const giveBack = async (txnType: '04' | '31', orderId: string, number: string, txnAmt: string) => {
    const { queryId = '' } = await world.query(orderId)
    return await world.call('backTransReq.do', {
      ...{ txnType, txnSubType: '00', channelType: '07', orderId: number, txnTime: now(), txnAmt },
      ...{ origQryId: queryId, backUrl: world.receiver.url },
    })
  }
  const noticeOf = (number: string) => world.receiver.got.find((notice) => notice.orderId === number)

  test('in parts, accepted first and told later, never more than was paid', async () => {
    const orderId = await paidOrder()
    const [first, second, third] = [nextOrder(), nextOrder(), nextOrder()]
    expect(await giveBack('04', orderId, first, '980')).toMatchObject({ respCode: '00', orderId: first })
    await until('the refund’s notice', () => noticeOf(first) !== undefined)
    expect(noticeOf(first)).toMatchObject({ txnType: '04', respCode: '00', txnAmt: '980' })
    expect(holds(noticeOf(first) ?? {}, world.sandbox)).toBe(true)
    expect((await giveBack('04', orderId, second, '4001')).respCode).toBe('36')
    expect((await giveBack('04', orderId, third, '4000')).respCode).toBe('00')
    expect((await giveBack('04', orderId, third, '4000')).respCode).toBe('12')
    expect((await giveBack('04', orderId, nextOrder(), '1')).respCode).toBe('36')
    expect(await world.query(orderId)).toMatchObject({ origRespCode: '00' })
  })

  test('two at once under one number move money once', async () => {
    const orderId = await paidOrder()
    const number = nextOrder()
    const answers = await Promise.all([1, 2, 3, 4].map(() => giveBack('04', orderId, number, '1000')))
    expect(answers.map(({ respCode }) => respCode).sort()).toEqual(['00', '12', '12', '12'])
  })

  test('a void takes the whole back on its day, and nothing less', async () => {
    const orderId = await paidOrder()
    expect((await giveBack('31', orderId, nextOrder(), '1')).respCode).toBe('36')
    const number = nextOrder()
    expect((await giveBack('31', orderId, number, '4980')).respCode).toBe('00')
    await until('the void’s notice', () => noticeOf(number) !== undefined)
    expect((await giveBack('04', orderId, nextOrder(), '1')).respCode).toBe('36')
  })

  test('of what was never paid, or by another merchant, is refused', async () => {
    const other = { merId: '777290058110050', certId: '99', brand: 'harbour', name: 'Harbour Mobile' }
    const { body } = await world.control('GET', '/control/unionpay/merchants')
    const { merchantPublicKey } = body.merchants[0]
    await world.control('POST', '/control/unionpay/merchants', { ...other, merchantPublicKey })
    const { queryId = '' } = await world.query(await paidOrder())
    const fields = { txnType: '04', txnSubType: '00', channelType: '07', txnTime: now(), txnAmt: '1' }
    const asOther = { ...base, merId: other.merId, certId: '99', ...fields, backUrl: world.receiver.url }
    const answer = await post(
      `${world.sandbox.addresses.unionpay}/backTransReq.do`,
      signed({ ...asOther, orderId: nextOrder(), origQryId: queryId }),
    )
    expect(readPlain(await answer.text()).respCode).toBe('35')
  })
})

test('killed and started again it knows every order, and its certificates are the same', async () => {
  const orderId = await paidOrder()
  const before = world.sandbox.unionPayCertificates()
  await world.restart()
  expect(world.sandbox.unionPayCertificates()).toEqual(before)
  expect(await world.query(orderId)).toMatchObject({ origRespCode: '00' })
})
