import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { identityErrors } from './errors.ts'

const captcha = entriesOf(identityErrors, 'captcha-wrong', 'captcha-expired', 'captcha-spent')
const code = entriesOf(
  identityErrors,
  ...(['code-wrong', 'code-expired', 'code-spent', 'code-tries-used-up', 'account-locked'] as const),
)
const passwordGuess = entriesOf(identityErrors, 'password-wrong', 'log-in-too-many', 'log-in-busy')
/** The account was closed, or its number passed to somebody else, while its session was in use. */
const ownAccount = entriesOf(identityErrors, 'not-authenticated', 'log-in-disabled', 'epoch-changed')
const fresh = entriesOf(identityErrors, 'session-too-old', 'assurance-too-low')
const newPassword = entriesOf(identityErrors, 'password-too-short', 'password-common', 'log-in-busy')
const SESSION = '01KARVZQ8E6T2M4N7P9R1S3V5X'

const loggedIn = {
  kind: 'login',
  assurance: 'sms',
  msisdn: '8615400001000',
  email: null,
  hasPassword: false,
  payerVerifiedUntil: '2026-11-22T06:15:00.000Z',
}

export const sessionOperations = defineOperations('Sessions', {
  getCaptcha: {
    summary: 'Get a captcha to solve',
    description:
      'A proof of work (ALTCHA v2) that a browser solves by itself in a moment. It is good for five minutes, once.',
    errors: [],
  },
  sendCode: {
    summary: 'Send a code of six digits',
    description: `By SMS to a phone, or by e-mail. The answer is the same whether or not the address is known here. A code is good
for ten minutes and for its one purpose.`,
    errors: [
      ...entriesOf(identityErrors, 'number-invalid', 'email-invalid', 'not-authenticated', 'address-not-own'),
      ...entriesOf(identityErrors, 'phone-missing', 'email-missing'),
      ...captcha,
      ...entriesOf(identityErrors, 'code-too-soon', 'code-daily-limit', 'code-network-limit', 'code-budget'),
      ...entriesOf(identityErrors, 'code-tries-used-up', 'account-locked'),
    ],
    example: {
      body: { purpose: 'payer', to: '154 0000 1000', captcha: 'eyJjaGFsbGVuZ2UiOnt9fQ==', locale: 'zh-CN' },
    },
  },
  provePayer: {
    summary: 'Prove the payer’s phone by a code',
    description:
      'For ten minutes this session may place orders. A guest’s session is made where there is none.',
    errors: [...entriesOf(identityErrors, 'number-invalid'), ...code],
    example: { answer: { ...loggedIn, kind: 'guest', assurance: 'guest', msisdn: '154****1000' } },
  },
  logIn: {
    summary: 'Log in',
    description:
      'By a code to the phone, by a code to the e-mail address, or by password. The session is a cookie.',
    errors: [
      ...entriesOf(identityErrors, 'number-invalid', 'email-invalid', 'not-registered', 'log-in-disabled'),
      ...entriesOf(identityErrors, 'epoch-changed', 'log-in-failed', 'log-in-too-many', 'log-in-busy'),
      ...captcha,
      ...code,
    ],
    example: { body: { by: 'sms-code', number: '154 0000 1000', code: '204816' }, answer: loggedIn },
  },
  register: {
    summary: 'Register the holder of a number',
    description:
      'The code went to the number. The account is signed in at once, and the number is bound to it.',
    errors: [
      ...entriesOf(identityErrors, 'number-invalid', 'terms-outdated', 'already-registered'),
      ...newPassword,
      ...code,
    ],
    example: { answer: loggedIn },
  },
  readSession: {
    summary: 'Read who this session speaks for',
    description: '`none` where the request carries no cookie of a living session.',
    errors: [],
    example: { answer: loggedIn },
  },
  endSession: {
    summary: 'Log out',
    description: 'The session ends at once; without one nothing happens.',
    errors: [],
  },
})

export const accountOperations = defineOperations('Account', {
  readAccount: {
    summary: 'Read one’s account',
    errors: ownAccount,
  },
  setProfile: {
    summary: 'Set the name to be called by, and the language',
    errors: ownAccount,
  },
  acceptTerms: {
    summary: 'Accept the terms in force',
    errors: [...ownAccount, ...entriesOf(identityErrors, 'terms-outdated')],
  },
  setPassword: {
    summary: 'Set or change the password',
    description: `At least 15 characters. The first one needs a log-in by code within the last ten minutes, a later one the current
password. Every other session of the account ends.`,
    errors: [...ownAccount, ...fresh, ...passwordGuess, ...newPassword],
    example: { body: { next: 'nine kettles whistle at dawn' } },
  },
  setEmail: {
    summary: 'Set or change the e-mail address',
    description:
      'The code went to the new address (`sendCode` with the purpose `set-email`); the old address is told.',
    errors: [...ownAccount, ...fresh, ...entriesOf(identityErrors, 'email-invalid', 'email-taken'), ...code],
  },
  closeAccount: {
    summary: 'Close the account',
    description:
      'Contacts are removed and every session ends; what the law has us keep of orders is kept. Numbers stay in service.',
    errors: [...ownAccount, ...fresh, ...passwordGuess, ...entriesOf(identityErrors, 'orders-open')],
    example: { body: { understood: true } },
  },
  changePhone: {
    summary: 'Change the account’s phone',
    description: `\`204\`: changed at once, proved by a code to the old phone. \`202\`: it takes effect at \`dueAt\` unless
somebody stops it, because the old phone is lost and mailbox and password stood for it.`,
    errors: [
      ...ownAccount,
      ...fresh,
      ...entriesOf(identityErrors, 'number-invalid', 'phone-same', 'phone-taken', 'phone-missing'),
      ...entriesOf(identityErrors, 'email-missing', 'email-too-new', 'phone-change-too-many'),
      ...passwordGuess,
      ...code,
    ],
    example: {
      body: { number: '154 0000 5678', code: '204816', proof: { by: 'phone', code: '731904' } },
    },
  },
  stopPhoneChange: {
    summary: 'Stop a change of the phone that waits',
    errors: [...ownAccount, ...entriesOf(identityErrors, 'phone-change-missing')],
  },
  listSessions: {
    summary: 'List where the account is signed in',
    errors: ownAccount,
  },
  endOtherSessions: {
    summary: 'End every other session',
    errors: ownAccount,
  },
  endOneSession: {
    summary: 'End one session',
    errors: [...ownAccount, ...entriesOf(identityErrors, 'session-missing')],
    example: { path: { id: SESSION } },
  },
})
