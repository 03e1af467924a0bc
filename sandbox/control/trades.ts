import { type Alipay, type Trade, tradeByOutTradeNo } from '../alipay/index.ts'
import { BadRequest, text } from '../fields.ts'
import { type Answer, json, type Request, type Route } from '../http.ts'
import type { Registry } from '../registry.ts'
import { readRepetition } from '../repetition.ts'

export interface TradeControlDeps {
  registry: Registry
  alipay(): Alipay
}

const trades = '/control/alipay/:appId/trades'

/** What the buyer, time and strangers do to a merchant's trades, without a browser. */
export function tradeRoutes(deps: TradeControlDeps): Route[] {
  return [...lookRoutes(deps), ...buyerRoutes(deps), ...notificationRoutes(deps)]
}

function lookRoutes({ alipay }: TradeControlDeps): Route[] {
  return [
    {
      method: 'GET',
      path: trades,
      answer: ({ parts }) => {
        const own = alipay()
          .state.trades.values()
          .filter((trade) => trade.order.appId === parts.appId)
        return json({ trades: [...own].map((trade) => shown(alipay(), trade)) })
      },
    },
    {
      method: 'GET',
      path: `${trades}/:outTradeNo`,
      answer: (request) => withTrade(alipay(), request, (trade) => json(shown(alipay(), trade))),
    },
  ]
}

function buyerRoutes({ alipay }: TradeControlDeps): Route[] {
  return [
    {
      method: 'POST',
      path: `${trades}/:outTradeNo/scan`,
      answer: async (request) => {
        const trade = await scanNewest(alipay(), request)
        if (!trade) return json({ error: 'There is no QR code for that number.' }, 404)
        return 'refused' in trade ? refusedAnswer(trade) : json(shown(alipay(), trade))
      },
    },
    {
      method: 'POST',
      path: `${trades}/:outTradeNo/pay`,
      answer: async (request) => {
        const trade = findTrade(alipay(), request) ?? (await scanNewest(alipay(), request))
        if (!trade) return json({ error: 'There is no such trade, and no QR code for it.' }, 404)
        if ('refused' in trade) return refusedAnswer(trade)
        const payment = await alipay().cashier.pay(trade)
        if ('refused' in payment) return refusedAnswer(payment)
        return json({ ...shown(alipay(), trade), returnUrl: alipay().signedReturn(trade) })
      },
    },
    {
      // A failed try leaves no trace on Alipay's side: the trade keeps waiting.
      method: 'POST',
      path: `${trades}/:outTradeNo/refuse`,
      answer: (request) => withTrade(alipay(), request, (trade) => json(shown(alipay(), trade))),
    },
    {
      method: 'POST',
      path: `${trades}/:outTradeNo/finish`,
      answer: (request) =>
        withTrade(alipay(), request, async (trade) => {
          const refused = await alipay().cashier.finish(trade)
          return refused ? refusedAnswer(refused) : json(shown(alipay(), trade))
        }),
    },
  ]
}

function notificationRoutes({ registry, alipay }: TradeControlDeps): Route[] {
  return [
    {
      method: 'POST',
      path: `${trades}/:outTradeNo/notify`,
      answer: (request) =>
        withTrade(alipay(), request, async (trade) => {
          const how = readRepetition(request.json())
          return json({ receptions: await alipay().notifications.repeat(trade, how) })
        }),
    },
    {
      method: 'POST',
      path: `${trades}/:outTradeNo/forge`,
      answer: async (request) => {
        if (!registry.merchant(request.parts.appId ?? '')) {
          return json({ error: 'There is no such merchant.' }, 404)
        }
        const known = findTrade(alipay(), request)
        const fields = request.json()
        const url = known?.order.notifyUrl ?? text(fields, 'notifyUrl')
        const trade = known ?? imagined(request, text(fields, 'totalMinor'))
        return json({ reception: await alipay().notifications.forge(trade, url) })
      },
    },
  ]
}

function withTrade(
  alipay: Alipay,
  request: Request,
  answer: (trade: Trade) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  const trade = findTrade(alipay, request)
  return trade ? answer(trade) : json({ error: 'There is no such trade.' }, 404)
}

function findTrade(alipay: Alipay, { parts }: Request): Trade | undefined {
  return tradeByOutTradeNo(alipay.state, parts.appId ?? '', parts.outTradeNo ?? '')
}

async function scanNewest(alipay: Alipay, { parts }: Request) {
  const newest = [...alipay.state.qrOrders].findLast(
    ([, { order }]) => order.appId === parts.appId && order.outTradeNo === parts.outTradeNo,
  )
  return newest && (await alipay.cashier.scan(newest[0]))
}

function shown(alipay: Alipay, trade: Trade) {
  const notifications = [...alipay.state.notifications.values()].filter(
    ({ notification }) => notification.tradeNo === trade.tradeNo,
  )
  return { ...trade, notifications }
}

function refusedAnswer({ refused }: { refused: string }): Answer {
  return json({ error: `Alipay refuses: ACQ.${refused}.`, subCode: `ACQ.${refused}` }, 409)
}

/** A trade that never was, for a forger to talk about. `totalMinor` is fen in digits. */
function imagined({ parts }: Request, totalMinor: string): Trade {
  if (!/^\d{1,11}$/.test(totalMinor)) throw new BadRequest('"totalMinor" must be fen in digits.')
  const { appId = '', outTradeNo = '' } = parts
  const method = 'alipay.trade.page.pay'
  return {
    tradeNo: '2026000022001000000000000000',
    cashierId: '',
    order: { appId, outTradeNo, method, subject: '充值', totalMinor, expiresAt: 0 },
    status: 'TRADE_SUCCESS',
    totalMinor: BigInt(totalMinor),
    createdAt: 0,
    refunds: [],
  }
}
