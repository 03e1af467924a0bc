import { randomBytes } from 'node:crypto'
import type {
  Charge,
  CloseOutcome,
  CreateOutcome,
  Known,
  OpenMerchant,
  PaymentProvider,
  Presentation,
  QueryOutcome,
  TransactionAmount,
  Unknown,
  WayOn,
} from '../../port.ts'
import { fetchBill } from './bill.ts'
import { openClient, type SignedAnswer } from './client.ts'
import { readMerchant } from './merchant-keys.ts'
import { moneyOf } from './money.ts'
import { verifyNotification } from './notification.ts'
import { authoriseAddress, openIdOf } from './payer.ts'
import type { Rail } from './rail.ts'
import { queryRefund, refund } from './refund.ts'
import { refusedFor, unknownAnswer } from './refusal.ts'
import { signLines } from './signature.ts'
import { parseWireTime, wireTime } from './wire-time.ts'

/**
 * A merchant at WeChat Pay. Source: WeChat Pay, API v3. `id` is the merchant number (mchid), `gateway` the API's origin.
 * Secret: `apiV3Key` (32 bytes). Settings: `appId`, `serialNo` (of our certificate), `providerKeySerials` (of `providerKeys`,
 * in their order, separated by commas; certificate serial numbers or `PUB_KEY_ID_...`). With the secret `appSecret` payments inside WeChat
 * are possible; the settings `oauthPages` and `oauthApi` say where it is asked who pays, WeChat's own addresses if they are left out. Without
 * provider keys its certificates are fetched and trusted by the API v3 key.
 */
export async function openWechat(merchant: OpenMerchant, instant: () => number): Promise<PaymentProvider> {
  const read = readMerchant(merchant)
  const rail: Rail = { merchant: read, client: openClient(read, instant), instant }
  const authorise = (returnUrl: string, state: string) => authoriseAddress(read, returnUrl, state) ?? ''
  return {
    acknowledgement: { status: 204, type: 'application/json', body: '' },
    create: (charge, presentation) => create(rail, charge, presentation),
    query: (payment) => query(rail, payment),
    close: (payment) => close(rail, payment),
    reverse: (payment) => reverse(rail, payment),
    refund: (call) => refund(rail, call),
    queryRefund: (call) => queryRefund(rail, call),
    verifyNotification: (notification) => verifyNotification(rail, notification),
    fetchBill: (day) => fetchBill(rail, day),
    ...(read.oauth && { authorise }),
  }
}

const TRANSACTIONS = '/v3/pay/transactions'

function orderOf({ merchant }: Rail, charge: Charge, { subject }: Presentation): Record<string, unknown> {
  return {
    appid: merchant.appId,
    mchid: merchant.mchId,
    description: [...subject].slice(0, 127).join(''),
    out_trade_no: charge.number,
    amount: { total: charge.amountMinor, currency: charge.currency },
  }
}

async function create(rail: Rail, charge: Charge, shown: Presentation): Promise<CreateOutcome> {
  const order = {
    ...orderOf(rail, charge, shown),
    time_expire: wireTime(charge.expiresAtMs),
    notify_url: shown.notifyUrl,
  }
  const { authorisation, ip } = charge.payer ?? {}
  switch (charge.scene) {
    case 'qr': {
      const answer = await rail.client.post('native', `${TRANSACTIONS}/native`, order)
      return started(answer, 'code_url', (qr) => ({ qr }))
    }
    case 'wap': {
      if (ip === undefined) return { kind: 'no', reason: 'an H5 payment needs the payer’s address' }
      const scene = { payer_client_ip: ip, h5_info: { type: 'Wap' } }
      const answer = await rail.client.post('h5', `${TRANSACTIONS}/h5`, { ...order, scene_info: scene })
      const back = `&redirect_url=${encodeURIComponent(shown.returnUrl)}`
      return started(answer, 'h5_url', (address) => ({ redirectUrl: `${address}${back}` }))
    }
    case 'jsapi': {
      if (authorisation === undefined) return { kind: 'no', reason: 'WeChat was not asked who pays' }
      const told = await openIdOf(rail.merchant, authorisation)
      if ('not' in told) return { kind: 'no', reason: `WeChat does not say who pays: ${told.not}` }
      const answer = await rail.client.post('jsapi', `${TRANSACTIONS}/jsapi`, {
        ...order,
        payer: { openid: told.openId },
      })
      return started(answer, 'prepay_id', (prepayId) => ({ launch: launchOf(rail, prepayId) }))
    }
    case 'payer-code':
      return await chargeCode(rail, charge, shown)
    case 'page':
      return { kind: 'no', reason: 'WeChat Pay has no page for desktops: it shows a code' }
  }
}

/** Refusals that speak of an earlier call under the same number: what became of it, a query tells. */
const BEGUN_BEFORE = /^(ORDER_?PAID|ORDER_?CLOSED|OUT_TRADE_NO_USED)$/

function started(
  answer: SignedAnswer | Unknown,
  name: string,
  wayOn: (value: string) => WayOn,
): CreateOutcome {
  if (answer.kind === 'unknown') return answer
  const value = answer.fields[name]
  if (answer.status === 200 && typeof value === 'string' && value !== '') {
    return { kind: 'started', ...wayOn(value) }
  }
  const refused = refusedFor(answer)
  return refused === null || BEGUN_BEFORE.test(refused)
    ? unknownAnswer(answer)
    : { kind: 'no', reason: refused }
}

