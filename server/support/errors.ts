import { defineErrors } from '../platform/error.ts'

export const supportErrors = defineErrors({
  'captcha-needed': ['refused', 'Solve a captcha first, or log in'],
  'cases-too-many': [
    'too-many',
    'Too many cases were opened by this person or from this network',
    { retryAfterSeconds: 1_800 },
  ],
  'case-not-found': ['not-found', 'There is no such open case'],
})
