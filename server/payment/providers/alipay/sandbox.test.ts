import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../../../contract/id.ts'
import { type Sandbox, startSandbox } from '../../../../sandbox/start.ts'
import { rsaPair } from '../../../../test/support/alipay-stand-in.ts'
import { APP_ID, SELLER } from '../../../../test/support/payment.ts'
import { createClock } from '../../../platform/clock.ts'
import { newId } from '../../../platform/id.ts'
import type { PaymentProvider } from '../../port.ts'
import { openAlipay } from './alipay.ts'
import { chinaTime } from './china-time.ts'

/** The payer's code and the day bill against the sandbox, which knows nothing of the adapter. */

const ours = rsaPair()
const clock = createClock()
let dataDir: string
let sandbox: Sandbox
let alipay: PaymentProvider
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'alipay-'))
  const merchant = { appId: APP_ID, sellerId: SELLER, brand: 'laika', name: '莱卡通信' }
  const merchants = { alipay: [{ ...merchant, merchantPublicKey: ours.publicKey }] }
  sandbox = await startSandbox({ dataDir, ports: { home: 0 }, merchants })
  alipay = await openAlipay(
    {
      ...{ provider: 'alipay', id: APP_ID, seller: SELLER, currency: 'CNY', secrets: {}, settings: {} },
      ...{ gateway: sandbox.addresses.gateway, privateKey: ours.privateKey },
      providerKeys: [sandbox.alipayPublicKey(APP_ID)],
    },
    clock.instant,
  )
})
afterAll(async () => {
  await sandbox.stop()
  await rm(dataDir, { recursive: true })
})
beforeEach(() => knobs({ reset: true }))

async function knobs(change: object): Promise<void> {
  const answer = await fetch(`${sandbox.addresses.home}/control/merchants/${APP_ID}/knobs`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${sandbox.controlToken}` },
    body: JSON.stringify(change),
  })
  expect(answer.status).toBe(200)
}

/** The digits that the payer's wallet shows. */
async function payerCode(wish: string): Promise<string> {
  const body = new URLSearchParams({ wish })
  const answer = await fetch(`${sandbox.addresses.home}/wallet/payer-code`, {
    ...{ method: 'POST', body, redirect: 'manual' },
  })
  return answer.headers.get('location')?.split('/').at(-1) ?? ''
}

async function charge(wish: string) {
  const number = idToWire(newId(clock.instant()))
  const outcome = await alipay.create(
    {
      ...{ number, scene: 'payer-code', amountMinor: 4980n, currency: 'CNY' },
      expiresAtMs: clock.instant() + 1_800_000,
      payer: { payerCode: await payerCode(wish) },
    },
    {
      subject: '季度套餐',
      notifyUrl: 'http://127.0.0.1:9/',
      returnUrl: 'http://127.0.0.1:9/',
      locale: 'zh-CN',
    },
  )
  return { payment: { number, reference: null }, outcome }
}

describe('payer’s code', () => {
  test('taken and paid; undone, the money goes back', async () => {
    const { payment, outcome } = await charge('at-once')
    expect(outcome).toEqual({ kind: 'taken' })
    expect(await alipay.query(payment)).toMatchObject({ kind: 'paid', amountMinor: 4980n })
    for (const _ of ['once', 'twice']) {
      expect(await alipay.reverse?.(payment)).toMatchObject({ kind: 'closed', fields: { action: 'refund' } })
    }
    expect(await alipay.query(payment)).toMatchObject({ kind: 'refunded' })
  })

  test('taken, and the payer types no password; undone, nothing was paid', async () => {
    const { payment, outcome } = await charge('password')
    expect(outcome).toEqual({ kind: 'taken' })
    expect(await alipay.query(payment)).toEqual({ kind: 'pending' })
    expect(await alipay.reverse?.(payment)).toMatchObject({ kind: 'closed', fields: { action: 'close' } })
    expect(await alipay.query(payment)).toMatchObject({ kind: 'closed' })
  })

  test('not for want of money', async () => {
    const { outcome } = await charge('poor')
    expect(outcome).toEqual({ kind: 'no', reason: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })
  })

  test.each([{ payerCodeAnswer: 'unknown' }, { fault: 'http-500', faultMethod: 'alipay.trade.pay' }])(
    '%j: not known, and paid',
    async (knob) => {
      await knobs(knob)
      const { payment, outcome } = await charge('at-once')
      expect(outcome).toMatchObject({ kind: 'unknown' })
      expect(await alipay.query(payment)).toMatchObject({ kind: 'paid' })
    },
  )

  test('of a call that never arrived there is nothing to undo', async () => {
    const number = idToWire(newId(clock.instant()))
    expect(await alipay.reverse?.({ number, reference: null })).toEqual({ kind: 'not-found' })
  })
})

test('a day’s bill: not ready, then a zip', async () => {
  const today = chinaTime(clock.instant()).slice(0, 10)
  expect(await alipay.fetchBill?.(today)).toEqual({ kind: 'not-ready' })
  await knobs({ billsAtOnce: true })
  const bill = await alipay.fetchBill?.(today)
  if (bill?.kind !== 'bill') throw new Error('no bill')
  const name = bill.bytes.subarray(30, 30 + bill.bytes.readUInt16LE(26))
  expect(new TextDecoder('gbk').decode(name)).toBe(`${SELLER}0156_${today.replaceAll('-', '')}_业务明细.csv`)
})
