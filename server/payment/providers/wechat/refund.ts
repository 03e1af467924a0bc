import type { RefundCall, RefundOutcome, RefundQueryOutcome } from '../../port.ts'
import type { SignedAnswer } from './client.ts'
import { moneyOf } from './money.ts'
import type { Rail } from './rail.ts'
import { refusedFor, unknownAnswer } from './refusal.ts'
import { parseWireTime } from './wire-time.ts'

const REFUNDS = '/v3/refund/domestic/refunds'

/**
 * Our number stands for one refund however often it is sent. An empty merchant's balance (NOT_ENOUGH) is unknown, not no:
 * sent again under the same number once there is money.
 */
export async function refund({ client }: Rail, call: RefundCall): Promise<RefundOutcome> {
  const answer = await client.post('refund', REFUNDS, {
    transaction_id: call.transaction,
    out_refund_no: call.number,
    reason: [...call.reason].slice(0, 80).join(''),
    notify_url: call.notifyUrl,
    amount: { refund: call.amountMinor, total: call.paidMinor, currency: call.currency },
  })
  if (answer.kind === 'unknown') return answer
  const refused = refusedFor(answer)
  if (refused !== null) return { kind: 'no', reason: refused, raw: answer.raw, fields: answer.fields }
  return outcomeOf(answer, call)
}

export async function queryRefund({ client }: Rail, call: RefundCall): Promise<RefundQueryOutcome> {
  const answer = await client.get('refund-query', `${REFUNDS}/${encodeURIComponent(call.number)}`)
  if (answer.kind === 'unknown') return answer
  if (answer.status === 404 && answer.code === 'RESOURCE_NOT_EXISTS') return { kind: 'not-found' }
  return outcomeOf(answer, call)
}

function outcomeOf(answer: SignedAnswer, call: RefundCall): RefundOutcome {
  const { status, fields, raw } = answer
  if (status !== 200) return unknownAnswer(answer)
  const money = moneyOf(fields.transaction_id, fields.amount, 'refund')
  if (
    fields.out_refund_no !== call.number ||
    money?.transaction !== call.transaction ||
    money.amountMinor !== call.amountMinor
  ) {
    return { kind: 'unknown', reason: 'the answer is about another refund' }
  }
  switch (fields.status) {
    case 'SUCCESS':
      return { kind: 'done', atMs: parseWireTime(fields.success_time), raw, fields }
    case 'PROCESSING':
      return { kind: 'pending' }
    case 'ABNORMAL':
    case 'CLOSED':
      return { kind: 'no', reason: `refund ${fields.status}`, raw, fields }
    default:
      return { kind: 'unknown', reason: `refund status ${String(fields.status)}` }
  }
}
