import type { MoneyWire } from '../../../../contract/money.ts'
import type {
  DenominationOffer,
  FreeAmountOffer,
  OffersView,
  PackageOffer,
  Term,
} from '../../../../contract/offer.ts'

/** What an offer does to the number's date. */
export type Effect = PackageOffer['effect']
type AnyOffer = PackageOffer | DenominationOffer | FreeAmountOffer

/** Terms in the order of their tabs; free amounts and denominations share the last. */
export const terms = ['month', 'quarter', 'year'] as const satisfies readonly Term[]
export type Tab = Term | 'amount'

/** Names an offer across price tables, whose every version gives its offers new ids. */
export function offerKey(offer: AnyOffer): string {
  switch (offer.kind) {
    case 'package':
      return `package/${offer.term}/${offer.name['zh-CN']}`
    case 'denomination':
      return `denomination/${offer.face.amountMinor}`
    case 'free-amount':
      return 'free-amount'
  }
}

/** Tabs that have something on them. */
export function tabsOf(table: OffersView): readonly Tab[] {
  const sold = terms.filter((term) => table.packages.some((offer) => offer.term === term))
  return table.denominations.length > 0 || table.freeAmount ? [...sold, 'amount'] : sold
}

function allOffers(table: OffersView): readonly AnyOffer[] {
  return [...table.packages, ...table.denominations, ...(table.freeAmount ? [table.freeAmount] : [])]
}

/** Where to begin: at what was bought for this number last, else at what is recommended, else at the first tab. */
export function firstTab(table: OffersView, lastTime: string | undefined): Tab | undefined {
  const offers = allOffers(table)
  const begin =
    offers.find((offer) => offerKey(offer) === lastTime) ?? table.packages.find((offer) => offer.recommended)
  return begin ? tabOf(begin) : tabsOf(table)[0]
}

function tabOf(offer: AnyOffer): Tab {
  return offer.kind === 'package' ? offer.term : 'amount'
}

/** What is about to be bought. */
export interface Choice {
  readonly key: string
  readonly offerId: string
  /** Only of a free amount. */
  readonly amount: MoneyWire | null
  readonly price: MoneyWire
  /** Null where nothing is saved. */
  readonly saved: MoneyWire | null
  /** What the balance gains, once what is owed is paid from it; null for a package, which gives allowances. */
  readonly credit: MoneyWire | null
  readonly effect: Effect
}

function minus(a: MoneyWire, b: MoneyWire): MoneyWire | null {
  const difference = BigInt(a.amountMinor) - BigInt(b.amountMinor)
  return difference > 0n ? { amountMinor: difference.toString(), currency: a.currency } : null
}

export function plus(a: MoneyWire, b: MoneyWire): MoneyWire {
  return { amountMinor: (BigInt(a.amountMinor) + BigInt(b.amountMinor)).toString(), currency: a.currency }
}

/** Of credit that is bought, what is owed is paid first; bonus is not touched. */
function lessOwed({ owed }: OffersView, face: MoneyWire): MoneyWire {
  if (!owed) return face
  const [had, debt] = [BigInt(face.amountMinor), BigInt(owed.amount.amountMinor)]
  return { ...face, amountMinor: `${had > debt ? had - debt : 0n}` }
}

/** The effect of the highest tier that the amount reaches. */
export function effectOfAmount(offer: FreeAmountOffer, amount: MoneyWire): Effect {
  const reached = offer.effects.filter(({ from }) => BigInt(from.amountMinor) <= BigInt(amount.amountMinor))
  const none: Effect = { lastSafeDay: null, addedDays: null, validityText: { 'zh-CN': '', en: '' } }
  return reached.at(-1)?.effect ?? none
}

/** The offer named by `key` as a choice; null while there is none, or a free amount without its amount. */
export function choiceOf(table: OffersView, key: string | null, amount: MoneyWire | null): Choice | null {
  const offer = allOffers(table).find((candidate) => offerKey(candidate) === key)
  if (!offer) return null
  const named = { key: offerKey(offer), offerId: offer.id }
  switch (offer.kind) {
    case 'package': {
      const saved = minus(offer.listPrice, offer.price)
      return { ...named, amount: null, price: offer.price, saved, credit: null, effect: offer.effect }
    }
    case 'denomination': {
      const saved = minus(offer.face, offer.price)
      const credit = plus(lessOwed(table, offer.face), offer.bonus)
      return { ...named, amount: null, price: offer.price, saved, credit, effect: offer.effect }
    }
    case 'free-amount':
      return amount === null
        ? null
        : {
            ...named,
            amount,
            price: amount,
            saved: null,
            credit: lessOwed(table, amount),
            effect: effectOfAmount(offer, amount),
          }
  }
}

/** Price over the days it adds, rounded half up to a minor unit; null where no days are added. */
export function perDay(price: MoneyWire, addedDays: number | null): MoneyWire | null {
  if (addedDays === null || addedDays <= 0) return null
  const days = BigInt(addedDays)
  const perDayMinor = (2n * BigInt(price.amountMinor) + days) / (2n * days)
  return { amountMinor: perDayMinor.toString(), currency: price.currency }
}
