import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { readNumber } from '../brand/index.ts'
import { readJournal } from '../ledger/index.ts'
import { readLine } from '../line/index.ts'
import { createMessaging } from '../messaging/index.ts'
import { spokenOf } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Config } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import type { Say } from '../serve.ts'
import {
  askRefund,
  type Checked,
  checkRefund,
  newestOrdersOf,
  orderInContext,
  type RefundRequest,
  readRefundRequest,
  readRefundsWaiting,
  type Settler,
} from '../topup/index.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { paymentsOf, settlerOf } from './command-payments.ts'
import { jsonText } from './json-text.ts'
import { operator } from './operator.ts'
import { type MoneyOfOrder, moneyOfOrder, orderInBrief, requestInBrief } from './payment-text.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface PaymentOptions {
  readonly brand: string
  readonly json?: true
}

const LISTED = 20
const WAITING = 200

/** `baohao payment show ORDER|NUMBER`: what was tried, said, sent back and booked. That it was read is audited. */
export async function paymentShowCommand(
  config: Config,
  what: string,
  options: PaymentOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const { brand, db, clock } = room
    const id = idFromWire(what)
    if (id === null) return await listOf(room, what, options, say)
    const money = await moneyOf(config, room, id)
    const entry = { actor: operator(), act: 'payment read', subject: id }
    await db.of(brand.key).tx((tx) => writeAudit(tx, entry, clock.instant()))
    if (options.json) return say(jsonText(money))
    for (const line of moneyOfOrder(brand, money)) say(line)
  })
}

async function listOf({ db, brand }: BrandRoom, number: string, options: PaymentOptions, say: Say) {
  const read = readNumber(brand, number)
  if ('problem' in read)
    throw new UsageError(`"${number}" is neither an order (26 digits) nor a number of ${brand.key}.`)
  const line = await readLine(db.of(brand.key), read.msisdn)
  const orders = line ? await newestOrdersOf(db.of(brand.key), line.line, LISTED) : []
  if (options.json) return say(jsonText(orders))
  if (orders.length === 0) return say(`${brand.key} has no order for this number.`)
  for (const order of orders) say(orderInBrief(brand, order))
}

async function moneyOf(config: Config, room: BrandRoom, id: string): Promise<MoneyOfOrder> {
  const { db, clock, brands, brand } = room
  const log = createLog(config.logLevel)
  const messaging = createMessaging({
    ...{ db, clock, brands, masterKey: config.masterKey, log },
    channels: () => ({ sms: null, email: null }),
  })
  const deps = { db, clock, payments: paymentsOf(config, room), messaging }
  const order = await orderInContext(deps, brand, id)
  if (!order) throw new CommandRefused(`There is no order ${idToWire(id)} of ${brand.key}.`)
  const causes = [id, ...[...order.refunds, ...order.requests, ...order.disputes].map((one) => one.id)]
  const [spoken, journal] = await Promise.all([
    spokenOf(db.of(brand.key), [id]),
    readJournal(db.of(brand.key), [...new Set(causes)]),
  ])
  return { ...order, spoken, journal }
}

/** `baohao payment probe ATTEMPT`: asks the provider now, and applies what it says if that is final. */
export async function paymentProbeCommand(
  config: Config,
  attempt: string,
  options: PaymentOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const payments = paymentsOf(config, room)
    const id = idFromWire(attempt)
    const probed = id === null ? null : await payments.probe(room.brand.key, id)
    if (!probed)
      throw new CommandRefused(
        `There is no attempt ${attempt} of ${room.brand.key}: baohao payment show ORDER`,
      )
    const { outcome, order } = probed
    const applied = await settlerOf(config, room, payments).sweep()
    if (options.json) return say(JSON.stringify({ says: outcome.kind, order: idToWire(order), applied }))
    const reason = outcome.kind === 'unknown' ? `: ${outcome.reason}` : ''
    say(`The provider says ${outcome.kind}${reason}. Order ${idToWire(order)}; evidence applied: ${applied}.`)
  })
}

export interface PaymentRefundOptions extends PaymentOptions {
  readonly amount?: string
  readonly reason?: string
  readonly approve?: string
  readonly decline?: string
  readonly again?: true
  readonly mayEnd?: true
}

/**
 * `baohao payment refund ORDER`: asks for a refund, which begins at once below the brand's limit; above it another person approves or
 * declines the request. `--again` sends one that the provider refused once more, under its own number.
 */
export async function paymentRefundCommand(
  config: Config,
  order: string,
  options: PaymentRefundOptions,
  say: Say,
): Promise<void> {
  const { approve, decline, again } = options
  if ([approve, decline, again].filter((given) => given !== undefined).length > 1)
    throw new UsageError('--approve, --decline and --again are given one at a time.')
  const id = idFromWire(order)
  if (id === null)
    throw new UsageError(`"${order}" is no order: it is 26 digits, as payment show prints them.`)
  await withBrand(config, options.brand, async (room) => {
    await moneyOf(config, room, id)
    const settler = settlerOf(config, room, paymentsOf(config, room))
    if (again) return await sendAgain(config, room, settler, id, say)
    const wire = approve ?? decline
    const request = wire
      ? await checked(room, id, wire, approve ? 'approved' : 'declined', options.reason)
      : await asked(room, id, options)
    if (request.state === 'approved') await settler.settle({ kind: 'refund', request: request.id, order: id })
    const after = await readRefundRequest(room.db.of(room.brand.key), request.id)
    if (options.json) return say(jsonText(after))
    for (const line of fateOf(room, after ?? request)) say(line)
  })
}

