import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Channels, channelsFromEnv } from '../messaging/index.ts'
import { railAccounts } from './rails.ts'

/** What one brand and its stand-in world share. Made once and kept, so that a restart finds the same merchants. */
export interface SandboxPartner {
  readonly brand: string
  readonly appId: string
  readonly sellerId: string
  /** Ours, base64 PKCS #8; the sandbox is told the public half. */
  readonly merchantPrivateKey: string
  readonly merchantPublicKey: string
  readonly smppPassword: string
  /** WeChat Pay. */
  readonly mchId: string
  readonly weChatAppId: string
  readonly weChatAppSecret: string
  readonly serialNo: string
  readonly apiV3Key: string
  /** UnionPay. */
  readonly merId: string
  readonly certId: string
  /** Cards. */
  readonly cardAccount: string
  readonly cardSecretKey: string
  readonly cardWebhookSecret: string
}

export interface SandboxBrand {
  readonly key: string
  readonly name: string
  readonly baseUrl: string
  readonly currency: string
  readonly numberPrefixes: readonly string[]
  readonly ussdKey: string
}

export interface SandboxPorts {
  readonly home: number
  readonly alipay: number
  readonly wechat: number
  readonly card: number
  readonly unionpay: number
  readonly bank: number
  readonly smpp: number
  readonly smtp: number
}

/** Where messages of the demo go, whatever the environment says. */
export function sandboxChannels(
  partners: readonly SandboxPartner[],
  brand: string,
  { smpp, smtp }: Pick<SandboxPorts, 'smpp' | 'smtp'> = USUAL_PORTS,
): Channels {
  const password = partners.find((partner) => partner.brand === brand)?.smppPassword
  const name = brand.toUpperCase()
  const urls = {
    [`BAOHAO_SMS_${name}`]: `smpp://${brand}:${password}@127.0.0.1:${smpp}`,
    [`BAOHAO_MAIL_${name}`]: `smtp://127.0.0.1:${smtp}`,
  }
  return channelsFromEnv(urls, brand)
}

export const USUAL_PORTS: SandboxPorts = {
  ...{
    home: 4000,
    alipay: 4010,
    wechat: 4020,
    card: 4030,
    unionpay: 4035,
    bank: 4040,
    smpp: 4050,
    smtp: 4060,
  },
}

/** Where the sandbox's central bank publishes, under the sandbox's directory (sandbox/README.md). */
export const RATES_FILE = 'rates/eurofxref-daily.xml'

const START_PATIENCE_MS = 20_000

/** Reads the partners of the data directory, making those that are missing. */
export function sandboxPartners(dataDir: string, brands: readonly string[]): SandboxPartner[] {
  const file = join(dataDir, 'sandbox-partners.json')
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SandboxPartner[]) : []
  const partners = brands.map(
    (brand, i) =>
      known.find((partner) => partner.brand === brand && partner.weChatAppSecret) ?? makePartner(brand, i),
  )
  if (partners.some((partner) => !known.includes(partner))) {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    writeFileSync(file, JSON.stringify(partners), { mode: 0o600 })
  }
  return partners
}

function makePartner(brand: string, index: number): SandboxPartner {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ordinal = (index + 1).toString().padStart(12, '0')
  const random = (bytes: number) => randomBytes(bytes).toString('hex')
  return {
    brand,
    appId: `2021${ordinal}`,
    sellerId: `2088${ordinal}`,
    merchantPrivateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    merchantPublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    smppPassword: `${brand}-pw`.slice(0, 8),
    mchId: `19${ordinal.slice(-8)}`,
    weChatAppId: `wx${random(8)}`,
    weChatAppSecret: random(16),
    serialNo: random(16).toUpperCase(),
    apiV3Key: random(16),
    merId: `777${ordinal}`,
    certId: `40220995${ordinal.slice(-6)}`,
    cardAccount: `acct_${brand}`,
    cardSecretKey: `sk_test_${random(16)}`,
    cardWebhookSecret: `whsec_${random(16)}`,
  }
}

/** Writes the file the sandbox reads at its start (sandbox/README.md). */
export function writeMerchants(
  dataDir: string,
  brands: readonly SandboxBrand[],
  partners: readonly SandboxPartner[],
): void {
  const partnerOf = (key: string) => partners.find((partner) => partner.brand === key) as SandboxPartner
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const operators = brands.map(({ key, name, baseUrl, ussdKey, numberPrefixes }) => ({
    ...{ brand: key, name, baseUrl, ussdKey, numberPrefixes },
    smpp: { systemId: key, password: partnerOf(key).smppPassword },
  }))
  const merchants = { operators, ...railAccounts(brands, partnerOf) }
  writeFileSync(join(dataDir, 'merchants.json'), JSON.stringify(merchants, null, 1), { mode: 0o600 })
}

/** UnionPay's certificates, as the sandbox wrote them when it became ready. */
export function unionPayCertificates(dataDir: string): {
  readonly rootCertificate: string
  readonly middleCertificate: string
} {
  return JSON.parse(readFileSync(join(dataDir, 'unionpay-certificates.json'), 'utf8'))
}

/** The key with which the bank signs, as the sandbox wrote it. */
export function bankPublicKey(dataDir: string): string {
  const { publicKey } = JSON.parse(readFileSync(join(dataDir, 'bank-public-key.json'), 'utf8'))
  return publicKey as string
}

/** Alipay's public key per app id, as the sandbox wrote it when it became ready. */
export function alipayPublicKeys(dataDir: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(dataDir, 'alipay-public-keys.json'), 'utf8')) as Record<string, string>
}

/** The sandbox as a child process; it ends with us. Resolves when every listener is up. */
export async function startSandboxProcess(
  dataDir: string,
  ports: SandboxPorts,
): Promise<{ stop(): Promise<void> }> {
  const main = join(import.meta.dirname, '../../sandbox/main.ts')
  const portArguments = Object.entries(ports).flatMap(([name, port]) => [`--${name}-port`, `${port}`])
  const child = spawn(process.execPath, [main, '--data-dir', dataDir, ...portArguments], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await ready(child)
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the sandbox did not become ready in time')),
      START_PATIENCE_MS,
    )
    child.once('exit', (code) =>
      reject(new Error(`the sandbox ended at its start (${code}); are its ports in use?`)),
    )
    lines.on('line', (line) => {
      if (line !== 'ready') return
      clearTimeout(timer)
      resolve()
    })
  })
}
