import { asFields, BadRequest, text, textLike } from '../fields.ts'
import type { BankAccount } from './state.ts'

/** Reads an account from the control API or `merchants.json`. */
export function readBankAccount(value: unknown): BankAccount {
  const fields = asFields(value, 'A bank account')
  const { sortCode, notifyUrl } = fields
  if (notifyUrl !== undefined && !URL.canParse(`${notifyUrl}`))
    throw new BadRequest('"notifyUrl" must be a web address.')
  return {
    id: textLike(fields, 'id', /^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, - and _'),
    brand: text(fields, 'brand'),
    holder: text(fields, 'holder'),
    number: textLike(fields, 'number', /^[A-Z0-9]{5,34}$/, 'an account number or an IBAN'),
    currency: textLike(fields, 'currency', /^[A-Z]{3}$/, 'a currency'),
    ...(sortCode !== undefined && {
      sortCode: textLike(fields, 'sortCode', /^\d\d-\d\d-\d\d$/, 'a sort code such as 20-00-00'),
    }),
    ...(notifyUrl !== undefined && { notifyUrl: text(fields, 'notifyUrl') }),
  }
}
