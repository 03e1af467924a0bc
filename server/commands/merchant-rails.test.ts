import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../sandbox/certificate.ts'
import { rsaPair } from '../../test/support/alipay-stand-in.ts'
import { testDatabase } from '../../test/support/database.ts'
import { readConfig } from '../platform/config.ts'
import { merchantListCommand } from './merchant.ts'
import {
  type CardOptions,
  cardAddCommand,
  type UnionPayOptions,
  unionPayAddCommand,
  type WechatOptions,
  wechatAddCommand,
} from './merchant-rails.ts'
import { UsageError } from './usage.ts'

const database = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-rails-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const env = { BAOHAO_ORIGIN_LAIKA: 'https://pay.laika.example' }
const config = readConfig(
  { BAOHAO_MODE: 'test', DATABASE_URL: database.appUrl, BAOHAO_DATA: directory },
  directory,
)
const ours = rsaPair()
const file = (name: string, content: string | Buffer) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}
const keyFile = file('ours.pem', ours.key.export({ format: 'pem', type: 'pkcs8' }).toString())
const certificate = makeCertificate({
  ...{
    subject: { CN: 'merchant' },
    issuer: { CN: 'merchant' },
    key: ours.key,
    issuerKey: ours.key,
    authority: true,
  },
  ...{ from: Date.UTC(2026, 0, 1), until: Date.UTC(2036, 0, 1) },
})

const wechat: WechatOptions = {
  ...{ brand: 'laika', gateway: 'https://api.mch.weixin.qq.com', mchId: '1900000001', keyFile },
  ...{ appId: 'wx0123456789abcdef', serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' },
  apiV3KeyFile: file('apiv3.txt', `${'k'.repeat(32)}\n`),
  ...{ oauthPages: 'https://open.weixin.qq.com', oauthApi: 'https://api.weixin.qq.com' },
}
const card: CardOptions = {
  ...{ brand: 'laika', gateway: 'https://api.stripe.com', account: 'acct_1' },
  secretKeyFile: file('secret.txt', 'sk_test_0123456789\n'),
  webhookSecretFile: file('webhook.txt', 'whsec_0123456789\n'),
}
const unionPay: UnionPayOptions = {
  ...{ brand: 'laika', gateway: 'https://gateway.95516.com/gateway/api', merId: '777290058110048', keyFile },
  certificateFile: file('ours.cer', certificate),
  rootCertificateFile: file('root.cer', certificate),
  middleCertificateFile: file('middle.cer', certificate),
}

type Add<Options> = (
  c: typeof config,
  e: typeof env,
  o: Options,
  say: (line: string) => void,
) => Promise<void>
async function said<Options>(add: Add<Options>, options: Options): Promise<string> {
  const lines: string[] = []
  await add(config, env, options, (line) => lines.push(line))
  return lines.join('\n')
}
const merchant = async (provider: string) =>
  (await database.owner.query('select * from laika.merchant where provider = $1', [provider])).rows[0]

describe('a merchant of another rail', () => {
  it('WeChat Pay: is told its address with each payment, and keeps its secret sealed', async () => {
    const text = await said(wechatAddCommand, wechat)
    expect(text).toContain(
      'WeChat Pay notifies https://pay.laika.example/v1/notifications/wechat/laika/1900000001',
    )
    expect(text).toContain(ours.publicKey)
    const row = await merchant('wechat')
    expect(row.settings).toEqual({ appId: wechat.appId, serialNo: wechat.serialNo })
    expect((row.secrets as Buffer).includes(Buffer.from('k'.repeat(32)))).toBe(false)
    const appSecretFile = file('secret-of-app.txt', `${'s'.repeat(32)}\n`)
    await said(wechatAddCommand, { ...wechat, appSecretFile })
    const { settings, secrets } = await merchant('wechat')
    expect(settings).toMatchObject({ oauthApi: 'https://api.weixin.qq.com' })
    expect((secrets as Buffer).includes(Buffer.from('s'.repeat(32)))).toBe(false)
    expect(await said(wechatAddCommand, { ...wechat, off: true })).toContain('takes no new payments')
    expect((await merchant('wechat')).enabled).toBe(false)
  })

  it('cards: says which address the console is to be given, and has no key of ours', async () => {
    const text = await said(cardAddCommand, card)
    expect(text).toContain('https://pay.laika.example/v1/notifications/card/laika/acct_1')
    expect(text).not.toContain('应用公钥')
    expect(await merchant('card')).toMatchObject({ private_key: null, provider_keys: [], settings: {} })
  })

  it('UnionPay: reads the number of our certificate and keeps UnionPay’s chain', async () => {
    await said(unionPayAddCommand, { ...unionPay, fileGateway: 'https://filedownload.95516.com' })
    const { settings } = await merchant('unionpay')
    expect(settings.certId).toMatch(/^\d{1,40}$/)
    expect(settings).toMatchObject({
      rootCertificate: certificate.toString('base64'),
      fileGateway: 'https://filedownload.95516.com',
    })
  })

  it('all have the account that holds what the provider owes, and are listed', async () => {
    const { rows } = await database.owner.query(
      "select subject from laika.account where kind = 'provider-clearing' order by subject",
    )
    expect(rows.map(({ subject }) => subject)).toEqual([
      ...['card:acct_1', 'unionpay:777290058110048', 'wechat:1900000001'],
    ])
    const lines: string[] = []
    await merchantListCommand(config, env, { brand: 'laika' }, (line) => lines.push(line))
    expect(lines.join('\n')).toContain('unionpay 777290058110048  seller 777290058110048  CNY  on')
  })
})

describe('what cannot be is refused in a sentence', () => {
  it.each<[string, () => Promise<string>]>([
    ['--mch-id', () => said(wechatAddCommand, { ...wechat, mchId: '12' })],
    ['--app-id', () => said(wechatAddCommand, { ...wechat, appId: 'x' })],
    ['--public-key-file and', () => said(wechatAddCommand, { ...wechat, publicKeyId: 'PUB_KEY_ID_1' })],
    ['--api-v3-key-file', () => said(wechatAddCommand, { ...wechat, apiV3KeyFile: file('short', 'x') })],
    ['--account', () => said(cardAddCommand, { ...card, account: '1' })],
    ['--secret-key-file', () => said(cardAddCommand, { ...card, secretKeyFile: card.webhookSecretFile })],
    ['--mer-id', () => said(unionPayAddCommand, { ...unionPay, merId: '1' })],
    [
      '--root-certificate-file',
      () => said(unionPayAddCommand, { ...unionPay, rootCertificateFile: keyFile }),
    ],
  ])('%s', async (named, add) => {
    const refused = add()
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(named)
  })
})
