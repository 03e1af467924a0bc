import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { DenominationOffer, FreeAmountOffer, OffersView, PackageOffer } from '../../contract/offer.ts'
import type { Brand } from '../brand/index.ts'
import { type OfferTerms, terms, viewDenomination, viewPackage } from '../catalog/index.ts'
import type { Principal } from '../identity/index.ts'
import { isoInstant } from '../platform/clock.ts'
import { Refusal } from '../platform/error.ts'
import { amountSteps, formatDay } from '../policy/index.ts'
import { type AskedLine, readAsked, type SalesDay, salesDay } from './asked-line.ts'
import { refusedByStage } from './creditable.ts'
import type { TopUpsDeps } from './deps.ts'
import { readOwedSince } from './dispute-store.ts'
import { type Effect, effectOf } from './effect.ts'

type OffersDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'catalog' | 'lines' | 'policyOf'>

/**
 * What can be bought for a number today and what each offer does to its date; what the line would not take is left out.
 * Throws `line-not-found`, and the refusal of a stage that takes nothing.
 */
export async function offersFor(
  deps: OffersDeps,
  brand: Brand,
  caller: Principal | null,
  typedNumber: string,
): Promise<OffersView> {
  const day = await salesDay(deps, brand)
  const line = await readAsked(deps, deps.db.of(brand.key), day, caller, typedNumber)
  const byStage = refusedByStage(day, line.clock)
  if (byStage) throw new Refusal(byStage.entry, byStage.members)
  const owed = await viewOwed(deps, brand, line)
  return { ...viewOffers(day, line), ...(owed && { owed }) }
}

/** What is owed is nobody's business but the holder's. */
async function viewOwed({ db }: OffersDeps, brand: Brand, { clock, account, own }: AskedLine) {
  if (!own || account.owedMinor === 0n) return null
  const sinceMs = await readOwedSince(db.of(brand.key), clock.line, clock.epoch)
  if (sinceMs === null) return null
  return { amount: wire(account.owedMinor, brand.currency), since: isoInstant(sinceMs) }
}

function viewOffers(day: SalesDay, line: AskedLine): OffersView {
  const { priceTable } = day
  const effect = (offer: OfferTerms) => offerEffect(day, line, offer)
  return {
    packages: priceTable.packages.flatMap((offer): PackageOffer[] => {
      const does = effect(offer)
      return does ? [{ ...viewPackage(offer, priceTable.currency), effect: does }] : []
    }),
    denominations: priceTable.denominations.flatMap((offer): DenominationOffer[] => {
      const does = effect(offer)
      return does ? [{ ...viewDenomination(offer, priceTable.currency), effect: does }] : []
    }),
    freeAmount: freeAmountView(day, line),
    priceTable: { version: priceTable.version, validFrom: formatDay(priceTable.validFrom) },
  }
}

function offerEffect(day: SalesDay, { policy, clock, account, own }: AskedLine, offer: OfferTerms) {
  const { balanceMinor } = account
  const effect = effectOf({ ...day, policy, state: clock.state, balanceMinor, own }, offer)
  return effect && effectView(effect)
}

function effectView({ lastSafeDay, addedDays, text }: Effect) {
  return {
    lastSafeDay: lastSafeDay === null ? null : formatDay(lastSafeDay),
    addedDays,
    validityText: { 'zh-CN': text('zh-CN'), en: text('en') },
  }
}

function sameEffect(a: ReturnType<typeof effectView>, b: ReturnType<typeof effectView> | undefined): boolean {
  return a.validityText.en === b?.validityText.en && a.addedDays === b.addedDays
}

/** Any amount: its effect at the least one and wherever an amount begins to give more. Null when none is on sale, or none is taken. */
function freeAmountView(day: SalesDay, line: AskedLine): FreeAmountOffer | null {
  const { priceTable, brand } = day
  const offer = priceTable.freeAmount
  if (!offer) return null
  const { minMinor, maxMinor, stepMinor } = offer
  /** The least amount on sale that is not below this one. */
  const onSale = (amount: bigint) =>
    amount <= minMinor ? minMinor : minMinor + ((amount - minMinor + stepMinor - 1n) / stepMinor) * stepMinor
  const effectAt = (amountMinor: bigint) => {
    const sale = terms(priceTable, offer.id, { amountMinor, currency: brand.currency })
    return sale.kind === 'refused' ? null : offerEffect(day, line, sale)
  }
  const { stages } = line.policy
  const steps = [
    minMinor,
    ...Object.values(stages).map((stage) => stage.leastTopUpMinor),
    ...amountSteps(line.policy, line.own ? line.account.balanceMinor : 0n),
  ].map(onSale)
  const rising = [...new Set(steps)].filter((amount) => amount <= maxMinor).sort((a, b) => (a < b ? -1 : 1))
  const effects = rising.flatMap((amount) => {
    const effect = effectAt(amount)
    return effect ? [{ from: wire(amount, brand.currency), effect }] : []
  })
  const [least] = effects
  const told = effects.filter(({ effect }, i) => !sameEffect(effect, effects[i - 1]?.effect))
  if (!least) return null
  return {
    kind: 'free-amount',
    id: idToWire(offer.id),
    min: least.from,
    max: wire(maxMinor, brand.currency),
    step: wire(stepMinor, brand.currency),
    effects: told,
  }
}
