import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { settlementFile } from '../../sandbox/unionpay/settlement-file.ts'
import type { Transaction } from '../../sandbox/unionpay/transaction.ts'
import { tradeBill } from '../../sandbox/wechat/bill.ts'
import type { Deal } from '../../sandbox/wechat/deal.ts'
import type { BillExpected } from './bill.ts'
import { readUnionpayBill } from './read-unionpay.ts'
import { readWechatBill } from './read-wechat.ts'
import { readAll } from './reconcile-fixture.ts'

// Bills as the sandbox's own rails write them from their books.

const DAY = '2026-11-21'
const MIDNIGHT = Date.UTC(2026, 10, 20, 16)
const MCH_ID = '1900000109'
const wechat: BillExpected = { day: DAY, merchant: MCH_ID, seller: MCH_ID, currency: 'CNY' }

it('a bill that the sandbox’s own WeChat Pay writes is read: a payment, its refund under way, and one that was revoked', async () => {
  const at = MIDNIGHT + 3_600_000
  const order = {
    mchId: MCH_ID,
    tradeType: 'MICROPAY',
    description: '话费充值',
    openid: 'o',
    totalMinor: '4980',
  }
  const deal = (outTradeNo: string, transactionId: string, more: Partial<Deal>) =>
    ({
      ...{
        dealId: outTradeNo,
        order: { ...order, outTradeNo, expiresAt: 0, prepayId: 'p' },
        state: 'SUCCESS',
      },
      ...{ totalMinor: 4980n, createdAt: at, paidAt: at, transactionId, refunds: [], ...more },
    }) as unknown as Deal
  const refund = {
    refundId: '50',
    outRefundNo: '01KAZZZZZZZZZZZZZZZZZZ0009',
    amountMinor: 1000n,
    reason: 'x',
  }
  const begun = { ...refund, status: 'PROCESSING', at: at + 1000 } as const
  const deals = new Map([
    ['1', deal('01KAZZZZZZZZZZZZZZZZZZ0001', '4200001', { refunds: [begun] })],
    ['2', deal('01KAZZZZZZZZZZZZZZZZZZ0002', '4200002', { revoked: { at: at + 2000, refundId: '51' } })],
  ])
  const merchant = { mchId: MCH_ID, appId: 'wx8888888888888888' } as never
  const bill = tradeBill({ deals } as never, merchant, DAY, 'ALL', { billFault: '' } as never)
  const rows = await readAll(readWechatBill, Buffer.from(bill?.text ?? ''), {
    ...wechat,
    sha1: bill?.sha1 ?? '',
  })
  const number = idFromWire(refund.outRefundNo)
  expect(
    rows.map(({ kind, key, amountMinor, feeMinor, final }) => [kind, key, amountMinor, feeMinor, final]),
  ).toEqual([
    ['payment', '4200001', 4980n, 30n, true],
    ['payment', '4200002', 4980n, 30n, true],
    ['refund', number, 1000n, -6n, false],
    ['revocation', '4200002', 4980n, -30n, true],
  ])
})

describe('a settlement file of UnionPay', () => {
  const merId = '777290058110048'
  const unionpay: BillExpected = { day: DAY, merchant: merId, seller: merId, currency: 'CNY' }
  const transaction = (
    kind: '01' | '04',
    orderId: string,
    at: string,
    more: Partial<Transaction> = {},
  ): Transaction => ({
    ...{
      queryId: `44261121${orderId.slice(-13)}`,
      kind,
      merId,
      orderId,
      txnTime: '20261121100000',
      amountMinor: 4980n,
    },
    ...{ traceNo: '000001', at: Date.parse(`${at}+08:00`), backUrl: '', respCode: '00' },
    card: { id: 'debit', accNo: '622588******0010', payCardType: '01', payType: '0201', says: '00' },
    ...more,
  })
  const paid = transaction('01', '01KAZZZZZZZZZZZZZZZZZZ0001', '2026-11-20T23:00:05')
  const back = transaction('04', '01KAZZZZZZZZZZZZZZZZZZ0002', '2026-11-21T22:59:59', {
    origQryId: paid.queryId,
  })
  const state = { transactions: new Map([paid, back].map((one) => [one.queryId, one])) } as never
  const file = (day: string) =>
    inflateSync(
      Buffer.from(
        settlementFile(state, merId, day, { billFault: '' } as never, MIDNIGHT).fileContent,
        'base64',
      ),
    )

  it('is read, its day from 23:00 to 23:00', async () => {
    const common = { currency: 'CNY', amountMinor: 4980n, final: true }
    const [number, refund] = [idFromWire(paid.orderId), idFromWire(back.orderId)] as [string, string]
    expect(await readAll(readUnionpayBill, file(DAY), unionpay)).toEqual([
      { ...common, kind: 'payment', key: paid.queryId, number, feeMinor: 30n, atMs: paid.at },
      { ...common, kind: 'refund', key: refund, number: refund, feeMinor: 0n, atMs: back.at },
    ])
    expect(await readAll(readUnionpayBill, file('2026-11-22'), { ...unionpay, day: '2026-11-22' })).toEqual(
      [],
    )
  })

  it('is refused when it is of another day or merchant, or torn', async () => {
    const other = { ...unionpay, day: '2026-11-20' }
    await expect(readAll(readUnionpayBill, file(DAY), other)).rejects.toThrow(
      'of another day than 2026-11-20',
    )
    const stranger = { ...unionpay, merchant: '777290058110049' }
    await expect(readAll(readUnionpayBill, file(DAY), stranger)).rejects.toThrow(
      `of the merchant ${merId}, not of`,
    )
    const whole = file(DAY)
    await expect(readAll(readUnionpayBill, whole.subarray(0, whole.length - 1), unionpay)).rejects.toThrow(
      'is torn',
    )
    const short = Buffer.from('S22 00010000\r\n')
    await expect(readAll(readUnionpayBill, short, unionpay, `INN26112188ZM_${merId}`)).rejects.toThrow(
      'Line 1',
    )
  })
})
