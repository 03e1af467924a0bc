import { failureOf } from '../../../platform/outbound-answer.ts'
import type {
  BillOutcome,
  Charge,
  CloseOutcome,
  CreateOutcome,
  OpenMerchant,
  PaymentProvider,
  Presentation,
  QueryOutcome,
  RefundCall,
  RefundOutcome,
  RefundQueryOutcome,
  TransactionAmount,
  Unknown,
} from '../../port.ts'
import { chinaTime, parseChinaTime } from './china-time.ts'
import { type Biz, type Gateway, type GatewayAnswer, openGateway } from './gateway.ts'
import { verifyNotification } from './notification.ts'
import { formatYuan, parseYuan } from './yuan.ts'

type Answered = Extract<GatewayAnswer, { kind: 'answered' }>

/**
 * A merchant at Alipay. Source: Alipay open platform, `alipay.trade.*`, gateway v2 with RSA2.
 * `alipay.trade.cancel` refunds a payment it finds, and a refund is ours to decide and to book: it is called for a payer's code
 * alone, whose payer stands at the counter and is to pay anew.
 */
export async function openAlipay(merchant: OpenMerchant, instant: () => number): Promise<PaymentProvider> {
  const gateway = openGateway(merchant, instant)
  return {
    acknowledgement: { status: 200, type: 'text/plain', body: 'success' },
    create: (charge, presentation) => create(gateway, charge, presentation),
    query: ({ number }) => query(gateway, number),
    close: ({ number }) => close(gateway, number),
    refund: (call) => refund(gateway, call),
    queryRefund: (call) => queryRefund(gateway, call),
    reverse: ({ number }) => reverse(gateway, number),
    fetchBill: (day) => fetchBill(gateway, day),
    verifyNotification: ({ body }) => verifyNotification(body, merchant, gateway),
  }
}

function unknown(answer: Answered): Unknown {
  return { kind: 'unknown', reason: `${answer.code} ${answer.subCode}`.trim() }
}

/** A plain business no. Alipay's own trouble comes under the same code and is no answer. */
function refusedFor(answer: Answered): string | null {
  if (answer.code !== '40004' || /SYSTEM_ERROR|^isp\./.test(answer.subCode)) return null
  return answer.subCode
}

function orderOf(charge: Charge, { subject }: Presentation): Biz {
  return {
    out_trade_no: charge.number,
    total_amount: formatYuan(charge.amountMinor),
    // Alipay takes no slash, equals sign or ampersand in a subject.
    subject: subject.replaceAll(/[/=&]/g, ' ').slice(0, 128),
    time_expire: chinaTime(charge.expiresAtMs),
    trans_currency: charge.currency === 'CNY' ? undefined : charge.currency,
  }
}

async function create(gateway: Gateway, charge: Charge, shown: Presentation): Promise<CreateOutcome> {
  const biz = orderOf(charge, shown)
  const { notifyUrl, returnUrl } = shown
  switch (charge.scene) {
    case 'page': {
      const page = { ...biz, product_code: 'FAST_INSTANT_TRADE_PAY' }
      return {
        kind: 'started',
        redirectUrl: gateway.pageUrl('alipay.trade.page.pay', page, { notifyUrl, returnUrl }),
      }
    }
    case 'wap': {
      const page = { ...biz, product_code: 'QUICK_WAP_WAY', quit_url: returnUrl }
      return {
        kind: 'started',
        redirectUrl: gateway.pageUrl('alipay.trade.wap.pay', page, { notifyUrl, returnUrl }),
      }
    }
    case 'qr':
      return precreated(await gateway.call('alipay.trade.precreate', biz, { notifyUrl }), charge.number)
    case 'payer-code': {
      const code = {
        scene: 'bar_code',
        auth_code: charge.payer?.payerCode,
        product_code: 'FACE_TO_FACE_PAYMENT',
      }
      if (code.auth_code === undefined) return { kind: 'no', reason: 'no payer code' }
      return charged(
        await gateway.call('alipay.trade.pay', { ...biz, ...code }, { notifyUrl }),
        charge.number,
      )
    }
    default:
      return { kind: 'no', reason: `no scene ${charge.scene} at Alipay` }
  }
}

