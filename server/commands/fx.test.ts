import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FOREIGN_APP_ID, newKey, topUpHouse } from '../../test/support/top-up.ts'
import { readConfig } from '../platform/config.ts'
import { importRates, readRates } from '../quote/index.ts'
import { ecbFile } from '../quote/rates-fixture.ts'
import { topUpChecks } from '../topup/index.ts'
import { fxExchangedCommand, fxPositionCommand } from './fx.ts'

const house = await topUpHouse()
const { db, clock, topUps } = house
const directory = mkdtempSync(join(tmpdir(), 'baohao-fx-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const env = { BAOHAO_MODE: 'test', DATABASE_URL: house.appUrl, BAOHAO_DATA: directory }
const config = readConfig(env, directory)

const said = async (run: (say: (line: string) => void) => Promise<void>) => {
  const told: string[] = []
  await run((line) => told.push(line))
  return told.join('\n')
}
const position = (brand = 'harbour') => said((say) => fxPositionCommand(config, { brand }, say))
const exchanged = (amount: string, received: string, reference: string, more = {}) =>
  said((say) =>
    fxExchangedCommand(
      config,
      { brand: 'harbour', currency: 'CNY', amount, received, reference, reason: 'treasury', ...more },
      say,
    ),
  )
const inBooks = async () => {
  const { rows } = await house.owner.query(
    `select kind || ' ' || currency as of, balance::text from harbour.account
      where kind in ('bank', 'fx-position', 'fx-gain-loss') and balance <> 0 order by 1`,
  )
  return Object.fromEntries(rows.map(({ of, balance }) => [of, balance]))
}

await house.addForeignRail('harbour', 'CNY')
const rates = readRates(Buffer.from(ecbFile('2026-11-20', { GBP: '0.87', CNY: '7.8' })), null)
await importRates(db.of('harbour'), clock, rates, 'operator ann')
await house.open({ msisdn: '447700900321', brand: 'harbour' })
const guest = await house.guest('07700900321', 'harbour')

/** Ten pounds, paid by ¥91.00, worth £10.15 at the bare rate. */
async function bought(): Promise<void> {
  const placed = await house.place(guest, '07700900321', 1000n, { locale: 'en', confirmDuplicate: true })
  const { id } = placed.body
  const quote = (await guest.send('POST', `/v1/top-ups/${id}/quotes`, { currency: 'CNY' })).body
  const body = { provider: 'alipay', scene: 'wap', locale: 'en', quote: quote.id }
  const begun = await guest.send('POST', `/v1/top-ups/${id}/payments`, body, { 'idempotency-key': newKey() })
  const money = { total_amount: '91.00', app_id: FOREIGN_APP_ID, auth_app_id: FOREIGN_APP_ID }
  await house.notify(begun.body.attemptId, money, 'harbour')
  await topUps.sweep('harbour')
}

describe('baohao fx', () => {
  it('shows what is open in each currency, and its worth', async () => {
    expect(await position()).toBe('harbour has been paid in its own currency alone.')
    await bought()
    await bought()
    await bought()
    await topUps.handOverMessages('harbour')
    expect(await position()).toBe(
      [
        'CNY: CNY 273.00 open, £30.45 at the quotes',
        '  taken CNY 273.00 for £30.45, back with payers CNY 0.00 for £0.00',
        '  providers owe CNY 273.00, the bank holds CNY 0.00',
      ].join('\n'),
    )
  })

  it('books what an exchange brought, and its difference, once', async () => {
    expect(await exchanged('100.00', '11.00', 'FX 1')).toBe(
      'CNY 100.00, £11.15 at the quotes, brought £11.00: £0.15 lost.',
    )
    expect(await inBooks()).toEqual({
      ...{ 'bank CNY': '-10000', 'bank GBP': '1100', 'fx-gain-loss GBP': '15' },
      ...{ 'fx-position CNY': '-17300', 'fx-position GBP': '1930' },
    })
    expect(await exchanged('100.00', '11.00', 'FX 1')).toContain('booked before; nothing was done')
    await expect(exchanged('100.00', '11.01', 'FX 1')).rejects.toThrow('as CNY 100.00 for £11.00')
    const audit = await house.owner.query(
      `select subject, reason, detail from harbour.audit where act = 'exchange booked'`,
    )
    expect(audit.rows).toMatchObject([
      { subject: 'FX 1', reason: 'treasury', detail: { worthMinor: '1115' } },
    ])
    expect(await house.fsck()).toEqual([])
  })

  it('refuses more than is open, and what cannot be read', async () => {
    await expect(exchanged('173.01', '19.00', 'FX 2')).rejects.toThrow('CNY 173.00 are open')
    await expect(exchanged('0', '0', 'FX 2')).rejects.toThrow('CNY 173.00 are open')
    await expect(exchanged('0', '1.00', 'FX 2')).rejects.toThrow('nothing brings nothing')
    await expect(exchanged('x', '1.00', 'FX 2')).rejects.toThrow('--amount is an amount in CNY')
    await expect(exchanged('1.00', '1.00', 'FX 2', { currency: 'GBP' })).rejects.toThrow('another than GBP')
    await expect(exchanged('1.00', '1.00', 'FX 2', { currency: 'USD' })).rejects.toThrow('are open')
    await expect(exchanged('1.00', '1.00', 'FX 2', { reason: ' ' })).rejects.toThrow('--reason')
    await expect(exchanged('1.00', '1.00', ' ')).rejects.toThrow('--reference')
  })

  it('two at once of one reference are one, and the last takes what is left', async () => {
    const both = await Promise.all([
      exchanged('173.00', '19.50', 'FX 3'),
      exchanged('173.00', '19.50', 'FX 3'),
    ])
    expect(both.filter((text) => text.includes('£0.20 gained'))).toHaveLength(1)
    expect(await inBooks()).toEqual({
      ...{ 'bank CNY': '-27300', 'bank GBP': '3050', 'fx-gain-loss GBP': '-5' },
    })
    expect(await position()).toContain('exchanged CNY 273.00, £30.45 at the quotes, for £30.50: £0.05 gained')
    expect(await house.fsck()).toEqual([])
  })

  it.each([
    ['an exchange of another amount', 'update harbour.fx_exchange set amount = amount + 1'],
    ['one that brought more', 'update harbour.fx_exchange set received = received + 1'],
    ['one of another worth', 'update harbour.fx_exchange set worth = worth + 1'],
    ['one that is gone', 'delete from harbour.fx_exchange'],
    ['its posting that is gone', `delete from harbour.transfer where posting = 'fx-exchanged'`],
    [
      'a gain that is gone',
      `delete from harbour.transfer t using harbour.account a where a.id = t.credit_account and a.kind = 'fx-gain-loss'`,
    ],
  ])('fsck finds %s', async (_, sql) => {
    await house.owner.query('begin')
    try {
      await house.owner.query(sql)
      const found = []
      for (const check of topUpChecks) {
        if (!('sql' in check)) continue
        const { rowCount } = await house.owner.query(check.sql.replaceAll('{{brand}}', 'harbour'))
        if (rowCount) found.push(check.id)
      }
      expect(found).toContain('I6')
    } finally {
      await house.owner.query('rollback')
    }
  })
})
