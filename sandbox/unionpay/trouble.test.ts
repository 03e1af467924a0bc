import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import {
  base,
  holds,
  merId,
  now,
  post,
  readPlain,
  signed,
  startUnionPayWorld,
  type UnionPayWorld,
} from '../testing/unionpay.ts'
import { unzip } from '../testing/unzip.ts'
import { pause, until } from '../testing/world.ts'
import { settleDay } from './fields.ts'
import { zmWidths } from './settlement-file.ts'

let world: UnionPayWorld

beforeEach(async () => {
  world = await startUnionPayWorld()
})
afterEach(() => world.end())

const got = (count: number) => until(`${count} notices`, () => world.receiver.got.length >= count)
const shown = async (orderId: string) =>
  (await world.control('GET', `/control/unionpay/${merId}/orders/${orderId}`)).body
const genuine = () => world.receiver.got.map((notice) => holds(notice, world.sandbox))

async function paid(orderId: string): Promise<string> {
  await world.arrive(orderId)
  await world.pay(orderId)
  return orderId
}

async function refund(orderId: string, number: string, txnAmt = '980'): Promise<Record<string, string>> {
  const { queryId = '' } = await world.query(orderId)
  return await world.call('backTransReq.do', {
    ...{ txnType: '04', txnSubType: '00', channelType: '07', orderId: number, txnTime: now(), txnAmt },
    ...{ origQryId: queryId, backUrl: world.receiver.url },
  })
}

describe('notices', () => {
  test('go out five times until one is answered 200, also over a restart', async () => {
    await world.control('PUT', '/control/clock', { retryScale: 0.0001 })
    world.receiver.answer = () => ({ status: world.receiver.got.length < 3 ? 500 : 404, body: 'success' })
    await paid('ORDER0001')
    await got(5)
    // Received is not yet booked: a restart in between would rightly send again.
    while ((await shown('ORDER0001')).notices[0].sendings.length < 5) await pause(10)
    await world.restart()
    expect(world.receiver.got).toHaveLength(5)
    expect(new Set(world.receiver.got.map((notice) => notice.queryId)).size).toBe(1)
    expect(genuine().every(Boolean)).toBe(true)
  })

  test('stop at the first 200, whatever the body', async () => {
    await world.control('PUT', '/control/clock', { retryScale: 0.0001 })
    world.receiver.answer = () => ({ status: world.receiver.got.length < 2 ? 500 : 200, body: '' })
    await paid('ORDER0001')
    await got(2)
    await refundAndWait()
    expect(world.receiver.got.filter((notice) => notice.orderId === 'ORDER0001')).toHaveLength(2)
  })

  /** What comes later is there: what should have come earlier would be too. */
  async function refundAndWait(): Promise<void> {
    await refund('ORDER0001', 'REFUND001')
    await until('the refund’s notice', () =>
      world.receiver.got.some(({ orderId }) => orderId === 'REFUND001'),
    )
  }

  test('duplicate: copies of the same', async () => {
    await world.knobs({ duplicate: 3 })
    await paid('ORDER0001')
    await got(4)
    expect(new Set(world.receiver.got.map((notice) => JSON.stringify(notice))).size).toBe(1)
  })

  test('reorder: what happened later is told first', async () => {
    await world.knobs({ reorder: true })
    await paid('ORDER0001')
    await refund('ORDER0001', 'REFUND001')
    await got(2)
    expect(world.receiver.got.map((notice) => notice.orderId)).toEqual(['REFUND001', 'ORDER0001'])
  })

  test('drop all: nothing is told, the query knows', async () => {
    await world.knobs({ dropAll: true })
    await paid('ORDER0001')
    expect((await shown('ORDER0001')).notices[0].dropped).toBe(true)
    expect(world.receiver.got).toEqual([])
    expect(await world.query('ORDER0001')).toMatchObject({ origRespCode: '00' })
  })

  test('a wrong signature; a stranger’s chain with the same names; a merchant’s certificate of the same authority', async () => {
    await world.knobs({ wrongSignature: true })
    await paid('ORDER0001')
    await got(1)
    await world.knobs({ reset: true, forge: true, dropAll: true })
    await world.arrive('ORDER0002')
    await got(2)
    await world.knobs({ reset: true, merchantSigns: true })
    await paid('ORDER0003')
    await got(3)
    expect(genuine()).toEqual([false, false, false])
    expect((await world.query('ORDER0002')).respCode).toBe('34')
  })

  test.each([
    [{ notificationAmount: '1' }, { txnAmt: '1' }],
    [{ wrongMerchant: true }, { merId: '777999999999999' }],
  ])('a lie rightly signed: %j', async (knob, lie) => {
    await world.knobs(knob)
    await paid('ORDER0001')
    await got(1)
    expect(world.receiver.got[0]).toMatchObject({ orderId: 'ORDER0001', ...lie })
    expect(genuine()).toEqual([true])
    expect(await world.query('ORDER0001')).toMatchObject({ txnAmt: '4980' })
  })

  test('unknown order: a second one, well signed, for a number nobody has', async () => {
    await world.knobs({ unknownOrder: true })
    await paid('ORDER0001')
    await got(2)
    expect(world.receiver.got.filter(({ orderId }) => orderId?.startsWith('NOBODY'))).toHaveLength(1)
    expect(genuine()).toEqual([true, true])
  })

  test('again by hand, 8 at once', async () => {
    await paid('ORDER0001')
    await got(1)
    const path = `/control/unionpay/${merId}/orders/ORDER0001/notify`
    const { body } = await world.control('POST', path, { times: 8, concurrently: true })
    expect(body.receptions).toHaveLength(8)
    expect(world.receiver.got).toHaveLength(9)
  })

  test('after a rotation the new certificate holds under the same root', async () => {
    await paid('ORDER0001')
    await got(1)
    await world.control('POST', `/control/unionpay/merchants/${merId}/rotate-key`)
    await paid('ORDER0002')
    await got(2)
    expect(genuine()).toEqual([true, true])
    expect(new Set(world.receiver.got.map((notice) => notice.signPubKeyCert)).size).toBe(2)
  })
})

