import type { Fields } from '../fields.ts'
import type { Order, TradeType } from './deal.ts'
import type { Call } from './envelope.ts'
import { newPrepayId } from './numbers.ts'
import { openIdAt } from './payer.ts'
import { WechatRefusal } from './refusal.ts'
import { parseWireTime } from './wire-time.ts'

const dayMs = 86_400_000
/** Unpaid orders live seven days, unless the merchant says less. */
const longestLifeMs = 7 * dayMs
/** A payer's code leaves its reader this long; afterwards nobody can confirm any more. */
const payerCodeLifeMs = 60_000
const highestMinor = 10_000_000_000n

/** Reads the order in the body of a paying call. Throws WechatRefusal (PARAM_ERROR, with the field's name). */
export function readOrder(call: Call, tradeType: TradeType, now: number): Order {
  const { body, merchant } = call
  if (body.mchid !== merchant.mchId) throw new WechatRefusal('PARAM_ERROR', 'mchid')
  if (body.appid !== merchant.appId) throw new WechatRefusal('APPID_MCHID_NOT_MATCH')
  const amount = within(body, 'amount')
  const { total } = amount
  if (typeof total !== 'bigint' || total < 1n || total > highestMinor) {
    throw new WechatRefusal('PARAM_ERROR', 'amount.total')
  }
  if (amount.currency !== undefined && amount.currency !== 'CNY') {
    throw new WechatRefusal('PARAM_ERROR', 'amount.currency')
  }
  checkScene(body, tradeType)
  if (tradeType === 'JSAPI') checkPayer(body, merchant.appId)
  const attach = body.attach === undefined ? undefined : wireText(body, 'attach', /^[\s\S]{1,128}$/)
  const order: Order = {
    mchId: merchant.mchId,
    outTradeNo: wireText(body, 'out_trade_no', /^[0-9A-Za-z_\-|*]{6,32}$/),
    tradeType,
    description: wireText(body, 'description', /^[\s\S]{1,127}$/),
    totalMinor: `${total}`,
    expiresAt: deadline(body, tradeType, now),
    prepayId: newPrepayId(now),
    openid: openIdAt(merchant.appId),
  }
  if (attach !== undefined) order.attach = attach
  // A payer's code is answered at once, or asked about: it has no notification.
  if (tradeType !== 'MICROPAY') order.notifyUrl = wireText(body, 'notify_url', /^https?:\/\/[^?]{1,247}$/)
  return order
}

/** What only one way of paying asks for. */
function checkScene(body: Fields, tradeType: TradeType): void {
  if (tradeType !== 'MWEB' && tradeType !== 'MICROPAY') return
  const scene = within(body, 'scene_info')
  if (tradeType === 'MICROPAY') {
    if (scene.store_info === undefined && scene.device_ip === undefined && scene.id === undefined) {
      throw new WechatRefusal('PARAM_ERROR', 'scene_info')
    }
    return
  }
  wireText(scene, 'payer_client_ip', /^[0-9a-fA-F.:]{2,45}$/)
  wireText(within(scene, 'h5_info'), 'type', /^(iOS|Android|Wap)$/)
}

/** A page inside WeChat names who pays: under the name that its own application has for them. */
function checkPayer(body: Fields, appId: string): void {
  const openid = wireText(within(body, 'payer'), 'openid', /^[\w-]{1,128}$/)
  if (openid !== openIdAt(appId)) throw new WechatRefusal('PARAM_ERROR', 'appid和openid不匹配')
}

function deadline(body: Fields, tradeType: TradeType, now: number): number {
  if (tradeType === 'MICROPAY') return now + payerCodeLifeMs
  if (body.time_expire === undefined) return now + longestLifeMs
  const instant = parseWireTime(wireText(body, 'time_expire', /^.{1,64}$/))
  if (instant === undefined || instant <= now) throw new WechatRefusal('PARAM_ERROR', 'time_expire')
  return Math.min(instant, now + longestLifeMs)
}

/** A required text of the body in a fixed form. */
export function wireText(fields: Fields, name: string, form: RegExp): string {
  const value = fields[name]
  if (typeof value !== 'string' || !form.test(value)) throw new WechatRefusal('PARAM_ERROR', name)
  return value
}

/** A required object of the body. */
export function within(fields: Fields, name: string): Fields {
  const value = fields[name]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new WechatRefusal('PARAM_ERROR', name)
  }
  return value as Fields
}
