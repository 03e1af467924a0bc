import { idFromWire } from '../../contract/id.ts'
import { moneyFromWire } from '../../contract/money.ts'
import type { PlaceTopUp } from '../../contract/top-up.ts'
import { type Brand, WHOLE_BRAND } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import type { Tx } from '../platform/db.ts'
import { assert, Refusal } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { idAt, newId } from '../platform/id.ts'
import { type AskedLine, readAsked, type SalesDay, salesDay } from './asked-line.ts'
import { countRefused } from './count-batch.ts'
import { isKept } from './decide-agent.ts'
import type { TopUpsDeps } from './deps.ts'
import { effectOf } from './effect.ts'
import { topUpErrors } from './errors.ts'
import { requestHash } from './idempotency.ts'
import { entryOf } from './known.ts'
import { type Placeable, placeable } from './placeable.ts'
import { readRefusals, sendRefusals } from './refusal-store.ts'
import { lastPaid, lockCaller, readByKeys, readRecent, sendPlacedOrder } from './store.ts'
import { DUPLICATE_WINDOW_MS, justPlaced, type TopUp } from './top-up.ts'

/** What became of a request to place. A refusal is thrown by the route, after the commit. */
export type PlaceOutcome =
  | { readonly outcome: 'placed'; readonly order: TopUp; readonly replayed: boolean }
  | { readonly outcome: 'refused'; readonly refusal: Refusal; readonly replayed: boolean }

type PlaceDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'catalog' | 'lines' | 'policyOf' | 'switches'>

/** A request as it is judged. */
interface Request {
  readonly brand: Brand
  /** Null: a visitor without a session, who is told what is wrong before being asked for a code. */
  readonly caller: Principal | null
  readonly key: string
  readonly hash: string
  readonly body: PlaceTopUp
  readonly nowMs: number
  readonly day: SalesDay
}

/**
 * Places an order that awaits payment; calls nobody. Requests of one caller take turns, so that one key makes one order and
 * a second order of the same within two minutes is seen, from however many tabs they come.
 */
export async function place(
  deps: PlaceDeps,
  brand: Brand,
  caller: Principal | null,
  key: string,
  body: PlaceTopUp,
): Promise<PlaceOutcome> {
  const hash = requestHash('POST', '/v1/top-ups', body)
  const day = await salesDay(deps, brand)
  const request = { brand, caller, key, hash, body, nowMs: deps.clock.instant(), day }
  return await deps.db.of(brand.key).tx(async (tx) => {
    await failpoint('place.begin')
    const outcome = (await knownOutcome(tx, request)) ?? (await judge(deps, tx, request))
    await failpoint('place.judged')
    if (outcome.replayed) return outcome
    if (outcome.outcome === 'placed') sendPlacedOrder(tx, outcome.order)
    else {
      countRefused(brand.key, 'online', outcome.refusal.entry.code)
      keepRefusal(tx, request, outcome.refusal)
    }
    await failpoint('place.written')
    return outcome
  })
}

/** What this key has led to already, once whoever uses it at this moment is done. */
async function knownOutcome(tx: Tx, { caller, key, hash }: Request): Promise<PlaceOutcome | undefined> {
  if (!caller) return undefined
  const keys = [{ caller: caller.id, key }]
  const [, [order], [refused]] = await Promise.all([
    lockCaller(tx, caller.id),
    readByKeys(tx, keys),
    readRefusals(tx, keys),
  ])
  const known = order?.hash ?? refused?.hash.toString('hex')
  if (known === undefined) return undefined
  if (known !== hash) throw new Refusal(topUpErrors['idempotency-key-reused'])
  if (order) return { outcome: 'placed', order, replayed: true }
  assert(refused, 'a known key led to an order or to a refusal')
  const refusal = new Refusal(entryOf(refused.code), refused.members)
  return { outcome: 'refused', refusal, replayed: true }
}

