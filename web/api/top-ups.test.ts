import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OrderView, PlaceTopUp, StartPayment } from '../../contract/top-up.ts'
import { serverNow } from '../device/server-clock.ts'
import { ApiProblem } from './request.ts'
import { placeTopUp, startPayment, wentToWallet } from './top-ups.ts'

interface Sent {
  readonly path: string
  readonly key: string | null
}

const none = { amountMinor: '0', currency: 'CNY' }
const later = new Date(serverNow() + 600_000).toISOString()
let sent: Sent[]
let answers: (() => Response)[]

const json = (status: number, body: unknown) => () => Response.json(body, { status })
const lost = () => {
  throw new TypeError('Failed to fetch')
}

beforeEach(() => {
  sent = []
  answers = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push({ path, key: new Headers(init.headers).get('idempotency-key') })
    const answer = answers.shift()
    if (!answer) throw new Error('one request too many')
    return answer()
  })
})
afterEach(() => vi.unstubAllGlobals())

function order(state: OrderView['state'], payBy: string | null = later): OrderView {
  return {
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDE',
    state,
    final: false,
    heldReason: null,
    resolvesBy: null,
    lookedIntoBy: null,
    recallSeconds: 0,
    wait: null,
    items: [],
    price: none,
    captured: none,
    refunded: none,
    placedAt: later,
    payBy,
    provider: null,
    paymentState: null,
    timeline: [],
    receiptNumber: null,
  }
}

let wishes = 0
/** A wish unlike every other, so that no test finds the key of another. */
function wish(): PlaceTopUp {
  return {
    items: [{ number: '15400001234', offerId: '01JD9Z3K6N8Q4W2V7X5Y0ABCD3' }],
    expected: { amountMinor: `${++wishes}`, currency: 'CNY' },
    locale: 'zh-CN',
  }
}

const keys = () => sent.map(({ key }) => key)

describe('placing an order', () => {
  it('asks again for a lost answer under the same key', async () => {
    const body = wish()
    answers = [lost, json(503, { code: 'overloaded' }), json(201, order('awaiting-payment'))]
    await expect(placeTopUp(body)).rejects.toThrow(ApiProblem)
    await expect(placeTopUp(body)).rejects.toThrow(ApiProblem)
    expect((await placeTopUp(body)).state).toBe('awaiting-payment')
    expect(new Set(keys()).size).toBe(1)
    expect(keys()[0]).toMatch(/^"[A-Za-z0-9_-]{8,64}"$/)
  })

  it('goes on under the same key once the payer is proved', async () => {
    const body = wish()
    answers = [json(403, { code: 'verification-needed' }), json(201, order('awaiting-payment'))]
    await expect(placeTopUp(body)).rejects.toThrow('verification-needed')
    await placeTopUp(body)
    expect(new Set(keys()).size).toBe(1)
  })

  it('takes a new key after a plain no, and for another wish', async () => {
    const body = wish()
    answers = [
      json(422, { code: 'limit-reached' }),
      json(409, { code: 'duplicate-recent' }),
      json(201, order('awaiting-payment')),
    ]
    await expect(placeTopUp(body)).rejects.toThrow('limit-reached')
    await expect(placeTopUp(body)).rejects.toThrow('duplicate-recent')
    await placeTopUp({ ...body, confirmDuplicate: true })
    expect(new Set(keys()).size).toBe(3)
  })

  it('finds the order it placed before while that awaits payment', async () => {
    const body = wish()
    answers = [json(201, order('awaiting-payment')), json(201, order('awaiting-payment'))]
    await placeTopUp(body)
    await placeTopUp(body)
    expect(new Set(keys()).size).toBe(1)
  })

  it.each([
    ['was paid', order('credited', null)],
    ['ran out', order('awaiting-payment', '2026-01-01T00:00:00.000Z')],
  ])('places another when the one before %s', async (_, before) => {
    const body = wish()
    answers = [json(201, order('awaiting-payment')), json(201, before), json(201, order('awaiting-payment'))]
    await placeTopUp(body)
    await placeTopUp(body)
    const [first, second, third] = keys()
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })
})

describe('beginning a payment', () => {
  const body: StartPayment = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
  const started = (expiresAt = later) =>
    json(201, { attemptId: 'A', redirectUrl: 'https://pay.test', expiresAt })

  it('keeps its key until it is declined', async () => {
    answers = [json(409, { code: 'payment-in-progress' }), json(422, { code: 'payment-declined' }), started()]
    await expect(startPayment('one', body)).rejects.toThrow('payment-in-progress')
    expect(wentToWallet('one')).toBe(true)
    await expect(startPayment('one', body)).rejects.toThrow('payment-declined')
    expect(wentToWallet('one')).toBe(false)
    await startPayment('one', body)
    const [first, second, third] = keys()
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('takes the same way again while it lasts, then a new one', async () => {
    answers = [started(), started(), started('2026-01-01T00:00:00.000Z'), started()]
    for (let i = 0; i < 3; i++) await startPayment('two', body)
    const [first, second, third, fourth] = keys()
    expect([second, third]).toEqual([first, first])
    expect(fourth).not.toBe(first)
  })
})
