import {
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The key with which the bank signs its notices, and a stranger's. */
export interface BankKey {
  /** Base64 SPKI, for the customers: of the key in use. */
  readonly publicKey: string
  /** A new key signs from now on; the old one never again. */
  rotate(): Promise<void>
  sign(time: string, body: string): string
  /** Under a key that nobody knows. */
  forge(time: string, body: string): string
}

/** Reads the key of the data directory, making it at the first start; the public half is written beside it. */
export async function openBankKey(dataDir: string): Promise<BankKey> {
  const path = join(dataDir, 'keys', 'bank.pem')
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  let key = known === undefined ? await make(path) : createPrivateKey(known)
  let publicKey = await publish(key, dataDir)
  let stranger: KeyObject | undefined
  return {
    get publicKey() {
      return publicKey
    },
    rotate: async () => {
      key = await make(path)
      publicKey = await publish(key, dataDir)
    },
    sign: (time, body) => signed(key, time, body),
    forge: (time, body) => {
      stranger ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      return signed(stranger, time, body)
    },
  }
}

async function make(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  return privateKey
}

/** Tells the customers the public half. */
async function publish(key: KeyObject, dataDir: string): Promise<string> {
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')
  await writeFile(join(dataDir, 'bank-public-key.json'), JSON.stringify({ publicKey }), { mode: 0o600 })
  return publicKey
}

/** RSA with SHA-256 over the time, a line feed and the body. */
function signed(key: KeyObject, time: string, body: string): string {
  return createSign('sha256').update(`${time}\n`).update(body).sign(key, 'base64')
}