/** Refusals that speak of an earlier call under the same number: what became of it, a query tells. */
const BEGUN_BEFORE = ['ACQ.TRADE_HAS_SUCCESS', 'ACQ.TRADE_HAS_CLOSE', 'ACQ.CONTEXT_INCONSISTENT']

function precreated(answer: GatewayAnswer, number: string): CreateOutcome {
  if (answer.kind === 'unknown') return answer
  if (answer.code === '10000') {
    const { out_trade_no: echoed, qr_code: qr } = answer.fields
    if (echoed !== number || typeof qr !== 'string' || qr === '') return unknown(answer)
    return { kind: 'started', qr }
  }
  return notBegun(answer)
}

/** 10000 is paid, 10003 waits for the payer's password: a query tells either way. 20000 is Alipay's own not knowing. */
function charged(answer: GatewayAnswer, number: string): CreateOutcome {
  if (answer.kind === 'unknown') return answer
  if (answer.code === '10000' || answer.code === '10003') {
    return answer.fields.out_trade_no === number ? { kind: 'taken' } : unknown(answer)
  }
  return notBegun(answer)
}

function notBegun(answer: Answered): CreateOutcome {
  const refused =
    refusedFor(answer) ?? (/^4000[1236]$/.test(answer.code) ? `${answer.code} ${answer.subCode}` : null)
  if (refused === null || BEGUN_BEFORE.includes(refused)) return unknown(answer)
  return { kind: 'no', reason: refused }
}

async function query(gateway: Gateway, number: string): Promise<QueryOutcome> {
  const answer = await gateway.call('alipay.trade.query', { out_trade_no: number })
  if (answer.kind === 'unknown') return answer
  if (answer.subCode === 'ACQ.TRADE_NOT_EXIST') return { kind: 'not-found' }
  if (answer.code !== '10000') return unknown(answer)
  const { fields, raw } = answer
  if (fields.out_trade_no !== number) return { kind: 'unknown', reason: 'the answer is about another number' }
  const status = String(fields.trade_status)
  if (status === 'WAIT_BUYER_PAY') return { kind: 'pending' }
  // `send_pay_date` is there once money came: a trade closed with it was paid, and refunded in full since.
  const paidAt = fields.send_pay_date
  if (status === 'TRADE_CLOSED' && paidAt === undefined) return { kind: 'closed', status, raw, fields }
  const kind = status === 'TRADE_CLOSED' ? 'refunded' : 'paid'
  if (kind === 'paid' && status !== 'TRADE_SUCCESS' && status !== 'TRADE_FINISHED') {
    return { kind: 'unknown', reason: `trade_status ${status}` }
  }
  const money = moneyOf(answer)
  if (money === null) return { kind: 'unknown', reason: 'the answer states no amount' }
  return { kind, status, ...money, atMs: parseChinaTime(paidAt), raw, fields }
}

function moneyOf({ fields }: Answered): TransactionAmount | null {
  const amountMinor = parseYuan(fields.total_amount)
  const { trade_no: transaction, trans_currency: currency = 'CNY' } = fields
  if (amountMinor === null || typeof transaction !== 'string' || typeof currency !== 'string') return null
  return /^[0-9A-Za-z]{1,64}$/.test(transaction) && /^[A-Z]{3}$/.test(currency)
    ? { transaction, amountMinor, currency }
    : null
}

async function close(gateway: Gateway, number: string): ReturnType<PaymentProvider['close']> {
  const answer = await gateway.call('alipay.trade.close', { out_trade_no: number })
  if (answer.kind === 'unknown') return answer
  const { code, subCode, fields, raw } = answer
  if (subCode === 'ACQ.TRADE_NOT_EXIST') return { kind: 'not-found' }
  if (/^ACQ\.(REASON_)?(TRADE_STATUS_ERROR|TRADE_STATUS_INVALID|ILLEGAL_STATUS)$/.test(subCode))
    return { kind: 'over' }
  if (code !== '10000' || fields.out_trade_no !== number) return unknown(answer)
  return { kind: 'closed', raw, fields }
}

