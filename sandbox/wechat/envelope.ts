import type { Fields } from '../fields.ts'
import type { Request } from '../http.ts'
import type { WechatMerchant, WechatMerchants } from './merchants.ts'
import { WechatRefusal } from './refusal.ts'
import { linesOf, verify } from './signature.ts'
import { readJson } from './wire-json.ts'

/** A request whose outside is in order: a known merchant, the right time, the right signature. */
export interface Call {
  merchant: WechatMerchant
  /** Whole numbers are bigints. */
  body: Fields
  query: URLSearchParams
  /** The named parts of the path. */
  parts: Record<string, string>
}

const scheme = 'WECHATPAY2-SHA256-RSA2048'
/** Further than this from WeChat Pay's clock a request is refused. */
const windowMs = 5 * 60_000

/** The merchant a request says it is from, before anything is proved: its refusals, too, are signed. */
export function claimedMerchant(request: Request, merchants: WechatMerchants): WechatMerchant | undefined {
  return merchants.find(authorization(request).mchid ?? '')
}

/** Proves who sent the request and reads its body. Throws WechatRefusal. */
export function openEnvelope(
  request: Request,
  merchants: WechatMerchants,
  nowFor: (mchId: string) => number,
): Call {
  const { mchid = '', nonce_str: nonce, timestamp, serial_no: serial, signature } = authorization(request)
  const merchant = merchants.find(mchid)
  if (!merchant) throw new WechatRefusal('SIGN_ERROR', 'mchid')
  if (!nonce || !signature || !/^\d{10}$/.test(timestamp ?? '')) {
    throw new WechatRefusal('SIGN_ERROR', 'Authorization')
  }
  const sentAt = Number.parseInt(timestamp ?? '', 10) * 1_000
  if (Math.abs(sentAt - nowFor(mchid)) > windowMs) throw new WechatRefusal('SIGN_ERROR', 'timestamp')
  if (serial !== merchant.merchantSerialNo) throw new WechatRefusal('SIGN_ERROR', 'serial_no')
  const body = request.text()
  const { pathname, search } = request.url
  const message = linesOf(request.method, `${pathname}${search}`, timestamp ?? '', nonce, body)
  if (!verify(message, signature, merchants.publicKey(mchid))) throw new WechatRefusal('SIGN_ERROR')
  return { merchant, body: readBody(body), query: request.url.searchParams, parts: request.parts }
}

/** `Authorization: WECHATPAY2-SHA256-RSA2048 mchid="...",nonce_str="...",...`, in any order. */
function authorization(request: Request): Record<string, string> {
  const text = request.headers.authorization ?? ''
  if (!text.startsWith(`${scheme} `)) return {}
  const pairs = text.slice(scheme.length + 1).matchAll(/([a-z_]+)="([^"]*)"(?:,|$)/g)
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]))
}

function readBody(text: string): Fields {
  if (text === '') return {}
  try {
    const value = readJson(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Refused below like every other text that is no JSON object.
  }
  throw new WechatRefusal('PARAM_ERROR', 'body')
}
