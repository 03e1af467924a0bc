import { type Brand, readNumber } from '../brand/index.ts'
import { refuse } from '../platform/error.ts'
import { lineErrors } from './errors.ts'

/** No number begins with 0: it is looked up for those outside the plan, so that they cost what unknown ones cost. */
export const NOBODYS = '0'

/**
 * The E.164 digits to look up for what was typed. A number outside the brand's plan, another brand's among them, becomes one
 * that nobody has: the same statement runs and the same `line-not-found` follows. Throws `number-invalid` on what is no
 * phone number at all.
 */
export function knownNumber(brand: Brand, typed: string): string {
  const reading = readNumber(brand, typed)
  if ('msisdn' in reading) return reading.msisdn
  if (reading.problem === 'number-invalid') throw refuse(lineErrors['number-invalid'])
  return NOBODYS
}
