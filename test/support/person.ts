import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { OffersView } from '../../contract/offer.ts'
import type { OrderView, PaymentStarted } from '../../contract/top-up.ts'
import type { BrandKey, WholeHouse } from './house.ts'
import { type Answer, solveCaptcha } from './visitor.ts'

/** Somebody with a browser, a wallet and a handset, over real connections. */
export interface Person {
  readonly brand: BrandKey
  get(path: string): Promise<Answer>
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, key?: string): Promise<Answer>
  /** Has a code sent and reads it off the handset. */
  codeFor(purpose: string, number: string): Promise<string>
  /** Proves a phone as the payer's; a guest session begins by it. */
  proveAsPayer(number: string): Promise<void>
  register(number: string): Promise<void>
  placeOrder(number: string, wanted: Wanted, key?: string): Promise<Answer>
  /** Places, starts a payment and answers both. */
  orderToPay(
    number: string,
    wanted: Wanted,
  ): Promise<{ order: OrderView; payment: PaymentStarted; outTradeNo: string }>
  order(id: string): Promise<OrderView>
  /** Polls until the order is in one of these states. */
  until(id: string, states: readonly string[], withinMs?: number): Promise<OrderView>
}

/** A package by its term, a tile by its face, or a free amount. */
export type Wanted =
  | { readonly term: 'month' | 'quarter' | 'year' }
  | { readonly face: string }
  | { readonly amount: string }

const CODE = /\d{6}/
const newKey = () => randomUUID().replaceAll('-', '')
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A browser's connection to one brand: it keeps cookies and says that its requests come from the brand's own pages. */
function connect(origin: string) {
  const cookies = new Map<string, string>()
  return async (method: string, path: string, body?: unknown, key?: string): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(origin + path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(cookie ? { cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': `"${key}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const text of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await answer.text()
    const headers = Object.fromEntries(answer.headers)
    return { status: answer.status, body: text === '' ? null : JSON.parse(text), headers }
  }
}

async function expected(status: number, answer: Promise<Answer>): Promise<Answer['body']> {
  const { status: got, body } = await answer
  expect({ status: got, body }).toMatchObject({ status })
  return body
}

export function person(world: WholeHouse, brand: BrandKey): Person {
  const call = connect(world.origins[brand])
  const locale = brand === 'laika' ? 'zh-CN' : 'en'
  const codeFor: Person['codeFor'] = async (purpose, number) => {
    const msisdn = msisdnOf(brand, number)
    const seen = (await world.sms(msisdn)).length
    const captcha = await solveCaptcha((await call('GET', '/v1/captcha')).body)
    await expected(202, call('POST', '/v1/codes', { purpose, to: number, captcha, locale }))
    for (let i = 0; i < 100; i++) {
      const messages = await world.sms(msisdn)
      const code = messages.length > seen ? CODE.exec(messages[0]?.text ?? '')?.[0] : undefined
      if (code) return code
      await sleep(100)
    }
    throw new Error(`no code arrived on ${number}`)
  }
  const placeOrder: Person['placeOrder'] = async (number, wanted, key = newKey()) => {
    const offers = (await expected(200, call('GET', `/v1/lines/${number}/offers`))) as OffersView
    const { offerId, amount, expected: price } = choose(offers, wanted)
    const item = { number, offerId, ...(amount ? { amount } : {}) }
    return await call('POST', '/v1/top-ups', { items: [item], expected: price, locale }, key)
  }
  const order: Person['order'] = async (id) =>
    (await expected(200, call('GET', `/v1/top-ups/${id}`))) as OrderView
  return {
    ...{ brand, codeFor, placeOrder, order },
    get: (path) => call('GET', path),
    send: (method, path, body, key) => call(method, path, body, key),
    async proveAsPayer(number) {
      const code = await codeFor('payer', number)
      await expected(200, call('POST', '/v1/codes/payer', { number, code }))
    },
    async register(number) {
      const code = await codeFor('register', number)
      const terms = { acceptedTerms: true, termsVersion: '2026-11', locale }
      await expected(201, call('POST', '/v1/registrations', { number, code, ...terms }))
    },
    async orderToPay(number, wanted) {
      const placed = (await expected(201, placeOrder(number, wanted))) as OrderView
      const start = { provider: 'alipay', scene: 'wap', locale }
      const starting = call('POST', `/v1/top-ups/${placed.id}/payments`, start, newKey())
      const payment = (await expected(201, starting)) as PaymentStarted
      // The browser arrives at the gateway; only then is there a trade.
      if (payment.redirectUrl) await fetch(payment.redirectUrl, { redirect: 'manual' })
      return { order: placed, payment, outTradeNo: payment.attemptId }
    },
    async until(id, states, withinMs = 20_000) {
      const end = performance.now() + withinMs
      let last: OrderView
      do {
        last = await order(id)
        if (states.includes(last.state)) return last
        await sleep(200)
      } while (performance.now() < end)
      throw new Error(`order ${id} is ${last.state}, not ${states.join(' or ')}`)
    },
  }
}

function choose(offers: OffersView, wanted: Wanted) {
  if ('term' in wanted) {
    const offer = offers.packages.find((candidate) => candidate.term === wanted.term && !candidate.roaming)
    if (!offer) throw new Error(`no package of a ${wanted.term}`)
    return { offerId: offer.id, expected: offer.price }
  }
  if ('face' in wanted) {
    const offer = offers.denominations.find((candidate) => candidate.face.amountMinor === wanted.face)
    if (!offer) throw new Error(`no denomination of ${wanted.face}`)
    return { offerId: offer.id, expected: offer.price }
  }
  if (!offers.freeAmount) throw new Error('no free amount is on sale')
  const amount = { amountMinor: wanted.amount, currency: offers.freeAmount.min.currency }
  return { offerId: offers.freeAmount.id, amount, expected: amount }
}

function msisdnOf(brand: BrandKey, number: string): string {
  const digits = number.replace(/\D/g, '')
  return brand === 'laika' ? `86${digits}` : digits.replace(/^0/, '44')
}

/** What a person does in the wallet, without a browser. */
export async function inWallet(
  world: WholeHouse,
  brand: BrandKey,
  outTradeNo: string,
  act: 'pay' | 'refuse' | 'finish',
): Promise<void> {
  await world.control(
    'POST',
    `/control/alipay/${world.partners[brand].appId}/trades/${outTradeNo}/${act}`,
    {},
  )
}

export async function knobs(world: WholeHouse, brand: BrandKey, set: object): Promise<void> {
  await world.control('PUT', `/control/merchants/${world.partners[brand].appId}/knobs`, {
    reset: true,
    ...set,
  })
}
