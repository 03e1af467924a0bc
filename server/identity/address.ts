import parsePhoneNumber from 'libphonenumber-js/max'
import { type Brand, readNumber } from '../brand/index.ts'
import { refuse } from '../platform/error.ts'
import { identityErrors } from './errors.ts'

/** Where a code or notice goes. `text` is E.164 digits or a lower-case e-mail address. */
export interface Address {
  readonly channel: 'sms' | 'email'
  readonly text: string
}

/**
 * A payer's or account holder's phone: a number of the brand's own plan, or any mobile number of the brand's countries
 * (a family pays for each other across carriers). Other countries are refused: codes sent abroad are what premium-rate
 * fraud lives on. Throws `number-invalid`.
 */
export function readPhone(brand: Brand, typed: string): Address {
  const own = readNumber(brand, typed)
  if ('msisdn' in own) return { channel: 'sms', text: own.msisdn }
  const plain = typed.normalize('NFKC').replace(/^\s*00/, '+')
  for (const { countryCode } of brand.numberPlan) {
    const parsed = parsePhoneNumber(plain, { defaultCallingCode: countryCode, extract: false })
    const mobile = parsed?.getType()
    if (
      parsed?.countryCallingCode === countryCode &&
      (mobile === 'MOBILE' || mobile === 'FIXED_LINE_OR_MOBILE')
    ) {
      return { channel: 'sms', text: parsed.number.slice(1) }
    }
  }
  throw refuse(identityErrors['number-invalid'])
}

/** Kept in lower case whole: no mailbox we write to tells cases apart. Throws `email-invalid`. */
export function readEmail(typed: string): Address {
  const text = typed.trim().toLowerCase()
  if (!/^[^\s@"<>,;:\\]+@[^\s@"<>,;:\\]+\.[^\s@"<>,;:\\.]{2,}$/.test(text) || text.length > 254) {
    throw refuse(identityErrors['email-invalid'])
  }
  return { channel: 'email', text }
}

export function readAddress(brand: Brand, typed: string): Address {
  return typed.includes('@') ? readEmail(typed) : readPhone(brand, typed)
}

/** a****@example.com */
export function maskEmail(email: string): string {
  return `${email.slice(0, 1)}****${email.slice(email.indexOf('@'))}`
}
