import { BadRequest, type Fields } from '../fields.ts'
import { type Answer, json, type Request, type Route } from '../http.ts'
import { readRepetition } from '../repetition.ts'
import { cardNamed, cards } from './cards.ts'
import { imagine } from './cashier.ts'
import type { UnionPay } from './index.ts'
import { readUnionPayMerchant } from './merchant-form.ts'
import {
  type Order,
  orderNumbered,
  transactionNumbered,
  transactionsNumbered,
  type UnionPayMerchant,
} from './transaction.ts'

const merchants = '/control/unionpay/merchants'
const orders = '/control/unionpay/:merId/orders/:orderId'

/** UnionPay's part of the control API, without its guard. */
export function unionPayControlRoutes(unionPay: UnionPay): Route[] {
  return [...merchantRoutes(unionPay), ...payerRoutes(unionPay), ...noticeRoutes(unionPay)]
}

function merchantRoutes(unionPay: UnionPay): Route[] {
  const shown = (merchant: UnionPayMerchant) => ({ ...merchant, ...unionPay.authority.certificates() })
  const known = (request: Request, answer: (merchant: UnionPayMerchant) => Promise<Answer>) => {
    const merchant = unionPay.state.merchants.get(request.parts.merId ?? '')
    return merchant ? answer(merchant) : json({ error: `There is no merchant ${request.parts.merId}.` }, 404)
  }
  return [
    {
      method: 'GET',
      path: merchants,
      answer: () => json({ merchants: [...unionPay.state.merchants.values()].map(shown) }),
    },
    {
      method: 'POST',
      path: merchants,
      answer: async (request) => {
        const merchant = readUnionPayMerchant(request.json())
        await unionPay.register(merchant)
        return json(shown(merchant), 201)
      },
    },
    {
      method: 'POST',
      path: `${merchants}/:merId/rotate-key`,
      answer: (request) =>
        known(request, async (merchant) => {
          await unionPay.authority.rotate()
          return json(shown(merchant))
        }),
    },
    {
      method: 'GET',
      path: `${merchants}/:merId/knobs`,
      answer: (request) => known(request, async ({ merId }) => json(unionPay.knobs(merId))),
    },
    {
      method: 'PUT',
      path: `${merchants}/:merId/knobs`,
      answer: (request) =>
        known(request, async ({ merId }) => json(await unionPay.turn(merId, request.json()))),
    },
  ]
}

function payerRoutes(unionPay: UnionPay): Route[] {
  return [
    {
      method: 'GET',
      path: orders,
      answer: ({ parts: { merId = '', orderId = '' } }) => json(shownOrder(unionPay, merId, orderId)),
    },
    {
      method: 'GET',
      path: '/control/unionpay/:merId/transactions',
      answer: ({ parts }) => {
        const own = [...unionPay.state.transactions.values()].filter(({ merId }) => merId === parts.merId)
        return json({ transactions: own })
      },
    },
    {
      method: 'POST',
      path: `${orders}/pay`,
      answer: async (request) => {
        const { merId = '', orderId = '' } = request.parts
        const standing = orderNumbered(unionPay.state, merId, orderId)
        if (!standing) return json({ error: 'No payer stands at the cashier with that number.' }, 404)
        const { card: asked = cards[0]?.id } = request.json()
        const card = cardNamed(`${asked}`)
        if (!card) throw new BadRequest(`The cards are ${cards.map(({ id }) => id).join(', ')}.`)
        const paid = await unionPay.cashier.pay(standing.cashierId, card)
        if ('refused' in paid)
          return json({ error: `UnionPay refuses: ${paid.refused}.`, respCode: paid.refused }, 409)
        const frontReturn = unionPay.frontReturn(standing.cashierId)
        return json({ ...shownOrder(unionPay, merId, orderId), ...(frontReturn ? { frontReturn } : {}) })
      },
    },
  ]
}

function shownOrder({ state }: UnionPay, merId: string, orderId: string) {
  const transactions = transactionsNumbered(state, merId, orderId)
  const ids = new Set(transactions.map(({ queryId }) => queryId))
  const notices = [...state.notices.values()].filter(({ notification }) => ids.has(notification.queryId))
  return { order: orderNumbered(state, merId, orderId)?.order ?? null, transactions, notices }
}

function noticeRoutes(unionPay: UnionPay): Route[] {
  return [
    {
      method: 'POST',
      path: `${orders}/notify`,
      answer: async (request) => {
        const { merId = '', orderId = '' } = request.parts
        const told = transactionNumbered(unionPay.state, merId, orderId)
        if (!told) return json({ error: 'There is no such transaction.' }, 404)
        const how = readRepetition(request.json())
        return json({ receptions: await unionPay.notices.repeat(told.queryId, how) })
      },
    },
    {
      method: 'POST',
      path: `${orders}/forge`,
      answer: async (request) => {
        const { merId = '', orderId = '' } = request.parts
        if (!unionPay.state.merchants.has(merId)) return json({ error: 'There is no such merchant.' }, 404)
        const known = orderNumbered(unionPay.state, merId, orderId)?.order
        const order = known ?? orderToForge(request.json(), merId, orderId)
        const told = imagine(order, unionPay.nowFor(merId))
        return json({ reception: await unionPay.notices.forge(told, order.backUrl) })
      },
    },
  ]
}

function orderToForge({ backUrl, amountMinor }: Fields, merId: string, orderId: string): Order {
  if (
    typeof backUrl !== 'string' ||
    typeof amountMinor !== 'string' ||
    !/^[1-9]\d{0,11}$/.test(amountMinor)
  ) {
    throw new BadRequest('"backUrl" and "amountMinor" (fen in digits) say what to forge.')
  }
  return { merId, orderId, txnTime: '20260101000000', amountMinor, backUrl, expiresAt: 0 }
}
