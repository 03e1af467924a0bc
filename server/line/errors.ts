import { defineErrors } from '../platform/error.ts'

export const lineErrors = defineErrors({
  'number-invalid': ['refused', 'This is not a phone number'],
  /** A number of another brand, one that nobody has and one not in the plan are answered alike. */
  'line-not-found': ['not-found', 'This brand has no such number'],
})
