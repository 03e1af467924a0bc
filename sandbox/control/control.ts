import { join } from 'node:path'
import type { Alipay } from '../alipay/index.ts'
import { readBook } from '../book.ts'
import { BadRequest } from '../fields.ts'
import { type Answer, json, type Route } from '../http.ts'
import { type Merchant, type Registry, readMerchant, readOperator } from '../registry.ts'
import type { Smsc } from '../smsc/index.ts'
import { tradeRoutes } from './trades.ts'

export interface ControlDeps {
  registry: Registry
  alipay(): Alipay
  smsc: Smsc
  dataDir: string
}

/** The admin API, without its guard: who is known, how the knobs stand, the book, and what happens to trades. */
export function controlRoutes(deps: ControlDeps): Route[] {
  return [...merchantRoutes(deps), ...networkRoutes(deps), ...bookRoutes(deps), ...tradeRoutes(deps)]
}

function merchantRoutes({ registry, alipay }: ControlDeps): Route[] {
  const shown = (merchant: Merchant) => ({
    ...merchant,
    alipayPublicKey: alipay().keys.publicKey(merchant.appId),
  })
  const known = (appId: string | undefined, answer: (merchant: Merchant) => Promise<Answer>) => {
    const merchant = registry.merchant(appId ?? '')
    return merchant ? answer(merchant) : json({ error: `There is no merchant ${appId}.` }, 404)
  }
  return [
    {
      method: 'GET',
      path: '/control/merchants',
      answer: () => json({ merchants: registry.merchants().map(shown) }),
    },
    {
      method: 'POST',
      path: '/control/merchants',
      answer: async (request) => {
        const merchant = readMerchant(request.json())
        await alipay().register(merchant)
        return json(shown(merchant), 201)
      },
    },
    {
      method: 'POST',
      path: '/control/merchants/:appId/rotate-key',
      answer: (request) =>
        known(request.parts.appId, async (merchant) => {
          await alipay().keys.rotate(merchant.appId)
          return json(shown(merchant))
        }),
    },
    {
      method: 'GET',
      path: '/control/merchants/:appId/knobs',
      answer: (request) => known(request.parts.appId, async ({ appId }) => json(registry.alipayKnobs(appId))),
    },
    {
      method: 'PUT',
      path: '/control/merchants/:appId/knobs',
      answer: (request) =>
        known(request.parts.appId, async ({ appId }) =>
          json(await registry.turnAlipay(appId, request.json())),
        ),
    },
  ]
}

function networkRoutes({ registry, smsc }: ControlDeps): Route[] {
  const known = (systemId: string | undefined, answer: (systemId: string) => Answer | Promise<Answer>) => {
    const operator = registry.operatorOfSystem(systemId ?? '')
    return operator ? answer(operator.smpp.systemId) : json({ error: `There is no system ${systemId}.` }, 404)
  }
  const endLinks = (how: 'unbind' | 'cut'): Route => ({
    method: 'POST',
    path: `/control/smsc/:systemId/${how}`,
    answer: (request) =>
      known(request.parts.systemId, (systemId) => json({ ended: smsc.endLinks(systemId, how) })),
  })
  return [
    {
      method: 'PUT',
      path: '/control/operators/:brand',
      answer: async (request) => {
        const operator = readOperator({ ...request.json(), brand: request.parts.brand })
        await registry.registerOperator(operator)
        return json(operator)
      },
    },
    {
      method: 'GET',
      path: '/control/smsc/:systemId/knobs',
      answer: (request) => known(request.parts.systemId, (systemId) => json(registry.smscKnobs(systemId))),
    },
    {
      method: 'PUT',
      path: '/control/smsc/:systemId/knobs',
      answer: (request) =>
        known(request.parts.systemId, async (systemId) =>
          json(await registry.turnSmsc(systemId, request.json())),
        ),
    },
    endLinks('unbind'),
    endLinks('cut'),
  ]
}

const books = ['alipay', 'unionpay', 'wechat', 'card', 'smsc', 'mail']

function bookRoutes({ registry, dataDir }: ControlDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/control/book/:name',
      answer: async ({ parts }) => {
        const name = parts.name ?? ''
        if (!books.includes(name)) return json({ error: `The books are ${books.join(', ')}.` }, 404)
        return json({ entries: await readBook<unknown>(join(dataDir, `${name}.jsonl`)) })
      },
    },
    {
      method: 'GET',
      path: '/control/clock',
      answer: () => json({ retryScale: registry.retryScale() }),
    },
    {
      method: 'PUT',
      path: '/control/clock',
      answer: async (request) => {
        const { retryScale } = request.json()
        if (typeof retryScale !== 'number' || !(retryScale > 0 && retryScale <= 1)) {
          throw new BadRequest('"retryScale" must be a number above 0 and at most 1.')
        }
        await registry.setRetryScale(retryScale)
        return json({ retryScale })
      },
    },
  ]
}
