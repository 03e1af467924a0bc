import type { Stage } from '../../contract/line.ts'
import type { EpochDay, Length } from './day.ts'
import type { ReissueRule } from './reissue.ts'
import type { Base, Clock, ClockName } from './validity.ts'

/** What a top-up does to a line: see the README for what each one promises. */
export type TopUpEffect = 'restores-service' | 'restores-number' | 'refused'

/**
 * What becomes of the money on a line: kept and spendable; frozen until an accepted top-up thaws it; frozen and
 * then forfeited by the very top-up that restores the line; forfeited when the stage begins.
 */
export type BalanceRule = 'kept' | 'frozen' | 'forfeited-by-top-up' | 'forfeited'

/** From the mildest to the harshest; no later stage may be milder than an earlier one. */
export const balanceRules: readonly BalanceRule[] = ['kept', 'frozen', 'forfeited-by-top-up', 'forfeited']

export type Standing = 'pre-active' | 'in-service' | 'ported-out'

/** What a policy must remember of one line: two facts about the line and three clocks, all small integers. */
export interface PolicyState {
  readonly standing: Standing
  /** The day the number was taken from its owner. From then on nothing extends anything. */
  readonly ceasedOn: EpochDay | null
  readonly service: Clock
  readonly credit: Clock
  readonly number: Clock
}

/** A line before its first use: no clock runs. */
export const preActive: PolicyState = {
  standing: 'pre-active',
  ceasedOn: null,
  service: null,
  credit: null,
  number: null,
}

export interface TopUpEvent {
  readonly kind: 'top-up'
  readonly on: EpochDay
  readonly amountMinor: bigint
  /** After this top-up, and after any forfeit that it causes. */
  readonly balanceAfterMinor: bigint
  /** The validity the offer itself carries, if it carries one. */
  readonly length: Length | null
}

/** A package bought or renewed. */
export interface PackageEvent {
  readonly kind: 'package'
  readonly on: EpochDay
  readonly length: Length
}

/**
 * `outgoing-use` is outgoing use that was not charged. `retention-fee` is a fee already taken from the balance.
 * `activation`, `ceased` and `ported-out` change the line's standing.
 */
export interface PlainEvent {
  readonly kind:
    | 'retention-fee'
    | 'chargeable-use'
    | 'outgoing-use'
    | 'incoming-use'
    | 'log-in'
    | 'confirmation'
    | 'activation'
    | 'ceased'
    | 'ported-out'
  readonly on: EpochDay
}

export type PolicyEvent = TopUpEvent | PackageEvent | PlainEvent
export type PolicyEventKind = PolicyEvent['kind']

/** A row of a tier table: from this amount up, this much. Rows of a rule run from the highest amount to the lowest. */
export interface Tier {
  readonly atLeastMinor: bigint
  readonly length: Length | 'unlimited'
}

/** One way to move one clock. The first rule of a clock that yields a length for an event is the one applied. */
export interface ExtensionRule {
  readonly clock: ClockName
  readonly from: Base
  readonly by: 'flat' | 'offer' | 'amount' | 'balance-after'
  /** Of a flat rule; null for the others. */
  readonly length: Length | 'unlimited' | null
  readonly tiers: readonly Tier[]
  /** No extension reaches beyond this much from its day. */
  readonly cap: Length | null
}

export type ClockRules = Readonly<Record<ClockName, readonly ExtensionRule[]>>

/** One rung of the ladder a line goes down after its leading clock ends. */
export interface Step {
  readonly stage: Stage
  /** A length, the end of the number clock, or null: for ever. */
  readonly lasts: Length | 'number-clock' | null
  /** The subscriber is told on the day it begins. */
  readonly notice: boolean
}

export interface StageRule {
  readonly topUp: TopUpEffect
  readonly leastTopUpMinor: bigint
  readonly reclaimFeeMinor: bigint
  readonly balance: BalanceRule
}

/** A policy as the engine reads it: made by `loadPolicy` alone, which has checked that it holds together. */
export interface Policy {
  readonly id: string
  readonly version: number
  readonly source: string
  /** ISO 4217; every amount is in its minor units. */
  readonly currency: string
  /** 0: the day of an event is the first day that counts; 1: the day after it is. */
  readonly firstDay: 0 | 1
  /** The policy's day begins at this local hour: the third argument of `dayAt`. */
  readonly changeHour: number
  /** What puts a pre-active line in service. */
  readonly activatedBy: readonly PolicyEventKind[]
  readonly rules: Readonly<Record<PolicyEventKind, ClockRules>>
  /** The clock whose end starts the ladder; `from` and `until` of an extension speak of it. */
  readonly leadingClock: ClockName
  readonly steps: readonly Step[]
  readonly stages: Readonly<Record<Stage, StageRule>>
  /** What becomes of the money when the credit clock ends. */
  readonly creditEnd: BalanceRule
  /** Taken on the day the leading clock ends, while the balance lasts. null: no fee keeps a line. */
  readonly retentionFeeMinor: bigint | null
  /** false: the number lasts as long as the ladder does. */
  readonly hasNumberClock: boolean
  readonly reissue: ReissueRule
}
