import { createPublicKey, createSign, type KeyObject, randomBytes } from 'node:crypto'
import { compactChinaTime } from '../clock.ts'

/** What a certificate shall say. Times are milliseconds; `until` lies before 2050, where UTCTime ends. */
export interface CertificateWish {
  subject: string
  issuer: string
  /** Of the one certified; its public half goes in. */
  key: KeyObject
  /** Of the issuer. */
  issuerKey: KeyObject
  /** May itself certify others. */
  authority: boolean
  from: number
  until: number
}

/** Just enough DER (X.690) to write an X.509 version 3 certificate (RFC 5280) over RSA with SHA-256. */
export function makeCertificate(wish: CertificateWish): Buffer {
  const algorithm = sequence(identifier('2a864886f70d01010b'), element(0x05))
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(5)),
    algorithm,
    nameOf(wish.issuer),
    sequence(utcTime(wish.from), utcTime(wish.until)),
    nameOf(wish.subject),
    createPublicKey(wish.key).export({ format: 'der', type: 'spki' }),
    element(0xa3, sequence(...extensions(wish.authority))),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(wish.issuerKey)
  return sequence(body, algorithm, element(0x03, Buffer.from([0]), signature))
}

/** PEM as UnionPay sends it: lines of 64 with CR LF, none after the last. */
export function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\r\n')
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

/** Positive: a leading zero keeps the highest bit from being a sign. */
function integer(bytes: Buffer): Buffer {
  return element(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

function identifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

/** C, O and CN, in that order. */
function nameOf(commonName: string): Buffer {
  const part = (oid: string, tag: number, text: string) =>
    element(0x31, sequence(identifier(oid), element(tag, Buffer.from(text, 'utf8'))))
  return sequence(
    part('550406', 0x13, 'CN'),
    part('55040a', 0x0c, 'Sandbox'),
    part('550403', 0x0c, commonName),
  )
}

function utcTime(at: number): Buffer {
  const utcDigits = compactChinaTime(at - 8 * 3_600_000)
  return element(0x17, Buffer.from(`${utcDigits.slice(2)}Z`, 'latin1'))
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
