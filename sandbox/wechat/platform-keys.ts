import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeCertificate, newSerial, pemOf } from '../certificate.ts'
import { replaceFile } from '../replace-file.ts'
import type { SigningKey } from './signature.ts'
import { wireTime } from './wire-time.ts'

/** One of WeChat Pay's own keys for a merchant. */
export interface PlatformKey extends SigningKey {
  /** Base64 SPKI. */
  publicKey: string
  /** PEM; absent for a key that is known by its id alone. */
  certificate?: string
  effectiveTime: string
  expireTime: string
}

/** WeChat Pay's own keys, by merchant, newest first. Kept apart from the book, which may be shown to people. */
export interface WechatPlatformKeys {
  /** Makes the merchant's first key unless there is one. */
  ensure(mchId: string, form: 'certificate' | 'public-key'): Promise<void>
  /** A new key signs from now on; the one before stays valid, as the vendor keeps both for a while. */
  rotate(mchId: string, form: 'certificate' | 'public-key'): Promise<void>
  /** The keys valid at present, at most two. */
  of(mchId: string): PlatformKey[]
  current(mchId: string): PlatformKey
  /** A key that belongs to nobody WeChat Pay knows, for forgeries. */
  stranger(): Promise<KeyObject>
}

const yearMs = 365 * 86_400_000
const validAtOnce = 2

/** Opens the keys kept in `<dataDir>/keys` and publishes the public halves in `<dataDir>/wechat-platform-keys.json`. */
export async function openWechatPlatformKeys(
  dataDir: string,
  now: () => number,
): Promise<WechatPlatformKeys> {
  const folder = join(dataDir, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const keys = await readKeys(folder)

  async function rotate(mchId: string, form: 'certificate' | 'public-key'): Promise<void> {
    const known = keys.get(mchId) ?? []
    const version = (known[0]?.version ?? 0) + 1
    const key = await makeKey(form, now())
    const { privateKey, ...kept } = key
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    await replaceFile(join(folder, `wechat-${mchId}-${version}.json`), JSON.stringify({ ...kept, pem }))
    keys.set(mchId, [{ version, key }, ...known].slice(0, validAtOnce))
    await publish()
  }

  const of = (mchId: string) => (keys.get(mchId) ?? []).map(({ key }) => key)

  async function publish(): Promise<void> {
    const shown = [...keys.keys()].map((mchId) => [
      mchId,
      of(mchId).map(({ serial, publicKey }) => ({ serial, publicKey })),
    ])
    const content = `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`
    await replaceFile(join(dataDir, 'wechat-platform-keys.json'), content)
  }

  await publish()
  let stranger: Promise<KeyObject> | undefined
  return {
    ensure: async (mchId, form) => {
      if (!keys.has(mchId)) await rotate(mchId, form)
    },
    rotate,
    of,
    current: (mchId) => {
      const newest = of(mchId)[0]
      if (!newest) throw new Error(`WeChat Pay has no key for merchant ${mchId}.`)
      return newest
    },
    stranger: () => {
      stranger ??= makePair()
      return stranger
    },
  }
}

async function readKeys(folder: string): Promise<Map<string, { version: number; key: PlatformKey }[]>> {
  const keys = new Map<string, { version: number; key: PlatformKey }[]>()
  for (const name of await readdir(folder)) {
    const [, mchId, version] = /^wechat-(\d+)-(\d+)\.json$/.exec(name) ?? []
    if (!mchId || !version) continue
    const { pem, ...kept } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { pem: string } & Omit<
      PlatformKey,
      'privateKey'
    >
    const key: PlatformKey = { ...kept, privateKey: createPrivateKey(pem) }
    keys.set(mchId, [...(keys.get(mchId) ?? []), { version: Number.parseInt(version, 10), key }])
  }
  for (const [mchId, known] of keys) {
    keys.set(mchId, known.sort((a, b) => b.version - a.version).slice(0, validAtOnce))
  }
  return keys
}

async function makeKey(form: 'certificate' | 'public-key', at: number): Promise<PlatformKey> {
  const privateKey = await makePair()
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
  const until = at + 5 * yearMs
  const times = { effectiveTime: wireTime(at), expireTime: wireTime(until) }
  if (form === 'public-key') {
    const digits = BigInt(`0x${randomBytes(16).toString('hex')}`)
      .toString()
      .padStart(32, '0')
      .slice(-32)
    return { serial: `PUB_KEY_ID_${digits}`, privateKey, publicKey, ...times }
  }
  // A client trusts it because it came sealed under the merchant's API v3 key: it vouches for itself.
  const serial = newSerial(20)
  const name = { CN: 'Tenpay.com sign (sandbox)' }
  const pair = { key: privateKey, issuerKey: privateKey }
  const der = makeCertificate({ serial, subject: name, issuer: name, ...pair, from: at, until })
  const certificate = `${pemOf(der, '\n')}\n`
  return { serial: serial.toString('hex').toUpperCase(), privateKey, publicKey, certificate, ...times }
}

async function makePair(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey
}
