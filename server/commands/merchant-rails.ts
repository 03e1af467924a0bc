import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import type { Say } from '../serve.ts'
import { keepMerchant, type RailOptions } from './merchant.ts'
import { UsageError } from './usage.ts'

export interface WechatOptions extends RailOptions {
  readonly mchId: string
  readonly appId: string
  readonly serialNo: string
  readonly keyFile: string
  readonly apiV3KeyFile: string
  readonly publicKeyFile?: string
  readonly publicKeyId?: string
  readonly appSecretFile?: string
  readonly oauthPages: string
  readonly oauthApi: string
}

/** `baohao merchant add-wechat`: WeChat Pay, API v3. Its platform certificates are fetched; its public key is given, where it has one. */
export async function wechatAddCommand(
  config: Config,
  env: Env,
  options: WechatOptions,
  say: Say,
): Promise<void> {
  const { mchId, appId, serialNo, gateway, publicKeyFile, publicKeyId, appSecretFile } = options
  demand(/^\d{8,10}$/.test(mchId), `--mch-id is 8 to 10 digits (商户号), not "${mchId}".`)
  demand(/^wx[0-9a-f]{16}$/.test(appId), `--app-id is wx and 16 hexadecimal digits, not "${appId}".`)
  demand(/^[0-9A-F]{8,40}$/i.test(serialNo), `--serial-no is hexadecimal (证书序列号), not "${serialNo}".`)
  demand(
    (publicKeyFile === undefined) === (publicKeyId === undefined),
    '--public-key-file and --public-key-id go together (微信支付公钥 and its ID).',
  )
  const apiV3Key = (await readFile(options.apiV3KeyFile, 'utf8')).trim()
  demand(apiV3Key.length === 32, '--api-v3-key-file holds 32 characters (APIv3 密钥).')
  const appSecret = appSecretFile === undefined ? undefined : (await readFile(appSecretFile, 'utf8')).trim()
  demand(appSecret !== '', '--app-secret-file is empty (AppSecret).')
  const { oauthPages, oauthApi } = options
  const providerKeys = publicKeyFile === undefined ? [] : [await readFile(publicKeyFile, 'utf8')]
  await keepMerchant(
    config,
    env,
    options,
    {
      ...{ provider: 'wechat', id: mchId, seller: mchId, gateway, providerKeys },
      privateKey: await readFile(options.keyFile, 'utf8'),
      secrets: { apiV3Key, ...(appSecret && { appSecret }) },
      settings: {
        ...{ appId, serialNo },
        ...(publicKeyId && { providerKeySerials: publicKeyId }),
        // That it is there says that payments inside WeChat are possible.
        ...(appSecret && { oauthPages, oauthApi }),
      },
    },
    say,
  )
}

export interface CardOptions extends RailOptions {
  readonly account: string
  readonly secretKeyFile: string
  readonly webhookSecretFile: string
}

/** `baohao merchant add-card`: a card gateway of Stripe's shape, by full redirect. */
export async function cardAddCommand(
  config: Config,
  env: Env,
  options: CardOptions,
  say: Say,
): Promise<void> {
  const { account, gateway } = options
  demand(/^acct_\w{1,40}$/.test(account), `--account begins with acct_, not "${account}".`)
  const secretKey = (await readFile(options.secretKeyFile, 'utf8')).trim()
  const webhookSecret = (await readFile(options.webhookSecretFile, 'utf8')).trim()
  demand(/^[sr]k_/.test(secretKey), '--secret-key-file holds a key that begins with sk_ or rk_.')
  demand(/^whsec_/.test(webhookSecret), '--webhook-secret-file holds a secret that begins with whsec_.')
  await keepMerchant(
    config,
    env,
    options,
    {
      ...{ provider: 'card', id: account, seller: account, gateway, privateKey: null, providerKeys: [] },
      secrets: { secretKey, webhookSecret },
    },
    say,
  )
}

export interface UnionPayOptions extends RailOptions {
  readonly merId: string
  readonly keyFile: string
  readonly certificateFile: string
  readonly rootCertificateFile: string
  readonly middleCertificateFile: string
  readonly fileGateway?: string
}

/** `baohao merchant add-unionpay`: UnionPay's online gateway 5.1.0 (银行卡, 云闪付). */
export async function unionPayAddCommand(
  config: Config,
  env: Env,
  options: UnionPayOptions,
  say: Say,
): Promise<void> {
  const { merId, gateway, fileGateway } = options
  demand(/^\d{15}$/.test(merId), `--mer-id is 15 digits (商户号), not "${merId}".`)
  const own = await readCertificate('--certificate-file', options.certificateFile)
  const root = await readCertificate('--root-certificate-file', options.rootCertificateFile)
  const middle = await readCertificate('--middle-certificate-file', options.middleCertificateFile)
  const base64 = (certificate: X509Certificate) => certificate.raw.toString('base64')
  await keepMerchant(
    config,
    env,
    options,
    {
      ...{ provider: 'unionpay', id: merId, seller: merId, gateway, providerKeys: [] },
      privateKey: await readFile(options.keyFile, 'utf8'),
      settings: {
        certId: BigInt(`0x${own.serialNumber}`).toString(),
        ...{ rootCertificate: base64(root), middleCertificate: base64(middle) },
        ...(fileGateway && { fileGateway }),
      },
    },
    say,
  )
}

async function readCertificate(option: string, file: string): Promise<X509Certificate> {
  const bytes = await readFile(file)
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new UsageError(`${option}: ${file} is no X.509 certificate, PEM or DER.`)
  }
}

function demand(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new UsageError(sentence)
}
