import type { Clock } from '../clock.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import type { Answer, Request, Route } from '../http.ts'
import type { BillDesk } from './bill-desk.ts'
import type { Handler } from './calls.ts'
import { claimedMerchant, openEnvelope } from './envelope.ts'
import type { WechatMerchant, WechatMerchants } from './merchants.ts'
import { newRequestId } from './numbers.ts'
import type { WechatPlatformKeys } from './platform-keys.ts'
import { WechatRefusal } from './refusal.ts'
import { probeSignature, signedHeaders } from './signature.ts'
import { writeJson } from './wire-json.ts'

export interface ApiDeps {
  clock: Clock
  merchants: WechatMerchants
  keys: WechatPlatformKeys
  handlers: Record<string, Handler>
  bills: BillDesk
  nowFor(mchId: string): number
}

const transactions = '/v3/pay/transactions'
const byNumber = `${transactions}/out-trade-no/:outTradeNo`
const refunds = '/v3/refund/domestic/refunds'

/** Where each call stands; the names are those of the handlers and of the knob `faultCall`. */
const places: readonly (readonly [method: 'GET' | 'POST', path: string, name: string])[] = [
  ['POST', `${transactions}/native`, 'native'],
  ['POST', `${transactions}/h5`, 'h5'],
  ['POST', `${transactions}/jsapi`, 'jsapi'],
  ['POST', `${transactions}/app`, 'app'],
  ['POST', `${transactions}/codepay`, 'codepay'],
  ['GET', byNumber, 'query'],
  ['GET', `${transactions}/id/:transactionId`, 'query'],
  ['POST', `${byNumber}/close`, 'close'],
  ['POST', `${byNumber}/reverse`, 'reverse'],
  ['POST', refunds, 'refund'],
  ['GET', `${refunds}/:outRefundNo`, 'refund-query'],
  ['GET', '/v3/bill/tradebill', 'tradebill'],
  ['GET', '/v3/bill/fundflowbill', 'fundflowbill'],
  ['GET', '/v3/certificates', 'certificates'],
]

export function apiRoutes(deps: ApiDeps): Route[] {
  const calls = places.map(([method, path, name]): Route => {
    const handler = deps.handlers[name]
    if (!handler) throw new Error(`No call ${name}.`)
    const answer = (request: Request) => respond(deps, name, request, (call) => signed(deps, handler, call))
    return { method, path, answer }
  })
  const download: Route = {
    method: 'GET',
    path: '/v3/billdownload/file',
    // A file is not signed: the hash in the signed answer before it vouches for it.
    answer: (request) =>
      respond(deps, 'download', request, async (call) => ({
        status: 200,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: deps.bills.fetch(call),
      })),
  }
  return [...calls, download]
}

type OpenCall = ReturnType<typeof openEnvelope>

async function signed(deps: ApiDeps, handler: Handler, call: OpenCall): Promise<Answer> {
  const said = await handler(call)
  return said === undefined
    ? answerTo(deps, call.merchant, 204, '')
    : answerTo(deps, call.merchant, 200, writeJson(said))
}

async function respond(
  deps: ApiDeps,
  name: string,
  request: Request,
  run: (call: OpenCall) => Promise<Answer>,
): Promise<Answer> {
  let merchant: WechatMerchant | undefined
  let answer: Answer
  try {
    const call = openEnvelope(request, deps.merchants, deps.nowFor)
    merchant = call.merchant
    answer = await run(call)
  } catch (error) {
    if (!(error instanceof WechatRefusal)) throw error
    const { status, code, message } = error
    // Whoever cannot be known gets an answer that nobody vouches for.
    const known =
      error.code === 'SIGN_ERROR' ? undefined : (merchant ?? claimedMerchant(request, deps.merchants))
    answer = answerTo(deps, known, status, JSON.stringify({ code, message }))
  }
  return merchant ? await trouble(deps, merchant.mchId, name, answer) : answer
}

function answerTo(
  { merchants, keys, nowFor }: ApiDeps,
  merchant: WechatMerchant | undefined,
  status: number,
  body: string,
): Answer {
  const headers: Record<string, string> = { 'request-id': newRequestId() }
  if (body !== '') headers['content-type'] = 'application/json; charset=utf-8'
  if (!merchant) return { status, headers, body }
  const { mchId } = merchant
  Object.assign(headers, signedHeaders(body, keys.current(mchId), nowFor(mchId)))
  const { answerSignature } = merchants.knobs(mchId)
  if (answerSignature === 'wrong') {
    headers['wechatpay-signature'] = flipLastBit(headers['wechatpay-signature'] ?? '')
  }
  if (answerSignature === 'probe') headers['wechatpay-signature'] = probeSignature()
  return { status, headers, body }
}

/** The knobs that spoil the answer after the act is done: what the caller cannot know is whether it was. */
async function trouble(
  { clock, merchants }: ApiDeps,
  mchId: string,
  name: string,
  answer: Answer,
): Promise<Answer> {
  const knobs = merchants.knobs(mchId)
  if (knobs.slowReceiverSeconds > 0) {
    await new Promise<void>((resolve) => clock.after(knobs.slowReceiverSeconds * 1_000, resolve))
  }
  const struck = knobs.faultCall === '' || knobs.faultCall === name
  if (struck && knobs.fault === 'http-500') return { status: 500, body: 'Internal Server Error' }
  if (struck && knobs.fault === 'time-out') return { status: 0, hang: true }
  return answer
}
