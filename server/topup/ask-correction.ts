import type { Brand } from '../brand/index.ts'
import { readLine } from '../line/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { brokenConstraint, type Tx } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { assessNow } from './ask-refund.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { payerOf, type RefundRequest } from './refund-request.ts'
import { insertRequest, readRequests } from './refund-request-store.ts'
import { lockOrders } from './store.ts'

/** Credit of which order goes to which number, why, and what was looked at. */
export interface AskedCorrection {
  readonly order: string
  /** E.164 without plus. */
  readonly msisdn: string
  readonly reason: string
  readonly proof: string
  /** A person has said yes to the wrong number ending today where nothing else keeps it. */
  readonly mayEnd: boolean
  readonly actor: string
}

/**
 * Writes down that what is unspent of an order is to go to another number; it waits for a second person, always. Throws
 * `line-not-found`, `correction-same-number`, `correction-package`, `refund-not-possible`, `refund-in-progress`, `refund-nothing-left`.
 */
export async function askCorrection(
  deps: Pick<TopUpsDeps, 'db' | 'clock'>,
  brand: Brand,
  asked: AskedCorrection,
): Promise<RefundRequest> {
  try {
    return await deps.db.of(brand.key).tx((tx) => write(tx, deps, brand, asked))
  } catch (error) {
    if (brokenConstraint(error) === 'refund_request_open') throw refuse(topUpErrors['refund-in-progress'])
    throw error
  }
}

/** Under the order's lock, so that it is not refunded meanwhile. */
async function write(
  tx: Tx,
  deps: Pick<TopUpsDeps, 'db' | 'clock'>,
  brand: Brand,
  { order: id, msisdn, reason, proof, mayEnd, actor }: AskedCorrection,
): Promise<RefundRequest> {
  const [order] = await lockOrders(tx, [id])
  assert(order, `order ${id} is there`)
  const line = await readLine(tx, msisdn)
  if (!line) throw refuse(topUpErrors['line-not-found'])
  if (line.line === order.line) throw refuse(topUpErrors['correction-same-number'])
  if (order.offerKind === 'package') throw refuse(topUpErrors['correction-package'])
  const requests = await readRequests(tx, [order.id])
  if (requests.some(({ state }) => state === 'waiting' || state === 'approved'))
    throw refuse(topUpErrors['refund-in-progress'])
  const assessed = await assessNow(deps, tx, brand, order, requests)
  if (!assessed.can) throw refuse(assessed.entry, assessed.members)
  const nowMs = deps.clock.instant()
  const request: RefundRequest = {
    ...{ id: newId(nowMs), order: order.id, channel: 'staff', amountMinor: assessed.amountMinor },
    ...{ whole: true, mayEnd, reason, requestedBy: actor, beneficiary: payerOf(order), needsChecker: true },
    ...{ state: 'waiting', requestedAtMs: nowMs, checkedBy: null, checkedAtMs: null, decidedAtMs: null },
    ...{ refusedCode: null, refundedMinor: 0n, faceTakenMinor: 0n, bonusTakenMinor: 0n },
    ...{ commissionTakenMinor: 0n, key: null, hash: null },
    ...{ toLine: line.line, toEpoch: line.epoch, proof },
  }
  await insertRequest(tx, request)
  const detail = { order: order.id, toLine: line.line, amountMinor: request.amountMinor.toString(), proof }
  const entry = { actor, act: 'correction asked for', subject: request.id, reason, detail }
  await writeAudit(tx, entry, nowMs)
  return request
}
