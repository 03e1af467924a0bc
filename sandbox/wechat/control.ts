import { BadRequest } from '../fields.ts'
import { type Answer, json, type Request, type Route } from '../http.ts'
import { readRepetition } from '../repetition.ts'
import { type Deal, dealByNumber, refundByNumber } from './deal.ts'
import type { Wechat } from './index.ts'
import { readWechatMerchant, type WechatMerchant } from './merchants.ts'
import { WechatRefusal } from './refusal.ts'

const merchantsPath = '/control/wechat/merchants'
const ordersPath = '/control/wechat/:mchId/orders'

/** The control API of WeChat Pay, without its guard: who is known, how the knobs stand, and what happens to orders. */
export function wechatControlRoutes(wechat: () => Wechat): Route[] {
  return [...merchantRoutes(wechat), ...orderRoutes(wechat), ...noticeRoutes(wechat)]
}

function merchantRoutes(wechat: () => Wechat): Route[] {
  const shown = ({ apiV3Key: _, appSecret: _secret, ...merchant }: WechatMerchant) => ({
    ...merchant,
    platformKeys: wechat()
      .keys.of(merchant.mchId)
      .map(({ serial, publicKey, certificate }) => ({ serial, publicKey, certificate })),
  })
  const known = (request: Request, answer: (merchant: WechatMerchant) => Promise<Answer>) => {
    const merchant = wechat().merchants.find(request.parts.mchId ?? '')
    return merchant ? answer(merchant) : json({ error: 'There is no such merchant.' }, 404)
  }
  return [
    {
      method: 'GET',
      path: merchantsPath,
      answer: () => json({ merchants: wechat().merchants.all().map(shown) }),
    },
    {
      method: 'POST',
      path: merchantsPath,
      answer: async (request) => {
        const merchant = readWechatMerchant(request.json())
        await wechat().register(merchant)
        return json(shown(merchant), 201)
      },
    },
    {
      method: 'POST',
      path: `${merchantsPath}/:mchId/rotate-key`,
      answer: (request) =>
        known(request, async (merchant) => {
          await wechat().rotateKey(merchant.mchId)
          return json(shown(merchant))
        }),
    },
    {
      method: 'GET',
      path: `${merchantsPath}/:mchId/knobs`,
      answer: (request) => known(request, async ({ mchId }) => json(wechat().merchants.knobs(mchId))),
    },
    {
      method: 'PUT',
      path: `${merchantsPath}/:mchId/knobs`,
      answer: (request) =>
        known(request, async ({ mchId }) => json(await wechat().merchants.turn(mchId, request.json()))),
    },
  ]
}

function orderRoutes(wechat: () => Wechat): Route[] {
  const act = (name: string, work: (deal: Deal) => Promise<unknown>): Route => ({
    method: 'POST',
    path: `${ordersPath}/:outTradeNo/${name}`,
    answer: (request) =>
      withDeal(wechat(), request, async (deal) => {
        await work(deal)
        return json(shownDeal(wechat(), deal))
      }),
  })
  return [
    {
      method: 'GET',
      path: ordersPath,
      answer: ({ parts }) => {
        const deals = [...wechat().state.deals.values()].filter(({ order }) => order.mchId === parts.mchId)
        return json({ orders: deals.map((deal) => shownDeal(wechat(), deal)) })
      },
    },
    {
      method: 'GET',
      path: `${ordersPath}/:outTradeNo`,
      answer: (request) => withDeal(wechat(), request, async (deal) => json(shownDeal(wechat(), deal))),
    },
    act('pay', (deal) => wechat().cashier.pay(deal)),
    act('refuse', (deal) => wechat().cashier.refuse(deal)),
    {
      method: 'POST',
      path: '/control/wechat/payer-codes',
      answer: () => json(wechat().payerCodes.issue(), 201),
    },
    {
      // What a person does about an abnormal refund at the merchant's console.
      method: 'POST',
      path: '/control/wechat/:mchId/refunds/:outRefundNo/succeed',
      answer: async ({ parts }) => {
        const found = refundByNumber(wechat().state, parts.mchId ?? '', parts.outRefundNo ?? '')
        if (!found) return json({ error: 'There is no such refund.' }, 404)
        return await told(async () => {
          await wechat().refunds.end(found.deal, found.refund, 'SUCCESS')
          return json(shownDeal(wechat(), found.deal))
        })
      },
    },
  ]
}

function noticeRoutes(wechat: () => Wechat): Route[] {
  const path = (name: string) => `${ordersPath}/:outTradeNo/${name}`
  return [
    {
      method: 'POST',
      path: path('notify'),
      answer: (request) =>
        withDeal(wechat(), request, async (deal) => {
          const how = readRepetition(request.json())
          return json({ receptions: await wechat().notifications.repeat(deal, how) })
        }),
    },
    {
      method: 'POST',
      path: path('forge'),
      answer: (request) =>
        withDeal(wechat(), request, async (deal) => {
          const { notifyUrl } = deal.order
          if (notifyUrl === undefined) throw new BadRequest('That order names no notify_url.')
          return json({ reception: await wechat().notifications.forge(deal, notifyUrl) })
        }),
    },
    {
      method: 'POST',
      path: path('probe'),
      answer: (request) =>
        withDeal(wechat(), request, async (deal) => {
          const reception = await wechat().notifications.probe(deal)
          return reception ? json({ reception }) : json({ error: 'Nothing was ever notified of it.' }, 404)
        }),
    },
  ]
}

async function withDeal(
  { state }: Wechat,
  { parts }: Request,
  answer: (deal: Deal) => Promise<Answer>,
): Promise<Answer> {
  const deal = dealByNumber(state, parts.mchId ?? '', parts.outTradeNo ?? '')
  return deal ? await told(() => answer(deal)) : json({ error: 'There is no such order.' }, 404)
}

async function told(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof WechatRefusal)) throw error
    return json({ error: `WeChat Pay refuses: ${error.code}.`, code: error.code }, 409)
  }
}

function shownDeal({ state }: Wechat, deal: Deal) {
  const notifications = [...state.notifications.values()].filter(
    ({ notification }) => notification.dealId === deal.dealId,
  )
  return { ...deal, notifications }
}
