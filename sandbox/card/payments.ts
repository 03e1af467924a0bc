import { type Call, type Endpoint, ownOr404 } from './api.ts'
import type { Checkout } from './checkout.ts'
import { knowOnly, metadata, need, optional, whole } from './form.ts'
import { createdFilter, listNames, page } from './listing.ts'
import { accountOf, type Charge } from './payment.ts'
import { missing, Refusal } from './refusal.ts'
import {
  balanceShape,
  chargeShape,
  disputeShape,
  intentShape,
  refundShape,
  type ShapeDeps,
} from './shapes.ts'

export interface PaymentDeps extends ShapeDeps {
  checkout: Checkout
}

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer']

/** What became of the money: payments, charges, refunds, disputes and the lines of the balance. */
export function paymentEndpoints(deps: PaymentDeps): Endpoint[] {
  return [
    { method: 'GET', path: '/v1/payment_intents/:id', run: (call) => intent(deps, call) },
    { method: 'GET', path: '/v1/charges/:id', run: (call) => charge(deps, call) },
    { method: 'POST', path: '/v1/refunds', run: (call) => createRefund(deps, call) },
    { method: 'GET', path: '/v1/refunds', run: (call) => listRefunds(deps, call) },
    { method: 'GET', path: '/v1/refunds/:id', run: (call) => refund(deps, call) },
    { method: 'GET', path: '/v1/disputes', run: (call) => listDisputes(deps, call) },
    { method: 'GET', path: '/v1/disputes/:id', run: (call) => dispute(deps, call) },
    { method: 'GET', path: '/v1/balance_transactions', run: (call) => listBalance(deps, call) },
    { method: 'GET', path: '/v1/balance_transactions/:id', run: (call) => balanceLine(deps, call) },
  ]
}

function intent({ state }: PaymentDeps, call: Call) {
  knowOnly(call.params, [])
  const id = call.parts.id ?? ''
  const found = state.intents.get(id)
  return intentShape(ownOr404(found, found?.session.order.account, call, 'payment_intent', id, 'intent'))
}

function charge({ state }: PaymentDeps, call: Call) {
  knowOnly(call.params, [])
  const id = call.parts.id ?? ''
  const found = state.charges.get(id)
  return chargeShape(ownOr404(found, found && accountOf(found), call, 'charge', id))
}

function refund({ state }: PaymentDeps, call: Call) {
  knowOnly(call.params, [])
  const id = call.parts.id ?? ''
  const found = state.refunds.get(id)
  return refundShape(ownOr404(found, found && accountOf(found.charge), call, 'refund', id))
}

function dispute(deps: PaymentDeps, call: Call) {
  knowOnly(call.params, [])
  const id = call.parts.id ?? ''
  const found = deps.state.disputes.get(id)
  return disputeShape(ownOr404(found, found && accountOf(found.charge), call, 'dispute', id), deps)
}

function balanceLine({ state }: PaymentDeps, call: Call) {
  knowOnly(call.params, [])
  const id = call.parts.id ?? ''
  const found = state.balance.get(id)
  return balanceShape(ownOr404(found, found?.account, call, 'balance transaction', id))
}

async function createRefund(deps: PaymentDeps, call: Call) {
  const { params } = call
  knowOnly(params, ['payment_intent', 'charge', 'amount', 'reason', 'metadata'])
  const paid = refundable(deps, call)
  const reason = optional(params, 'reason') ?? null
  if (reason !== null && !reasons.includes(reason)) {
    throw new Refusal({
      message: `Invalid reason: must be one of ${reasons.join(', ')}`,
      param: 'reason',
    })
  }
  const ask = { amountMinor: whole(params, 'amount'), reason, metadata: metadata(params) }
  return refundShape(await deps.checkout.refund(paid, ask))
}

function refundable({ state }: PaymentDeps, call: Call): Charge {
  const chargeId = optional(call.params, 'charge')
  if (chargeId !== undefined) {
    const found = state.charges.get(chargeId)
    return ownOr404(found, found && accountOf(found), call, 'charge', chargeId, 'charge')
  }
  const id = need(call.params, 'payment_intent')
  const found = state.intents.get(id)
  const own = ownOr404(found, found?.session.order.account, call, 'payment_intent', id, 'payment_intent')
  if (own.charge) return own.charge
  throw new Refusal({
    message: `This PaymentIntent (${id}) does not have a successful charge to refund.`,
    param: 'payment_intent',
  })
}

function listRefunds({ state }: PaymentDeps, call: Call) {
  const { params, account } = call
  knowOnly(params, [...listNames, 'created', 'charge', 'payment_intent'])
  const created = createdFilter(params)
  const chargeId = optional(params, 'charge')
  const intentId = optional(params, 'payment_intent')
  if (intentId !== undefined && state.intents.get(intentId)?.session.order.account !== account) {
    throw missing('payment_intent', intentId, 'payment_intent')
  }
  const own = [...state.refunds.values()].filter(
    (made) =>
      accountOf(made.charge) === account &&
      created(made.createdAt) &&
      (chargeId === undefined || made.charge.id === chargeId) &&
      (intentId === undefined || made.charge.intent.id === intentId),
  )
  return page(params, '/v1/refunds', own, refundShape)
}

function listDisputes(deps: PaymentDeps, call: Call) {
  const { params, account } = call
  knowOnly(params, [...listNames, 'created', 'charge', 'payment_intent'])
  const created = createdFilter(params)
  const chargeId = optional(params, 'charge')
  const intentId = optional(params, 'payment_intent')
  const own = [...deps.state.disputes.values()].filter(
    (opened) =>
      accountOf(opened.charge) === account &&
      created(opened.createdAt) &&
      (chargeId === undefined || opened.charge.id === chargeId) &&
      (intentId === undefined || opened.charge.intent.id === intentId),
  )
  return page(params, '/v1/disputes', own, (opened) => disputeShape(opened, deps))
}

function listBalance({ state }: PaymentDeps, call: Call) {
  const { params, account } = call
  knowOnly(params, [...listNames, 'created', 'source'])
  const created = createdFilter(params)
  const source = optional(params, 'source')
  const own = [...state.balance.values()].filter(
    (line) =>
      line.account === account && created(line.at) && (source === undefined || line.source === source),
  )
  return page(params, '/v1/balance_transactions', own, balanceShape)
}
