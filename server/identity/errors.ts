import { defineErrors } from '../platform/error.ts'

export const identityErrors = defineErrors({
  // Who is asking.
  'not-authenticated': ['unauthenticated', 'Log in first'],
  'api-key-invalid': ['unauthenticated', 'This API key is unknown, disabled or of another brand'],
  forbidden: ['forbidden', 'This principal may not do this'],
  'scope-missing': ['forbidden', 'The API key lacks the scope this needs', { scope: 'topup:write' }],
  'assurance-too-low': ['forbidden', 'This needs a stronger log-in', { needed: 'password' }],
  'session-too-old': ['forbidden', 'Log in again by code: this is possible only in the first 10 minutes'],
  'epoch-changed': ['forbidden', 'The number of this account has since passed to somebody else'],
  'log-in-disabled': ['forbidden', 'This account was closed'],
  // Addresses.
  'number-invalid': ['refused', 'This is no mobile number that we can send a code to'],
  'email-invalid': ['refused', 'This is no e-mail address'],
  'email-taken': ['refused', 'This e-mail address belongs to another account'],
  'address-not-own': ['refused', 'This code is sent only to the account’s own phone or e-mail address'],
  // Changing the phone, closing the account.
  'phone-same': ['refused', 'This is the account’s phone already'],
  'phone-taken': ['refused', 'This phone belongs to another account'],
  'phone-missing': ['refused', 'The account has no phone that a code could be sent to'],
  'email-missing': ['refused', 'The account has no e-mail address that a code could be sent to'],
  'email-too-new': ['refused', 'The e-mail address was set less than 7 days ago', { daysLeft: 6 }],
  'phone-change-too-many': [
    'too-many',
    'The phone was asked to be changed three times within 7 days',
    { retryAfterSeconds: 86_400 },
  ],
  'phone-change-missing': ['not-found', 'No change of the phone is waiting'],
  'session-missing': ['not-found', 'No such session of this account'],
  'orders-open': ['conflict', 'The account has orders that are not settled yet'],
  // The captcha.
  'captcha-wrong': ['refused', 'The captcha was not solved, or not by this brand’s challenge'],
  'captcha-expired': ['refused', 'The captcha is older than 5 minutes; ask for a new one'],
  'captcha-spent': ['refused', 'The captcha was used before; ask for a new one'],
  // Sending a code.
  'code-too-soon': ['too-many', 'A code was sent within the last minute', { retryAfterSeconds: 42 }],
  'code-daily-limit': [
    'too-many',
    'No more codes are sent to this address today',
    { retryAfterSeconds: 36_000 },
  ],
  'code-network-limit': [
    'too-many',
    'Too many codes were asked for from this network or for these numbers',
    { retryAfterSeconds: 1_800 },
  ],
  'code-budget': ['unavailable', 'Codes are not being sent for the moment', { retryAfterSeconds: 900 }],
  // Using a code.
  'code-wrong': ['refused', 'The code is not right', { triesLeft: 4, pointer: '/code' }],
  'code-expired': [
    'refused',
    'No code is waiting for this address, or it is older than 10 minutes',
    { pointer: '/code' },
  ],
  'code-spent': ['refused', 'The code was used before', { pointer: '/code' }],
  'code-tries-used-up': [
    'too-many',
    'Five wrong codes; wait before asking for a new one',
    { retryAfterSeconds: 600, pointer: '/code' },
  ],
  'account-locked': [
    'forbidden',
    'A hundred wrong codes in a row; no code opens this any more',
    { pointer: '/code' },
  ],
  // Passwords and accounts.
  'log-in-failed': ['refused', 'Name or password is not right'],
  'log-in-too-many': [
    'too-many',
    'Too many tries with this name or from this network',
    { retryAfterSeconds: 600 },
  ],
  'log-in-busy': [
    'unavailable',
    'Too many passwords are being checked at this moment',
    { retryAfterSeconds: 2 },
  ],
  'password-wrong': ['refused', 'The current password is not right'],
  'password-too-short': ['refused', 'A password has at least 15 characters'],
  'password-common': ['refused', 'This password is among the first that others would try'],
  'not-registered': [
    'refused',
    'The code is right, and this number has no account yet; the code stays usable',
  ],
  'already-registered': [
    'refused',
    'The code is right, and this number has an account; the code stays usable',
  ],
  'terms-outdated': ['refused', 'These are not the terms in force', { inForce: '2026-11' }],
})
