export { amountSteps } from './amount-steps.ts'
export { addLength, type EpochDay, formatDay, type Length, parseDay } from './day.ts'
export { dayAt } from './day-at.ts'
export { type DisclosedStage, type Disclosure, disclosure } from './disclosure.ts'
export { type Extension, extend } from './extend.ts'
export {
  type PlainEvent,
  type Policy,
  type PolicyEvent,
  type PolicyState,
  preActive,
  type Standing,
} from './policy.ts'
export { presetOf, presets } from './presets.ts'
export { type RetentionFee, retentionFeeDue } from './retention-fee.ts'
export {
  balanceAt,
  clockUntil,
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
  validUntil,
} from './validity.ts'
