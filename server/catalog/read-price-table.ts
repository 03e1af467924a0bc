import { Value } from 'typebox/value'
import { parseInstant } from '../platform/clock.ts'
import { refuse } from '../platform/error.ts'
import { catalogErrors } from './errors.ts'
import { type EpochDay, type NewOffer, type NewPriceTable, noAllowances } from './offer.ts'
import {
  type DenominationJson,
  type FreeAmountJson,
  type PackageJson,
  PriceTableJson,
  type ValidityJson,
} from './price-table-schema.ts'

/**
 * JSON to a price table. Throws `price-table-invalid`, whose member `problems` names everything wrong, each as
 * `path: sentence` with a JSON pointer (RFC 6901).
 */
export function readPriceTable(json: unknown): NewPriceTable {
  if (!Value.Check(PriceTableJson, json)) throw invalid(formProblems(json))
  const problems = tableProblems(json)
  if (problems.length > 0) throw invalid(problems)
  return {
    currency: json.currency,
    validFrom: toDay(json.validFrom),
    offers: [
      ...json.packages.map(toPackage),
      ...json.denominations.map(toDenomination),
      ...(json.freeAmount ? [toFreeAmount(json.freeAmount)] : []),
    ],
  }
}

const invalid = (problems: readonly string[]) => refuse(catalogErrors['price-table-invalid'], { problems })

function formProblems(json: unknown): string[] {
  return Value.Errors(PriceTableJson, json)
    .filter((error) => error.keyword !== 'additionalProperties') // Each unknown field has an error of its own.
    .map(
      (error) =>
        `${error.instancePath}: ${error.keyword === 'boolean' ? 'is not known here' : error.message}`,
    )
}

function tableProblems(json: PriceTableJson): string[] {
  const { packages, denominations, freeAmount, validFrom } = json
  return [
    ...(packages.length + denominations.length === 0 && !freeAmount ? [': offers nothing'] : []),
    ...packages.flatMap((offer, index) => [
      ...priceProblems(offer.priceMinor, offer.listPriceMinor, `/packages/${index}`),
      ...saleProblems(offer.onSaleUntil, validFrom, `/packages/${index}`),
      ...validityProblems(offer.validity, `/packages/${index}`),
    ]),
    ...denominations.flatMap((offer, index) => [
      ...priceProblems(offer.priceMinor, offer.faceMinor, `/denominations/${index}`),
      ...saleProblems(offer.onSaleUntil, validFrom, `/denominations/${index}`),
      ...repetitionProblems(denominations, index),
    ]),
    ...(freeAmount ? rangeProblems(freeAmount) : []),
    ...saleProblems(freeAmount?.onSaleUntil, validFrom, '/freeAmount'),
  ]
}

function priceProblems(priceMinor: string, faceMinor: string, path: string): string[] {
  return BigInt(priceMinor) > BigInt(faceMinor) ? [`${path}/priceMinor: is above what it is a price of`] : []
}

function saleProblems(onSaleUntil: string | undefined, validFrom: string, path: string): string[] {
  // ISO dates sort as text.
  const neverOnSale = onSaleUntil !== undefined && onSaleUntil <= validFrom
  return neverOnSale ? [`${path}/onSaleUntil: is not after the day the table begins`] : []
}

function validityProblems({ months = 0, days = 0 }: ValidityJson, path: string): string[] {
  return months + days === 0 ? [`${path}/validity: is no time at all`] : []
}

function repetitionProblems(denominations: readonly DenominationJson[], index: number): string[] {
  const face = denominations[index]?.faceMinor
  const first = denominations.findIndex((offer) => offer.faceMinor === face)
  return first < index
    ? [`/denominations/${index}/faceMinor: is the face of /denominations/${first} too`]
    : []
}

function rangeProblems({ minMinor, maxMinor, stepMinor }: FreeAmountJson): string[] {
  const span = BigInt(maxMinor) - BigInt(minMinor)
  if (span < 0n) return ['/freeAmount/maxMinor: is below the minimum']
  return span % BigInt(stepMinor) === 0n ? [] : ['/freeAmount/maxMinor: is not on a step']
}

function toDay(date: string): EpochDay {
  return parseInstant(`${date}T00:00:00Z`) / 86_400_000
}

function toValidity({ months = 0, days = 0 }: ValidityJson = {}) {
  return { validityMonths: months, validityDays: days }
}

function toSale(onSaleUntil: string | undefined) {
  return { onSaleUntil: onSaleUntil === undefined ? null : toDay(onSaleUntil) }
}

function toPackage(json: PackageJson): NewOffer {
  const { name, term, roaming, recommended } = json
  const priceMinor = BigInt(json.priceMinor)
  return {
    kind: 'package',
    name,
    term,
    priceMinor,
    faceMinor: 0n,
    bonusMinor: 0n,
    discountMinor: BigInt(json.listPriceMinor) - priceMinor,
    allowances: { ...json.allowances, dataBytes: BigInt(json.allowances.dataBytes) },
    roaming,
    ...toValidity(json.validity),
    recommended,
    ...toSale(json.onSaleUntil),
  }
}

function toDenomination(json: DenominationJson): NewOffer {
  const faceMinor = BigInt(json.faceMinor)
  const priceMinor = BigInt(json.priceMinor)
  return {
    kind: 'denomination',
    name: json.name,
    term: null,
    priceMinor,
    faceMinor,
    bonusMinor: BigInt(json.bonusMinor),
    discountMinor: faceMinor - priceMinor,
    allowances: noAllowances,
    roaming: false,
    ...toValidity(json.validity),
    recommended: json.recommended,
    ...toSale(json.onSaleUntil),
  }
}

function toFreeAmount(json: FreeAmountJson): NewOffer {
  return {
    kind: 'free-amount',
    name: json.name,
    minMinor: BigInt(json.minMinor),
    maxMinor: BigInt(json.maxMinor),
    stepMinor: BigInt(json.stepMinor),
    ...toValidity(json.validity),
    ...toSale(json.onSaleUntil),
  }
}
