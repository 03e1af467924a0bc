import { createChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { BrowserContext, Request, Route } from 'playwright-core'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { BrandView, ChannelsView } from '../../contract/brand.ts'
import { LineView, MyLinesView, StrangerLineView } from '../../contract/line.ts'
import { OffersView, PriceTableView } from '../../contract/offer.ts'
import { PaymentWays } from '../../contract/payment.ts'
import { AskQuote, QuoteView } from '../../contract/quote.ts'
import { AskRefund, RefundsView, RefundView } from '../../contract/refund.ts'
import {
  AcceptTerms,
  AccountView,
  BindLine,
  CaptchaChallenge,
  ChangePhone,
  CloseAccount,
  CodeSent,
  DevicesView,
  LogIn,
  PhoneChangeView,
  ProvePayer,
  Register,
  SendCode,
  SessionView,
  SetEmail,
  SetPassword,
  SetProfile,
} from '../../contract/session.ts'
import { CasesView, CaseView, OpenCase } from '../../contract/support.ts'
import {
  OrderEvents,
  OrdersView,
  OrderView,
  PaymentStarted,
  PlaceTopUp,
  ReceiptView,
  StartPayment,
} from '../../contract/top-up.ts'

const nothing = Type.Null()

/** What the pages call: the schema of the answer, and of the body where one is sent. */
const endpoints = {
  'GET /v1/brand': [BrandView],
  'GET /v1/channels': [ChannelsView],
  'GET /v1/price-table': [PriceTableView],
  'GET /v1/payment-ways': [PaymentWays],
  'GET /v1/session': [SessionView],
  'DELETE /v1/session': [nothing],
  'GET /v1/captcha': [CaptchaChallenge],
  'POST /v1/codes': [CodeSent, SendCode],
  'POST /v1/codes/payer': [SessionView, ProvePayer],
  'POST /v1/log-ins': [SessionView, LogIn],
  'POST /v1/registrations': [SessionView, Register],
  'GET /v1/me/lines': [MyLinesView],
  'POST /v1/me/lines': [LineView, BindLine],
  'DELETE /v1/me/lines/:number': [nothing],
  'GET /v1/me': [AccountView],
  'PUT /v1/me/profile': [nothing, SetProfile],
  'POST /v1/me/terms': [nothing, AcceptTerms],
  'POST /v1/me/closure': [nothing, CloseAccount],
  'PUT /v1/me/phone': [Type.Union([PhoneChangeView, nothing]), ChangePhone],
  'DELETE /v1/me/phone-change': [nothing],
  'GET /v1/me/sessions': [DevicesView],
  'DELETE /v1/me/sessions': [nothing],
  'DELETE /v1/me/sessions/:id': [nothing],
  'GET /v1/me/cases': [CasesView],
  'POST /v1/cases': [CaseView, OpenCase],
  'PUT /v1/me/password': [nothing, SetPassword],
  'PUT /v1/me/email': [nothing, SetEmail],
  'GET /v1/lines/:number': [Type.Union([LineView, StrangerLineView])],
  'GET /v1/lines/:number/offers': [OffersView],
  'GET /v1/top-ups': [OrdersView],
  'POST /v1/top-ups': [OrderView, PlaceTopUp],
  'GET /v1/top-ups/:id': [OrderView],
  'POST /v1/top-ups/:id/quotes': [QuoteView, AskQuote],
  'POST /v1/top-ups/:id/payments': [PaymentStarted, StartPayment],
  'POST /v1/top-ups/:id/returned': [nothing],
  'POST /v1/top-ups/:id/cancel': [OrderView],
  'POST /v1/top-ups/:id/recall': [OrderView],
  'GET /v1/top-ups/:id/events': [OrderEvents],
  'GET /v1/top-ups/:id/receipt': [ReceiptView],
  'GET /v1/top-ups/:id/refunds': [RefundsView],
  'POST /v1/top-ups/:id/refunds': [RefundView, AskRefund],
} as const satisfies Readonly<Record<string, readonly [answer: TSchema, body?: TSchema]>>

export type Endpoint = keyof typeof endpoints

/** A refusal, with the members its sentence is filled from. */
export interface ScriptedProblem {
  readonly status: number
  readonly problem: {
    readonly code: string
    readonly moneyMoved: boolean
    readonly [member: string]: unknown
  }
}

export function problem(status: number, code: string, members: object = {}): ScriptedProblem {
  return { status, problem: { code, moneyMoved: false, requestId: 'req-7Q4W2V7X5Y0A', ...members } }
}

/** A request as the page sent it. */
export interface Sent {
  readonly endpoint: Endpoint
  readonly path: string
  /** What follows the question mark. */
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly key: string | undefined
}

type Scripted<T> = T | ScriptedProblem
/** The same answer each time, or one made of the request and how many of its kind came before; never: no answer at all. */
type Reply<T> = Scripted<T> | 'never' | ((sent: Sent, before: number) => Scripted<T> | 'never')

/** Answers by endpoint; what is not scripted is refused as the server refuses an unknown address. */
export type Script = { readonly [E in Endpoint]?: Reply<Static<(typeof endpoints)[E][0]>> }

/** Lets a browser context speak to a script in place of a server; gives the list of all it sent, kept up to date. */
export async function scriptApi(context: BrowserContext, script: Script): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  await context.route('**/v1/**', (route) => answer(route, script, sent))
  return sent
}

