import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CertificateName, makeCertificate, pemOf } from '../certificate.ts'
import { replaceFile } from '../replace-file.ts'

/** A key and the certificate that travels with everything it signs. */
export interface Signer {
  key: KeyObject
  /** PEM. */
  certificate: string
}

/** UnionPay's certificate authority: a root, one authority below it, and under that the certificate UnionPay signs with. */
export interface Authority {
  /** Makes the chain unless there is one: the first merchant needs it. */
  ensure(): Promise<void>
  /** A new signing certificate under the same authority; what was signed before stays good. */
  rotate(): Promise<void>
  signer(): Signer
  /** Base64 DER, as merchants keep them. */
  certificates(): { rootCertificate: string; middleCertificate: string }
  /** A chain with the very same names and a root of its own, for forgeries. */
  stranger(): Promise<Signer>
  /** A certificate of the same authority for somebody who is not UnionPay: what its merchants have. */
  merchantSigner(): Promise<Signer>
}

/** The third part names who signs; merchants hold certificates of the same authority under other names. */
const signerName = '041@8310000000083040@中国银联股份有限公司@00016495'
const merchantName = '041@777290058110097@沙箱商户@00000001'
const nameOf = (CN: string): CertificateName => ({ C: 'CN', O: 'Sandbox', CN })
const rootName = nameOf('Sandbox ROOT CA')
const middleName = nameOf('Sandbox OCA1')
const yearMs = 365 * 86_400_000

interface Chain {
  rootKey: KeyObject
  root: Buffer
  middleKey: KeyObject
  middle: Buffer
}

/** Opens the chain kept in `<dataDir>/keys/unionpay.json`; publishes its upper part in `<dataDir>/unionpay-certificates.json`. */
export async function openAuthority(dataDir: string, now: () => number): Promise<Authority> {
  const path = join(dataDir, 'keys', 'unionpay.json')
  let chain: (Chain & { signer: Signer }) | undefined = await readChain(path)

  async function keep(next: Chain & { signer: Signer }): Promise<void> {
    await mkdir(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
    const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()
    const kept = {
      rootKey: pem(next.rootKey),
      root: next.root.toString('base64'),
      middleKey: pem(next.middleKey),
      middle: next.middle.toString('base64'),
      signerKey: pem(next.signer.key),
      signer: next.signer.certificate,
    }
    await replaceFile(path, linesOf(kept))
    chain = next
    await replaceFile(join(dataDir, 'unionpay-certificates.json'), linesOf(published(next)))
  }
  const present = () => {
    if (!chain) throw new Error('UnionPay has no merchant yet, hence no certificates.')
    return chain
  }
  let stranger: Promise<Signer> | undefined
  let merchant: Promise<Signer> | undefined
  let ensuring: Promise<void> | undefined
  return {
    ensure: async () => {
      if (chain) return
      ensuring ??= makeChain(now()).then(async (made) =>
        keep({ ...made, signer: await certify(made, signerName, now()) }),
      )
      await ensuring
    },
    rotate: async () => {
      const known = present()
      await keep({ ...known, signer: await certify(known, signerName, now()) })
    },
    signer: () => present().signer,
    certificates: () => published(present()),
    stranger: () => {
      stranger ??= makeChain(now()).then((made) => certify(made, signerName, now()))
      return stranger
    },
    merchantSigner: () => {
      merchant ??= certify(present(), merchantName, now())
      return merchant
    },
  }
}

function published({ root, middle }: Chain) {
  return { rootCertificate: root.toString('base64'), middleCertificate: middle.toString('base64') }
}

async function makeChain(now: number): Promise<Chain> {
  const [rootKey, middleKey] = await Promise.all([makeKey(), makeKey()])
  const term = { from: now - 86_400_000, until: now + 10 * yearMs, authority: true }
  const top = { issuer: rootName, issuerKey: rootKey, ...term }
  return {
    rootKey,
    middleKey,
    root: makeCertificate({ subject: rootName, key: rootKey, ...top }),
    middle: makeCertificate({ subject: middleName, key: middleKey, ...top }),
  }
}

async function certify({ middleKey }: Chain, subject: string, now: number): Promise<Signer> {
  const key = await makeKey()
  const term = { from: now - 86_400_000, until: now + 5 * yearMs, authority: false }
  const names = { subject: nameOf(subject), issuer: middleName }
  const certificate = makeCertificate({ ...names, key, issuerKey: middleKey, ...term })
  return { key, certificate: pemOf(certificate, '\r\n') }
}

async function makeKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey
}

async function readChain(path: string): Promise<(Chain & { signer: Signer }) | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const kept = JSON.parse(text) as Record<
    'rootKey' | 'root' | 'middleKey' | 'middle' | 'signerKey' | 'signer',
    string
  >
  return {
    rootKey: createPrivateKey(kept.rootKey),
    root: Buffer.from(kept.root, 'base64'),
    middleKey: createPrivateKey(kept.middleKey),
    middle: Buffer.from(kept.middle, 'base64'),
    signer: { key: createPrivateKey(kept.signerKey), certificate: kept.signer },
  }
}

function linesOf(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`
}
