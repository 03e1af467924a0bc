import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { reissuableOn } from '../policy/index.ts'
import { type NewLine, type OpeningDeps, openingStage, postOpenings } from './open-lines.ts'
import type { PolicyOf } from './policy-day.ts'
import {
  freshClock,
  lockLines,
  resolveNumbers,
  sendClocks,
  sendIccids,
  sendOwnerships,
  sendTold,
} from './store.ts'

/**
 * Gives ceased numbers to new holders, at the epoch that began when they were ceased: fresh clocks, ownership and money.
 * Nothing of the former holder is touched or seen. Throws on a number that is no line, was not told ceased, or still rests.
 */
export async function reissueLines(
  tx: Tx,
  deps: OpeningDeps & { readonly policyOf: PolicyOf },
  lines: readonly NewLine[],
): Promise<void> {
  const { policy, today } = deps
  const ids = await resolveNumbers(
    tx,
    lines.map((line) => line.msisdn),
  )
  const clocks = new Map((await lockLines(tx, [...ids.values()])).map((clock) => [clock.msisdn, clock]))
  const reissued = lines.map((line) => {
    const clock = clocks.get(line.msisdn)
    assert(clock?.stageTold === 'ceased', `the number ${line.msisdn} was ceased`)
    const from = reissuableOn(deps.policyOf(clock.policy, clock.policyVersion), clock.state)
    assert(from !== null && from <= today, `the number ${line.msisdn} has rested long enough`)
    const opening = openingStage(policy, line.state, today)
    const { id: policyId, version: policyVersion } = policy
    return { ...line, ...opening, id: clock.line, epoch: clock.epoch, policy: policyId, policyVersion }
  })
  sendIccids(tx, reissued)
  sendOwnerships(
    tx,
    reissued.map(({ id: line, epoch }) => ({ line, epoch })),
    today,
  )
  sendClocks(tx, reissued.map(freshClock))
  sendTold(
    tx,
    reissued.map(({ id, ...line }) => ({ ...line, line: id })),
  )
  await postOpenings(tx, deps, reissued)
}