/** What answers where a script says nothing. */
const usual: Script = {
  'GET /v1/payment-ways': { ways: [{ provider: 'alipay', currency: 'CNY', off: null }], maintenance: null },
}

function endpointOf(request: Request): Endpoint | undefined {
  const { pathname } = new URL(request.url())
  const names = Object.keys(endpoints) as Endpoint[]
  return names.find((name) => {
    const [method, path = ''] = name.split(' ')
    return method === request.method() && new RegExp(`^${path.replace(/:[a-z]+/g, '[^/]+')}$`).test(pathname)
  })
}

async function answer(route: Route, script: Script, sent: Sent[]): Promise<void> {
  const request = route.request()
  const endpoint = endpointOf(request)
  const reply = endpoint && { ...usual, ...script }[endpoint]
  if (!endpoint || reply === undefined) return send(route, problem(404, 'route-not-found'))
  const [answerSchema, bodySchema]: readonly [TSchema, TSchema?] = endpoints[endpoint]
  const body: unknown = request.postDataJSON()
  if (bodySchema && !Value.Check(bodySchema, body)) return send(route, problem(400, 'field-malformed'))
  const before = sent.filter((earlier) => earlier.endpoint === endpoint).length
  const { pathname: path, searchParams } = new URL(request.url())
  const query = Object.fromEntries(searchParams)
  const one = { endpoint, path, query, body, key: request.headers()['idempotency-key'] }
  sent.push(one)
  const answered = typeof reply === 'function' ? reply(one, before) : reply
  if (answered === 'never') return
  if (isProblem(answered)) return send(route, answered)
  if (!Value.Check(answerSchema, answered)) {
    throw new Error(`the script's answer to ${endpoint} breaks the contract: ${JSON.stringify(answered)}`)
  }
  if (answered === null) return route.fulfill({ status: 204 })
  if (answerSchema === OrderEvents)
    return route.fulfill({ contentType: 'text/event-stream', body: String(answered) })
  return route.fulfill({ json: answered })
}

function isProblem(answered: unknown): answered is ScriptedProblem {
  return typeof answered === 'object' && answered !== null && 'problem' in answered
}

async function send(route: Route, { status, problem: body }: ScriptedProblem): Promise<void> {
  await route.fulfill({ status, contentType: 'application/problem+json', json: body })
}

/** A captcha that is solved at once. */
export async function easyCaptcha(): Promise<CaptchaChallenge> {
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: 10,
    counter: 3,
    data: { notAfter: 4_102_444_800 },
    hmacSignatureSecret: 'sign',
    hmacKeySignatureSecret: 'sign-key',
    deriveKey,
  })
  return challenge as unknown as CaptchaChallenge
}
