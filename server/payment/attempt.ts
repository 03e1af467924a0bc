import type { TransferView } from '../../contract/payment.ts'
import { defineStates } from '../platform/state-machine.ts'
import type { ProviderName, Scene } from './port.ts'

export type AttemptState = 'created' | 'pending' | 'captured' | 'closed' | 'unknown'

/** The life of an attempt. Only settle writes `captured`; a refund is a fact of its own and changes nothing here. */
defineStates<AttemptState>('attempt', 'created', ['captured'], {
  created: {
    waits:
      'for our first call to the provider; ended by its answer, or by the payment when that is faster than the answer',
    to: ['pending', 'unknown', 'closed', 'captured'],
  },
  pending: {
    waits: 'for the subscriber to pay at the provider; ended by a payment, a closing or an unanswered close',
    to: ['captured', 'closed', 'unknown'],
  },
  unknown: {
    waits: 'for the provider to answer our number; asked on the ladder, after 24 hours left for a person',
    to: ['pending', 'captured', 'closed'],
  },
  closed: {
    waits:
      'for nothing; asked about for one more hour, because a payment after closing is money that is never dropped',
    to: ['captured'],
  },
  captured: { waits: 'for nothing: the provider has the money', to: [] },
})

/** An attempt as its order's settlement sees it. */
export interface AttemptRow {
  readonly id: string
  readonly order: string
  readonly provider: ProviderName
  readonly merchant: string
  readonly scene: Scene
  readonly amountMinor: bigint
  readonly currency: string
  /** The quote it was begun under, where it is paid in another currency than the order's; its amount is the quote's. */
  readonly quote: string | null
  readonly state: AttemptState
  readonly createdAtMs: number
  readonly expiresAtMs: number
  /** What the provider took, as it was taken; null until captured. */
  readonly captured: Capture | null
  /** Where to send it, of a bank transfer. */
  readonly transfer?: TransferView
}

export interface Capture {
  /** The provider's own number of the payment. */
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly atMs: number
}

/** What settle decided about an attempt it has locked. `atMs` is the instant of the decision. */
export type AttemptChange =
  | { readonly id: string; readonly state: 'captured'; readonly capture: Capture; readonly atMs: number }
  | { readonly id: string; readonly state: 'closed'; readonly atMs: number }