describe('calls', () => {
  test('HTTP 500 and silence come after the act was done', async () => {
    await paid('ORDER0001')
    await world.knobs({ fault: 'http-500', faultMethod: '04' })
    await expect(refund('ORDER0001', 'REFUND001')).rejects.toThrow('HTTP 500')
    await world.knobs({ reset: true })
    await until('the refund', () => world.receiver.got.some(({ orderId }) => orderId === 'REFUND001'))
  })

  test('a query finds nothing, then a failure, then not yet, then the truth', async () => {
    await paid('ORDER0001')
    await world.knobs({ notFoundFirst: 1, failedFirst: 2, unsettledFirst: 3 })
    const said: (string | undefined)[] = []
    for (let time = 0; time < 4; time += 1) {
      const { respCode, origRespCode } = await world.query('ORDER0001')
      said.push(origRespCode ?? respCode)
    }
    expect(said).toEqual(['34', '01', '05', '00'])
    await world.knobs({ queryLimit: 4 })
    expect((await world.query('ORDER0001')).respCode).toBe('37')
  })

  test('paid twice: two queryIds under one number, each refundable by its own', async () => {
    await world.knobs({ paidTwice: true })
    await paid('ORDER0001')
    await got(2)
    const [first, second] = world.receiver.got.map((notice) => notice.queryId ?? '')
    expect(first).not.toBe(second)
    for (const [index, origQryId] of [first, second].entries()) {
      const fields = {
        txnType: '04',
        txnSubType: '00',
        orderId: `REFUND00${index}`,
        txnTime: now(),
        txnAmt: '4980',
      }
      const answer = await world.call('backTransReq.do', {
        ...{ ...fields, channelType: '07', backUrl: world.receiver.url },
        origQryId: origQryId ?? '',
      })
      expect(answer.respCode).toBe('00')
    }
    const kinds = async () => {
      const { body } = await world.control('GET', `/control/unionpay/${merId}/transactions`)
      return body.transactions.map(({ kind }: { kind: string }) => kind)
    }
    expect((await kinds()).slice(-4)).toEqual(['01', '01', '04', '04'])
  })

  test('a wrong amount really paid is told alike everywhere', async () => {
    await world.knobs({ paidAmount: '1' })
    await paid('ORDER0001')
    await got(1)
    expect(world.receiver.got[0]).toMatchObject({ txnAmt: '1', settleAmt: '1' })
    expect(await world.query('ORDER0001')).toMatchObject({ txnAmt: '1' })
    expect((await refund('ORDER0001', 'REFUND001', '2')).respCode).toBe('36')
  })

  test('a refund answered with 05, under way for long, that fails in the end', async () => {
    await paid('ORDER0001')
    await got(1)
    await world.knobs({ answerCode: '05', refundFails: true })
    const answer = await refund('ORDER0001', 'REFUND001')
    expect(answer.respCode).toBe('05')
    expect(answer).not.toHaveProperty('queryId')
    const asked = { txnType: '00', txnSubType: '00', orderId: 'REFUND001', txnTime: answer.txnTime ?? '' }
    let said = await world.call('queryTrans.do', asked)
    while (said.origRespCode === '05') said = await world.call('queryTrans.do', asked)
    expect(said).toMatchObject({ origRespCode: '01', txnType: '04', txnAmt: '980' })
    expect(world.receiver.got).toHaveLength(1)
    // What failed is free to go back after all.
    await world.knobs({ reset: true })
    expect((await refund('ORDER0001', 'REFUND002', '4980')).respCode).toBe('00')
  })
})

