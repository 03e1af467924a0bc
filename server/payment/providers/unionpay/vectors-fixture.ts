import { createPrivateKey } from 'node:crypto'

/**
 * A request and a notice signed by a program in another language (Python's `cryptography`) from the published rule, with the
 * certificates that go with them, good from 2026 to 2046. RSA signatures of this kind are the same whenever they are made.
 */
export const vectors = {
  rootCertificate: [
    'MIIC1DCCAbygAwIBAgIBATANBgkqhkiG9w0BAQsFADAjMQswCQYDVQQGEwJDTjEUMBIGA1UEAwwLVmVjdG9yIFJPT1QwHhcN',
    'MjYwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjAjMQswCQYDVQQGEwJDTjEUMBIGA1UEAwwLVmVjdG9yIFJPT1QwggEiMA0G',
    'CSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDKdcjT2zif/bzye4+5YkhfgNLBgUiAjSIwAgJBb1XaTMcmmc7l4SSrSOK+TMQR',
    'o9FiP1SVdpt+PRPNJ0gl/+zdflhqgUmpuMi891FuoYpfQGFiJUyKHFvEyrceSWkPMr/bPs88+3wWsBwqCSYf57HfeFqomilQ',
    '8HoXGd7XRtcCMf0CZVKYWCttWFk8mLpZ2zPcTnTaSwgNQfpPBP6LI3G7d3F/wrqO69WuvswpeGAboXpbyNscwaYFCd+4JJ0e',
    '8xjmKEOzhxoJgiPjVbA3vneuC/Yykzr3rB+B8dHUk1PFNX9GDcaH62RdfAaM2zBe92CRKdkIjJBPFIHjUN1Y/1glAgMBAAGj',
    'EzARMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAEHE5LtmBPXrKo6/9n5vX1Hqw9OFBjNwHJ7W3CTtr1RK',
    'D3iiepcRIBoT+F6zhKYJs1KcYJ5V8KiWvI15RgrgEi89SWdm9U41VcFEBXVC6n8pSR6GpF3HfGkAmJqUcsjeCXqD9vREBIaE',
    'dizuMS0eAEv2MENOJq3aJwqLRXCdPbLKLBimCzX5yaHum71pqBA3qB93fBJDx14TTBMhnwJbw2e1PAxxs/N3LRJDnETD7y4f',
    'Of3TjNcVoxJZ+8P9LqXobPIpPHrR2v3a+sjYH8jBV1fbV7UH/y2b6pv15yZBb6ZRC8BvZa1+GjfXecfSE5xd5Pq038HU4le8',
    'Fj2arPtgo5I=',
  ].join(''),
  middleCertificate: [
    'MIIC1DCCAbygAwIBAgIBAjANBgkqhkiG9w0BAQsFADAjMQswCQYDVQQGEwJDTjEUMBIGA1UEAwwLVmVjdG9yIFJPT1QwHhcN',
    'MjYwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjAjMQswCQYDVQQGEwJDTjEUMBIGA1UEAwwLVmVjdG9yIE9DQTEwggEiMA0G',
    'CSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCl/EJ6xEm7G2t+5oXcbGYViyOOqlhUWg1bsn3t7qIhoNrw6hwcFeOJa1HApNgI',
    'ZmnTfUoA4NDTl/DqFGcN+zA+TtzowN1d1R1OrxufAGjIbSthH/xqvUkdS/JEVEvpiECVs6/PEU03wRyXt2tdAqYIDibl9mMB',
    'XeREKF0wylHEpr/QpCNUfHvavDZe+gkH9IzhnIArmw647ujHoXfKs1b25BBP/s5ufJUmPG+SpnvklYd0cYu1sY/vYMhqOtAZ',
    'gQf4OhMYkWrGru1hrbGf97/pu5amSpsWqhoozc9k1NPC0Udykho9NaUvSMNMz36xUYVhmONc+lkmYssxhCjKVygXAgMBAAGj',
    'EzARMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBAFhg8+7cirhW137BNmtifAaSXQti5Jv4GOk/mtBV7ZBe',
    'lOxp5di3T8Mm5fqTW2eUMGmgmeMxljRm117baODVgwyPzcEyahTIcbdLUKZZ4yQoka+Ki+kA/xSXXLSb4JpMKDri8cNz0Dby',
    'S+0Pa7nMJ682eB4bvkgsergoAVaHYRkfQWqsbpSYjA37fdhWrUAMLKc90zB8seFcuAWil4Cc9PLxvaK21Lggj+DzTA8UzEfQ',
    '16BJIqQZqneSi+TRSHA57HiFyk1yluNH3nVf39Tyz8bEOabpc5iU4wTEpqydrf5leyNuXrxUeVIIAzMDXZLgoSmagdy4rbma',
    'F/DAqLE4u9w=',
  ].join(''),
  /** Of UnionPay; serial number 68759663125. */
  certificate: [
    'MIIDBjCCAe6gAwIBAgIFEAJlMhUwDQYJKoZIhvcNAQELBQAwIzELMAkGA1UEBhMCQ04xFDASBgNVBAMMC1ZlY3RvciBPQ0Ex',
    'MB4XDTI2MDEwMTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowVDELMAkGA1UEBhMCQ04xRTBDBgNVBAMMPDA0MUA4MzEwMDAwMDAw',
    'MDgzMDQwQOS4reWbvemTtuiBlOiCoeS7veaciemZkOWFrOWPuEAwMDAxNjQ5NTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC',
    'AQoCggEBALnW4GfaDNsH2fHw3zRRVs8YVXabSaIZxwjfYUTR3KJyXm6ZsTQ1rkWjF98SPosNKyQHIqGHjVI/X4T8x5cDu4e4',
    'fGElQE7NTzU/Q3yQAMQuR8pJqwoY+tLArJF36J5UtsMEfLOse+zWNZh19NJLlRZq/CXPNCMYnfsVvBJse+DbtvTN7qOi6Jto',
    'p070OjVwmEToIBJxFMAsLorbsw59BPLpkB0YwcLEMQc84QfcJXX+X7nkXTSH6iMfzYnmipQ8C3EB6ptM66KhchrQP+6RrMQe',
    'PHINgd8nik8ws3e5cbR5cmfsAwjFQgtOwwBlpnoUn0t8hWQiABJ77Bx2qPUC640CAwEAAaMQMA4wDAYDVR0TAQH/BAIwADAN',
    'BgkqhkiG9w0BAQsFAAOCAQEAPJwrHbqlVn5uaKoPzq73Sqm5FOiO9L/surR/yIThALKX9zgZvN0oAHpAZxejeUr/kY5ShXyT',
    'kS+YI5QMBwVmPh6nKZ2ZT+lEeh3ysj2I9epFsBdolqycWnhz5DZs8FpKsjyoC1LC60y+JVhahdLkTyRdK2O2C4SDeJ0svtcK',
    'wD0wberif9DKm8oMStysgiGXMREL9WgPeetLw0q1MH2HJ38UvGr6/BeusMk/REb9naYbsH7FwclSfUhcu+gIi/m/gy0ANjcS',
    'OjnQ5QB44k+YuunG7IsOPDAc2EiFK4KuLxYLG2zUOVUYEPL38AyvTQmrgr7lP2fA4ja9YkiNnlWTpA==',
  ].join(''),
  request: {
    version: '5.1.0',
    encoding: 'utf-8',
    certId: '40220995861346',
    signMethod: '01',
    txnType: '00',
    txnSubType: '00',
    bizType: '000201',
    accessType: '0',
    merId: '777290058110048',
    orderId: '01KASYVPZG6N8Q4W2V7X5Y0ABC',
    txnTime: '20261122140000',
  },
  requestDigest: 'b5e395876ec5987bfd87cf6aac58894acc328b855f8f3b2ee7ea691793dd931f',
  requestSignature: [
    'N3w12OFjGuoWgjfLk/C0UYic0x56vWurXB48JHc4I+TCPEraEOuzA4vvuBxnsWxz359KcIF/78j5gZ6EZOGLuPniX6CIuSl6',
    'mEy+mEJ6KfoDD4785zRkT5PkNYkMV/OBDWm8ttmJTMxKThMhuS2THnnFLLperZ2gertTKZfTNXA=',
  ].join(''),
  /** Without `signPubKeyCert` and `signature`. */
  notice: {
    accNo: '622588******0010',
    accessType: '0',
    bizType: '000201',
    currencyCode: '156',
    encoding: 'utf-8',
    merId: '777290058110048',
    orderId: '01KASYVPZG6N8Q4W2V7X5Y0ABC',
    payCardType: '01',
    payType: '0201',
    queryId: '442611221400054678901',
    respCode: '00',
    respMsg: '成功[0000000]',
    settleAmt: '4980',
    settleCurrencyCode: '156',
    settleDate: '1122',
    signMethod: '01',
    traceNo: '467890',
    traceTime: '1122140005',
    txnAmt: '4980',
    txnSubType: '01',
    txnTime: '20261122140000',
    txnType: '01',
    version: '5.1.0',
  },
  noticeDigest: '2f21a7a691c062956ba551dee76e856b95619565c1246c2c06f538105ca7d25a',
  noticeSignature: [
    'Ms12rUB2Q2BOGFoXh/IcaZa3Ft3azezvebkSc5jHHNW2Lvdg9uSLnIQLOCjeQlCTNNao039pyHUaBsL5vXsw9Rpv+QlC3lTZ',
    'OUFLPY61H0Or4i5bPci1y15dilpqD1J4i2i5sEX7UisuGaZfPNW+jrGZpX4kJTUb99vrpEJRCWPBsRI7KDE8mJ4jWOeF9Mvk',
    'HUX8+mibgtyU1wjn6epKsVkgmZ6kffFHohJImLK8fhLUl8rlKV8PGqr6H7CBy6maNp16lSBrpXqDRxdldE/MWYX+pQupv/MM',
    'qicvnlYGEBOuAxDksK5ipnc75eqEOpA1NRGAs7POWx6haNYge2cs0Q==',
  ].join(''),
}