async function asked(
  { db, clock, brand }: BrandRoom,
  order: string,
  { amount, reason, mayEnd }: PaymentRefundOptions,
): Promise<RefundRequest> {
  if (reason === undefined || reason.trim() === '' || reason.length > 500)
    throw new UsageError('--reason says why, in at most 500 characters: it is kept and audited.')
  const read = amount === undefined ? null : readAmount(amount, currencyDecimals(brand.currency))
  if (read !== null && (typeof read !== 'bigint' || read === 0n))
    throw new UsageError(`--amount is above zero and in ${brand.currency}, such as 29.88, not "${amount}".`)
  const asked = { order, amountMinor: read, reason: reason.trim(), mayEnd: mayEnd === true }
  const by = { channel: 'staff', actor: operator() } as const
  return (await askRefund({ db, clock }, brand, { ...asked, by })).request
}

async function checked(
  room: BrandRoom,
  order: string,
  wire: string,
  verdict: 'approved' | 'declined',
  reason: string | undefined,
): Promise<RefundRequest> {
  const { db, brand } = room
  const id = idFromWire(wire)
  const request = id === null ? undefined : await readRefundRequest(db.of(brand.key), id)
  if (request?.order !== order || request.toLine !== null) throw new CommandRefused(REFUSED['not-found'])
  const by = reason === undefined ? { actor: operator() } : { actor: operator(), reason }
  const outcome = await checkRefund(room, brand, request.id, verdict, by)
  if (outcome !== verdict) throw new CommandRefused(REFUSED[outcome])
  return { ...request, state: verdict }
}

const REFUSED: Readonly<Record<Checked, string>> = {
  approved: '',
  declined: '',
  'not-found': 'There is no such request for this order: baohao payment show ORDER lists them.',
  'not-waiting': 'This request waits for nobody any more: baohao payment show ORDER says what became of it.',
  own: 'Whoever asked for a refund, or would be paid by it, cannot be the second person: another operator must.',
}

async function sendAgain(config: Config, room: BrandRoom, settler: Settler, order: string, say: Say) {
  const { db, clock, brand } = room
  const { refunds } = await moneyOf(config, room, order)
  const refused = refunds.filter(({ state }) => state === 'abnormal')
  if (refused.length === 0)
    throw new CommandRefused(
      'No refund of this order was refused by its provider: there is nothing to send again.',
    )
  for (const { id, amountMinor } of refused) {
    const detail = { order, amountMinor: amountMinor.toString() }
    const entry = { actor: operator(), act: 'refund sent again', subject: id, detail }
    await db.of(brand.key).tx((tx) => writeAudit(tx, entry, clock.instant()))
    await settler.settle({ kind: 'refund-again', refund: id, order })
    say(
      `${amountText(amountMinor, brand)} is sent again under its number ${idToWire(id)} by the next baohao work.`,
    )
  }
}

/** What became of a request, a line each. */
function fateOf({ brand }: BrandRoom, request: RefundRequest): string[] {
  const amount = amountText(request.refundedMinor || request.amountMinor, brand)
  const [id, order] = [idToWire(request.id), idToWire(request.order)]
  const command = `baohao payment refund ${order} --brand ${brand.key}`
  switch (request.state) {
    case 'waiting':
      return [
        `${amount}: more than one person may have made alone. Another operator says yes or no:`,
        `  ${command} --approve ${id}`,
        `  ${command} --decline ${id} --reason TEXT`,
      ]
    case 'approved':
      return [`${amount}: approved; it begins within seconds, by the next baohao work.`]
    case 'begun':
      return [`${amount} left the line and goes back under the number ${id}: baohao payment show ${order}`]
    case 'refused':
      return [`Nothing was done: by now less can go back (${request.refusedCode}).`]
    case 'declined':
      return [`The request ${id} is declined, and everything is as it was.`]
  }
}

/** `baohao payment requests`: refunds that wait for a second person, the oldest first. */
export async function paymentRequestsCommand(
  config: Config,
  options: PaymentOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const found = await readRefundsWaiting(db.of(brand.key), 'refund', WAITING + 1)
    const requests = found.slice(0, WAITING)
    if (options.json) return say(jsonText(requests))
    if (requests.length === 0) return say(`No refund of ${brand.key} waits for a second person.`)
    for (const request of requests) say(requestInBrief(brand, request))
    if (found.length > WAITING) say(`These are the ${WAITING} oldest; there are more.`)
  })
}
