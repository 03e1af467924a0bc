import { defineErrors } from '../platform/error.ts'

/** Refusals of placing and of agents' sales, in the order they are checked. None of them moves money. */
export const topUpErrors = defineErrors({
  'idempotency-key-missing': [
    'bad-request',
    'Send an Idempotency-Key header of 8 to 64 letters, digits, - or _',
  ],
  'idempotency-key-malformed': ['bad-request', 'An Idempotency-Key is 8 to 64 letters, digits, - or _'],
  'idempotency-key-reused': ['refused', 'This Idempotency-Key was used for another request'],
  'dealer-suspended': ['forbidden', 'This dealer may not sell at present'],
  'number-invalid': ['refused', 'This is not a phone number'],
  'line-not-found': ['not-found', 'This brand has no such number'],
  'line-ceased': ['refused', 'The number has been given up and cannot be topped up'],
  'line-refuses': [
    'refused',
    'The number cannot be topped up in its present state',
    { stage: 'quarantined' },
  ],
  'offer-missing': ['bad-request', 'Say an offerId or an amount, not both'],
  'price-changed': [
    'conflict',
    'The price is no longer the one that was shown; the members say what it is',
    { price: { amountMinor: '4980', currency: 'CNY' } },
  ],
  'limit-reached': [
    'refused',
    'The limit for this number is reached',
    { per: 'day', limit: { amountMinor: '100000', currency: 'CNY' } },
  ],
  'duplicate-recent': ['conflict', 'The same top-up was placed less than two minutes ago'],
  'verification-needed': ['forbidden', 'Prove the payer’s phone by a code first'],
  'float-low': [
    'refused',
    'The dealer’s float does not cover this sale',
    { short: { amountMinor: '1280', currency: 'CNY' } },
  ],
  'order-not-found': ['not-found', 'There is no such order'],
  'order-not-payable': ['conflict', 'This order no longer awaits payment'],
  'order-paid': ['conflict', 'This order has been paid and can no longer be cancelled'],
  'cancel-unknown': [
    'unavailable',
    'The payment provider did not say whether it has been paid; it is being asked',
    { retryAfterSeconds: 2 },
  ],
  'recall-too-late': [
    'conflict',
    'This order can no longer be taken back; what was credited to a wrong number is corrected by staff',
    { state: 'credited' },
  ],
  'recall-not-possible': ['conflict', 'This order is not one that can be taken back now', { state: 'held' }],
  'payment-way-down': [
    'unavailable',
    'This way to pay does not answer for the moment',
    { retryAfterSeconds: 30 },
  ],
  'payment-not-offered': ['refused', 'This brand does not take payment this way'],
  'payment-way-refused': [
    'refused',
    'This number, or this payer, cannot pay this way for now; another way is open',
    { until: '2027-05-21T06:00:00.000Z' },
  ],
  'payment-in-progress': [
    'conflict',
    'A payment is being started for this order; ask again in a moment',
    { retryAfterSeconds: 2 },
  ],
  'payment-declined': ['refused', 'The payment provider refused to begin this payment'],
  'payment-payer-unknown': [
    'refused',
    'The rail has not said who pays here; send the browser to be known to it first',
  ],
  'payment-unknown': [
    'unavailable',
    'The payment provider did not answer; its answer is being asked for',
    { retryAfterSeconds: 2 },
  ],
  'streams-of-session': ['too-many', 'This session follows three orders already; ask for this one instead'],
  'streams-full': [
    'unavailable',
    'No more orders can be followed here at present; ask for this one instead',
    { retryAfterSeconds: 2 },
  ],
  'refund-not-possible': ['conflict', 'Only a credited order can be refunded', { state: 'held' }],
  'refund-in-progress': ['conflict', 'A refund of this order has been asked for or is under way'],
  'refund-nothing-left': ['refused', 'Nothing of this order is left that could go back'],
  'refund-exceeds': [
    'refused',
    'Less than that can go back',
    { most: { amountMinor: '2988', currency: 'CNY' } },
  ],
  'refund-too-small': ['refused', 'So small a part comes to nothing in the currency that was paid'],
  'refund-package-used': ['refused', 'A package whose allowances were used is not refunded'],
  'refund-package-whole': ['refused', 'A package is refunded whole or not at all'],
  'correction-package': ['refused', 'A package is not moved to another number; refund it and sell it anew'],
  'correction-same-number': ['refused', 'The right number is the one that was topped up'],
  'correction-line-changed': [
    'refused',
    'The right number has passed to somebody else since this was asked for',
  ],
  'refund-needs-password': [
    'forbidden',
    'A refund is asked for in a session opened by password; without one, ask the brand for help',
  ],
  'receipt-not-ready': ['conflict', 'The receipt exists once the order is credited'],
})
