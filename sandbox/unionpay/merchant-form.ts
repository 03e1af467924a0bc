import { asFields, text, textLike } from '../fields.ts'
import { readPublicKey } from '../registry.ts'
import type { UnionPayMerchant } from './transaction.ts'

/** Reads a merchant from the control API or `merchants.json`. */
export function readUnionPayMerchant(value: unknown): UnionPayMerchant {
  const fields = asFields(value, 'A UnionPay merchant')
  return {
    merId: textLike(fields, 'merId', /^\d{15}$/, '15 digits'),
    brand: text(fields, 'brand'),
    name: text(fields, 'name'),
    certId: textLike(fields, 'certId', /^\d{1,40}$/, "the certificate's serial number in decimal digits"),
    merchantPublicKey: readPublicKey(text(fields, 'merchantPublicKey')),
  }
}
