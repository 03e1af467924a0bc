import { createPrivateKey } from 'node:crypto'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import type {
  BillOutcome,
  Charge,
  CloseOutcome,
  CreateOutcome,
  Known,
  OpenMerchant,
  PaymentProvider,
  Presentation,
  QueryOutcome,
  RefundCall,
  RefundOutcome,
  RefundQueryOutcome,
  Unknown,
} from '../../port.ts'
import { beijingTime, parseBeijingTime, traceInstant } from './beijing-time.ts'
import { openChain } from './chain.ts'
import { type Asking, ask, type GatewayAnswer } from './gateway.ts'
import { verifyNotification } from './notification.ts'
import { signFields } from './signature.ts'
import {
  chargeFields,
  type Fields,
  fileFields,
  type Identity,
  moneyOf,
  queryFields,
  refundFields,
  verdictOf,
} from './wire.ts'

/** Once a refund was sent, UnionPay is to be asked at 5, 10, 30, 60 and 120 minutes: a failure may change until the last. */
const REFUND_SETTLED_MS = 120 * 60_000
/** Of an unpacked settlement archive. */
const ARCHIVE_LIMIT_BYTES = 512 * 1024 * 1024

/** One merchant's way of asking: signed by us, answered over UnionPay's certificate. */
interface Rail extends Asking {
  readonly who: Identity
  readonly gateway: string
  readonly fileGateway: string | undefined
  signed(fields: Fields): Record<string, string>
}

type Answered = Extract<GatewayAnswer, { kind: 'answered' }>

/**
 * A merchant at UnionPay's online gateway 5.1.0 (银行卡, 云闪付). `id` is the merId, `gateway` the address before
 * `/frontTransReq.do`. Settings: `certId`, the serial number of our certificate in decimal digits; `rootCertificate` and
 * `middleCertificate`, UnionPay's, as base64 DER or PEM; `fileGateway`, where settlement files come from, for bills. Its keys
 * come with every answer, so `providerKeys` stays empty. Only a back notice or a query proves a payment: the front return, which
 * the payer's browser posts, is not even read.
 */
export async function openUnionPay(merchant: OpenMerchant, instant: () => number): Promise<PaymentProvider> {
  const { id: merId, gateway, privateKey, settings } = merchant
  if (privateKey === null) throw new Error('UnionPay needs our private key')
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
  const chain = openChain(setting(settings, 'rootCertificate'), setting(settings, 'middleCertificate'))
  const rail: Rail = {
    chain,
    instant,
    merId,
    who: { merId, certId: setting(settings, 'certId') },
    gateway: gateway.replace(/\/$/, ''),
    fileGateway: settings.fileGateway,
    signed: (fields) => signFields(fields, key),
  }
  return {
    // UnionPay reads the status alone.
    acknowledgement: { status: 200, type: 'text/plain', body: 'ok' },
    create: async (charge, presentation) => create(rail, charge, presentation),
    query: (payment) => query(rail, payment),
    close: (payment) => close(rail, payment),
    refund: (call) => refund(rail, call),
    queryRefund: (call) => queryRefund(rail, call),
    verifyNotification: ({ body }) => verifyNotification(body, merId, chain, instant()),
    ...(rail.fileGateway === undefined ? {} : { fetchBill: (day: string) => fetchBill(rail, day) }),
  }
}

function setting(settings: OpenMerchant['settings'], name: string): string {
  const value = settings[name]
  if (value === undefined || value === '') throw new Error(`UnionPay needs the setting ${name}`)
  return value
}

function create(rail: Rail, charge: Charge, shown: Presentation): CreateOutcome {
  if (charge.scene !== 'page' && charge.scene !== 'wap')
    return { kind: 'no', reason: `scene ${charge.scene}` }
  if (charge.currency !== 'CNY') return { kind: 'no', reason: `currency ${charge.currency}` }
  const fields = chargeFields(rail.who, charge, shown)
  return {
    kind: 'started',
    form: { action: `${rail.gateway}/frontTransReq.do`, fields: rail.signed(fields) },
    // Until then a failed try may be followed by a better one.
    reference: fields.payTimeout ?? '',
  }
}

/** What a query found, or why nothing is known. */
type Found = { readonly kind: 'found'; readonly code: string } & Pick<Answered, 'fields' | 'raw'>

/** Asks about a payment or a refund by its number and time; `origRespCode` is what became of it. */
async function find(
  rail: Rail,
  number: string,
  txnTime?: string,
): Promise<Found | { readonly kind: 'not-found' } | Unknown> {
  const asked = queryFields(rail.who, number, txnTime)
  const answer = await ask(rail, `${rail.gateway}/queryTrans.do`, rail.signed(asked))
  if (answer.kind === 'unknown') return answer
  const { code, fields, raw } = answer
  if (fields.orderId !== number || fields.txnTime !== asked.txnTime) {
    return { kind: 'unknown', reason: 'the answer is about another number' }
  }
  if (code === '34') return { kind: 'not-found' }
  if (code !== '00') return { kind: 'unknown', reason: reasonOf(fields) }
  return { kind: 'found', code: fields.origRespCode ?? '', fields, raw }
}

