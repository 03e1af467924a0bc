import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { topUpHouse } from '../../test/support/top-up.ts'
import { createClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { askRefund } from '../topup/index.ts'
import { operator } from './operator.ts'
import {
  type PaymentRefundOptions,
  paymentProbeCommand,
  paymentRefundCommand,
  paymentRequestsCommand,
  paymentShowCommand,
} from './payment.ts'
import { CommandRefused, UsageError } from './usage.ts'

const house = await topUpHouse()
const { alipay, owner, topUps, payments, clock, db } = house
const directory = mkdtempSync(join(tmpdir(), 'baohao-payment-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
// The key that sealed the merchant's secrets.
writeFileSync(join(directory, 'master-key'), Buffer.alloc(32, 7).toString('hex'), { mode: 0o600 })
const env = { BAOHAO_MODE: 'test', DATABASE_URL: house.appUrl, BAOHAO_DATA: directory }
const config = readConfig(env, directory)
const brand = 'laika'
const guest = await house.guest()
const NUMBER = '15400130001'
await house.open({ msisdn: `86${NUMBER}` })

async function said(run: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}
const show = (what: string, json?: true) =>
  said((say) => paymentShowCommand(config, what, { brand, ...(json ? { json } : {}) }, say))
const refund = (order: string, options: Partial<PaymentRefundOptions>) =>
  said((say) => paymentRefundCommand(config, order, { brand, ...options }, say))
const acts = async () =>
  (await owner.query('select act from laika.audit where actor = $1 order by at, id', [operator()])).rows.map(
    ({ act }) => act,
  )

async function bought(faceMinor = 5000n): Promise<{ id: string; attempt: string }> {
  const { id, attempt } = await house.toPay(guest, NUMBER, faceMinor, { confirmDuplicate: true })
  const price = (await house.order(guest, id)).price.amountMinor
  await house.notify(attempt, { total_amount: `${price.slice(0, -2)}.${price.slice(-2)}` })
  await topUps.sweep(brand)
  await topUps.handOverMessages(brand)
  return { id, attempt }
}

describe('payment show', () => {
  it('tells an order’s payments, what was said of them, its refunds and the ledger, and is audited', async () => {
    const { id, attempt } = await bought()
    expect(await refund(id, { reason: '客户要求' })).toContain('¥49.80 left the line')
    const shown = await show(id)
    expect(shown).toContain(`Order ${id}, 154****0001, refunding, receipt LK-W-00000001`)
    expect(shown).toMatch(new RegExp(`${attempt}\\s+alipay wap\\s+captured .* ¥49\\.80\\s+T${attempt}`))
    expect(shown).toMatch(/notify\s+paid\s+¥49\.80/)
    expect(shown).toMatch(/¥49\.80\s+asked-by-staff\s+requested/)
    expect(shown).toContain(operator())
    expect(shown).toMatch(/credit-refunding\s+line-balance\s+refund-clearing\s+¥49\.80/)
    expect(shown).toMatch(/online-top-up\s+provider-clearing alipay:\d+\s+line-balance\s+¥49\.80/)
    expect(JSON.parse(await show(id, true))).toMatchObject({ order: { state: 'refunding' } })
    expect(await acts()).toEqual(['refund asked for', 'payment read', 'payment read'])
    expect(await show(NUMBER)).toContain(id)
    expect(await show('15400130002')).toBe('laika has no order for this number.')
  })

  it('says what it is not', async () => {
    await expect(show('nonsense')).rejects.toThrow(UsageError)
    await expect(show('01KARVZQ8E6T2M4N7P9R1S3V5X')).rejects.toThrow(CommandRefused)
  })
})

describe('payment refund', () => {
  it('above the limit asks for another operator, and the same one is refused', async () => {
    const { id } = await bought(30_000n)
    const asked = await refund(id, { reason: '充错' })
    expect(asked).toContain('more than one person may have made alone')
    const [, request] = /--approve (\w{26})/.exec(asked) ?? []
    await expect(refund(id, { approve: request ?? '' })).rejects.toThrow('another operator must')
    expect(await said((say) => paymentRequestsCommand(config, { brand }, say))).toContain(request)
    expect(await refund(id, { decline: request ?? '', reason: '不符' }).catch(String)).toContain(
      'another operator',
    )
  })

  it('approves what another has asked for', async () => {
    const { id } = await bought(30_000n)
    const laika = house.brands.get(brand)
    const { request } = await askRefund({ db, clock }, laika, {
      ...{ order: idFromWire(id) ?? '', amountMinor: null, reason: 'r', mayEnd: false },
      by: { channel: 'staff', actor: 'operator somebody-else' },
    })
    const json = await refund(id, { json: true }).catch(String)
    expect(json).toContain('--reason')
    const wire = (await show(id)).match(/Asked for:\n.*\n\s+(\w{26})/)?.[1] ?? ''
    expect(await refund(id, { approve: wire })).toContain('left the line')
    await expect(refund(id, { approve: wire })).rejects.toThrow('waits for nobody')
    expect(request.state).toBe('waiting')
  })

  it.each<[string, Partial<PaymentRefundOptions>, string]>([
    ['no reason', {}, '--reason'],
    ['an amount that is none', { reason: 'r', amount: '1.234' }, '--amount'],
    ['two acts at once', { approve: 'a', decline: 'b' }, 'one at a time'],
  ])('refuses %s', async (_, options, sentence) => {
    const { id } = await bought(10_000n)
    await expect(refund(id, options)).rejects.toThrow(UsageError)
    await expect(refund(id, options)).rejects.toThrow(sentence)
  })

  it('tells a plain no of the order itself', async () => {
    const { id } = await house.toPay(guest, NUMBER, 5000n, { confirmDuplicate: true })
    await expect(refund(id, { reason: 'r' })).rejects.toMatchObject({
      entry: { code: 'refund-not-possible' },
    })
  })
})

describe('payment probe', () => {
  it('asks the provider and applies what it says', async () => {
    const { id, attempt } = await house.toPay(guest, NUMBER, 5000n, { confirmDuplicate: true })
    alipay.on('alipay.trade.query', () => ({
      ...{ code: '10000', out_trade_no: attempt, trade_no: `T${attempt}`, trade_status: 'TRADE_SUCCESS' },
      ...{ total_amount: '49.80', send_pay_date: '2026-11-22 14:00:05' },
    }))
    const probe = (which: string) => said((say) => paymentProbeCommand(config, which, { brand }, say))
    expect(await probe(attempt)).toContain(`The provider says paid. Order ${id}; evidence applied: 1.`)
    expect((await house.order(guest, id)).state).toBe('credited')
    await expect(probe(id)).rejects.toThrow(CommandRefused)
  })
})

// Last, as the clock goes past the guest's session.
describe('payment refund --again', () => {
  it('sends again what the provider refused', async () => {
    const { id } = await bought()
    alipay.on('alipay.trade.refund', () => ({ code: '40004', sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' }))
    expect(await refund(id, { reason: 'r', amount: '10.00' })).toContain('¥10.00 left the line')
    await expect(refund(id, { again: true })).rejects.toThrow('nothing to send again')
    // Commands go by the real clock.
    clock.advance(Math.max(0, createClock().instant() - clock.instant()) + 1_000)
    await payments.sendRefunds(brand)
    await topUps.sweep(brand)
    expect(await refund(id, { again: true })).toContain('¥10.00 is sent again under its number')
    expect(await show(id)).toContain(`Order ${id}, 154****0001, refunding`)
  })
})
