import type { Deal } from './deal.ts'
import type { Wechat } from './index.ts'
import { linesOf, verify } from './signature.ts'

/** A prepayment can be launched for two hours. */
const prepayLifeMs = 2 * 3_600_000
/** How far the launch's own time may lie from WeChat Pay's. */
const windowMs = 5 * 60_000

/**
 * What WeChat itself checks when a page inside it calls `getBrandWCPayRequest`: the parameters, and the merchant's signature
 * over app, time, nonce and package. Answers the deal, or the parameter that is wrong.
 */
export function checkLaunch(wechat: Wechat, params: URLSearchParams): { deal: Deal } | { wrong: string } {
  const given = (name: string) => params.get(name) ?? ''
  if (given('signType') !== 'RSA') return { wrong: 'signType' }
  const prepayId = /^prepay_id=(wx\w+)$/.exec(given('package'))?.[1]
  const deal = wechat.state.deals.values().find(({ order }) => order.prepayId === prepayId)
  if (deal?.order.tradeType !== 'JSAPI') return { wrong: 'package' }
  const { mchId } = deal.order
  const now = wechat.nowFor(mchId)
  if (now - deal.createdAt > prepayLifeMs) return { wrong: 'package' }
  if (given('appId') !== wechat.merchants.find(mchId)?.appId) return { wrong: 'appId' }
  const sentAt = Number.parseInt(given('timeStamp'), 10) * 1_000
  if (!/^\d{10}$/.test(given('timeStamp')) || Math.abs(sentAt - now) > windowMs) return { wrong: 'timeStamp' }
  const message = linesOf(given('appId'), given('timeStamp'), given('nonceStr'), given('package'))
  return verify(message, given('paySign'), wechat.merchants.publicKey(mchId))
    ? { deal }
    : { wrong: 'paySign' }
}