function keepRefusal(tx: Tx, { caller, key, hash, nowMs }: Request, { entry, members }: Refusal): void {
  if (!caller || !isKept(entry)) return
  const refused = { outcome: 'refused', entry, members, replayed: false } as const
  sendRefusals(tx, [{ caller: caller.id, key, hash, refused }], nowMs)
}

async function judge(deps: PlaceDeps, tx: Tx, request: Request): Promise<PlaceOutcome> {
  try {
    return { outcome: 'placed', order: await placed(deps, tx, request), replayed: false }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'refused', refusal: error, replayed: false }
    throw error
  }
}

/** The order to be written. Throws a Refusal; the final word on stage and limits is settle's, under the line's lock. */
async function placed(deps: PlaceDeps, tx: Tx, request: Request): Promise<TopUp> {
  const { day, caller, body, nowMs } = request
  await deps.switches.demandOn(tx.brand, 'brand', WHOLE_BRAND)
  const [item] = body.items
  assert(item, 'an order has an item')
  const line = await readAsked(deps, tx, day, caller, item.number)
  const proved = caller?.payer && caller.payer.verifiedUntilMs > nowMs ? caller.payer.msisdn : null
  const before = await whatCallerDid(tx, request, line)
  const knowsLine = line.own || before.hasPaid
  const verdict = placeable(
    {
      ...day,
      line,
      recent: before.recent,
      payer: {
        isLogIn: caller?.kind === 'login',
        knowsLine,
        isProved: proved !== null,
      },
    },
    {
      offerId: idFromWire(item.offerId) ?? '',
      amount: item.amount ? moneyFromWire(item.amount) : null,
      expected: moneyFromWire(body.expected),
      confirmDuplicate: body.confirmDuplicate === true,
    },
  )
  if (!verdict.may) throw new Refusal(verdict.entry, verdict.members)
  assert(caller, 'who proved a phone has a session')
  // Who is told of the order: the phone just proved, else the one the account is known by for this line.
  const payerMsisdn = proved ?? (line.own ? line.clock.msisdn : before.payerMsisdn)
  // Who has paid for this number before has seen it credited; who has not may have mistyped it.
  const recallSeconds = knowsLine ? 0 : request.brand.order.recallSeconds
  return { ...orderOf(request, line, verdict), caller: caller.id, payerMsisdn, recallSeconds }
}

/** What the caller placed for this line lately, and whether it ever paid for it. */
async function whatCallerDid(tx: Tx, { caller, nowMs }: Request, line: AskedLine) {
  if (!caller) return { recent: [], hasPaid: false, payerMsisdn: null }
  const [recent, paid] = await Promise.all([
    readRecent(tx, [line.clock.line], idAt(nowMs - DUPLICATE_WINDOW_MS)),
    lastPaid(tx, caller.id, line.clock.line),
  ])
  return {
    recent: recent.filter((row) => row.caller === caller.id).map((row) => row.load),
    hasPaid: paid !== undefined,
    payerMsisdn: paid?.payerMsisdn ?? null,
  }
}

/** The order as it is frozen: price, credit, validity and the line's ownership epoch are those of this moment. */
function orderOf(
  { brand, key, hash, body, nowMs, day }: Request,
  { clock, account, policy, own }: AskedLine,
  { offer, can }: Placeable,
): Omit<TopUp, 'caller' | 'payerMsisdn' | 'recallSeconds'> {
  const { balanceMinor } = account
  const effect = effectOf({ ...day, policy, state: clock.state, balanceMinor, own }, offer)
  assert(effect, 'what may be placed has an effect')
  return {
    ...justPlaced,
    id: newId(nowMs),
    key,
    hash,
    line: clock.line,
    epoch: clock.epoch,
    offer: offer.id,
    offerKind: offer.kind,
    priceMinor: offer.priceMinor,
    faceMinor: offer.faceMinor,
    bonusMinor: offer.bonusMinor,
    placedAtMs: nowMs,
    payByMs: nowMs + brand.order.payWithinSeconds * 1000,
    untilBefore: can.untilBefore,
    terms: offer,
    locale: body.locale,
    validityText: effect.text(body.locale),
    validityDays: effect.addedDays,
  }
}
