import type { Clock } from '../clock.ts'
import type { Answer, Request, Route } from '../http.ts'
import type { Registry } from '../registry.ts'
import type { Cashier } from './cashier.ts'
import { type Call, openEnvelope } from './envelope.ts'
import type { AlipayKnobs } from './knobs.ts'
import type { Method } from './methods.ts'
import { newTraceId } from './numbers.ts'
import { readOrder } from './order-form.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { businessRefusal, Refusal } from './refusal.ts'
import { sign } from './signature.ts'
import type { PayMethod, Trade } from './trade.ts'

export interface GatewayDeps {
  clock: Clock
  registry: Registry
  keys: PlatformKeys
  cashier: Cashier
  methods: Record<string, Method>
  nowFor(appId: string): number
  /** The wallet page where the buyer decides. */
  cashierAddress(trade: Trade): string
  /** The page that tells a buyer why the merchant's request was refused. */
  refusalPage(refusal: Refusal, request: Request): Answer
}

const pageMethods: readonly PayMethod[] = ['alipay.trade.page.pay', 'alipay.trade.wap.pay']

/** Gateway v2: one address for every method, parameters in the query, the form body or both, by POST or GET. */
export function gatewayRoutes(deps: GatewayDeps): Route[] {
  const answer = (request: Request) => respond(deps, request)
  return [
    { method: 'POST', path: '/gateway.do', answer },
    { method: 'GET', path: '/gateway.do', answer },
  ]
}

async function respond(deps: GatewayDeps, request: Request): Promise<Answer> {
  const params = Object.fromEntries([...request.url.searchParams, ...request.form()])
  const pageMethod = pageMethods.find((method) => method === params.method)
  try {
    const known = [...pageMethods, ...Object.keys(deps.methods)]
    const call = openEnvelope(params, deps.registry, known, deps.nowFor)
    if (pageMethod) return await sendToCashier(deps, call, pageMethod)
    return await callApi(deps, call)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return pageMethod ? deps.refusalPage(error, request) : refuse(deps, params, error)
  }
}

async function sendToCashier(deps: GatewayDeps, call: Call, method: PayMethod): Promise<Answer> {
  const trade = await deps.cashier.open(readOrder(call, method, deps.nowFor(call.merchant.appId)))
  if ('refused' in trade) throw businessRefusal(trade.refused)
  return { status: 302, headers: { location: deps.cashierAddress(trade) } }
}

async function callApi(deps: GatewayDeps, call: Call): Promise<Answer> {
  const method = deps.methods[call.method]
  if (!method) throw new Error(`No method ${call.method}.`)
  const { appId } = call.merchant
  const knobs = deps.registry.alipayKnobs(appId)
  let answer: Answer
  try {
    answer = envelop(deps, call.method, appId, { code: '10000', msg: 'Success', ...(await method(call)) })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    answer = refuse(deps, call.params, error, call.biz.out_trade_no)
  }
  return await trouble(deps.clock, knobs, call.method, answer)
}

/** The knobs that spoil the answer after the act is done: what the caller cannot know is whether it was. */
async function trouble(clock: Clock, knobs: AlipayKnobs, method: string, answer: Answer): Promise<Answer> {
  if (knobs.slowReceiverSeconds > 0) {
    await new Promise<void>((resolve) => clock.after(knobs.slowReceiverSeconds * 1_000, resolve))
  }
  const struck = knobs.faultMethod === '' || knobs.faultMethod === method
  if (struck && knobs.fault === 'http-500') return { status: 500, body: 'Internal Server Error' }
  if (struck && knobs.fault === 'time-out') return { status: 0, hang: true }
  return answer
}

function refuse(
  deps: GatewayDeps,
  params: Record<string, string>,
  refusal: Refusal,
  outTradeNo?: unknown,
): Answer {
  const { code, msg, subCode, subMsg } = refusal
  const fields: Record<string, unknown> = { code, msg, sub_code: subCode, sub_msg: subMsg }
  // The vendor's query says "no such trade" with zero amounts beside it.
  if (subCode === 'ACQ.TRADE_NOT_EXIST' && params.method === 'alipay.trade.query') {
    Object.assign(fields, {
      buyer_pay_amount: '0.00',
      invoice_amount: '0.00',
      out_trade_no: outTradeNo,
      point_amount: '0.00',
      receipt_amount: '0.00',
    })
  }
  const appId = params.app_id ?? ''
  const unanswerable =
    !deps.registry.merchant(appId) || ['isv.invalid-method', 'isv.missing-method'].includes(subCode)
  return envelop(deps, unanswerable ? 'error' : (params.method ?? ''), appId, fields)
}

/**
 * `{"<method>_response":{...},"sign":"..."}`. The signature covers the very bytes of the inner object, slashes escaped as the
 * vendor's serialiser does, so a receiver that parses and writes it again before checking is found out. An app nobody
 * knows has no key: its refusal goes unsigned.
 */
function envelop(deps: GatewayDeps, method: string, appId: string, fields: Record<string, unknown>): Answer {
  const inner = JSON.stringify(fields).replaceAll('/', '\\/')
  const signature = deps.registry.merchant(appId) && sign(inner, deps.keys.privateKey(appId))
  const tail = signature ? `,"sign":"${signature}"` : ''
  return {
    status: 200,
    headers: { 'content-type': 'text/html;charset=utf-8', trace_id: newTraceId() },
    body: `{"${method.replaceAll('.', '_')}_response":${inner}${tail}}`,
  }
}
