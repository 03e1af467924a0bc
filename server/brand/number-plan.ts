import type { Brand } from './brand.ts'

/** Why typed text is no number of this brand: too few or many digits, or simply not in its plan. */
export type NumberReading =
  | { readonly msisdn: string }
  | { readonly problem: 'number-invalid' | 'not-in-plan' }

/**
 * Reads what a person typed: E.164 with +, 00 or nothing before it, or a national number; punctuation is ignored, and
 * full-width digits count. The brand's own plan decides what exists, never a library.
 */
export function readNumber(brand: Pick<Brand, 'numberPlan'>, typed: string): NumberReading {
  const plain = typed.normalize('NFKC').replace(/[\s().\-·/\u2010-\u2015]/g, '')
  if (!/^\+?\d{3,18}$/.test(plain)) return { problem: 'number-invalid' }
  const international = plain.startsWith('+')
    ? plain.slice(1)
    : plain.startsWith('00')
      ? plain.slice(2)
      : null
  for (const { countryCode, trunkPrefix, pattern } of brand.numberPlan) {
    for (const national of nationalForms(plain, international, countryCode, trunkPrefix)) {
      if (new RegExp(`^(?:${pattern})$`).test(national)) return { msisdn: countryCode + national }
    }
  }
  return { problem: plain.length < 8 || plain.length > 15 ? 'number-invalid' : 'not-in-plan' }
}

function nationalForms(
  plain: string,
  international: string | null,
  country: string,
  trunk: string,
): string[] {
  if (international !== null)
    return international.startsWith(country) ? [international.slice(country.length)] : []
  const forms = trunk === '' || !plain.startsWith(trunk) ? [] : [plain.slice(trunk.length)]
  if (trunk === '') forms.push(plain)
  if (plain.startsWith(country)) forms.push(plain.slice(country.length))
  return forms
}

/** 154****1234: the national number with its middle hidden; for logs, strangers and other people's orders. */
export function maskNumber(brand: Pick<Brand, 'numberPlan'>, msisdn: string): string {
  const block = brand.numberPlan.find((b) => msisdn.startsWith(b.countryCode))
  const national = block ? block.trunkPrefix + msisdn.slice(block.countryCode.length) : msisdn
  return `${national.slice(0, 3)}****${national.slice(-4)}`
}
