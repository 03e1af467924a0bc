import type { World } from './world.ts'
import { arrive, press } from './world.ts'

let number = 0

/** An out_trade_no no other test of this file has used. */
export function nextOrder(): string {
  number += 1
  return `ORDER${number}`
}

export const order = (outTradeNo: string, biz: object = {}) => ({
  out_trade_no: outTradeNo,
  total_amount: '49.80',
  subject: '话费充值',
  ...biz,
})

/** A trade made by a page payment; answers the wallet page. */
export async function openTrade(world: World, outTradeNo: string, biz: object = {}): Promise<string> {
  const params = world.pagePay(order(outTradeNo, biz))
  return await arrive(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params))
}

/** A trade made and paid; answers its out_trade_no. */
export async function paidTrade(world: World, biz: object = {}): Promise<string> {
  const outTradeNo = nextOrder()
  await press(await openTrade(world, outTradeNo, biz), 'confirm')
  return outTradeNo
}
