import type { Brands } from '../brand/index.ts'
import type { BrokenRow, Check } from '../platform/check.ts'
import type { Clock } from '../platform/clock.ts'
import type { Reader } from '../platform/db.ts'
import { nextDueOn, type Policy, stageAt } from '../policy/index.ts'
import { clockNames, type LineClock } from './line-clock.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import { replayLine } from './replay.ts'
import { readClocks, readHistories, readPoliciesInUse, readStrayCredits } from './replay-store.ts'

export interface CheckDeps {
  readonly clock: Clock
  readonly brands: Brands
  readonly policyOf: PolicyOf
}

const NO_LINE = '00000000-0000-0000-0000-000000000000'
const BATCH = 10_000

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

async function brokenValidity({ brands, policyOf }: CheckDeps, db: Reader): Promise<BrokenRow[]> {
  const { zone } = brands.get(db.brand)
  const inUse = await readPoliciesInUse(db)
  const byBalance = inUse.filter(({ policy, policy_version }) =>
    asksForBalance(policyOf, policy, policy_version),
  )
  const broken: BrokenRow[] = []
  for (let after = NO_LINE; ; ) {
    const histories = await readHistories(
      db,
      after,
      BATCH,
      byBalance.map(({ policy }) => policy),
    )
    for (const history of histories) {
      const { line, policy, policyVersion } = history.clock
      for (const fault of replayLine(policyOf(policy, policyVersion), zone, history))
        broken.push({ line, ...fault })
    }
    const last = histories.at(-1)
    if (!last) return broken
    after = last.clock.line
  }
}

function asksForBalance(policyOf: PolicyOf, policy: string, version: number): boolean {
  const { rules } = policyOf(policy, version)
  return clockNames.some((clock) => rules['top-up'][clock].some((rule) => rule.by === 'balance-after'))
}

async function brokenStages({ clock, brands, policyOf }: CheckDeps, db: Reader): Promise<BrokenRow[]> {
  const brand = brands.get(db.brand)
  const broken: BrokenRow[] = []
  for (let after = NO_LINE; ; ) {
    const lines = await readClocks(db, after, BATCH)
    for (const line of lines) {
      const policy = policyOf(line.policy, line.policyVersion)
      const row = brokenStage(line, policy, policyDay(clock, brand, policy))
      if (row) broken.push(row)
    }
    const last = lines.at(-1)
    if (!last) return broken
    after = last.line
  }
}

function brokenStage(clock: LineClock, policy: Policy, today: number): BrokenRow | null {
  const { line, stageTold, nextDueOn: due, state } = clock
  if (due !== null && due <= today) return null
  const stage = stageAt(policy, state, today)
  const latest = nextDueOn(policy, state, today)
  const isLate = latest !== null && (due === null || due > latest)
  return stage === stageTold && !isLate ? null : { line, stageTold, stage, dueOn: due, mustBeDueBy: latest }
}
