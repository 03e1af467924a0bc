import { identityErrors } from '../identity/index.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { topUpErrors } from '../topup/index.ts'
import { supportErrors } from './errors.ts'

export const supportOperations = defineOperations('Support', {
  openCase: {
    summary: 'Ask for help',
    description: `About one of one's own orders where one is named. Whoever is not signed in to an account solves a captcha. The answer
carries the number to quote; a confirmation is sent only to an address that a code has proved.`,
    errors: [
      ...entriesOf(supportErrors, 'captcha-needed', 'cases-too-many'),
      ...entriesOf(identityErrors, 'captcha-wrong', 'captcha-expired', 'captcha-spent'),
      ...entriesOf(identityErrors, 'number-invalid', 'email-invalid', 'forbidden'),
      ...entriesOf(topUpErrors, 'order-not-found', 'idempotency-key-reused'),
      ...entriesOf(topUpErrors, 'idempotency-key-missing', 'idempotency-key-malformed'),
    ],
    example: {
      body: {
        ...{ topic: 'top-up', body: '充值成功了，但是余额没有变化。', locale: 'zh-CN' },
        replyTo: { by: 'sms', number: '154 0000 1000' },
      },
    },
  },
  listMyCases: {
    summary: 'List one’s own cases',
    description: 'Newest first, at most 50, each with its answer once there is one.',
    errors: [],
  },
})
