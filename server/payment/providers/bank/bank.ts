import { wire } from '../../../../contract/money.ts'
import { isoInstant } from '../../../platform/clock.ts'
import type {
  Charge,
  CreateOutcome,
  Known,
  Notification,
  NotificationOutcome,
  OpenMerchant,
  PaymentProvider,
} from '../../port.ts'
import { referenceOf } from './reference.ts'
import { verifyNotice } from './signature.ts'

/**
 * Transfers to an account of the brand's own (银行卡转账). Nobody is called: the payer is told where to send how much with which reference, and
 * the account's statement says what came. `id` is the operator's name for the account, `seller` the account itself. Settings: `holder`,
 * `bankName`, and of `accountNumber`, `sortCode`, `iban`, `bic` what the country uses; `payWithinDays`, which the payment room reads. A
 * bank that sends notices by itself signs them with a key of `providerKeys`; without one its notices are refused.
 */
export async function openBank(merchant: OpenMerchant, instant: () => number): Promise<PaymentProvider> {
  return {
    acknowledgement: { status: 200, type: 'text/plain', body: 'ok' },
    create: async (charge) => create(merchant, charge),
    // What a statement has not told nobody knows.
    query: async () => ({ kind: 'pending' }),
    close: async ({ number }: Known) => {
      const fields = { closed: number, at: isoInstant(instant()) }
      return { kind: 'closed', raw: Buffer.from(JSON.stringify(fields)), fields }
    },
    // People make the transfer back; its debit on a statement is the end of it.
    refund: async () => ({ kind: 'pending' }),
    queryRefund: async () => ({ kind: 'pending' }),
    verifyNotification: (notification) => verify(merchant, notification, instant()),
  }
}

function create({ settings }: OpenMerchant, charge: Charge): CreateOutcome {
  const { holder, bankName, accountNumber = null, sortCode = null, iban = null, bic = null } = settings
  if (holder === undefined || bankName === undefined || (accountNumber ?? iban) === null)
    return { kind: 'no', reason: 'the merchant lacks holder, bankName, or both accountNumber and iban' }
  const reference = referenceOf(charge.number)
  return {
    kind: 'started',
    reference,
    transfer: {
      ...{ holder, bank: bankName, accountNumber, sortCode, iban, bic, reference },
      amount: wire(charge.amountMinor, charge.currency),
      until: isoInstant(charge.expiresAtMs),
    },
  }
}

/** What the notice says is read by whoever reads statements, who also sees whose account it is of. */
function verify(
  { providerKeys }: OpenMerchant,
  notification: Notification,
  nowMs: number,
): NotificationOutcome {
  const wrong = verifyNotice(notification, providerKeys, nowMs)
  if (wrong !== null) return { kind: 'refused', fault: 'signature', reason: wrong }
  return { kind: 'statement', raw: notification.body }
}
