import { parseChinaTime } from '../clock.ts'
import type { Fields } from '../fields.ts'
import type { Merchant, Registry } from '../registry.ts'
import { Refusal } from './refusal.ts'
import { signContent, verify } from './signature.ts'

/** A request whose outside is in order: known method, known app, right time, right signature. */
export interface Call {
  method: string
  merchant: Merchant
  params: Record<string, string>
  biz: Fields
}

/** Further than this from Alipay's clock a timestamp is refused. */
const timestampWindowMs = 15 * 60_000

/** Reads the common parameters of gateway v2 in the order in which the vendor's gateway complains. Throws Refusal. */
export function openEnvelope(
  params: Record<string, string>,
  registry: Registry,
  methods: readonly string[],
  nowFor: (appId: string) => number,
): Call {
  const method = need(params, 'method', 'isv.missing-method', '缺少方法名参数')
  if (!methods.includes(method)) throw invalid('isv.invalid-method', '不存在的方法名')
  const appId = need(params, 'app_id', 'isv.missing-app-id', '缺少AppID参数')
  const merchant = registry.merchant(appId)
  if (!merchant) throw invalid('isv.invalid-app-id', '无效的AppID参数')
  const signType = need(params, 'sign_type', 'isv.missing-signature-type', '缺少签名类型参数')
  if (signType !== 'RSA2') throw invalid('isv.invalid-signature-type', '无效的签名类型')
  const signature = need(params, 'sign', 'isv.missing-signature', '缺少签名参数')
  const version = need(params, 'version', 'isv.missing-version', '缺少版本参数')
  if (version !== '1.0') throw invalid('isv.invalid-parameter', '参数无效: version')
  const timestamp = need(params, 'timestamp', 'isv.missing-timestamp', '缺少时间戳参数')
  const sentAt = parseChinaTime(timestamp)
  if (sentAt === undefined || Math.abs(sentAt - nowFor(appId)) > timestampWindowMs) {
    throw invalid('isv.invalid-timestamp', '非法的时间戳参数')
  }
  if (params.format && params.format.toUpperCase() !== 'JSON') {
    throw invalid('isv.invalid-format', '无效的数据格式')
  }
  if ((params.charset ?? 'utf-8').toLowerCase() !== 'utf-8')
    throw invalid('isv.invalid-charset', '字符集错误')
  const content = signContent(params, ['sign'])
  if (!verify(content, signature, merchant.merchantPublicKey)) {
    throw invalid('isv.invalid-signature', `验签出错，网关生成的验签字符串为：${content}`)
  }
  return { method, merchant, params, biz: readBiz(params.biz_content) }
}

function need(params: Record<string, string>, name: string, subCode: string, subMsg: string): string {
  const value = params[name]
  if (!value) throw new Refusal('40001', subCode, subMsg)
  return value
}

function invalid(subCode: string, subMsg: string): Refusal {
  return new Refusal('40002', subCode, subMsg)
}

function readBiz(text: string | undefined): Fields {
  if (!text) return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Refused below like every other text that is no JSON object.
  }
  throw invalid('isv.invalid-parameter', '参数无效: biz_content')
}
