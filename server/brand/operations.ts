import { defineOperations } from '../platform/operation.ts'

export const brandOperations = defineOperations('Brand', {
  readBrand: {
    summary: 'Read the facts of the brand',
    description:
      'Name, currency, time zone, hotline and today’s business date of the brand that this host serves.',
    errors: [],
  },
  readChannels: {
    summary: 'Read the official channels of the brand',
    description:
      'Every site, app, SMS sender and mail domain that speaks for the brand; anything else does not.',
    errors: [],
  },
})
