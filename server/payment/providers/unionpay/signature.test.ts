import { describe, expect, test } from 'vitest'
import { certIdOf, openChain } from './chain.ts'
import { digestOf, signatureFault, signFields } from './signature.ts'
import { makeAuthority, NOW, paidNotice, signAs } from './stand-in-fixture.ts'
import { certificatePem, vectorKey, vectors } from './vectors-fixture.ts'

const vectorChain = openChain(vectors.rootCertificate, vectors.middleCertificate)
const vectorNotice = {
  ...vectors.notice,
  signPubKeyCert: certificatePem(),
  signature: vectors.noticeSignature,
}

describe('vectors made elsewhere', () => {
  test('a request is hashed and signed as they say', () => {
    expect(digestOf(vectors.request)).toBe(vectors.requestDigest)
    expect(signFields(vectors.request, vectorKey)).toEqual({
      ...vectors.request,
      signature: vectors.requestSignature,
    })
  })

  test('a notice is UnionPay’s, up to their root', () => {
    expect(digestOf(vectorNotice)).toBe(vectors.noticeDigest)
    expect(signatureFault(vectorNotice, vectorChain, NOW)).toBeNull()
    expect(certIdOf(certificatePem())).toBe('68759663125')
  })

  test('with a certId it must be that of the certificate', () => {
    expect(signatureFault({ ...vectorNotice, certId: '68759663126' }, vectorChain, NOW)).toContain('certId')
  })
})

describe('the chain', () => {
  const authority = makeAuthority()
  const chain = openChain(authority.rootCertificate, authority.middleCertificate)
  const signer = authority.signer()
  const faultOf = (by = signer, nowMs = NOW) => signatureFault(signAs(paidNotice(), by), chain, nowMs)

  test('lets UnionPay’s own certificates through, the next one too', () => {
    expect([faultOf(), faultOf(authority.signer())]).toEqual([null, null])
  })

  test('refuses a chain of another root with the very same names', () => {
    expect(faultOf(makeAuthority().signer())).toBe('signPubKeyCert is outside the chain')
  })

  test('refuses what the same authority gave to a merchant', () => {
    const merchant = authority.signer('041@777290058110048@某商户@00000001')
    expect(faultOf(merchant)).toBe('signPubKeyCert is not of UnionPay')
    expect(faultOf(authority.signer('中国银联股份有限公司'))).toBe('signPubKeyCert is not of UnionPay')
  })

  test('refuses a certificate signed by a signer, and one that could certify others', () => {
    const under = {
      issuer: { CN: '041@8310000000083040@中国银联股份有限公司@00016495' },
      issuerKey: signer.key,
    }
    expect(faultOf(authority.signer(undefined, under))).toBe('signPubKeyCert is outside the chain')
    expect(faultOf(authority.signer(undefined, { authority: true }))).toBe(
      'signPubKeyCert is outside the chain',
    )
  })

  test('refuses a certificate before and after its time, also one it has seen', () => {
    const short = authority.signer(undefined, { from: NOW - 1_000, until: NOW + 1_000 })
    expect(faultOf(short)).toBeNull()
    for (const nowMs of [NOW - 2_000, NOW + 2_000]) {
      expect(faultOf(short, nowMs)).toBe('signPubKeyCert is out of its time')
    }
  })

  test('a certificate that is none, or another beside it', () => {
    const fields = signAs(paidNotice(), signer)
    for (const pem of ['', 'x', `${signer.pem}\r\n${signer.pem}`, signer.pem.replace('MII', 'AII')]) {
      expect(signatureFault({ ...fields, signPubKeyCert: pem }, chain, NOW)).toContain('signPubKeyCert')
    }
  })

  test('settings that are no chain are found at once', () => {
    const other = makeAuthority()
    expect(() => openChain(authority.rootCertificate, other.middleCertificate)).toThrow('middleCertificate')
    expect(() => openChain(authority.middleCertificate, authority.middleCertificate)).toThrow(
      'rootCertificate',
    )
  })
})
