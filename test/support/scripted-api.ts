import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { createChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { BrowserContext } from 'playwright-core'
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

/** What is answered to whom: by the cookie that a visit carries. */
const visits = new Map<string, { readonly script: Script; readonly sent: Sent[] }>()
const COOKIE = 'visit'

/**
 * Lets a browser context speak to a script, which the server of its pages answers by: a browser whose requests are caught on
 * their way keeps nothing of what it fetched. Gives the list of all it sent, kept up to date, until it is over.
 */
export async function scriptApi(
  context: BrowserContext,
  origin: string,
  script: Script,
): Promise<{ readonly sent: readonly Sent[]; over(): void }> {
  const sent: Sent[] = []
  const id = randomUUID()
  visits.set(id, { script, sent })
  await context.addCookies([{ name: COOKIE, value: id, url: origin }])
  return { sent, over: () => visits.delete(id) }
}

/** True where the request is of a visit with a script, which has answered it or keeps it waiting. */
export function answerByScript(request: IncomingMessage, response: ServerResponse): boolean {
  const id = new RegExp(`\\b${COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1]
  const visit = visits.get(id ?? '')
  if (!visit) return false
  // A page goes by the time of its server, and a script's is the visitor's own.
  response.sendDate = false
  // Not awaited: a script that breaks the contract fails the run.
  void answer(request, response, visit.script, visit.sent)
  return true
}

/** What answers where a script says nothing. */
const usual: Script = {
  'GET /v1/payment-ways': { ways: [{ provider: 'alipay', currency: 'CNY', off: null }], maintenance: null },
}

function endpointOf(method: string | undefined, pathname: string): Endpoint | undefined {
  const names = Object.keys(endpoints) as Endpoint[]
  return names.find((name) => {
    const [ofMethod, path = ''] = name.split(' ')
    return ofMethod === method && new RegExp(`^${path.replace(/:[a-z]+/g, '[^/]+')}$`).test(pathname)
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  sent: Sent[],
): Promise<void> {
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://pages')
  const endpoint = endpointOf(request.method, path)
  const reply = endpoint && { ...usual, ...script }[endpoint]
  if (!endpoint || reply === undefined) return refuse(response, problem(404, 'route-not-found'))
  const [answerSchema, bodySchema]: readonly [TSchema, TSchema?] = endpoints[endpoint]
  const text = await readText(request)
  const body: unknown = text === '' ? null : JSON.parse(text)
  if (bodySchema && !Value.Check(bodySchema, body)) return refuse(response, problem(400, 'field-malformed'))
  const before = sent.filter((earlier) => earlier.endpoint === endpoint).length
  const query = Object.fromEntries(searchParams)
  const key = request.headers['idempotency-key']?.toString()
  const one = { endpoint, path, query, body, key }
  sent.push(one)
  const answered = typeof reply === 'function' ? reply(one, before) : reply
  if (answered === 'never') return
  if (isProblem(answered)) return refuse(response, answered)
  if (!Value.Check(answerSchema, answered)) {
    throw new Error(`the script's answer to ${endpoint} breaks the contract: ${JSON.stringify(answered)}`)
  }
  if (answered === null) response.writeHead(204).end()
  else if (answerSchema === OrderEvents) send(response, 200, 'text/event-stream', String(answered))
  else send(response, 200, 'application/json', JSON.stringify(answered))
}

function isProblem(answered: unknown): answered is ScriptedProblem {
  return typeof answered === 'object' && answered !== null && 'problem' in answered
}

function refuse(response: ServerResponse, { status, problem: body }: ScriptedProblem): void {
  send(response, status, 'application/problem+json', JSON.stringify(body))
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}

let easy: ReturnType<typeof createChallenge> | undefined

/** A captcha that is solved at once. */
export async function easyCaptcha(): Promise<CaptchaChallenge> {
  easy ??= createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: 10,
    counter: 3,
    data: { notAfter: 4_102_444_800 },
    hmacSignatureSecret: 'sign',
    hmacKeySignatureSecret: 'sign-key',
    deriveKey,
  })
  return (await easy) as unknown as CaptchaChallenge
}
