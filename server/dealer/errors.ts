import { defineErrors } from '../platform/error.ts'

export const dealerErrors = defineErrors({
  'dealer-not-found': ['not-found', 'No such dealer'],
})
