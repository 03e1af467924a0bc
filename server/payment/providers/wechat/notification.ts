import { parseJsonBody } from '../../../platform/json-body.ts'
import type { Notification, NotificationOutcome } from '../../port.ts'
import { readExact } from './exact-json.ts'
import { moneyOf } from './money.ts'
import type { Rail } from './rail.ts'
import { openResource, signatureFault } from './signature.ts'
import { parseWireTime } from './wire-time.ts'

type Fields = Readonly<Record<string, unknown>>
type Refused = Extract<NotificationOutcome, { kind: 'refused' }>

const LIMIT_BYTES = 64 * 1024
const ID = /^[\x21-\x7e]{1,64}$/

function malformed(reason: string): Refused {
  return { kind: 'refused', fault: 'malformed', reason }
}

/**
 * Reads and verifies one notification: its signature before anything in it is read, then the seal, then whom it is for.
 * Source: WeChat Pay, API v3, callbacks. Amounts are not compared with the order here: a genuine notification of a wrong
 * amount is evidence too.
 */
export async function verifyNotification(
  { merchant, client, instant }: Rail,
  { body, headers }: Notification,
): Promise<NotificationOutcome> {
  if (body.length === 0 || body.length > LIMIT_BYTES) return malformed('empty, or longer than 64 KiB')
  const fault = await signatureFault(headers, body, client.findKey, instant())
  if (fault !== undefined) return { kind: 'refused', fault: 'signature', reason: fault }
  const told = readObject(body)
  if (!told) return malformed('not JSON of one reading')
  const opened = openResource(told.resource, merchant.apiV3Key)
  if (!opened) return { kind: 'refused', fault: 'merchant', reason: 'not sealed under our API v3 key' }
  const fields = readObject(opened)
  if (!fields) return malformed('a resource that is not JSON of one reading')
  if (fields.mchid !== merchant.mchId || (fields.appid ?? merchant.appId) !== merchant.appId) {
    const reason = `for ${String(fields.mchid)}, app ${String(fields.appid)}`
    return { kind: 'refused', fault: 'merchant', reason }
  }
  return readSaying(told, fields, body)
}

/** A JSON object that every reader reads alike, whole numbers as their digits. */
function readObject(bytes: Buffer): Fields | null {
  try {
    parseJsonBody(bytes)
    const value = readExact(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
  } catch {
    return null
  }
}

function readSaying({ id, event_type: event }: Fields, fields: Fields, raw: Buffer): NotificationOutcome {
  const { out_trade_no: number } = fields
  if (typeof id !== 'string' || !ID.test(id)) return malformed('id')
  if (typeof number !== 'string') return malformed('out_trade_no')
  const common = { kind: 'final', id, number, atMs: parseWireTime(fields.success_time), raw, fields } as const
  if (event === 'TRANSACTION.SUCCESS') {
    if (fields.trade_state !== 'SUCCESS') return malformed(`trade_state ${String(fields.trade_state)}`)
    const money = moneyOf(fields.transaction_id, fields.amount, 'total')
    return money ? { ...common, said: 'paid', refundNumber: null, money } : malformed('amount')
  }
  const status = /^REFUND\.(SUCCESS|ABNORMAL|CLOSED)$/.exec(String(event))?.[1]
  if (status === undefined) return { kind: 'passing' }
  const { out_refund_no: refundNumber, refund_status: said } = fields
  if (typeof refundNumber !== 'string' || said !== status) return malformed('refund')
  const money = moneyOf(fields.transaction_id, fields.amount, 'refund')
  if (!money) return malformed('amount')
  return status === 'SUCCESS'
    ? { ...common, said: 'refunded', refundNumber, money }
    : { ...common, said: 'refund-refused', refundNumber, money, note: `refund ${status}` }
}
