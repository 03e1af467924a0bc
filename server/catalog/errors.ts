import { defineErrors } from '../platform/error.ts'

export const catalogErrors = defineErrors({
  'offer-not-found': ['not-found', 'No such offer'],
  'offer-not-on-sale': ['refused', 'This offer is not on sale today'],
  'amount-missing': ['refused', 'A free-amount offer needs an amount'],
  'amount-not-allowed': ['refused', 'This amount is not on sale; the members say which are'],
  'currency-mismatch': ['refused', 'The amount is not in the currency of the brand'],
  'price-table-missing': ['unavailable', 'The brand has no price table for this date'],
  'price-table-invalid': ['refused', 'The price table is wrong; the problems say where'],
  'price-table-conflict': ['conflict', 'Another price table was published at the same moment'],
})
