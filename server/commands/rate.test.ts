import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { testDatabase } from '../../test/support/database.ts'
import { loadBrands } from '../brand/index.ts'
import { readConfig } from '../platform/config.ts'
import { createRound } from '../quote/jobs.ts'
import { ecbFile } from '../quote/rates-fixture.ts'
import { merchantAddCommand } from './merchant.ts'
import { rateImportCommand } from './rate.ts'

const database = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-rate-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const config = readConfig(
  { BAOHAO_MODE: 'test', DATABASE_URL: database.appUrl, BAOHAO_DATA: directory },
  directory,
)

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

async function imported(text: string, options: { brand?: string; acquirer?: string } = {}): Promise<string> {
  const said: string[] = []
  await rateImportCommand(config, file('rates', text), options, (line) => said.push(line))
  return said.join('\n')
}

const rows = async (brand: string) =>
  (await database.owner.query(`select currency, value::text from ${brand}.rate order by day, currency`)).rows

const friday = ecbFile('2025-11-21', { CNY: '8.1935', GBP: '0.8742' })

describe('baohao rate import', () => {
  it('adds a file to the brands that quote, once, and leaves the others alone', async () => {
    expect(await imported(friday)).toBe('harbour has 2 new rates; the newest are of 2025-11-21.')
    expect(await imported(friday)).toContain('knows these rates already')
    expect(await rows('harbour')).toEqual([
      { currency: 'CNY', value: '8.1935' },
      { currency: 'GBP', value: '0.8742' },
    ])
    expect(await rows('laika')).toEqual([])
  })

  it('says what is wrong with a file, with its line, and which brand does not quote', async () => {
    await expect(imported(friday.replace('0.8742', 'x'))).rejects.toThrow(
      /Line 10: expected a rate above zero/,
    )
    await expect(imported(friday, { brand: 'laika' })).rejects.toThrow('No brand quotes')
    await expect(imported(friday, { brand: 'nobody' })).rejects.toThrow('There is no brand "nobody"')
    await expect(imported(friday, { acquirer: 'x' })).rejects.toThrow('--acquirer')
  })

  it('takes an acquirer’s rates under its name', async () => {
    const csv = 'base,currency,rate,from,until\nGBP,CNY,9.21,2025-11-24T00:00:00Z,2025-11-25T00:00:00Z\n'
    expect(await imported(csv, { acquirer: 'Our Bank' })).toContain('1 new rates')
  })
})

describe('a file that is watched', () => {
  it('is imported when it has changed; one that is missing or spoilt changes nothing', async () => {
    const { db, clock, log } = database
    const brands = await loadBrands(db)
    const ratesFile = join(directory, 'watched.xml')
    const round = createRound({ db, clock, log, brands, ratesFile })
    const count = async () => (await rows('harbour')).length
    const before = await count()
    await round()
    file('watched.xml', 'spoilt')
    await round()
    expect(await count()).toBe(before)
    file('watched.xml', ecbFile('2025-11-24', { CNY: '8.2', GBP: '0.88', USD: '1.15' }))
    await round()
    await round()
    expect(await count()).toBe(before + 3)
  })
})

describe('a merchant of another currency', () => {
  const keys = [rsaPair(), rsaPair()] as const
  const options = {
    ...{ brand: 'harbour', appId: '2021004100000009', sellerId: '2088000000000009', currency: 'CNY' },
    keyFile: file('ours.txt', keys[0].privateKey),
    alipayKeyFile: [file('alipay.txt', keys[1].publicKey)],
    gateway: 'https://openapi.alipay.com/gateway.do',
  }
  const add = (change: object) => merchantAddCommand(config, {}, { ...options, ...change }, () => {})

  it('has its accounts in both currencies, and keeps its own when it is entered again', async () => {
    await add({})
    const { currency: _, ...again } = options
    await merchantAddCommand(config, {}, again, () => {})
    const { rows: accounts } = await database.owner.query(
      `select kind, currency from harbour.account where kind in ('fx-position', 'provider-clearing') or currency = 'CNY' order by 1, 2`,
    )
    expect(accounts.map(({ kind, currency }) => `${kind} ${currency}`)).toEqual([
      ...[
        'fx-position CNY',
        'fx-position GBP',
        'provider-clearing CNY',
        'refund-clearing CNY',
        'topup-suspense CNY',
      ],
    ])
    await expect(add({ currency: 'GBP' })).rejects.toThrow('is paid in CNY')
  })

  it('is refused where the brand does not quote', async () => {
    await expect(add({ brand: 'laika', currency: 'GBP' })).rejects.toThrow('says nothing of quotes')
  })
})
