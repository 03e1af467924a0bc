import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { catalogErrors } from './errors.ts'
import { denominationExample, freeAmountExample, packageExample } from './offer-examples.ts'

export const catalogOperations = defineOperations('Brand', {
  readPriceTable: {
    summary: 'Read what the brand sells today',
    description: `The price table in force on the brand’s business date, in the order in which pages show it. It has an \`ETag\`: ask with
\`If-None-Match\`. What an offer does to a number’s date, and what a number takes, \`listOffers\` tells.`,
    errors: entriesOf(catalogErrors, 'price-table-missing'),
    example: {
      answer: {
        day: '2026-11-22',
        version: '1',
        validFrom: '2025-01-01',
        packages: [packageExample],
        denominations: [denominationExample],
        freeAmount: freeAmountExample,
      },
    },
  },
})
