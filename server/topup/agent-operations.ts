import { switchErrors } from '../brand/index.ts'
import { catalogErrors } from '../catalog/index.ts'
import { identityErrors } from '../identity/index.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { topUpErrors } from './errors.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })

const sold = {
  id: '01KARVZQ8E6T2M4N7P9R1S3V5X',
  state: 'credited',
  msisdn: '8615400001000',
  face: cny('5000'),
  bonus: cny('0'),
  price: cny('5000'),
  commission: cny('100'),
  balanceAfter: cny('6280'),
  floatAfter: cny('995100'),
  until: '2027-05-21',
  lastSafeDay: '2027-05-20',
  receiptNumber: 'LK-A-00000042',
  creditedAt: '2026-11-22T06:05:00.000Z',
}

/** What a dealer's system calls. */
export const agentOperations = defineOperations('Agent sales', {
  sellTopUp: {
    summary: 'Top up a number from the dealer’s float',
    description: `One request is one durable top-up: a \`201\` means that the number is credited and the float is charged, both
committed. Say an \`amount\` or an \`offerId\` (from \`listOffers\`), not both.

When no answer arrives, or a \`503\`, the outcome is **unknown**. Send the same body with the same \`Idempotency-Key\` again until an
answer comes: at most one top-up comes of it, and an answer given before comes back with \`Idempotency-Replayed: true\`. A new key
is a new sale. Refusals with \`409\` and \`422\` are kept under their key too; after \`float-low\` load the float and use a new key.

The same number and amount within two minutes is refused as \`duplicate-recent\` unless \`confirmDuplicate\` is \`true\`.`,
    errors: [
      ...entriesOf(identityErrors, 'forbidden'),
      ...entriesOf(
        topUpErrors,
        ...(['dealer-suspended', 'line-not-found', 'line-ceased', 'line-refuses', 'offer-missing'] as const),
        ...(['limit-reached', 'duplicate-recent', 'float-low', 'idempotency-key-reused'] as const),
        ...(['idempotency-key-missing', 'idempotency-key-malformed'] as const),
      ),
      ...entriesOf(switchErrors, 'switched-off'),
      ...entriesOf(
        catalogErrors,
        ...(['offer-not-found', 'offer-not-on-sale', 'amount-missing', 'amount-not-allowed'] as const),
        ...(['currency-mismatch', 'price-table-missing'] as const),
      ),
    ],
    example: {
      body: { msisdn: '8615400001000', amount: cny('5000'), reference: 'till-7-20261122-0031' },
      answer: sold,
    },
  },
  readSale: {
    summary: 'Read one sale',
    description:
      'A sale made with this API key, or with one that it replaces. Anybody else’s is answered like one that does not exist.',
    errors: [...entriesOf(identityErrors, 'forbidden'), ...entriesOf(topUpErrors, 'order-not-found')],
    example: { path: { id: sold.id }, answer: sold },
  },
})
