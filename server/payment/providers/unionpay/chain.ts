import { type KeyObject, X509Certificate } from 'node:crypto'

/** Whose certificates count: those of UnionPay itself, under its authority. */
export interface Chain {
  /** The key in a PEM certificate, or why it does not count now. */
  keyOf(pem: string, nowMs: number): KeyObject | string
}

/** The third part of the common name, between `@`: merchants hold certificates of the same authority. */
const SIGNER = '中国银联股份有限公司'
const PEM =
  /^-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]{1,76}\r?\n)+-----END CERTIFICATE-----(?:\r?\n)?$/
/** UnionPay changes its certificate every few years; more than a few at once are somebody's play. */
const MOST_KNOWN = 16

/**
 * Checks `signPubKeyCert` up to the root. Both upper certificates are base64 DER or PEM, of the merchant's settings. Throws when
 * they are no chain themselves.
 */
export function openChain(rootCertificate: string, middleCertificate: string): Chain {
  const root = read(rootCertificate)
  const middle = read(middleCertificate)
  if (!root.verify(root.publicKey)) throw new Error('rootCertificate is not signed by itself')
  if (!isIssued(middle, root)) throw new Error('middleCertificate is not issued by rootCertificate')
  const known = new Map<string, Known>()

  /** What holds of a certificate for ever. */
  function checked(pem: string): Known | string {
    if (!PEM.test(pem)) return 'signPubKeyCert is no certificate'
    let certificate: X509Certificate
    try {
      certificate = new X509Certificate(pem)
    } catch {
      return 'signPubKeyCert is no certificate'
    }
    if (certificate.ca || !isIssued(certificate, middle)) return 'signPubKeyCert is outside the chain'
    if (signerOf(certificate) !== SIGNER) return 'signPubKeyCert is not of UnionPay'
    const line = [certificate, middle, root]
    return {
      key: certificate.publicKey,
      fromMs: Math.max(...line.map(({ validFromDate }) => validFromDate.getTime())),
      untilMs: Math.min(...line.map(({ validToDate }) => validToDate.getTime())),
    }
  }

  return {
    keyOf(pem, nowMs) {
      const found = known.get(pem) ?? checked(pem)
      if (typeof found === 'string') return found
      if (known.size < MOST_KNOWN) known.set(pem, found)
      return found.fromMs <= nowMs && nowMs <= found.untilMs ? found.key : 'signPubKeyCert is out of its time'
    },
  }
}

/** A certificate's key, and when it and all above it are good. */
interface Known {
  readonly key: KeyObject
  readonly fromMs: number
  readonly untilMs: number
}

/** The serial number of a certificate, as UnionPay's `certId` writes it. */
export function certIdOf(pem: string): string {
  return BigInt(`0x${new X509Certificate(pem).serialNumber}`).toString()
}

function read(text: string): X509Certificate {
  return new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'))
}

function isIssued(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function signerOf(certificate: X509Certificate): string | undefined {
  const { CN: name } = certificate.toLegacyObject().subject
  return typeof name === 'string' ? name.split('@')[2] : undefined
}
