import type { Fields } from '../fields.ts'
import { type Call, type Endpoint, ownOr404 } from './api.ts'
import type { Checkout } from './checkout.ts'
import { knowOnly, metadata, need, nested, optional, whole } from './form.ts'
import { createdFilter, listNames, page } from './listing.ts'
import type { CardMerchants } from './merchants.ts'
import type { Session, SessionOrder } from './payment.ts'
import { missing, Refusal } from './refusal.ts'
import { type ShapeDeps, sessionShape } from './shapes.ts'

export interface SessionDeps extends ShapeDeps {
  merchants: CardMerchants
  checkout: Checkout
  nowFor(account: string): number
}

const minuteMs = 60_000
/** Unpaid sessions live a day, unless the merchant says less. Source: Stripe API, `expires_at`. */
const shortestMs = 30 * minuteMs
const longestMs = 1_440 * minuteMs
const root = '/v1/checkout/sessions'

const known = [
  'adaptive_pricing',
  'allowed_payment_method_types',
  'cancel_url',
  'client_reference_id',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'payment_method_types',
  'submit_type',
  'success_url',
]

/** Checkout sessions, in `payment` mode by full redirect. */
export function sessionEndpoints(deps: SessionDeps): Endpoint[] {
  /** How many retrievals of each session the knob `notFoundFirst` has answered. */
  const denied = new Map<string, number>()
  return [
    { method: 'POST', path: root, run: (call) => create(deps, call) },
    { method: 'GET', path: root, run: (call) => list(deps, call) },
    {
      method: 'GET',
      path: `${root}/:id`,
      run: async (call) => {
        knowOnly(call.params, [])
        const session = await deps.checkout.look(find(deps, call))
        const before = denied.get(session.id) ?? 0
        if (before < deps.merchants.knobs(call.account).notFoundFirst) {
          denied.set(session.id, before + 1)
          throw missing('checkout.session', session.id, 'session')
        }
        return sessionShape(session, deps)
      },
    },
    {
      method: 'POST',
      path: `${root}/:id/expire`,
      run: async (call) => {
        knowOnly(call.params, [])
        const session = find(deps, call)
        await deps.checkout.expire(session)
        return sessionShape(session, deps)
      },
    },
  ]
}

function find({ state }: SessionDeps, call: Call): Session {
  const id = call.parts.id ?? ''
  const session = state.sessions.get(id)
  return ownOr404(session, session?.order.account, call, 'checkout.session', id, 'session')
}

async function create(deps: SessionDeps, call: Call) {
  const order = readOrder(call, deps.nowFor(call.account))
  const session = await deps.checkout.create(order)
  if (deps.merchants.knobs(call.account).notificationBeforeAnswer) {
    const asked = sessionShape(session, deps)
    await deps.checkout.payUnseen(session)
    return asked
  }
  return sessionShape(session, deps)
}

function list(deps: SessionDeps, call: Call) {
  const { params, account } = call
  knowOnly(params, [...listNames, 'created', 'payment_intent', 'status'])
  const created = createdFilter(params)
  const intent = optional(params, 'payment_intent')
  const status = optional(params, 'status')
  const own = [...deps.state.sessions.values()].filter(
    (session) =>
      session.order.account === account &&
      created(session.createdAt) &&
      (intent === undefined || session.intent?.id === intent) &&
      (status === undefined || session.status === status),
  )
  return page(params, root, own, (session) => sessionShape(session, deps))
}

function readOrder({ account, params }: Call, now: number): SessionOrder {
  knowOnly(params, known)
  if (need(params, 'mode') !== 'payment') {
    throw new Refusal({ message: 'This sandbox has Checkout in `payment` mode alone.', param: 'mode' })
  }
  const item = readItem(params)
  const paymentData = nested(params, 'payment_intent_data')
  knowOnly(paymentData, ['metadata', 'description', 'statement_descriptor_suffix'])
  return {
    account,
    ...item,
    clientReferenceId: readReference(params),
    metadata: metadata(params),
    paymentMetadata: metadata(paymentData, 'payment_intent_data[metadata]'),
    successUrl: readAddress(need(params, 'success_url'), 'success_url'),
    cancelUrl: readAddress(optional(params, 'cancel_url') ?? null, 'cancel_url'),
    locale: optional(params, 'locale') ?? null,
    expiresAt: readDeadline(params, now),
  }
}

/** One line item with its price written out; what is bought is one thing, once or several times. */
function readItem(params: Fields): Pick<SessionOrder, 'amountMinor' | 'currency' | 'product'> {
  const items = params.line_items
  if (!Array.isArray(items) || items.length !== 1) {
    throw new Refusal({ message: 'Send exactly one line item.', param: 'line_items' })
  }
  const path = 'line_items[0]'
  const item = nested({ item: items[0] }, 'item', path)
  const price = nested(item, 'price_data', `${path}[price_data]`)
  const product = nested(price, 'product_data', `${path}[price_data][product_data]`)
  const quantity = whole(item, 'quantity', `${path}[quantity]`) ?? 1n
  const unit = whole(price, 'unit_amount', `${path}[price_data][unit_amount]`)
  const currency = need(price, 'currency', `${path}[price_data][currency]`).toLowerCase()
  if (!/^[a-z]{3}$/.test(currency)) {
    throw new Refusal({ message: `Invalid currency: ${currency}`, param: `${path}[price_data][currency]` })
  }
  const amountMinor = (unit ?? 0n) * quantity
  if (amountMinor < 1n || amountMinor > 99_999_999n) {
    const code = amountMinor < 1n ? 'amount_too_small' : 'amount_too_large'
    throw new Refusal({ message: 'The amount must be from 1 to 99999999.', code, param: 'line_items' })
  }
  return {
    amountMinor: `${amountMinor}`,
    currency,
    product: need(product, 'name', `${path}[price_data][product_data][name]`),
  }
}

function readReference(params: Fields): string | null {
  const reference = optional(params, 'client_reference_id')
  if (reference === undefined) return null
  if (/^[\w-]{1,200}$/.test(reference)) return reference
  throw new Refusal({
    message: 'A client_reference_id is up to 200 letters, digits, dashes or underscores.',
    param: 'client_reference_id',
  })
}

function readAddress<Address extends string | null>(address: Address, param: string): Address {
  if (address === null || /^https?:$/.test(URL.parse(address)?.protocol ?? '')) return address
  throw new Refusal({ message: 'Not a valid URL', code: 'url_invalid', param })
}

function readDeadline(params: Fields, now: number): number {
  const given = whole(params, 'expires_at')
  if (given === undefined) return now + longestMs
  const expiresAt = Number(given) * 1_000
  if (expiresAt >= now + shortestMs - 1_000 && expiresAt <= now + longestMs) return expiresAt
  throw new Refusal({
    message:
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
    param: 'expires_at',
  })
}
