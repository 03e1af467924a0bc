import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeCertificate, newSerial, pemOf } from './certificate.ts'

const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const term = { from: Date.UTC(2026, 0, 1), until: Date.UTC(2036, 0, 1) }
const name = { C: 'CN', O: '沙箱', CN: 'Sandbox' }
const made = (serial: Buffer, authority?: boolean) =>
  makeCertificate({
    ...{ serial, subject: name, issuer: name, key, issuerKey: key, ...term },
    ...(authority !== undefined && { authority }),
  })

test('is read as what was wished for', () => {
  const serial = newSerial(20)
  const read = new X509Certificate(pemOf(made(serial, true), '\r\n'))
  expect(read.serialNumber).toBe(serial.toString('hex').toUpperCase())
  expect(read.subject).toBe('C=CN\nO=沙箱\nCN=Sandbox')
  expect([read.validFromDate.getTime(), read.validToDate.getTime()]).toEqual([term.from, term.until])
  expect([read.ca, read.checkIssued(read), read.verify(read.publicKey)]).toEqual([true, true, true])
  expect(new X509Certificate(made(serial, false)).ca).toBe(false)
})

test('a serial number needs no leading byte for its sign, and is never longer than it must be', () => {
  const first = Array.from({ length: 2_000 }, () => newSerial(8).readUInt8(0))
  expect(Math.min(...first)).toBeGreaterThanOrEqual(0x40)
  expect(Math.max(...first)).toBeLessThanOrEqual(0x7f)
})
