import type { DenominationOffer, EpochDay, FreeAmountOffer, Offer, PackageOffer } from './offer.ts'

/** A published version of a brand's price table. */
export interface Version {
  /** 1, 2, 3: in the order of publishing. */
  readonly number: number
  readonly validFrom: EpochDay
  readonly offers: readonly Offer[]
}

/** What a brand sells on one day, in the order in which pages show it. */
export interface PriceTable {
  readonly version: string
  readonly validFrom: EpochDay
  /** Of every amount in the table. */
  readonly currency: string
  readonly packages: readonly PackageOffer[]
  readonly denominations: readonly DenominationOffer[]
  readonly freeAmount: FreeAmountOffer | null
  /** An offer on sale on that day, by its uuid. */
  find(offerId: string): Offer | undefined
  /** Whether any version, past or to come, has this offer: tells an offer that ended from one that never was. */
  knows(offerId: string): boolean
}

/**
 * The version in force on a day: of those that have begun the one that began last, and the newest of those that begin
 * on the same day. So a correction of today does not undo a table already published for next month.
 */
export function versionOn(versions: readonly Version[], day: EpochDay): Version | undefined {
  let found: Version | undefined
  for (const version of versions) {
    if (version.validFrom > day) continue
    if (
      !found ||
      version.validFrom > found.validFrom ||
      (version.validFrom === found.validFrom && version.number > found.number)
    )
      found = version
  }
  return found
}

/** The table without the offers that are switched off: they are known and not on sale. */
export function withoutOffers(table: PriceTable, off: ReadonlySet<string>): PriceTable {
  if (off.size === 0) return table
  const isOn = ({ id }: Offer) => !off.has(id)
  const { packages, denominations, freeAmount } = table
  return {
    ...table,
    packages: packages.filter(isOn),
    denominations: denominations.filter(isOn),
    freeAmount: freeAmount && isOn(freeAmount) ? freeAmount : null,
    find: (offerId) => (off.has(offerId) ? undefined : table.find(offerId)),
  }
}

/** The price table of a day; undefined when no version has begun. */
export function priceTableOn(
  versions: readonly Version[],
  day: EpochDay,
  currency: string,
): PriceTable | undefined {
  const version = versionOn(versions, day)
  if (!version) return undefined
  const onSale = version.offers.filter((offer) => offer.onSaleUntil === null || day < offer.onSaleUntil)
  const byId = new Map(onSale.map((offer) => [offer.id, offer]))
  return {
    version: String(version.number),
    validFrom: version.validFrom,
    currency,
    packages: onSale.filter((offer) => offer.kind === 'package'),
    denominations: onSale.filter((offer) => offer.kind === 'denomination'),
    freeAmount: onSale.find((offer) => offer.kind === 'free-amount') ?? null,
    find: (offerId) => byId.get(offerId),
    knows: (offerId) => versions.some(({ offers }) => offers.some((offer) => offer.id === offerId)),
  }
}
