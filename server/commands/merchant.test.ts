import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { testDatabase } from '../../test/support/database.ts'
import { readConfig } from '../platform/config.ts'
import { type MerchantAddOptions, merchantAddCommand, merchantListCommand } from './merchant.ts'
import { UsageError } from './usage.ts'

const database = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-merchant-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const env = { BAOHAO_ORIGIN_LAIKA: 'https://pay.laika.example' }
const config = readConfig(
  { BAOHAO_MODE: 'test', DATABASE_URL: database.appUrl, BAOHAO_DATA: directory },
  directory,
)
const [ours, alipay, next] = [rsaPair(), rsaPair(), rsaPair()]
const pem = (base64: string, label: string) => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const options: MerchantAddOptions = {
  brand: 'laika',
  appId: '2021004100000001',
  sellerId: '2088000000000001',
  keyFile: file('ours.pem', pem(ours.privateKey, 'PRIVATE KEY')),
  alipayKeyFile: [file('alipay.txt', alipay.publicKey)],
  gateway: 'https://openapi.alipay.com/gateway.do',
}

async function add(change: Partial<MerchantAddOptions> = {}): Promise<string> {
  const said: string[] = []
  await merchantAddCommand(config, env, { ...options, ...change }, (line) => said.push(line))
  return said.join('\n')
}

async function list(told: Readonly<Record<string, string>> = env): Promise<string> {
  const said: string[] = []
  await merchantListCommand(config, told, { brand: 'laika' }, (line) => said.push(line))
  return said.join('\n')
}

const rows = async (sql: string) => (await database.owner.query(sql)).rows

describe('baohao merchant', () => {
  it('says that there is none yet', async () => {
    expect(await list()).toContain('has no merchant yet')
  })

  it('adds one, with its clearing account and an audit row, and says what the console asks for', async () => {
    const said = await add()
    expect(said).toContain('2021004100000001 takes payments for laika in CNY')
    expect(said).toContain('https://pay.laika.example/v1/notifications/alipay/laika/2021004100000001')
    expect(said).toContain(ours.publicKey)
    expect(said).not.toContain(ours.privateKey.slice(0, 40))
    expect(await rows("select subject from laika.account where kind = 'provider-clearing'")).toEqual([
      { subject: 'alipay:2021004100000001' },
    ])
    expect(await rows("select act, subject from laika.audit where act = 'merchant set'")).toEqual([
      { act: 'merchant set', subject: 'alipay:2021004100000001' },
    ])
    expect(await list()).toContain('alipay 2021004100000001  seller 2088000000000001  CNY  on')
  })

  it('changes keys and takes it off when run again, without a second row', async () => {
    const both = [file('next.txt', next.publicKey), ...options.alipayKeyFile]
    expect(await add({ alipayKeyFile: both, off: true })).toContain('takes no new payments')
    expect(await rows('select provider_keys, enabled from laika.merchant')).toEqual([
      { provider_keys: [next.publicKey, alipay.publicKey], enabled: false },
    ])
  })

  it('says what is missing while no process is told its address', async () => {
    expect(await list({})).toContain('BAOHAO_ORIGIN_LAIKA')
  })

  it.each<[string, Partial<MerchantAddOptions>, string]>([
    ['a short APPID', { appId: '2021' }, '16 digits'],
    ['a seller that is none', { sellerId: '1088000000000001' }, '2088'],
    ['a gateway that is none', { gateway: 'openapi' }, 'web address'],
    ['a key that is none', { keyFile: file('empty.txt', 'nothing') }, 'cannot be used'],
    ['an unknown brand', { brand: 'nobody' }, 'no brand "nobody"'],
    [
      'our own public key in the place of Alipay’s',
      { alipayKeyFile: [file('own.txt', ours.publicKey)] },
      'your own public key',
    ],
  ])('refuses %s, and changes nothing', async (_, change, sentence) => {
    const before = await rows('select * from laika.merchant')
    const refused = add(change)
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(sentence)
    expect(await rows('select * from laika.merchant')).toEqual(before)
  })
})
