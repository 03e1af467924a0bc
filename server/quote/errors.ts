import { defineErrors } from '../platform/error.ts'

export const quoteErrors = defineErrors({
  'quote-not-offered': ['refused', 'This brand takes no payment in that currency'],
  'rate-missing': [
    'unavailable',
    'There is no exchange rate for that currency that is recent enough; orders can be paid in the brand’s own',
  ],
  'quote-expired': [
    'conflict',
    'The quote has ended; `quote` is the one that stands now, which may be more or less',
    {
      quote: {
        ...{ id: '01KARW0D4F6H8J0M2P4R6T8V0X', rate: '9.1183', marginBp: 150 },
        ...{ rateSource: 'European Central Bank', rateDate: '2026-11-20' },
        price: { amountMinor: '1000', currency: 'GBP' },
        amount: { amountMinor: '9256', currency: 'CNY' },
        expiresAt: '2026-11-22T06:15:00.000Z',
      },
    },
  ],
  'quote-not-found': ['not-found', 'This order has no such quote'],
})
