import { AlipaySdk } from 'alipay-sdk'
import { failureOf, readFound } from '../../../platform/outbound-answer.ts'
import { outbound } from '../../../platform/outbound-http.ts'
import type { OpenMerchant } from '../../port.ts'
import { chinaTime } from './china-time.ts'

const TIMEOUT_MS = 5_000
const ANSWER_LIMIT_BYTES = 256 * 1024
/** A day bill of a million rows, zipped, is some 60 MB. */
const FILE_TIMEOUT_MS = 60_000
const FILE_LIMIT_BYTES = 512 * 1024 * 1024

/** What the gateway said over a signature of Alipay's; anything less is unknown. */
export type GatewayAnswer =
  | {
      readonly kind: 'answered'
      readonly code: string
      readonly subCode: string
      readonly fields: Readonly<Record<string, unknown>>
      readonly raw: Buffer
    }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface Gateway {
  /** The signed address of a page method; nothing is called. */
  pageUrl(method: string, biz: Biz, common: Common): string
  call(method: string, biz: Biz, common?: Partial<Common>): Promise<GatewayAnswer>
  /** A file from an address that an answer gave. Throws when it is not to be had. */
  download(address: string): Promise<Buffer>
  /** Alipay's RSA2 signature over a notification's parameters, values decoded once. */
  genuine(fields: Readonly<Record<string, string>>): boolean
}

export type Biz = Readonly<Record<string, string | readonly string[] | undefined>>
export interface Common {
  readonly notifyUrl: string
  readonly returnUrl: string
}

/**
 * Alipay's gateway v2 (`/gateway.do`). The official SDK signs and verifies; the call itself is ours, because the SDK keeps
 * neither the answer's bytes, which are the evidence, nor to what it verified: it reads the answer's object from the whole
 * text and checks the signature over a part of it. Here only the verified part is read.
 */
export function openGateway(merchant: OpenMerchant, instant: () => number): Gateway {
  const { privateKey } = merchant
  if (privateKey === null || merchant.providerKeys.length === 0)
    throw new Error(`the Alipay merchant ${merchant.id} lacks a key`)
  const signers = merchant.providerKeys.map(
    (alipayPublicKey) =>
      new AlipaySdk({
        appId: merchant.id,
        privateKey,
        keyType: 'PKCS8',
        alipayPublicKey,
        gateway: merchant.gateway,
      }),
  )
  const sdk = signers[0] as AlipaySdk
  // The SDK would write the machine's local time; Alipay reads GMT+8 and refuses anything 15 minutes off.
  const common = () => ({ format: 'JSON', timestamp: chinaTime(instant()) })

  return {
    pageUrl: (method, biz, urls) =>
      sdk.pageExecute(method, 'GET', { ...common(), ...urls, bizContent: present(biz) }),

    async call(method, biz, urls = {}) {
      const signed = sdk.sdkExecute(
        method,
        { ...common(), ...urls, bizContent: present(biz) },
        { bizContentAutoSnakeCase: false },
      )
      let raw: Buffer
      try {
        raw = await outbound(method, () => post(merchant.gateway, new URLSearchParams(signed)))
      } catch (error) {
        return { kind: 'unknown', reason: `${method}: ${failureOf(error)}` }
      }
      return readAnswer(method, raw, signers)
    },

    async download(address) {
      // The address comes over Alipay's signature; what comes from it does not, so at least the way there is as safe.
      if (new URL(address).protocol !== new URL(merchant.gateway).protocol)
        throw new Error(`not over ${address}`)
      return await outbound('alipay bill', async () => {
        const response = await fetch(address, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) })
        return await readFound(response, FILE_LIMIT_BYTES)
      })
    },

    genuine({ sign = '', ...fields }) {
      const { sign_type: _, ...signed } = fields
      // Some of Alipay's products sign `sign_type` too. The SDK tries that first, and payments are told of without.
      return [signed, fields].some((told) => {
        const content = signContentOf(told)
        return signers.some((signer) => signer.rsaCheck(content, sign, 'RSA2'))
      })
    },
  }
}

/** What is signed of a notification. Source: Alipay, signature of asynchronous notices: names sorted, values as they are. */
function signContentOf(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
}

function present(biz: Biz): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(biz).filter(
      (entry): entry is [string, string | readonly string[]] => entry[1] !== undefined,
    ),
  )
}

/** Common parameters travel in the address, where the gateway looks for the charset; the content in the body. */
async function post(gateway: string, params: URLSearchParams): Promise<Buffer> {
  const body = new URLSearchParams({ biz_content: params.get('biz_content') ?? '' })
  params.delete('biz_content')
  const address = new URL(gateway)
  for (const [name, value] of params) address.searchParams.set(name, value)
  const response = await fetch(address, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return await readFound(response, ANSWER_LIMIT_BYTES)
}

function readAnswer(method: string, raw: Buffer, signers: readonly AlipaySdk[]): GatewayAnswer {
  const unknown = (reason: string): GatewayAnswer => ({ kind: 'unknown', reason: `${method}: ${reason}` })
  const text = raw.toString('utf8')
  try {
    const { sign } = JSON.parse(text) as { sign?: unknown }
    if (typeof sign !== 'string') return unknown('the answer is not signed')
    const signed = (signers[0] as AlipaySdk).getSignStr(text, `${method.replaceAll('.', '_')}_response`)
    if (!signers.some((signer) => signer.rsaCheck(signed, sign))) {
      return unknown('the answer is not signed by Alipay')
    }
    const fields = JSON.parse(signed) as Record<string, unknown>
    return {
      kind: 'answered',
      code: String(fields.code ?? ''),
      subCode: String(fields.sub_code ?? ''),
      fields,
      raw,
    }
  } catch (error) {
    return unknown(`the answer cannot be read: ${failureOf(error)}`)
  }
}
