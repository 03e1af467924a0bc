import { idFromWire, idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { AgentTopUp, AgentTopUpView } from '../../contract/top-up.ts'
import type { Brand } from '../brand/index.ts'
import { identityErrors, type Principal } from '../identity/index.ts'
import { readAfters } from '../ledger/index.ts'
import { readNumbers } from '../line/index.ts'
import { type Clock, isoInstant } from '../platform/clock.ts'
import type { Reader } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { formatDay } from '../policy/index.ts'
import type { AgentTopUpCommand, Credited } from './command.ts'
import { topUpErrors } from './errors.ts'
import { requestHash } from './idempotency.ts'
import { receiptNumber, safeDay } from './order-view.ts'
import { readOrder } from './store.ts'

/** The dealer an API key sells for. */
export function dealerOf(caller: Principal): string {
  if (caller.dealer === null) throw refuse(identityErrors.forbidden)
  return caller.dealer
}

/** What an agent's request asks of a batch. */
export function agentCommand(
  clock: Clock,
  caller: Principal,
  key: string,
  body: AgentTopUp,
): AgentTopUpCommand {
  const { amount, offerId } = body
  return {
    kind: 'agent-top-up',
    id: newId(clock.instant()),
    caller: caller.id,
    key,
    hash: requestHash('POST', '/v1/agent/top-ups', body),
    dealer: dealerOf(caller),
    msisdn: body.msisdn,
    offerId: offerId === undefined ? null : idFromWire(offerId),
    amountMinor: amount ? BigInt(amount.amountMinor) : null,
    currency: amount?.currency ?? null,
    confirmDuplicate: body.confirmDuplicate === true,
    reference: body.reference ?? null,
  }
}

export function viewAgentTopUp(
  brand: Brand,
  credited: Omit<Credited, 'outcome' | 'replayed'>,
): AgentTopUpView {
  const { order, msisdn, balanceAfterMinor, floatAfterMinor } = credited
  const number = receiptNumber(order)
  assert(number !== null && order.creditedAtMs !== null, 'an agent’s sale is credited at once')
  const money = (minor: bigint) => wire(minor, brand.currency)
  return {
    id: idToWire(order.id),
    state: order.state,
    msisdn,
    face: money(order.faceMinor),
    bonus: money(order.bonusMinor),
    price: money(order.priceMinor),
    commission: money(order.commissionMinor),
    balanceAfter: balanceAfterMinor === null ? null : money(balanceAfterMinor),
    floatAfter: money(floatAfterMinor),
    lastSafeDay: safeDay(order.until),
    until: order.until === null ? null : formatDay(order.until),
    receiptNumber: number,
    creditedAt: isoInstant(order.creditedAtMs),
  }
}

/** One sale of the caller's own; whosever else it is, there is no such order. */
export async function readAgentTopUp(
  db: Reader,
  brand: Brand,
  caller: Principal,
  id: string | null,
): Promise<AgentTopUpView> {
  const order = id === null ? undefined : await readOrder(db, id)
  if (order?.kind !== 'agent' || order.caller !== caller.id) throw refuse(topUpErrors['order-not-found'])
  const [numbers, afters] = await Promise.all([readNumbers(db, [order.line]), readAfters(db, [order.id])])
  const after = afters.get(order.id)
  const msisdn = numbers.get(order.line)
  assert(after && msisdn, `the sale ${order.id} has its line and its transfers`)
  return viewAgentTopUp(brand, {
    order,
    msisdn,
    balanceAfterMinor: order.offerKind === 'package' ? null : after.lineMinor,
    floatAfterMinor: after.floatMinor,
  })
}
