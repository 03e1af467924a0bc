import { type Static, Type } from 'typebox'

/** ISO 4217 alphabetic code, e.g. `CNY`. */
export type Currency = string

/** An amount in minor units (fen, pence) of one currency. Never a float. */
export interface Money {
  readonly amountMinor: bigint
  readonly currency: Currency
}

/** A non-negative amount on the wire: minor units as decimal digits, without sign or leading zeros, at most 15 digits. */
export const AmountMinorWire = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$', examples: ['4980'] })

/** Money on the wire: `{ "amountMinor": "4980", "currency": "CNY" }`. Numbers are refused: JSON numbers are floats. */
export const MoneyWire = Type.Object(
  { amountMinor: AmountMinorWire, currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['CNY'] }) },
  { additionalProperties: false },
)
export type MoneyWire = Static<typeof MoneyWire>

/** Wire form to Money. The wire form must have passed its schema. */
export function moneyFromWire(wire: MoneyWire): Money {
  return { amountMinor: BigInt(wire.amountMinor), currency: wire.currency }
}

export function moneyToWire(money: Money): MoneyWire {
  return { amountMinor: money.amountMinor.toString(), currency: money.currency }
}

export function wire(amountMinor: bigint, currency: Currency): MoneyWire {
  return { amountMinor: amountMinor.toString(), currency }
}
