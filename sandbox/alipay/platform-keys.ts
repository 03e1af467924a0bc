import { generateKeyPair, type KeyObject } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { replaceFile } from '../replace-file.ts'
import { publicKeyOf, readPrivateKey } from './signature.ts'

/** Alipay's own key pairs, one per merchant app, newest in use. Kept apart from the book, which may be shown to people. */
export interface PlatformKeys {
  /** Makes the app's first pair unless there is one. */
  ensure(appId: string): Promise<void>
  /** Replaces the pair; everything signed from now on needs the new public key. */
  rotate(appId: string): Promise<void>
  privateKey(appId: string): KeyObject
  /** Base64 SPKI. */
  publicKey(appId: string): string
  /** A pair that belongs to nobody Alipay knows, for forgeries. */
  strangerKey(): Promise<KeyObject>
}

/** Opens the pairs kept in `<dataDir>/keys` and publishes the public halves in `<dataDir>/alipay-public-keys.json`. */
export async function openPlatformKeys(dataDir: string): Promise<PlatformKeys> {
  const folder = join(dataDir, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const newest = new Map<string, { version: number; key: KeyObject }>()
  for (const name of await readdir(folder)) {
    const [, appId, version] = /^alipay-(\d+)-(\d+)\.pem$/.exec(name) ?? []
    if (!appId || !version) continue
    const number = Number.parseInt(version, 10)
    if (number <= (newest.get(appId)?.version ?? 0)) continue
    newest.set(appId, { version: number, key: readPrivateKey(await readFile(join(folder, name), 'utf8')) })
  }

  async function rotate(appId: string): Promise<void> {
    const key = await makeKey()
    const version = (newest.get(appId)?.version ?? 0) + 1
    const pem = key.export({ format: 'pem', type: 'pkcs8' })
    await replaceFile(join(folder, `alipay-${appId}-${version}.pem`), pem.toString())
    newest.set(appId, { version, key })
    await publish()
  }

  async function publish(): Promise<void> {
    const keys = Object.fromEntries([...newest].map(([appId, { key }]) => [appId, publicKeyOf(key)]))
    await replaceFile(join(dataDir, 'alipay-public-keys.json'), `${JSON.stringify(keys, null, 2)}\n`)
  }

  function privateKey(appId: string): KeyObject {
    const pair = newest.get(appId)
    if (!pair) throw new Error(`Alipay has no key pair for app ${appId}.`)
    return pair.key
  }

  await publish()
  let stranger: Promise<KeyObject> | undefined
  return {
    ensure: async (appId) => {
      if (!newest.has(appId)) await rotate(appId)
    },
    rotate,
    privateKey,
    publicKey: (appId) => publicKeyOf(privateKey(appId)),
    strangerKey: () => {
      stranger ??= makeKey()
      return stranger
    },
  }
}

async function makeKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey
}
