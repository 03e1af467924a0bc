import { moneyToWire } from '../../contract/money.ts'
import { catalogErrors, type OfferTerms, terms } from '../catalog/index.ts'
import { commissionOn } from '../dealer/index.ts'
import type { ErrorEntry, RefusalMembers } from '../platform/error.ts'
import type { AgentTopUpCommand, Credited, Refused } from './command.ts'
import { creditLine } from './credit.ts'
import { type Creditable, creditable, loadMinor, refusedByStage } from './creditable.ts'
import { topUpErrors } from './errors.ts'
import { justPlaced, type TopUp } from './top-up.ts'
import type { HeldDealer, Work } from './work.ts'

/** One sale from a dealer's float: refused with nothing changed, or credited. The same key always gets the same answer. */
export function decideAgentTopUp(work: Work, command: AgentTopUpCommand): Credited | Refused {
  const keyOf = `${command.caller} ${command.key}`
  const known = work.known.get(keyOf)
  if (known) {
    if (known.hash !== command.hash) return refused(topUpErrors['idempotency-key-reused'])
    return {
      ...known.outcome,
      replayed: known.outcome.outcome === 'refused' || known.outcome.order.id !== command.id,
    }
  }
  const outcome = sell(work, command)
  // Only a no about the request itself is remembered; one about who asks or what exists may be another tomorrow.
  const kept = outcome.outcome === 'credited' || isKept(outcome.entry)
  if (kept) work.known.set(keyOf, { hash: command.hash, outcome })
  if (kept && outcome.outcome === 'refused') {
    work.refusals.push({ caller: command.caller, key: command.key, hash: command.hash, refused: outcome })
  }
  return outcome
}

/** 400, 401, 403, 404, 413, 415, 429 and 503 are not kept (money.md 3). */
export function isKept(entry: ErrorEntry): boolean {
  return entry.kind === 'refused' || entry.kind === 'conflict'
}

function sell(work: Work, command: AgentTopUpCommand): Credited | Refused {
  const { state } = work
  const dealer = state.dealers.get(command.dealer)
  if (dealer?.status !== 'active' || !state.activeKeys.has(command.caller))
    return refused(topUpErrors['dealer-suspended'])
  const line = state.numbers.get(command.msisdn)
  const clock = line === undefined ? undefined : work.clock(line)
  if (!clock) return refused(topUpErrors['line-not-found'])
  const byStage = refusedByStage(state, clock)
  if (byStage) return refused(byStage.entry, byStage.members)
  const offer = offerOf(work, command)
  if ('outcome' in offer) return offer
  const can = creditable(work, clock, offer)
  if (!can.can) return refused(can.entry, can.members)
  const recentKey = `${command.caller} ${clock.line} ${loadMinor(offer)}`
  if (work.recent.has(recentKey) && !command.confirmDuplicate) return refused(topUpErrors['duplicate-recent'])
  return load(work, command, dealer, offer, can, recentKey)
}

function offerOf(work: Work, command: AgentTopUpCommand): OfferTerms | Refused {
  const { priceTable, brand } = work.state
  if ((command.offerId === null) === (command.amountMinor === null))
    return refused(topUpErrors['offer-missing'])
  if (command.currency !== null && command.currency !== brand.currency) {
    return refused(catalogErrors['currency-mismatch'], { currency: brand.currency })
  }
  const { amountMinor } = command
  const tile = priceTable.denominations.find((offer) => offer.faceMinor === amountMinor)
  if (tile) return tile
  const offerId = command.offerId ?? priceTable.freeAmount?.id ?? ''
  const found = terms(
    priceTable,
    offerId,
    amountMinor === null ? null : { amountMinor, currency: brand.currency },
  )
  return found.kind === 'refused' ? refused(catalogErrors[found.code], found.members) : found
}

function load(
  work: Work,
  command: AgentTopUpCommand,
  dealer: HeldDealer,
  offer: OfferTerms,
  can: Creditable,
  recentKey: string,
): Credited | Refused {
  const { state } = work
  const account = work.lineAccount(can.clock.line, can.clock.epoch)
  const commissionMinor = commissionOn(loadMinor(offer), dealer.commissionBp)
  const sale = creditLine(work, command.id, offer, can, {
    from: 'float',
    float: dealer.float,
    commissionMinor,
  })
  if (!sale.posted) {
    const short = moneyToWire({ amountMinor: sale.shortMinor, currency: state.brand.currency })
    return refused(topUpErrors['float-low'], { short })
  }
  work.recent.add(recentKey)
  const order: TopUp = {
    ...justPlaced,
    kind: 'agent',
    state: 'credited',
    id: command.id,
    caller: command.caller,
    key: command.key,
    hash: command.hash,
    reference: command.reference,
    line: can.clock.line,
    epoch: can.clock.epoch,
    offer: offer.id,
    offerKind: offer.kind,
    dealer: dealer.id,
    priceMinor: offer.priceMinor,
    faceMinor: offer.faceMinor,
    bonusMinor: offer.bonusMinor,
    commissionMinor,
    capturedMinor: offer.priceMinor,
    receiptSeries: dealer.receiptSeries,
    receiptNo: work.takeReceiptNo(dealer.receiptSeries),
    placedAtMs: state.nowMs,
    creditedAtMs: state.nowMs,
    eventAtMs: state.businessMs,
    payByMs: null,
    untilBefore: can.untilBefore,
    until: can.until,
    messageState: 1,
    ...{ terms: null, locale: null, payerMsisdn: null, validityText: null, validityDays: null },
  }
  work.newOrders.push(order)
  return {
    outcome: 'credited',
    order,
    msisdn: command.msisdn,
    balanceAfterMinor: offer.kind === 'package' ? null : work.book.balanceMinor(account),
    floatAfterMinor: work.book.balanceMinor(dealer.float),
    replayed: false,
  }
}

function refused(entry: ErrorEntry, members: RefusalMembers = {}): Refused {
  return { outcome: 'refused', entry, members, replayed: false }
}
