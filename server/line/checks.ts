import type { Brands } from '../brand/index.ts'
import type { BrokenRow, Check } from '../platform/check.ts'
import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/db.ts'
import { nextDueOn, type Policy, stageAt } from '../policy/index.ts'
import { clockNames } from './line-clock.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import { replayLine } from './replay.ts'
import {
  readClocks,
  readHistories,
  readMovedLines,
  readPoliciesInUse,
  readRange,
  readStandings,
  readStrayCredits,
  type Standing,
} from './replay-store.ts'

export interface CheckDeps {
  readonly clock: Clock
  readonly brands: Brands
  readonly policyOf: PolicyOf
}

const NO_LINE = '00000000-0000-0000-0000-000000000000'
/** Lines whose histories are in memory at once. */
const REPLAYED_AT_ONCE = 10_000
/** Lines that are found to have moved by one reading of events and orders. */
const MOVED_AT_ONCE = 500_000
/** Lines that are judged together where they stand alike. */
const JUDGED_AT_ONCE = 100_000

/** What fsck proves of lines. The stored stage is what the network was told; the sweep may still owe it another. */
export function createChecks(deps: CheckDeps): readonly Check[] {
  return [
    {
      id: 'I8',
      sentence: 'The clocks of a line, and the dates its orders name, follow from its events.',
      find: (db) => brokenValidity(deps, db),
    },
    {
      id: 'I9',
      sentence:
        'The network was told the stage that the clocks give today, unless the sweep is due; it is never due late.',
      find: (db) => brokenStages(deps, db),
    },
    {
      id: 'I9',
      sentence: 'The stage on a line is the one its last event says the network was told.',
      sql: `
        select c.line, c.stage_told, told.stage as last_event
          from {{brand}}.line_clock c
          left join lateral (
            select coalesce(detail->>'to', detail->>'stage') as stage from {{brand}}.line_event
             where line = c.line and kind in ('opening', 'stage-told') order by epoch desc, id desc limit 1) told on true
         where c.stage_told is distinct from told.stage`,
    },
    {
      id: 'I9',
      sentence: 'What an order credited went to its own line at its own epoch, while that epoch lasted.',
      find: (db) => readStrayCredits(db, deps.brands.get(db.brand).zone),
    },
    {
      id: 'L1',
      sentence:
        'A line has money at its epoch, and is owned at it unless the network was told that it is ceased.',
      sql: `
        select c.line, c.epoch, c.stage_told, a.id as account, o.epoch as owned_epoch
          from {{brand}}.line_clock c
          left join {{brand}}.line_account a on a.line = c.line and a.epoch = c.epoch
          left join {{brand}}.ownership o on o.line = c.line and o.until_day is null
         where a.id is null or o.epoch is distinct from case when c.stage_told = 'ceased' then null else c.epoch end`,
    },
  ]
}

async function brokenValidity(deps: CheckDeps, db: Reader): Promise<BrokenRow[]> {
  const inUse = await readPoliciesInUse(db)
  const byBalance = inUse.filter(({ policy, policy_version }) =>
    asksForBalance(deps.policyOf, policy, policy_version),
  )
  const policies = byBalance.map(({ policy }) => policy)
  const broken: BrokenRow[] = []
  for (let after = NO_LINE; ; ) {
    const moved = await readMovedLines(db, after, MOVED_AT_ONCE)
    for (let at = 0; at < moved.length; at += REPLAYED_AT_ONCE)
      broken.push(...(await replayLines(deps, db, moved.slice(at, at + REPLAYED_AT_ONCE), policies)))
    const last = moved.at(-1)
    if (last === undefined || moved.length < MOVED_AT_ONCE) return broken
    after = last
  }
}

async function replayLines(
  { brands, policyOf }: CheckDeps,
  db: Reader,
  lines: readonly string[],
  byBalance: readonly string[],
): Promise<BrokenRow[]> {
  const { zone } = brands.get(db.brand)
  const histories = await readHistories(db, lines, byBalance)
  return histories.flatMap((history) => {
    const { line, policy, policyVersion } = history.clock
    return replayLine(policyOf(policy, policyVersion), zone, history).map((fault) => ({ line, ...fault }))
  })
}

function asksForBalance(policyOf: PolicyOf, policy: string, version: number): boolean {
  const { rules } = policyOf(policy, version)
  return clockNames.some((clock) => rules['top-up'][clock].some((rule) => rule.by === 'balance-after'))
}

/** Lines that stand alike are judged once; only where one way to stand is wrong is it looked for who stands so. */
async function brokenStages({ clock, brands, policyOf }: CheckDeps, db: Reader): Promise<BrokenRow[]> {
  const brand = brands.get(db.brand)
  const faultOf = (standing: Standing) => {
    const policy = policyOf(standing.policy, standing.policyVersion)
    return stageFault(standing, policy, policyDay(clock, brand, policy))
  }
  const broken: BrokenRow[] = []
  for (let after: string | null = NO_LINE; after !== null; ) {
    const range = await readRange(db, after, JUDGED_AT_ONCE)
    const standings = await readStandings(db, range)
    const lines = standings.some((standing) => faultOf(standing) !== null) ? await readClocks(db, range) : []
    for (const line of lines) {
      const fault = faultOf(line)
      if (fault) broken.push({ line: line.line, ...fault })
    }
    after = range.upto
  }
  return broken
}

function stageFault({ stageTold, nextDueOn: due, state }: Standing, policy: Policy, today: number) {
  if (due !== null && due <= today) return null
  const stage = stageAt(policy, state, today)
  const latest = nextDueOn(policy, state, today)
  const isLate = latest !== null && (due === null || due > latest)
  return stage === stageTold && !isLate ? null : { stageTold, stage, dueOn: due, mustBeDueBy: latest }
}