/** Closes what is unpaid and refunds what is paid; without `action` there was nothing, nor will be. */
async function reverse(gateway: Gateway, number: string): Promise<CloseOutcome> {
  const answer = await gateway.call('alipay.trade.cancel', { out_trade_no: number })
  if (answer.kind === 'unknown') return answer
  const { code, subCode, fields, raw } = answer
  if (subCode === 'ACQ.TRADE_HAS_FINISHED') return { kind: 'over' }
  if (code !== '10000' || fields.out_trade_no !== number || fields.retry_flag === 'Y') return unknown(answer)
  if (fields.action === 'close' || fields.action === 'refund') return { kind: 'closed', raw, fields }
  return fields.action === undefined ? { kind: 'not-found' } : unknown(answer)
}

/** The trade bill of a day, a zip of CSV in GBK; made by ten the next morning, at an address that dies in half a minute. */
async function fetchBill(gateway: Gateway, day: string): Promise<BillOutcome> {
  const asked = { bill_type: 'trade', bill_date: day }
  const answer = await gateway.call('alipay.data.dataservice.bill.downloadurl.query', asked)
  if (answer.kind === 'unknown') return answer
  if (/bill_not_exist/i.test(answer.subCode)) return { kind: 'not-ready' }
  const { bill_download_url: address } = answer.fields
  if (answer.code !== '10000' || typeof address !== 'string') return unknown(answer)
  try {
    const bytes = await gateway.download(address)
    return bytes.toString('latin1', 0, 2) === 'PK'
      ? { kind: 'bill', bytes }
      : { kind: 'unknown', reason: 'the bill is no zip' }
  } catch (error) {
    return { kind: 'unknown', reason: `the bill: ${failureOf(error)}` }
  }
}

async function refund(gateway: Gateway, call: RefundCall): Promise<RefundOutcome> {
  const answer = await gateway.call('alipay.trade.refund', {
    trade_no: call.transaction,
    out_request_no: call.number,
    refund_amount: formatYuan(call.amountMinor),
    refund_reason: call.reason,
  })
  if (answer.kind === 'unknown') return answer
  const { code, fields, raw } = answer
  const refused = refusedFor(answer)
  if (refused !== null) return { kind: 'no', reason: refused, raw, fields }
  if (code !== '10000' || fields.trade_no !== call.transaction) return unknown(answer)
  // `N` says only that this call moved nothing: perhaps an earlier one did.
  if (fields.fund_change === 'Y')
    return { kind: 'done', atMs: parseChinaTime(fields.gmt_refund_pay), raw, fields }
  const asked = await queryRefund(gateway, call)
  return asked.kind === 'not-found' ? { kind: 'unknown', reason: 'accepted, and no money moved yet' } : asked
}

async function queryRefund(gateway: Gateway, call: RefundCall): Promise<RefundQueryOutcome> {
  const answer = await gateway.call('alipay.trade.fastpay.refund.query', {
    trade_no: call.transaction,
    out_request_no: call.number,
    query_options: ['gmt_refund_pay'],
  })
  if (answer.kind === 'unknown') return answer
  const { code, fields, raw } = answer
  if (code !== '10000') return unknown(answer)
  if (fields.refund_status !== 'REFUND_SUCCESS') return { kind: 'not-found' }
  if (
    fields.out_request_no !== call.number ||
    fields.trade_no !== call.transaction ||
    parseYuan(fields.refund_amount) !== call.amountMinor
  ) {
    return { kind: 'unknown', reason: 'the answer is about another refund' }
  }
  return { kind: 'done', atMs: parseChinaTime(fields.gmt_refund_pay), raw, fields }
}
