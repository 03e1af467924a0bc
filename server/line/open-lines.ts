import type { Brand } from '../brand/index.ts'
import {
  Book,
  insertLineAccounts,
  type LineAccount,
  lockAccounts,
  lockLineAccounts,
  sendWrites,
} from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { nextDueOn, type Policy, type PolicyState, stageAt } from '../policy/index.ts'
import { sendEvents } from './event-store.ts'
import type { LineEvent } from './line-event.ts'
import { insertLines } from './store.ts'

/** A line that comes to us: new, or from another system with its clocks and money as they stand. */
export interface NewLine {
  /** E.164 digits, of the brand's number plan. */
  readonly msisdn: string
  readonly iccid: string | null
  readonly state: PolicyState
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
}

export interface OpeningDeps {
  readonly clock: Clock
  readonly brand: Brand
  readonly policy: Policy
  readonly today: number
}

/**
 * Opens lines at epoch 1 on a business day: number, clocks as given, an opening event to replay from, a money account and
 * its opening posting. Set-based: a thousand lines cost about what one does. Answers the ids in the order given.
 */
export async function openLines(tx: Tx, deps: OpeningDeps, lines: readonly NewLine[]): Promise<string[]> {
  const { clock, brand, policy, today } = deps
  const nowMs = clock.instant()
  const opened = lines.map((line) => ({
    ...line,
    ...openingStage(policy, line.state, today),
    id: newId(nowMs),
    epoch: 1,
    policy: policy.id,
    policyVersion: policy.version,
  }))
  await insertLines(tx, opened, today, nowMs)
  const accounts = opened.map(({ id }) => ({ id: newId(nowMs), line: id, epoch: 1 }))
  await insertLineAccounts(tx, accounts, brand.currency)
  await postOpenings(tx, deps, opened)
  return opened.map((line) => line.id)
}

/**
 * The network knows the stage of a line that comes with its clocks. One whose time is already over is due at once, so that
 * the sweep ends it as it ends any other.
 */
export function openingStage(policy: Policy, state: PolicyState, today: number) {
  const stage = stageAt(policy, state, today)
  return stage === 'ceased'
    ? { stageTold: 'pre-active' as const, nextDueOn: today }
    : { stageTold: stage, nextDueOn: nextDueOn(policy, state, today) }
}

export interface OpenedLine extends NewLine {
  readonly id: string
  readonly epoch: number
  readonly stageTold: ReturnType<typeof openingStage>['stageTold']
}

/** Writes the opening events and posts what the lines bring; their accounts are open. */
export async function postOpenings(
  tx: Tx,
  { clock, brand, today }: OpeningDeps,
  opened: readonly OpenedLine[],
): Promise<void> {
  const nowMs = clock.instant()
  const events = opened.map(
    ({ id, epoch, state, stageTold }): LineEvent => ({
      id: newId(nowMs),
      line: id,
      epoch,
      kind: 'opening',
      onDay: today,
      detail: { state, stage: stageTold },
      cause: null,
    }),
  )
  sendEvents(tx, events, nowMs)
  if (opened.every((line) => line.paidMinor + line.bonusMinor === 0n)) return
  const ids = opened.map((line) => line.id)
  const accounts = accountsByEpoch(await lockLineAccounts(tx, ids))
  const [opening] = await lockAccounts(tx, [{ kind: 'opening-balance', subject: '' }])
  assert(opening, `the opening-balance account of ${brand.key} is open`)
  const book = new Book(() => newId(nowMs))
  for (const [i, { id, epoch, paidMinor: paid, bonusMinor: bonus }] of opened.entries()) {
    const account = accounts.get(`${id} ${epoch}`)
    assert(account, `line ${id} has its account`)
    const parties = { 'line-balance': account, 'opening-balance': opening }
    const cause = (events[i] as LineEvent).id
    const outcome = book.post('line-opening', { amounts: { paid, bonus }, parties, cause })
    assert(outcome.posted, 'an opening adds')
  }
  sendWrites(tx, book.writes(), clock.business(brand.key), nowMs)
}

/** By `line epoch`. */
export function accountsByEpoch(accounts: readonly LineAccount[]): Map<string, LineAccount> {
  return new Map(accounts.map((account) => [`${account.line} ${account.epoch}`, account]))
}
