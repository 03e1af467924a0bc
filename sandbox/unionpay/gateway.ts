import { type Clock, chinaTime, parseChinaTime } from '../clock.ts'
import type { Answer, Request, Route } from '../http.ts'
import type { Authority } from './authority.ts'
import type { Cashier, Refused } from './cashier.ts'
import {
  answerFields,
  checkCommon,
  type Fields,
  foundFields,
  readFileRequest,
  readOrder,
  readQuery,
  readReturn,
  readWho,
} from './fields.ts'
import type { UnionPayKnobs } from './knobs.ts'
import { Refusal } from './response.ts'
import { settlementFile } from './settlement-file.ts'
import { plainText, signFields, verifyFields } from './signature.ts'
import { transactionNumbered, type UnionPayMerchant, type UnionPayState } from './transaction.ts'

export interface GatewayDeps {
  clock: Clock
  state: UnionPayState
  authority: Authority
  cashier: Cashier
  knobsOf(merId: string): UnionPayKnobs
  nowFor(merId: string): number
  /** The page where the payer chooses a card. */
  cashierAddress(cashierId: string): string
  /** The page that tells a payer why the merchant's form was refused. */
  refusalPage(request: Request, words: string): Answer
}

/** A request whose outside is in order: known merchant, its own signature, right time. */
interface Call {
  merchant: UnionPayMerchant
  fields: Fields
}

/** The gateway's addresses; files come from a host of their own in real life, hence from `/`. */
export function gatewayRoutes(deps: GatewayDeps): Route[] {
  const seen = new Map<string, number>()
  return [
    { method: 'POST', path: '/gateway/api/frontTransReq.do', answer: (request) => front(deps, request) },
    {
      method: 'POST',
      path: '/gateway/api/backTransReq.do',
      answer: (request) => back(deps, request, ['04', '31'], (call) => giveBack(deps, call)),
    },
    {
      method: 'POST',
      path: '/gateway/api/queryTrans.do',
      answer: (request) => back(deps, request, ['00'], async (call) => query(deps, call, seen)),
    },
    {
      method: 'POST',
      path: '/',
      answer: (request) => back(deps, request, ['76'], async (call) => fileOf(deps, call)),
    },
  ]
}

