import type { QuoteView } from '../../contract/quote.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { quoteErrors } from '../quote/index.ts'
import { topUpErrors } from './errors.ts'
import { creditedExample } from './order-examples.ts'

export const quoteExample: QuoteView = {
  id: '01KARW0D4F6H8J0M2P4R6T8V0X',
  price: { amountMinor: '1000', currency: 'GBP' },
  amount: { amountMinor: '9256', currency: 'CNY' },
  rate: '9.1183',
  rateSource: 'European Central Bank',
  rateDate: '2026-11-20',
  marginBp: 150,
  expiresAt: '2026-11-22T06:15:00.000Z',
}

export const quoteOperations = defineOperations('Payments', {
  askQuote: {
    summary: 'Ask what an order costs in another currency',
    description: `The quote is frozen until \`expiresAt\`: a payment begun with its id in \`quote\` takes its amount, whatever the rate
does. Asked again it is the same one while it stands, then a new one. Brands that offer this list the currency in
\`GET /v1/payment-ways\`.`,
    errors: [
      ...entriesOf(topUpErrors, 'order-not-found', 'order-not-payable'),
      ...entriesOf(quoteErrors, 'quote-not-offered', 'rate-missing'),
    ],
    example: { path: { id: creditedExample.id }, body: { currency: 'CNY' }, answer: quoteExample },
  },
})
