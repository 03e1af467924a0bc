import { defineErrors } from '../platform/error.ts'

/** What a provider is told when its notification is not taken; it will try again. */
export const paymentErrors = defineErrors({
  'merchant-unknown': ['not-found', 'No such merchant here'],
  'notification-unverified': ['unauthenticated', 'The notification is not signed for this merchant'],
  'notification-malformed': ['bad-request', 'The notification cannot be read'],
  'notification-not-now': [
    'unavailable',
    'What the notification is about could not be asked just now; send it again',
    { retryAfterSeconds: 60 },
  ],
})
