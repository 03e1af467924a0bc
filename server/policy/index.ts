export { amountSteps } from './amount-steps.ts'
export { checkConstraints, type Violation } from './constraint.ts'
export { addLength, addMonths, type EpochDay, formatDay, type Length, parseDay } from './day.ts'
export { dayAt } from './day-at.ts'
export { type DisclosedClock, type DisclosedStage, type Disclosure, disclosure } from './disclosure.ts'
export { type Extension, extend, replay } from './extend.ts'
export { loadPolicy, PolicyRefused } from './load-policy.ts'
export {
  type BalanceRule,
  type PackageEvent,
  type PlainEvent,
  type Policy,
  type PolicyEvent,
  type PolicyEventKind,
  type PolicyState,
  preActive,
  type Standing,
  type TopUpEffect,
  type TopUpEvent,
} from './policy.ts'
export { presetOf, presets } from './presets.ts'
export { type Regulator, regulators } from './regulators.ts'
export { earliestReissue, latestReissue, type ReissueRule } from './reissue.ts'
export { type RetentionFee, retentionFeeDue } from './retention-fee.ts'
export { type Happening, type Simulation, type SimulationStart, simulate } from './simulate.ts'
export {
  balanceAt,
  clockUntil,
  type DatedStep,
  ladderOf,
  leastTopUpMinor,
  nextDueOn,
  reissuableOn,
  stageAt,
  topUpAt,
} from './stage.ts'
export {
  type Clock,
  type ClockName,
  lastSafeDay,
  untilOf,
  type Validity,
  validUntil,
} from './validity.ts'