/** A form of the payer's browser: what is wrong with it is told to the payer, and nobody else. */
async function front(deps: GatewayDeps, request: Request): Promise<Answer> {
  const fields = Object.fromEntries(request.form())
  try {
    const { merchant } = openCall(deps, fields, ['01'])
    const order = readOrder(fields, deps.nowFor(merchant.merId))
    const opened = orRefuse(await deps.cashier.open(order))
    return { status: 302, headers: { location: deps.cashierAddress(opened.cashierId) } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return deps.refusalPage(request, error.message)
  }
}

function openCall(deps: GatewayDeps, fields: Fields, types: readonly string[]): Call {
  const { merId, txnType } = readWho(fields)
  if (!types.includes(txnType)) throw new Refusal('10', 'txnType')
  const merchant = deps.state.merchants.get(merId)
  if (!merchant) throw new Refusal('31')
  checkCommon(fields, merchant, deps.nowFor(merId))
  if (!verifyFields(fields, merchant.merchantPublicKey)) throw new Refusal('11')
  return { merchant, fields }
}

/** A merchant's own call, answered with signed plain text. A merchant nobody knows has no chain to check: unsigned. */
async function back(
  deps: GatewayDeps,
  request: Request,
  types: readonly string[],
  act: (call: Call) => Promise<Fields>,
): Promise<Answer> {
  const fields = Object.fromEntries(request.form())
  let answer: Fields
  try {
    answer = await act(openCall(deps, fields, types))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    answer = answerFields(fields, error.code, error.message)
  }
  const known = deps.state.merchants.has(fields.merId ?? '')
  const text = plainText(known ? signFields(answer, deps.authority.signer()) : answer)
  const headers = { 'content-type': 'text/html;charset=UTF-8' }
  return await trouble(deps, fields, { status: 200, headers, body: text })
}

/** The knobs that spoil the answer after the act is done: what the caller cannot know is whether it was. */
async function trouble({ clock, knobsOf }: GatewayDeps, fields: Fields, answer: Answer): Promise<Answer> {
  const knobs = knobsOf(fields.merId ?? '')
  if (knobs.slowReceiverSeconds > 0) {
    await new Promise<void>((resolve) => clock.after(knobs.slowReceiverSeconds * 1_000, resolve))
  }
  const struck = knobs.faultMethod === '' || knobs.faultMethod === fields.txnType
  if (struck && knobs.fault === 'http-500') return { status: 500, body: 'Internal Server Error' }
  if (struck && knobs.fault === 'time-out') return { status: 0, hang: true }
  return answer
}

async function giveBack(deps: GatewayDeps, { merchant, fields }: Call): Promise<Fields> {
  const ask = readReturn(fields)
  const kind = fields.txnType === '31' ? '31' : '04'
  const taken = orRefuse(await deps.cashier.giveBack(kind, merchant.merId, ask))
  const { answerCode } = deps.knobsOf(merchant.merId)
  return {
    ...answerFields(fields, answerCode || '00'),
    origQryId: ask.origQryId,
    txnAmt: `${taken.amountMinor}`,
    ...(answerCode ? {} : { queryId: taken.queryId }),
  }
}

/** `respCode` is of the question; what was found is in `origRespCode`. */
function query(deps: GatewayDeps, { merchant, fields }: Call, seen: Map<string, number>): Fields {
  const { merId } = merchant
  const asked = readQuery(fields)
  const found =
    'queryId' in asked
      ? deps.state.transactions.get(asked.queryId)
      : transactionNumbered(deps.state, merId, asked.orderId)
  if (!found || found.merId !== merId) throw new Refusal('34')
  if ('txnTime' in asked && found.txnTime !== asked.txnTime) throw new Refusal('34')
  const knobs = deps.knobsOf(merId)
  const before = seen.get(`${merId} ${found.orderId}`) ?? 0
  seen.set(`${merId} ${found.orderId}`, before + 1)
  if (knobs.queryLimit > 0 && before >= knobs.queryLimit) throw new Refusal('37')
  if (before < knobs.notFoundFirst) throw new Refusal('34')
  if (before < knobs.failedFirst) return foundFields(found, '01')
  return foundFields(found, before < knobs.unsettledFirst ? '05' : found.respCode)
}

const dayMs = 86_400_000
const readyAfterMs = 10 * 3_600_000

/** The file of a day: made at ten the next morning, kept a year. The wire names no year, so the latest such day is meant. */
function fileOf(deps: GatewayDeps, { merchant, fields }: Call): Fields {
  const { merId } = merchant
  const settleDate = readFileRequest(fields)
  const now = deps.nowFor(merId)
  const knobs = deps.knobsOf(merId)
  const day = latestDay(settleDate, now)
  const age = now - (day?.startedAt ?? now)
  const ready = knobs.billsAtOnce || age >= dayMs + readyAfterMs
  if (!day || !ready || age > 365 * dayMs) throw new Refusal('98')
  const file = settlementFile(deps.state, merId, day.date, knobs, now)
  return { ...answerFields(fields, '00'), ...file, settleDate, fileType: '00' }
}

/** `MMDD` as the day of it that began last. */
function latestDay(monthDay: string, now: number): { date: string; startedAt: number } | undefined {
  const year = Number.parseInt(chinaTime(now).slice(0, 4), 10)
  for (const one of [year, year - 1]) {
    const date = `${one}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`
    const startedAt = parseChinaTime(`${date} 00:00:00`)
    if (startedAt !== undefined && startedAt <= now) return { date, startedAt }
  }
  return undefined
}

function orRefuse<Done extends object>(outcome: Done | Refused): Done {
  if ('refused' in outcome) throw new Refusal(outcome.refused)
  return outcome
}
