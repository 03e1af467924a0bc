import { createPublicKey, createSign, type KeyObject, randomBytes } from 'node:crypto'
import { utcTime } from './clock.ts'

/** Attributes of a name, in their order. */
export type CertificateName = Readonly<Partial<Record<keyof typeof attributes, string>>>

/** What a certificate shall say. Times are milliseconds; `until` lies before 2050, where UTCTime ends. */
export interface CertificateWish {
  /** As `newSerial` makes it; absent, one of 8 bytes. */
  serial?: Buffer
  subject: CertificateName
  issuer: CertificateName
  /** Of the one certified; its public half goes in. */
  key: KeyObject
  /** Of the issuer; the same key for one that vouches for itself. */
  issuerKey: KeyObject
  /** Who may itself certify others, and who may not; absent, it says nothing of it. */
  authority?: boolean
  from: number
  until: number
}

const attributes = {
  C: { oid: '550406', tag: 0x13 },
  O: { oid: '55040a', tag: 0x0c },
  CN: { oid: '550403', tag: 0x0c },
} as const

/** Its first byte is between 0x40 and 0x7f: positive, of the shortest form (X.690 8.3.2), and always as many hexadecimal digits. */
export function newSerial(bytes: number): Buffer {
  const serial = randomBytes(bytes)
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0)
  return serial
}

/** Just enough DER (X.690) to write an X.509 version 3 certificate (RFC 5280) over RSA with SHA-256: Node reads them and writes none. */
export function makeCertificate(wish: CertificateWish): Buffer {
  const algorithm = sequence(identifier('2a864886f70d01010b'), element(0x05))
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, wish.serial ?? newSerial(8)),
    algorithm,
    nameOf(wish.issuer),
    sequence(timeOf(wish.from), timeOf(wish.until)),
    nameOf(wish.subject),
    createPublicKey(wish.key).export({ format: 'der', type: 'spki' }),
    ...(wish.authority === undefined ? [] : [element(0xa3, sequence(...extensions(wish.authority)))]),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(wish.issuerKey)
  return sequence(body, algorithm, element(0x03, Buffer.from([0]), signature))
}

/** PEM in lines of 64, with the rail's own line breaks; none after the last. */
export function pemOf(der: Buffer, lineBreak: '\n' | '\r\n'): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join(lineBreak)
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest >>= 8) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, ...parts)
}

function identifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

function nameOf(name: CertificateName): Buffer {
  const parts = Object.entries(name).map(([attribute, text]) => {
    const { oid, tag } = attributes[attribute as keyof typeof attributes]
    return element(0x31, sequence(identifier(oid), element(tag, Buffer.from(text, 'utf8'))))
  })
  return sequence(...parts)
}

function timeOf(at: number): Buffer {
  const digits = utcTime(at).replace(/[^0-9]/g, '')
  return element(0x17, Buffer.from(`${digits.slice(2)}Z`, 'latin1'))
}

/** basicConstraints and keyUsage, both critical. */
function extensions(authority: boolean): Buffer[] {
  const critical = element(0x01, Buffer.from([0xff]))
  const constraint = authority ? sequence(critical) : sequence()
  // keyCertSign and cRLSign, or digitalSignature alone: bits from the left, the first octet counts the unused ones.
  const usage = element(0x03, Buffer.from(authority ? [1, 0x06] : [7, 0x80]))
  return [
    sequence(identifier('551d13'), critical, element(0x04, constraint)),
    sequence(identifier('551d0f'), critical, element(0x04, usage)),
  ]
}