/** What `getBrandWCPayRequest` is called with inside WeChat. */
function launchOf({ merchant, instant }: Rail, prepayId: string): Record<string, string> {
  const timeStamp = `${Math.floor(instant() / 1_000)}`
  const nonceStr = randomBytes(16).toString('hex')
  const said = { appId: merchant.appId, timeStamp, nonceStr, package: `prepay_id=${prepayId}` }
  return {
    ...said,
    signType: 'RSA',
    paySign: signLines(merchant.key, said.appId, timeStamp, nonceStr, said.package),
  }
}

async function chargeCode(rail: Rail, charge: Charge, shown: Presentation): Promise<CreateOutcome> {
  const { payerCode, ip } = charge.payer ?? {}
  if (payerCode === undefined || !/^1[0-5]\d{16}$/.test(payerCode))
    return { kind: 'no', reason: 'no payer’s code' }
  const answer = await rail.client.post('codepay', `${TRANSACTIONS}/codepay`, {
    ...orderOf(rail, charge, shown),
    payer: { auth_code: payerCode },
    scene_info: {
      ...(ip === undefined ? {} : { device_ip: ip }),
      store_info: { out_id: rail.merchant.mchId },
    },
  })
  if (answer.kind === 'unknown') return answer
  const { status, code, fields } = answer
  const asked = code === 'USERPAYING' || fields.trade_state === 'USERPAYING'
  if (asked || (status === 200 && fields.trade_state === 'SUCCESS')) return { kind: 'taken' }
  const refused = refusedFor(answer)
  return refused === null || BEGUN_BEFORE.test(refused)
    ? unknownAnswer(answer)
    : { kind: 'no', reason: refused }
}

const NOT_FOUND = /^(ORDER_?NOT_?EXIST|RESOURCE_NOT_EXISTS)$/

async function query({ merchant, client }: Rail, { number }: Known): Promise<QueryOutcome> {
  const path = `${TRANSACTIONS}/out-trade-no/${encodeURIComponent(number)}?mchid=${merchant.mchId}`
  const answer = await client.get('query', path)
  if (answer.kind === 'unknown') return answer
  if (answer.status === 404 && NOT_FOUND.test(answer.code)) return { kind: 'not-found' }
  if (answer.status !== 200) return unknownAnswer(answer)
  const { fields, raw } = answer
  if (fields.out_trade_no !== number || fields.mchid !== merchant.mchId) {
    return { kind: 'unknown', reason: 'the answer is about another number' }
  }
  const status = String(fields.trade_state)
  const atMs = parseWireTime(fields.success_time)
  switch (status) {
    case 'NOTPAY':
    case 'USERPAYING':
    case 'ACCEPT':
      return { kind: 'pending' }
    case 'CLOSED':
    case 'PAYERROR':
      return { kind: 'closed', status, raw, fields }
    case 'REVOKED':
      // With a time of payment it was paid first, and all of it went back.
      if (fields.success_time === undefined) return { kind: 'closed', status, raw, fields }
      return withMoney(fields, (money) => ({ kind: 'refunded', status, ...money, atMs, raw, fields }))
    case 'SUCCESS':
      return withMoney(fields, (money) => ({ kind: 'paid', status, ...money, atMs, raw, fields }))
    default:
      // REFUND: paid, and some of it or all went back by another hand than ours. Which, only a person can see.
      return { kind: 'unknown', reason: `trade_state ${status}` }
  }
}

function withMoney(
  { transaction_id: transaction, amount }: Readonly<Record<string, unknown>>,
  outcome: (money: TransactionAmount) => QueryOutcome,
): QueryOutcome {
  const money = moneyOf(transaction, amount, 'total')
  return money ? outcome(money) : { kind: 'unknown', reason: 'the answer states no amount' }
}

const OVER = /^(ORDER_?PAID|ORDER_?CLOSED|TRADE_ERROR)$/

async function close({ merchant, client }: Rail, { number }: Known): Promise<CloseOutcome> {
  const path = `${TRANSACTIONS}/out-trade-no/${encodeURIComponent(number)}/close`
  const answer = await client.post('close', path, { mchid: merchant.mchId })
  if (answer.kind === 'unknown') return answer
  const { status, code, raw, fields } = answer
  if (status === 404 && NOT_FOUND.test(code)) return { kind: 'not-found' }
  if (status === 400 && OVER.test(code)) return { kind: 'over' }
  return status === 204 ? { kind: 'closed', raw, fields } : unknownAnswer(answer)
}

/** Unpaid: closed. Paid: WeChat Pay gives it back. While the payer types the password it is refused: asked again later. */
async function reverse({ merchant, client }: Rail, { number }: Known): Promise<CloseOutcome> {
  const path = `${TRANSACTIONS}/out-trade-no/${encodeURIComponent(number)}/reverse`
  const answer = await client.post('reverse', path, { appid: merchant.appId, mchid: merchant.mchId })
  if (answer.kind === 'unknown') return answer
  const { status, code, raw, fields } = answer
  if (status === 404 && NOT_FOUND.test(code)) return { kind: 'not-found' }
  return status === 200 && fields.out_trade_no === number
    ? { kind: 'closed', raw, fields }
    : unknownAnswer(answer)
}
