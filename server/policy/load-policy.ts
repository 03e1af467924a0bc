import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Stage } from '../../contract/line.ts'
import type { ClockRules, ExtensionRule, Policy, PolicyEventKind, StageRule, Step } from './policy.ts'
import { policyProblems, toLength, toLengthOrUnlimited } from './policy-problems.ts'
import { type ExtensionJson, PolicyJson, type StepJson, type Trigger } from './policy-schema.ts'
import type { ClockName } from './validity.ts'

/** A policy that cannot be used; `problems` names everything wrong with it, each as `path: sentence`. */
export class PolicyRefused extends Error {
  readonly problems: readonly string[]

  constructor(subject: string, problems: readonly string[]) {
    super(`${subject} refused:\n${problems.join('\n')}`)
    this.name = 'PolicyRefused'
    this.problems = problems
  }
}

/** Checks JSON against a schema and returns it. Throws PolicyRefused naming every problem. */
export function checkShape<T extends TSchema>(subject: string, schema: T, json: unknown): Static<T> {
  if (Value.Check(schema, json)) return json
  const problems: string[] = []
  for (const { keyword, instancePath, message } of Value.Errors(schema, json)) {
    // An unknown field is reported twice: at its own path, which is the useful one, and at its parent.
    if (keyword === 'boolean') problems.push(`${instancePath}: unknown field`)
    else if (keyword !== 'additionalProperties') problems.push(`${instancePath || '/'}: ${message}`)
  }
  throw new PolicyRefused(subject, problems)
}

/** JSON to a policy. Throws PolicyRefused naming every problem, never only the first. */
export function loadPolicy(source: unknown): Policy {
  const json = checkShape('policy', PolicyJson, source)
  const problems = policyProblems(json)
  if (problems.length > 0) throw new PolicyRefused(`policy ${json.id}`, problems)
  return compile(json)
}

function compile(json: PolicyJson): Policy {
  const rules = json.extensions.map((rule) => ({ on: rule.on, rule: toRule(rule) }))
  return {
    id: json.id,
    version: json.version,
    source: json.source,
    currency: json.currency,
    firstDay: json.dayCounting === 'inclusive' ? 0 : 1,
    changeHour: json.changeHour,
    activatedBy: eventKinds.filter((kind) => triggersOf[kind].some((t) => json.activatedBy.includes(t))),
    rules: forEachKind((kind) =>
      byClock(rules.filter(({ on }) => triggersOf[kind].some((t) => on.includes(t))).map(({ rule }) => rule)),
    ),
    leadingClock: json.leadingClock,
    steps: json.ladder.map(toStep),
    stages: toStages(json),
    creditEnd: json.creditEnd,
    retentionFeeMinor: json.retentionFeeMinor === null ? null : BigInt(json.retentionFeeMinor),
    hasNumberClock: json.extensions.some((rule) => rule.clock === 'number'),
    reissue: json.reissue,
  }
}

/** Which triggers an event answers to: what was charged was also used, and outgoing. */
const triggersOf: Readonly<Record<PolicyEventKind, readonly Trigger[]>> = {
  'top-up': ['top-up'],
  package: ['package'],
  'retention-fee': ['retention-fee'],
  'chargeable-use': ['chargeable-use', 'outgoing-use', 'use'],
  'outgoing-use': ['outgoing-use', 'use'],
  'incoming-use': ['use'],
  'log-in': ['log-in'],
  confirmation: ['confirmation'],
  activation: ['activation'],
  ceased: [],
  'ported-out': [],
}

const eventKinds = Object.keys(triggersOf) as PolicyEventKind[]

function forEachKind(make: (kind: PolicyEventKind) => ClockRules): Record<PolicyEventKind, ClockRules> {
  return Object.fromEntries(eventKinds.map((kind) => [kind, make(kind)])) as Record<
    PolicyEventKind,
    ClockRules
  >
}

function byClock(rules: readonly ExtensionRule[]): ClockRules {
  const of = (clock: ClockName) => rules.filter((rule) => rule.clock === clock)
  return { service: of('service'), credit: of('credit'), number: of('number') }
}

function toRule(json: ExtensionJson): ExtensionRule {
  const tiers = (json.tiers ?? []).map((tier) => ({
    atLeastMinor: BigInt(tier.atLeastMinor),
    length: toLengthOrUnlimited(tier.length),
  }))
  return {
    clock: json.clock,
    from: json.from,
    by: json.by,
    length: json.length === undefined ? null : toLengthOrUnlimited(json.length),
    tiers: tiers.reverse(),
    cap: json.cap === undefined ? null : toLength(json.cap),
  }
}

function toStep(json: StepJson): Step {
  const lasts = json.lasts === undefined ? null : json.lasts
  return {
    stage: json.stage,
    lasts: lasts === null || lasts === 'number-clock' ? lasts : toLength(lasts),
    notice: json.notice,
  }
}

function toStages(json: PolicyJson): Record<Stage, StageRule> {
  const leastTopUpMinor = BigInt(json.leastTopUpMinor)
  const open: StageRule = { topUp: 'restores-service', leastTopUpMinor, reclaimFeeMinor: 0n, balance: 'kept' }
  const shut: StageRule = { ...open, topUp: 'refused' }
  const stages: Record<Stage, StageRule> = {
    'pre-active': json.activatedBy.includes('top-up') ? open : shut,
    active: open,
    'outbound-barred': shut,
    'fully-barred': shut,
    quarantined: shut,
    ceased: shut,
    'ported-out': shut,
  }
  for (const step of json.ladder) {
    const own = BigInt(step.leastTopUpMinor ?? '0')
    stages[step.stage] = {
      topUp: step.topUp,
      leastTopUpMinor: own > leastTopUpMinor ? own : leastTopUpMinor,
      reclaimFeeMinor: BigInt(step.reclaimFeeMinor ?? '0'),
      balance: step.balance,
    }
  }
  return stages
}
