import { defineOperations } from '../platform/operation.ts'

export const wayOperations = defineOperations('Payments', {
  readPaymentWays: {
    summary: 'Read by what people can pay',
    description:
      'The rails of the brand in the order in which to show them, and which of them cannot be used now and why. A rail that is off takes no new payment; payments begun before are still seen to.',
    errors: [],
  },
})
