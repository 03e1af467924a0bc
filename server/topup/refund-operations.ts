import type { RefundView } from '../../contract/refund.ts'
import { catalogErrors } from '../catalog/index.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { topUpErrors } from './errors.ts'
import { creditedExample } from './order-examples.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const ORDER = creditedExample.id

const asked: RefundView = {
  id: '01KARW2C7N9Q1S3T5V7X9Z1B3D',
  progress: 'sending',
  amount: cny('2988'),
  requestedAt: '2026-11-23T02:10:00.000Z',
  checkedAt: null,
  begunAt: '2026-11-23T02:10:00.000Z',
  doneAt: null,
  refusedCode: null,
}

export const refundOperations = defineOperations('Payments', {
  readRefunds: {
    summary: 'What could go back of an order, and what was asked for',
    description: `\`offer\` is what would go back today: unspent credit at what it was bought for, or a package’s days that have not
begun; with \`amountMinor\` what that part of it would take along, and until when the number would be kept. It moves nothing.`,
    errors: entriesOf(
      topUpErrors,
      ...(['order-not-found', 'refund-exceeds', 'refund-package-whole', 'refund-too-small'] as const),
    ),
    example: {
      path: { id: ORDER },
      answer: {
        offer: {
          ...{ most: cny('2988'), amount: cny('2988'), credit: cny('3000'), bonus: cny('0') },
          ...{ partly: true, looked: false },
          ...{ lastSafeDayBefore: null, lastSafeDay: null },
        },
        refusedCode: null,
        refunds: [],
      },
    },
  },
  askRefund: {
    summary: 'Ask for money back',
    description: `Of a credited order, in a session opened by password. Up to the brand’s limit it begins at once: the credit leaves the
line and the provider pays back the way it was paid. Above it staff look first (\`waiting\`). The days the top-up gave go with its
money, as far as nothing else gives them.`,
    errors: [
      ...entriesOf(
        topUpErrors,
        ...(['idempotency-key-missing', 'idempotency-key-malformed', 'idempotency-key-reused'] as const),
        ...(['order-not-found', 'refund-needs-password', 'refund-not-possible'] as const),
        ...(['refund-in-progress', 'refund-nothing-left', 'refund-exceeds'] as const),
        ...(['refund-package-used', 'refund-package-whole'] as const),
      ),
      ...entriesOf(catalogErrors, 'currency-mismatch'),
    ],
    example: { path: { id: ORDER }, body: { amount: cny('2988') }, answer: asked },
  },
})