describe('settlement file', () => {
  const today = () => settleDay(createClock().now())
  const fileOf = async (day = today()) => {
    const fields = { txnType: '76', txnSubType: '01', bizType: '000000', fileType: '00', txnTime: now() }
    const origin = new URL(world.sandbox.addresses.unionpay).origin
    const asked = { ...base, ...fields, settleDate: day.slice(5).replace('-', '') }
    return readPlain(await (await post(`${origin}/`, signed(asked))).text())
  }
  const rowsOf = async () => {
    const { fileContent = '' } = await fileOf()
    const files = unzip(inflateSync(Buffer.from(fileContent, 'base64')))
    const [name] = [...files.keys()].filter((one) => one.toString().includes('ZM_'))
    const lines = (name && files.get(name)?.toString().split('\r\n').slice(0, -1)) || []
    return lines.map((line) => {
      let from = 0
      return zmWidths.map((width) => {
        const value = line.slice(from, from + width)
        from += width + 1
        return value.trim()
      })
    })
  }

  test('is made at ten the next morning', async () => {
    await paid('ORDER0001')
    expect((await fileOf()).respCode).toBe('98')
    await world.knobs({ billsAtOnce: true })
    const file = await fileOf()
    expect(file).toMatchObject({ respCode: '00', fileName: `${merId}_${today().replaceAll('-', '')}.zip` })
    expect(holds(file, world.sandbox)).toBe(true)
  })

  test('has a row for each payment and refund that went well, in fields of fixed width', async () => {
    await paid('ORDER0001')
    await world.arrive('ORDER0002')
    await world.pay('ORDER0002', 'poor')
    await refund('ORDER0001', 'REFUND001')
    await until('the refund’s notice', () =>
      world.receiver.got.some(({ orderId }) => orderId === 'REFUND001'),
    )
    await world.knobs({ billsAtOnce: true })
    const { queryId = '' } = await world.query('ORDER0001')
    const [payment = [], back = [], ...rest] = await rowsOf()
    expect(rest).toEqual([])
    expect(payment).toHaveLength(42)
    const pick = (row: string[]) => [7, 12, 16, 17, 20, 28, 33, 41].map((column) => row[column - 1])
    expect(pick(payment)).toEqual([
      '000000004980',
      'ORDER0001',
      'D000000000030',
      'C000000004950',
      '01',
      merId,
      'C000000004950',
      '',
    ])
    expect(payment[9]).toBe(queryId)
    expect(pick(back)).toEqual([
      '000000000980',
      'REFUND001',
      'D000000000000',
      'D000000000980',
      '04',
      merId,
      'D000000000980',
      'ORDER0001',
    ])
    expect(back[26]).toBe(queryId)
  })

  test.each([
    ['row-missing', ['ORDER0002']],
    ['row-extra', ['ORDER0001', 'ORDER0002', expect.stringMatching(/^STRAY/)]],
  ])('%s', async (billFault, expected) => {
    await paid('ORDER0001')
    await paid('ORDER0002')
    await world.knobs({ billsAtOnce: true, billFault })
    expect((await rowsOf()).map((row) => row[11])).toEqual(expected)
  })

  test('a fen off, and a damaged archive', async () => {
    await paid('ORDER0001')
    await world.knobs({ billsAtOnce: true, billFault: 'fen-off' })
    expect((await rowsOf())[0]?.[6]).toBe('000000004981')
    await world.knobs({ billFault: 'wrong-hash' })
    await expect(rowsOf()).rejects.toThrow()
  })

  test('the day ends at 23:00 of Beijing', () => {
    const at = (time: string) => settleDay(Date.parse(`2026-11-22T${time}+08:00`))
    expect([at('22:59:59'), at('23:00:00')]).toEqual(['2026-11-22', '2026-11-23'])
    expect(chinaTime(0)).toBe('1970-01-01 08:00:00')
  })
})
