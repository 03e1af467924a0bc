import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { ListedDenomination, ListedPackage, PriceTableView } from '../../contract/offer.ts'
import { isoInstant } from '../platform/clock.ts'
import type { DenominationOffer, EpochDay, PackageOffer } from './offer.ts'
import type { PriceTable } from './price-table.ts'

const MS_PER_DAY = 86_400_000

/** The table of a day as everybody may see it. */
export function viewPriceTable(table: PriceTable, day: EpochDay): PriceTableView {
  const { version, validFrom, currency, packages, denominations, freeAmount } = table
  return {
    day: dateOf(day),
    version,
    validFrom: dateOf(validFrom),
    packages: packages.map((offer) => viewPackage(offer, currency)),
    denominations: denominations.map((offer) => viewDenomination(offer, currency)),
    freeAmount: freeAmount && {
      kind: 'free-amount',
      id: idToWire(freeAmount.id),
      min: wire(freeAmount.minMinor, currency),
      max: wire(freeAmount.maxMinor, currency),
      step: wire(freeAmount.stepMinor, currency),
    },
  }
}

/** A package, whoever it is for. */
export function viewPackage(offer: PackageOffer, currency: string): ListedPackage {
  const { voiceSeconds, sms, dataBytes } = offer.allowances
  return {
    kind: 'package',
    id: idToWire(offer.id),
    name: offer.name,
    term: offer.term,
    price: wire(offer.priceMinor, currency),
    listPrice: wire(offer.priceMinor + offer.discountMinor, currency),
    allowances: { voiceSeconds, sms, dataBytes: dataBytes.toString() },
    roaming: offer.roaming,
    validityMonths: offer.validityMonths,
    validityDays: offer.validityDays,
    recommended: offer.recommended,
  }
}

/** A face value, whoever it is for. */
export function viewDenomination(offer: DenominationOffer, currency: string): ListedDenomination {
  return {
    kind: 'denomination',
    id: idToWire(offer.id),
    face: wire(offer.faceMinor, currency),
    price: wire(offer.priceMinor, currency),
    bonus: wire(offer.bonusMinor, currency),
    recommended: offer.recommended,
  }
}

function dateOf(day: EpochDay): string {
  return isoInstant(day * MS_PER_DAY).slice(0, 10)
}
