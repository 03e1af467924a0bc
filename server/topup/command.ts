import type { EvidenceRow } from '../payment/index.ts'
import type { ErrorEntry } from '../platform/error.ts'
import type { TopUp } from './top-up.ts'

/** A dealer's sale from its float, paid and credited in one. */
export interface AgentTopUpCommand {
  readonly kind: 'agent-top-up'
  /** The order's id, made before the call. */
  readonly id: string
  readonly caller: string
  readonly key: string
  readonly hash: string
  readonly dealer: string
  readonly msisdn: string
  readonly offerId: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly confirmDuplicate: boolean
  readonly reference: string | null
}

/** Something final was said about a payment or a refund. */
export interface EvidenceCommand {
  readonly kind: 'evidence'
  readonly evidence: EvidenceRow
}

/** A held order's time has come: credit it if it can be by now, else refund. */
export interface HoldDecisionCommand {
  readonly kind: 'hold-decision'
  readonly order: string
}

/** The payer takes a paid order back before it is credited. */
export interface RecallCommand {
  readonly kind: 'recall'
  readonly order: string
  readonly caller: string
  readonly key: string
  readonly hash: string
}

/** A refund that was asked for and approved. */
export interface RefundCommand {
  readonly kind: 'refund'
  readonly request: string
  readonly order: string
}

/** A person sends a refund that the provider refused once more, under its own number. */
export interface RefundAgainCommand {
  readonly kind: 'refund-again'
  readonly refund: string
  readonly order: string
}

/** The ledger follows what was said of a dispute. */
export interface DisputeCommand {
  readonly kind: 'dispute'
  readonly dispute: string
  readonly order: string
}

export type Command =
  | AgentTopUpCommand
  | EvidenceCommand
  | HoldDecisionCommand
  | RecallCommand
  | RefundCommand
  | RefundAgainCommand
  | DisputeCommand

/** What the caller of an agent's sale is told; the figures after it are frozen in the journal. */
export interface Credited {
  readonly outcome: 'credited'
  readonly order: TopUp
  readonly msisdn: string
  /** Null: a package, which leaves the balance as it was. */
  readonly balanceAfterMinor: bigint | null
  readonly floatAfterMinor: bigint
  readonly replayed: boolean
}

/** A no; kept under its key unless it says nothing about the request itself. */
export interface Refused {
  readonly outcome: 'refused'
  readonly entry: ErrorEntry
  readonly members: Readonly<Record<string, unknown>>
  readonly replayed: boolean
}

/**
 * What evidence, a hold decision, a refund or a dispute came to. `filed`: a dispute's state is known and not posted yet. `busy`: to be asked again; `refused`: of an approved refund, for the reason of
 * this code.
 */
export interface Applied {
  readonly outcome: 'applied'
  readonly to:
    | 'credited'
    | 'held'
    | 'refunding'
    | 'refunded'
    | 'closed'
    | 'filed'
    | 'disputed'
    | 'reversed'
    | 'reinstated'
    | 'corrected'
    | 'nothing'
    | 'busy'
    | 'refused'
  readonly code?: string
}

export type Outcome = Credited | Refused | Applied
