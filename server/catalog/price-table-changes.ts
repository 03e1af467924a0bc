import type { NewOffer, NewPriceTable, Offer } from './offer.ts'
import type { PriceTable } from './price-table.ts'

/** What a new price table does to one offer of the present one. */
export interface OfferChange {
  readonly what: 'added' | 'removed' | 'changed'
  readonly offer: NewOffer
  /** Fields that differ, by name, as the present and the new table have them; empty unless it is changed. */
  readonly fields: readonly { readonly name: string; readonly was: unknown; readonly is: unknown }[]
}

/**
 * Compares a table to be published with the one in force on its first day (undefined: none is): first what goes, then what comes or
 * changes, in the order of the new table. An offer is the same by its kind and its face, a package by its Chinese name and term.
 */
export function priceTableChanges(present: PriceTable | undefined, next: NewPriceTable): OfferChange[] {
  const before = present
    ? [...present.packages, ...present.denominations, ...(present.freeAmount ? [present.freeAmount] : [])]
    : []
  const known = new Map(before.map((offer) => [identityOf(offer), offer]))
  const kept = new Set(next.offers.map(identityOf))
  return [
    ...before.filter((offer) => !kept.has(identityOf(offer))).map((offer) => change('removed', offer)),
    ...next.offers.flatMap((offer) => {
      const was = known.get(identityOf(offer))
      if (!was) return [change('added', offer)]
      const fields = differing(was, offer)
      return fields.length === 0 ? [] : [{ ...change('changed', offer), fields }]
    }),
  ]
}

function change(what: OfferChange['what'], offer: Offer | NewOffer): OfferChange {
  return { what, offer, fields: [] }
}

function identityOf(offer: Offer | NewOffer): string {
  switch (offer.kind) {
    case 'package':
      return `package ${offer.term} ${offer.name['zh-CN']}`
    case 'denomination':
      return `denomination ${offer.faceMinor}`
    case 'free-amount':
      return 'free-amount'
  }
}

function differing(was: Offer, is: NewOffer): OfferChange['fields'] {
  const [before, after] = [flat(was), flat(is)]
  return Object.keys(after).flatMap((name) =>
    before[name] === after[name] ? [] : [{ name, was: before[name], is: after[name] }],
  )
}

/** Fields by name, those of nested records as `allowances.sms`; the id is not a fact of the offer. */
function flat(record: object, path = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      name === 'id'
        ? []
        : typeof value === 'object' && value !== null
          ? Object.entries(flat(value, `${path}${name}.`))
          : [[`${path}${name}`, value]],
    ),
  )
}