/** The key of the request: of 1024 bits and known to everybody. */
export const vectorKey = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'RSA',
    e: 'AQAB',
    n: [
      'tweywZvprpB_xrYu62p53OFuS-GglwED-GmY3r1EXT3iNDzXULIIvQlHAQtpJTy0zwR6DZdM-cOhMrMaLeJYwxGdX1fXaYZ4',
      'f8YGwp5L24MwDPgp9u7KPdOOJ5Ec4kTJOm3vSI7Ed_FVZYhzWy5Qa32X2LY-oOi_mPunbWjib5s',
    ].join(''),
    d: [
      'ZaJ4uNoDIVRMH-P6me8-TFFCFhDsQ-3kboT0xnsDA2PhwHAogD7ca1xDeWkEshDLtkkeHX3u2KKxWJ3r457U-kzBfdNS6tpn',
      'aHadJTCkgttev_Ntvq9WVpUpN3yMCtzg_mZTj4H2mqs8Y9gh5m9gDwenLlMFdBHGK4It0cRx8cE',
    ].join(''),
    p: ['30O8ozT75vUwiDVYBAIVksz4mqaXxKjOY__pZiT2DlkWTsGhsdw1me6BKwcQ5MJfI1QTEbn1YTGIJQgXSh8ONQ'].join(''),
    q: ['0d3A8sIRdjC7eW5mZcVGTj6IcpOe48AJNrfavmMTmXT1MTqqtQVSQS3ydVsxPEjImSNCOPKyO1dib68fSpOAjw'].join(''),
    dp: ['Wgn5Q2CUzlnHjsbkjglBJgjfoY7Z2gex5IZKXFU_nh2zb2OLkC0cuM2E7hNVbswsjhTT8-wo11-gZj7TFaNcmQ'].join(''),
    dq: ['bXZzuGse_n2mm0zJHhYKeK9HLjPvMS2t4Jt-_cThqS4G4dmOxoJzB8o2Z53cDWyNLMrmNJvp-Oe4UTaPZK-Q4w'].join(''),
    qi: ['dh1Yzp6OKQRo1ISmwV5iBT3WXl4aiqlHyFQHdYHA_KGsJk8CZZ6Z2AS3c8wRxqn6A5pbjp9UNcWV_o4WDNlgqA'].join(''),
  },
})

/** The PEM that travels with the notice: lines of 64 with CR LF. */
export function certificatePem(): string {
  const lines = vectors.certificate.match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\r\n')
}
