import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Clock } from '../clock.ts'
import { chinaTime, parseChinaTime } from '../clock.ts'
import { type BillFile, type BillKind, fundFlowBill, tradeBill } from './bill.ts'
import type { WechatState } from './deal.ts'
import type { Call } from './envelope.ts'
import type { WechatMerchants } from './merchants.ts'
import { WechatRefusal } from './refusal.ts'

/** A download address dies after this. */
const lifeMs = 5 * 60_000
const dayMs = 86_400_000
/** Bills of a day are made by ten the next morning and kept about three months. */
const readyMs = dayMs + 10 * 3_600_000
const keptMs = 92 * dayMs

/** Makes bills and hands them out by token. */
export interface BillDesk {
  /** Answers what the call says of the file; throws WechatRefusal while there is none. */
  order(call: Call, which: 'trade' | 'fund-flow'): Record<string, unknown>
  /** The file behind a token of that merchant; throws WechatRefusal. */
  fetch(call: Call): Buffer
}

export interface BillDeskDeps {
  clock: Clock
  merchants: WechatMerchants
  state: WechatState
  nowFor(mchId: string): number
  downloadAddress(token: string): string
}

export function createBillDesk(deps: BillDeskDeps): BillDesk {
  const files = new Map<string, { mchId: string; bytes: Buffer; expiresAt: number }>()
  return {
    order: (call, which) => {
      const now = deps.clock.now()
      for (const [token, { expiresAt }] of files) if (expiresAt <= now) files.delete(token)
      const { text, sha1 } = makeFile(deps, call, which)
      const plain = Buffer.from(text)
      const bytes = call.query.get('tar_type') === 'GZIP' ? gzipSync(plain) : plain
      const token = randomBytes(24).toString('base64url')
      files.set(token, { mchId: call.merchant.mchId, bytes, expiresAt: now + lifeMs })
      return { hash_type: 'SHA1', hash_value: sha1, download_url: deps.downloadAddress(token) }
    },
    fetch: ({ merchant, query }) => {
      const file = files.get(query.get('token') ?? '')
      if (!file || file.mchId !== merchant.mchId || file.expiresAt <= deps.clock.now()) {
        throw new WechatRefusal('RESOURCE_NOT_EXISTS', 'token')
      }
      return file.bytes
    },
  }
}

function makeFile(
  { merchants, state, nowFor }: BillDeskDeps,
  call: Call,
  which: 'trade' | 'fund-flow',
): BillFile {
  const { merchant, query } = call
  const knobs = merchants.knobs(merchant.mchId)
  const day = query.get('bill_date') ?? ''
  const from = parseChinaTime(`${day} 00:00:00`)
  const now = nowFor(merchant.mchId)
  const tooLate = from !== undefined && now - from > keptMs
  if (from === undefined || from > now || tooLate || !['GZIP', null].includes(query.get('tar_type'))) {
    throw new WechatRefusal('PARAM_ERROR', 'bill_date, tar_type')
  }
  if (!knobs.billsAtOnce) {
    if (chinaTime(now).startsWith(day)) throw new WechatRefusal('PARAM_ERROR', 'bill_date')
    if (now - from < readyMs) throw new WechatRefusal('STATEMENT_CREATING')
  }
  const file =
    which === 'trade'
      ? tradeBill(state, merchant, day, kindOf(query), knobs)
      : fundFlowBill(state, merchant, day, knobs)
  if (!file) throw new WechatRefusal('NO_STATEMENT_EXIST')
  return file
}

function kindOf(query: URLSearchParams): BillKind {
  const kind = query.get('bill_type') ?? 'ALL'
  if (kind !== 'ALL' && kind !== 'SUCCESS' && kind !== 'REFUND')
    throw new WechatRefusal('PARAM_ERROR', 'bill_type')
  return kind
}