function reasonOf(fields: Fields): string {
  return `respCode ${fields.respCode} ${fields.respMsg ?? ''}`.trim()
}

async function query(rail: Rail, { number, reference }: Known): Promise<QueryOutcome> {
  const found = await find(rail, number)
  if (found.kind !== 'found') return found
  const { code, fields, raw } = found
  switch (verdictOf(code || undefined)) {
    case 'well': {
      const money = moneyOf(fields)
      if (fields.txnType !== '01' || money === null)
        return { kind: 'unknown', reason: 'the answer states no payment' }
      const atMs = traceInstant(fields.traceTime, fields.txnTime)
      return { kind: 'paid', status: code, ...money, atMs, raw, fields }
    }
    case 'open':
      return { kind: 'pending' }
    case 'failed':
      return isOver(rail, reference) ? { kind: 'closed', status: code, raw, fields } : { kind: 'pending' }
  }
}

/** Past `payTimeout` the cashier takes no further try. */
function isOver({ instant }: Rail, reference: string | null): boolean {
  const untilMs = parseBeijingTime(reference)
  return untilMs !== null && untilMs <= instant()
}

/** The rail has no closing: an order ends by its own time limit, and what became of it a query tells. */
async function close(rail: Rail, payment: Known): Promise<CloseOutcome> {
  const outcome = await query(rail, payment)
  switch (outcome.kind) {
    case 'paid':
    case 'refunded':
      return { kind: 'over' }
    case 'closed':
      return { kind: 'closed', raw: outcome.raw, fields: outcome.fields }
    case 'pending':
      return {
        kind: 'unknown',
        reason: 'UnionPay closes nothing: payable until its time limit, or under way',
      }
    case 'not-found':
    case 'unknown':
      return outcome
  }
}

/** Codes that speak of the refund itself and will not change: the payment, its amount, the card. */
const REFUSED = /^(01|3[0-689]|[4-6]\d)$/

async function refund(rail: Rail, call: RefundCall): Promise<RefundOutcome> {
  const asked = refundFields(rail.who, call)
  const answer = await ask(rail, `${rail.gateway}/backTransReq.do`, rail.signed(asked))
  if (answer.kind === 'unknown') return answer
  const { code, fields, raw } = answer
  if (fields.orderId !== call.number) return { kind: 'unknown', reason: 'the answer is about another number' }
  if (code === '00') return { kind: 'pending' }
  // A number it has seen before: what became of it, a query tells.
  if (code === '12') {
    const known = await queryRefund(rail, call)
    return known.kind === 'not-found' ? { kind: 'unknown', reason: reasonOf(fields) } : known
  }
  if (REFUSED.test(code)) return { kind: 'no', reason: reasonOf(fields), raw, fields }
  return { kind: 'unknown', reason: reasonOf(fields) }
}

async function queryRefund(rail: Rail, call: RefundCall): Promise<RefundQueryOutcome> {
  const found = await find(rail, call.number, beijingTime(call.sentAtMs))
  if (found.kind !== 'found') return found
  const { code, fields, raw } = found
  const ours =
    fields.txnType === '04' &&
    fields.txnAmt === call.amountMinor.toString() &&
    (fields.origQryId ?? call.transaction) === call.transaction
  if (!ours) return { kind: 'unknown', reason: 'the answer is about another refund' }
  switch (verdictOf(code || undefined)) {
    case 'well':
      return { kind: 'done', atMs: traceInstant(fields.traceTime, fields.txnTime), raw, fields }
    case 'open':
      return { kind: 'pending' }
    case 'failed':
      return rail.instant() - call.sentAtMs < REFUND_SETTLED_MS
        ? { kind: 'pending' }
        : { kind: 'no', reason: `origRespCode ${code} ${fields.origRespMsg ?? ''}`.trim(), raw, fields }
  }
}

/** The settlement archive of a day: a zip in zlib in base64, whose day ends at 23:00 of Beijing. */
async function fetchBill(rail: Rail, day: string): Promise<BillOutcome> {
  const fields = rail.signed(fileFields(rail.who, day, rail.instant()))
  const answer = await ask(rail, rail.fileGateway ?? '', fields, true)
  if (answer.kind === 'unknown') return answer
  if (answer.code === '98') return { kind: 'not-ready' }
  const { fileName = '', fileContent = '' } = answer.fields
  if (answer.code !== '00') return { kind: 'unknown', reason: reasonOf(answer.fields) }
  if (fileName !== `${rail.merId}_${day.replaceAll('-', '')}.zip`) {
    return { kind: 'unknown', reason: `the file is ${fileName}` }
  }
  try {
    const limit = { maxOutputLength: ARCHIVE_LIMIT_BYTES }
    return { kind: 'bill', bytes: await promisify(inflate)(Buffer.from(fileContent, 'base64'), limit) }
  } catch (error) {
    return { kind: 'unknown', reason: `the file is damaged: ${(error as Error).message}` }
  }
}
