import type { Brand } from '../brand/index.ts'
import {
  type AllowanceKind,
  Book,
  type LineAccount,
  lockLineAccounts,
  openLineAccounts,
  postLineOpenings,
  sendLots,
  sendWrites,
} from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { nextDueOn, type Policy, type PolicyState, stageAt } from '../policy/index.ts'
import { sendEvents } from './event-store.ts'
import type { LineEvent } from './line-event.ts'
import { sendNewLines, sendSubscribers } from './store.ts'

/** An allowance that a line brings; `until` is exclusive, the amount in the unit of its kind. */
export interface BroughtLot {
  readonly kind: AllowanceKind
  readonly until: number
  readonly amount: bigint
}

/** A line that comes to us: new, or from another system with its clocks and money as they stand. */
export interface NewLine {
  /** E.164 digits, of the brand's number plan. */
  readonly msisdn: string
  readonly iccid: string | null
  readonly state: PolicyState
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
  readonly lots?: readonly BroughtLot[]
  /** The day since which the holder has the number; left out: today. */
  readonly heldSince?: number
  /** Whose it is: the reference under which another system knows the subscriber. */
  readonly owner?: string | null
  /** The row of the file it comes from, in its canonical form: told apart when the file comes again. */
  readonly imported?: string
}

export interface OpeningDeps {
  readonly clock: Clock
  readonly brand: Brand
  readonly policy: Policy
  readonly today: number
  /** What opens them, such as an import; named by the opening events. */
  readonly cause?: string
}

/**
 * Opens lines at epoch 1 on a business day: number, owner, clocks as given, an opening event to replay from, a money account and
 * its opening posting, lots. Set-based: a thousand lines cost about what one does. Answers the ids in the order given; a
 * number or an ICCID that is a line's already breaks `line_msisdn` or `line_iccid_key` at commit.
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
    heldSince: line.heldSince ?? today,
    owner: line.owner ?? null,
  }))
  const owners = new Set(opened.flatMap((line) => line.owner ?? []))
  sendSubscribers(
    tx,
    Array.from(owners, (reference) => ({ id: newId(nowMs), reference })),
    nowMs,
  )
  sendNewLines(tx, opened, nowMs)
  const events = sendOpenings(tx, deps, opened)
  sendLots(
    tx,
    opened.flatMap(({ id: line, epoch, lots = [] }) => lots.map((lot) => ({ ...lot, line, epoch }))),
  )
  await openLineAccounts(tx, clock, brand.currency, moneyOf(opened, events))
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
export async function postOpenings(tx: Tx, deps: OpeningDeps, opened: readonly OpenedLine[]): Promise<void> {
  const nowMs = deps.clock.instant()
  const events = sendOpenings(tx, deps, opened)
  if (opened.every((line) => line.paidMinor + line.bonusMinor === 0n)) return
  const ids = opened.map((line) => line.id)
  const byEpoch = accountsByEpoch(await lockLineAccounts(tx, ids))
  const accounts = opened.map(({ id, epoch }) => {
    const account = byEpoch.get(`${id} ${epoch}`)
    assert(account, `line ${id} has its account`)
    return account
  })
  const book = new Book(() => newId(nowMs))
  await postLineOpenings(tx, book, moneyOf(opened, events), accounts)
  sendWrites(tx, book.writes(), deps.clock.business(deps.brand.key), nowMs)
}

function moneyOf(opened: readonly OpenedLine[], events: readonly LineEvent[]) {
  return opened.map(({ id: line, epoch, paidMinor, bonusMinor }, i) => {
    const cause = (events[i] as LineEvent).id
    return { line, epoch, paidMinor, bonusMinor, cause }
  })
}

/** One event to a line, in the order given. */
function sendOpenings(
  tx: Tx,
  { clock, today, cause }: OpeningDeps,
  opened: readonly OpenedLine[],
): LineEvent[] {
  const nowMs = clock.instant()
  const events = opened.map(
    ({ id, epoch, state, stageTold: stage, imported }): LineEvent => ({
      id: newId(nowMs),
      line: id,
      epoch,
      kind: 'opening',
      onDay: today,
      detail: imported === undefined ? { state, stage } : { state, stage, imported },
      cause: cause ?? null,
    }),
  )
  sendEvents(tx, events, nowMs)
  return events
}

/** By `line epoch`. */
export function accountsByEpoch(accounts: readonly LineAccount[]): Map<string, LineAccount> {
  return new Map(accounts.map((account) => [`${account.line} ${account.epoch}`, account]))
}
