import { createHash, createSign, createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactChinaTime, createClock } from '../clock.ts'
import { type Sandbox, startSandbox } from '../start.ts'
import { startWithKeptKeys } from './kept-keys.ts'
import { type ControlAnswer, control, type Receiver, startReceiver } from './world.ts'

export const merId = '777290058110048'
export const certId = '68759663125'
const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const merchant = {
  merId,
  certId,
  brand: 'laika',
  name: '莱卡通信',
  merchantPublicKey: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
}

/** One merchant with its own key, a receiver for back notices, and UnionPay between them. */
export interface UnionPayWorld {
  sandbox: Sandbox
  dataDir: string
  receiver: Receiver
  /** Sends the payer's browser to the cashier; answers the cashier's address. */
  arrive(orderId: string, change?: Record<string, string>): Promise<string>
  /** A call of the merchant's: its answer's fields, the signature checked up to the root. */
  call(method: string, fields: Record<string, string>): Promise<Record<string, string>>
  /** Asks what became of a number. */
  query(orderId: string): Promise<Record<string, string>>
  control(method: string, path: string, body?: object): Promise<{ status: number; body: ControlAnswer }>
  knobs(change: object): Promise<void>
  pay(orderId: string, card?: string): Promise<ControlAnswer>
  restart(): Promise<void>
  end(): Promise<void>
}

export const base = {
  version: '5.1.0',
  encoding: 'utf-8',
  certId,
  signMethod: '01',
  bizType: '000201',
  accessType: '0',
  merId,
}

export function now(): string {
  return compactChinaTime(createClock().now())
}

/** Written from the rule, not from the sandbox's own code: both are held against it. */
function digest(fields: Record<string, string>): string {
  const names = Object.keys(fields).filter((name) => name !== 'signature')
  const content = names.sort().map((name) => `${name}=${fields[name]}`)
  return createHash('sha256').update(content.join('&')).digest('hex')
}

export function signed(fields: Record<string, string>, by = key): Record<string, string> {
  return {
    ...fields,
    signature: createSign('RSA-SHA256').update(digest(fields)).sign(by.privateKey, 'base64'),
  }
}

export const signedByStranger = (fields: Record<string, string>) => signed(fields, stranger)

/** Whether the certificate that came along holds up to the root, is UnionPay's own, and made the signature. */
export function holds(fields: Record<string, string>, sandbox: Sandbox): boolean {
  const { rootCertificate, middleCertificate } = sandbox.unionPayCertificates()
  const [root, middle, leaf] = [
    new X509Certificate(Buffer.from(rootCertificate, 'base64')),
    new X509Certificate(Buffer.from(middleCertificate, 'base64')),
    new X509Certificate(fields.signPubKeyCert ?? ''),
  ]
  const chained =
    root.verify(root.publicKey) &&
    middle.verify(root.publicKey) &&
    leaf.verify(middle.publicKey) &&
    leaf.checkIssued(middle)
  const unionPay = leaf.toLegacyObject().subject.CN?.toString().split('@')[2] === '中国银联股份有限公司'
  const made = createVerify('RSA-SHA256')
    .update(digest(fields))
    .verify(leaf.publicKey, fields.signature ?? '', 'base64')
  return chained && unionPay && made
}

export async function startUnionPayWorld(): Promise<UnionPayWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const start = () => startSandbox({ dataDir, ports: { home: 0 }, merchants: { unionpay: [merchant] } })
  const receiver = await startReceiver()
  const times = new Map<string, string>()
  const timeOf = (orderId: string) => {
    const time = times.get(orderId) ?? now()
    times.set(orderId, time)
    return time
  }
  const world: UnionPayWorld = {
    sandbox: await startWithKeptKeys(dataDir, start),
    dataDir,
    receiver,
    arrive: async (orderId, change = {}) => {
      const order = {
        ...{ ...base, txnType: '01', txnSubType: '01', channelType: '07', orderId, txnTime: timeOf(orderId) },
        ...{
          txnAmt: '4980',
          currencyCode: '156',
          backUrl: receiver.url,
          frontUrl: 'http://127.0.0.1:3000/back',
        },
        ...{ riskRateInfo: '{commodityName=季度套餐 <90 天>}', ...change },
      }
      const answer = await post(`${world.sandbox.addresses.unionpay}/frontTransReq.do`, signed(order))
      const location = answer.headers.get('location')
      if (answer.status !== 302 || !location)
        throw new Error(`No cashier: ${answer.status} ${await answer.text()}`)
      return location
    },
    call: async (method, fields) => {
      const answer = await post(
        `${world.sandbox.addresses.unionpay}/${method}`,
        signed({ ...base, ...fields }),
      )
      if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
      const said = readPlain(await answer.text())
      if (!holds(said, world.sandbox)) throw new Error('The answer is not signed by UnionPay.')
      return said
    },
    query: (orderId) =>
      world.call('queryTrans.do', { txnType: '00', txnSubType: '00', orderId, txnTime: timeOf(orderId) }),
    control: (method, path, body) => control(world.sandbox, method, path, body),
    knobs: async (change) => {
      const { status, body } = await world.control(
        'PUT',
        `/control/unionpay/merchants/${merId}/knobs`,
        change,
      )
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    pay: async (orderId, card = 'debit') =>
      (await world.control('POST', `/control/unionpay/${merId}/orders/${orderId}/pay`, { card })).body,
    restart: async () => {
      await world.sandbox.stop()
      world.sandbox = await start()
    },
    end: async () => {
      await world.sandbox.stop()
      await receiver.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return world
}

export function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

/** Nothing in these tests holds an `&` within a value. */
export function readPlain(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('&').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
