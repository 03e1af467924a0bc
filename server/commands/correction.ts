import { idFromWire, idToWire } from '../../contract/id.ts'
import { maskNumber, readNumber } from '../brand/index.ts'
import { readNumbers } from '../line/index.ts'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import {
  askCorrection,
  checkRefund,
  type RefundRequest,
  readOrders,
  readRefundRequest,
  readRefundsWaiting,
} from '../topup/index.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { paymentsOf, settlerOf } from './command-payments.ts'
import { harmlessText } from './harmless-text.ts'
import { momentText } from './moment-text.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface CorrectionOptions {
  readonly brand: string
  readonly json?: true
}

const LISTED = 200

export interface CorrectionRequestOptions extends CorrectionOptions {
  readonly to: string
  readonly reason: string
  readonly proof: string
  readonly mayEnd?: true
}

/** `baohao correction request ORDER --to NUMBER --reason TEXT --proof TEXT`: waits for another operator, always. */
export async function correctionRequestCommand(
  config: Config,
  written: string,
  options: CorrectionRequestOptions,
  say: Say,
): Promise<void> {
  const id = idFromWire(written)
  if (id === null)
    throw new UsageError(`"${written}" is no order: it is 26 digits, as payment show prints them.`)
  const [reason, proof] = [sentence('--reason', options.reason), sentence('--proof', options.proof)]
  await withBrand(config, options.brand, async (room) => {
    const { brand, db, clock } = room
    const number = readNumber(brand, options.to)
    if ('problem' in number) throw new UsageError(`"${options.to}" is no number of ${brand.key}.`)
    const [order] = await readOrders(db.of(brand.key), [id])
    if (!order) throw new CommandRefused(`There is no order ${written} of ${brand.key}.`)
    const asked = { order: id, msisdn: number.msisdn, reason, proof, mayEnd: options.mayEnd === true }
    const request = await askCorrection({ db, clock }, brand, { ...asked, actor: operator() })
    await tell(room, request, options, say)
  })
}

function sentence(option: string, given: string): string {
  const text = given.trim()
  if (text === '' || text.length > 500)
    throw new UsageError(`${option} is a sentence of at most 500 characters: it is kept and audited.`)
  return text
}

/** `baohao correction approve|decline CORRECTION`. */
export async function correctionCheckCommand(
  config: Config,
  written: string,
  verdict: 'approved' | 'declined',
  options: CorrectionOptions & { readonly reason?: string },
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async (room) => {
    const { brand, db } = room
    const id = idFromWire(written)
    const request = id === null ? undefined : await readRefundRequest(db.of(brand.key), id)
    if (!request || request.toLine === null)
      throw new CommandRefused(
        `${brand.key} has no correction ${written}: baohao correction list --brand ${brand.key}`,
      )
    const by =
      options.reason === undefined ? { actor: operator() } : { actor: operator(), reason: options.reason }
    const outcome = await checkRefund(room, brand, request.id, verdict, by)
    if (outcome === 'own')
      throw new CommandRefused(
        'Whoever asked for a correction, or paid for it, is no second person: another operator must.',
      )
    if (outcome !== verdict) throw new CommandRefused('This correction waits for nobody any more.')
    if (verdict === 'approved') await move(config, room, request)
    const after = await readRefundRequest(db.of(brand.key), request.id)
    await tell(room, after ?? request, options, say)
  })
}

/** Has settle move it now; where the batch is busy with the line, the next `baohao work` does. */
async function move(config: Config, room: BrandRoom, request: RefundRequest): Promise<void> {
  const settler = settlerOf(config, room, paymentsOf(config, room))
  await settler.settle({ kind: 'refund', request: request.id, order: request.order })
}

async function tell(
  { db, brand }: BrandRoom,
  request: RefundRequest,
  { json }: CorrectionOptions,
  say: Say,
): Promise<void> {
  if (json) return say(JSON.stringify(asJson(request)))
  const numbers = await readNumbers(db.of(brand.key), [request.toLine ?? ''])
  const to = maskNumber(brand, numbers.get(request.toLine ?? '') ?? '')
  const amount = amountText(request.refundedMinor || request.amountMinor, brand)
  const id = idToWire(request.id)
  switch (request.state) {
    case 'waiting':
      say(`What is unspent, bought for ${amount}, is to go to ${to}. Another operator says yes or no:`)
      say(`  baohao correction approve ${id} --brand ${brand.key}`)
      return say(`  baohao correction decline ${id} --brand ${brand.key} --reason TEXT`)
    case 'approved':
      return say('Approved; it moves within seconds, by the next baohao work.')
    case 'begun':
      return say(
        `Credit bought for ${amount} is on ${to}. Both numbers and the payer are told by the next baohao work.`,
      )
    case 'refused':
      return say(`Nothing was moved: by now it cannot be (${request.refusedCode}).`)
    case 'declined':
      return say(`The correction ${id} is declined, and everything is as it was.`)
  }
}

/** `baohao correction list`: what waits for a second person, the oldest first. */
export async function correctionListCommand(
  config: Config,
  options: CorrectionOptions,
  say: Say,
): Promise<void> {
  await withBrand(config, options.brand, async ({ db, brand }) => {
    const found = await readRefundsWaiting(db.of(brand.key), 'correction', LISTED + 1)
    const requests = found.slice(0, LISTED)
    if (options.json) return say(JSON.stringify(requests.map(asJson)))
    if (requests.length === 0) return say(`No correction of ${brand.key} waits for a second person.`)
    const numbers = await readNumbers(db.of(brand.key), [
      ...new Set(requests.flatMap(({ toLine }) => toLine ?? [])),
    ])
    for (const { id, order, toLine, amountMinor, requestedBy, requestedAtMs, reason, proof } of requests) {
      const to = maskNumber(brand, numbers.get(toLine ?? '') ?? '')
      say(`${idToWire(id)}  order ${idToWire(order)}  ${amountText(amountMinor, brand)}  to ${to}`)
      say(
        `    ${requestedBy}, ${momentText(requestedAtMs, brand)}: ${harmlessText(reason)}; proof: ${harmlessText(proof ?? '')}`,
      )
    }
    if (found.length > LISTED) say(`These are the ${LISTED} oldest; there are more.`)
  })
}

function asJson(request: RefundRequest) {
  const { id, order, state, refusedCode, reason, proof, requestedBy, checkedBy, amountMinor, refundedMinor } =
    request
  return {
    ...{
      id: idToWire(id),
      order: idToWire(order),
      state,
      refusedCode,
      reason,
      proof,
      requestedBy,
      checkedBy,
    },
    ...{ amountMinor: amountMinor.toString(), movedMinor: refundedMinor.toString() },
  }
}
