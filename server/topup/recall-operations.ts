import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { topUpErrors } from './errors.ts'
import { creditedExample, recalledExample } from './order-examples.ts'

export const recallOperations = defineOperations('Orders', {
  recallOrder: {
    summary: 'Take a paid order back before it is credited',
    description: `Where a brand gives time for it, a paid order for a number that is new to its payer is held (\`recall-window\`) until
\`resolvesBy\` and credited then. Until then it can be taken back: the whole payment goes back the way it came. Afterwards
\`recall-too-late\`: staff correct what is unspent of it.`,
    errors: entriesOf(
      topUpErrors,
      ...(['idempotency-key-missing', 'idempotency-key-malformed', 'idempotency-key-reused'] as const),
      ...(['order-not-found', 'recall-too-late', 'recall-not-possible'] as const),
    ),
    example: { path: { id: creditedExample.id }, answer: recalledExample },
  },
})
