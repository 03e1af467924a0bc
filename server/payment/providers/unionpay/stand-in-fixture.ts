import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeCertificate, pemOf } from '../../../../sandbox/certificate.ts'

export const NOW = Date.UTC(2026, 10, 22, 6)
export const MER_ID = '777290058110048'
/** A UUIDv7 of 2026-11-22 14:00:00.000 in Beijing, and one of five minutes later. */
export const NUMBER = '01M80XE2R0FAY8J4HMASW9NF6Y'
export const REFUND = '01M80XQ7Q0FAY8J4HMASW9NF6Z'
export const UNIONPAY = '041@8310000000083040@中国银联股份有限公司@00016495'

export interface Signer {
  readonly key: KeyObject
  readonly pem: string
}

const newKey = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength }).privateKey
const term = { from: Date.UTC(2026, 0), until: Date.UTC(2046, 0) }

/** An authority of its own: two upper certificates, and the making of signers under them. */
export function makeAuthority() {
  const [rootKey, middleKey] = [newKey(), newKey()]
  const top = { issuer: { CN: 'Test ROOT' }, issuerKey: rootKey, authority: true, ...term }
  const root = makeCertificate({ ...top, subject: { CN: 'Test ROOT' }, key: rootKey })
  const middle = makeCertificate({ ...top, subject: { CN: 'Test OCA1' }, key: middleKey })
  const under = { issuer: { CN: 'Test OCA1' }, issuerKey: middleKey, authority: false, ...term }
  return {
    rootCertificate: root.toString('base64'),
    middleCertificate: middle.toString('base64'),
    signer(subject = UNIONPAY, wish: Partial<typeof under> = {}, bits = 2048): Signer {
      const key = newKey(bits)
      return {
        key,
        pem: pemOf(makeCertificate({ ...under, subject: { CN: subject }, key, ...wish }), '\r\n'),
      }
    },
  }
}

export type Fields = Readonly<Record<string, string>>

/** Written from the rule, not from the adapter's own code. */
export function signAs(fields: Fields, { key, pem }: Signer): Record<string, string> {
  const signed: Record<string, string> = { ...fields, signPubKeyCert: pem }
  const content = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
  const digest = createHash('sha256').update(content.join('&')).digest('hex')
  return { ...signed, signature: createSign('RSA-SHA256').update(digest).sign(key, 'base64') }
}

export const plain = (fields: Fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** A back notice's fields for a payment of 49.80, before they are signed. */
export const paidNotice = (change: Fields = {}): Record<string, string> => ({
  accNo: '622588******0010',
  accessType: '0',
  bizType: '000201',
  currencyCode: '156',
  encoding: 'utf-8',
  merId: MER_ID,
  orderId: NUMBER,
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
  ...change,
})

/** What the gateway does with a call: answers these fields, signed, or fails in a way networks and vendors fail. */
export type Reply = Fields | 'cut' | 'hang' | 'http-500' | { readonly text: string }

/** The other end of the gateway, as a test scripts it. */
export async function startStandIn(signer: Signer) {
  const calls: Record<string, string>[] = []
  let reply: Reply = 'http-500'

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const asked = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    calls.push(asked)
    if (reply === 'hang') return
    if (reply === 'cut') return void response.destroy()
    if (reply === 'http-500') return void response.writeHead(500).end('busy')
    if (typeof reply.text === 'string') return void response.end(reply.text)
    const echoed = { version: '5.1.0', signMethod: '01', merId: MER_ID }
    const { orderId = '', txnTime = '' } = asked
    response.end(plain(signAs({ ...echoed, orderId, txnTime, ...(reply as Fields) }, signer)))
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    on(next: Reply) {
      reply = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
