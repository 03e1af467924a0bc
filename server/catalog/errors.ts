import { defineErrors } from '../platform/error.ts'

const ALLOWED = {
  denominations: [
    { amountMinor: '3000', currency: 'CNY' },
    { amountMinor: '5000', currency: 'CNY' },
  ],
  min: { amountMinor: '1000', currency: 'CNY' },
  max: { amountMinor: '50000', currency: 'CNY' },
  step: { amountMinor: '100', currency: 'CNY' },
}

export const catalogErrors = defineErrors({
  'offer-not-found': ['not-found', 'No such offer'],
  'offer-not-on-sale': ['refused', 'This offer is not on sale today'],
  'amount-missing': ['refused', 'A free-amount offer needs an amount', ALLOWED],
  'amount-not-allowed': [
    'refused',
    'This amount is not on sale; the members say which are',
    { ...ALLOWED, stage: 'quarantined' },
  ],
  'currency-mismatch': ['refused', 'The amount is not in the currency of the brand', { currency: 'CNY' }],
  'price-table-missing': ['unavailable', 'The brand has no price table for this date'],
  'price-table-invalid': [
    'refused',
    'The price table is wrong; the problems say where',
    { problems: ['packages.2.price: below the cost of its allowances'] },
  ],
  'price-table-conflict': ['conflict', 'Another price table was published at the same moment'],
})
