import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { catalogErrors } from './errors.ts'

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
        packages: [
          {
            kind: 'package',
            id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDE',
            name: { 'zh-CN': '季度保号套餐', en: 'Quarterly keep-alive' },
            term: 'quarter',
            price: cny('2700'),
            listPrice: cny('3000'),
            allowances: { voiceSeconds: 6000, sms: 30, dataBytes: '1073741824' },
            roaming: false,
            validityMonths: 3,
            validityDays: 0,
            recommended: true,
          },
        ],
        denominations: [
          {
            kind: 'denomination',
            id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF',
            face: cny('5000'),
            price: cny('4980'),
            bonus: cny('0'),
            recommended: false,
          },
        ],
        freeAmount: {
          kind: 'free-amount',
          id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDG',
          min: cny('1000'),
          max: cny('50000'),
          step: cny('100'),
        },
      },
    },
  },
})

function cny(amountMinor: string) {
  return { amountMinor, currency: 'CNY' }
}
