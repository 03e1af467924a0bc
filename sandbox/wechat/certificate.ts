import { createPublicKey, createSign, type KeyObject } from 'node:crypto'

/**
 * X.509 certificates in DER (RFC 5280, X.690), as far as a platform certificate needs them: Node reads certificates and
 * writes none. Signed by itself: a client trusts it because it came sealed under the merchant's API v3 key.
 */

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const NULL = 0x05
const OBJECT_ID = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
/** `[0]`, constructed: where the version stands. */
const VERSION = 0xa0

function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

/** One byte below 128; else the count of the bytes that follow, and those. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const digits = length.toString(16)
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

const sha256WithRsa = tlv(SEQUENCE, tlv(OBJECT_ID, Buffer.from('2a864886f70d01010b', 'hex')), tlv(NULL))

function commonName(name: string): Buffer {
  const attribute = tlv(
    SEQUENCE,
    tlv(OBJECT_ID, Buffer.from('550403', 'hex')),
    tlv(UTF8_STRING, Buffer.from(name)),
  )
  return tlv(SEQUENCE, tlv(SET, attribute))
}

export interface CertificateInput {
  /** Hexadecimal, of an even length, its first digit below 8: positive without a leading zero byte. */
  serial: string
  name: string
  /** `yyMMddHHmmssZ`, UTC. */
  notBefore: string
  notAfter: string
  privateKey: KeyObject
}

/** PEM. */
export function selfSigned({ serial, name, notBefore, notAfter, privateKey }: CertificateInput): string {
  const whose = commonName(name)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const toSign = tlv(
    SEQUENCE,
    tlv(VERSION, tlv(INTEGER, Buffer.from([2]))),
    tlv(INTEGER, Buffer.from(serial, 'hex')),
    sha256WithRsa,
    whose,
    tlv(SEQUENCE, tlv(UTC_TIME, Buffer.from(notBefore)), tlv(UTC_TIME, Buffer.from(notAfter))),
    whose,
    spki,
  )
  const signature = createSign('RSA-SHA256').update(toSign).sign(privateKey)
  const der = tlv(SEQUENCE, toSign, sha256WithRsa, tlv(BIT_STRING, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
