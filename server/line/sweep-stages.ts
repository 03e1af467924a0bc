import type { Brand, Brands } from '../brand/index.ts'
import {
  Book,
  insertLineAccounts,
  type LineAccount,
  lockAccounts,
  lockLineAccounts,
  sendWrites,
} from '../ledger/index.ts'
import { createBatcher } from '../platform/batcher.ts'
import type { Clock } from '../platform/clock.ts'
import { CommitUnknown, type Db, isConnectionLoss, type Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import { dayAt } from '../policy/index.ts'
import { sendEvents } from './event-store.ts'
import type { LineClock } from './line-clock.ts'
import type { LineEvent } from './line-event.ts'
import { type Look, lookAt } from './look.ts'
import { accountsByEpoch } from './open-lines.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import { type DueLine, lockLines, readDue, sendClocks, sendOwnershipEnds, sendTold } from './store.ts'

export interface SweepDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  readonly policyOf: PolicyOf
  /** Which of these lines have a paid or unknown top-up under way: such a line is not moved to a losing stage. */
  readonly underWay: (tx: Tx, lines: readonly string[]) => Promise<ReadonlySet<string>>
}

/** What a sweep did: lines it moved, lines it left because a top-up is under way, lines that could not be moved (logged). */
export interface Swept {
  readonly moved: number
  readonly left: number
  readonly failed: number
}

type Outcome = 'moved' | 'left' | 'nothing'

const BATCH = 1000

/**
 * Looks at every line whose day has come: takes the fees that keep it, tells the network its stage, ends what is over.
 * Safe to run at any time, in several processes, and again after a crash: a line is judged by what it is under its lock.
 */
export async function sweepStages(deps: SweepDeps, brandKey: string): Promise<Swept> {
  const brand = deps.brands.get(brandKey)
  const batcher = createBatcher<string, Outcome>({
    name: `stage sweep ${brandKey}`,
    maxBatch: BATCH,
    maxQueue: BATCH,
    run: (lines) => deps.db.of(brandKey).tx((tx) => sweepBatch(tx, deps, brand, lines)),
    isOutage: (error) => isConnectionLoss(error) || error instanceof CommitUnknown,
  })
  const counts = { moved: 0, left: 0, failed: 0, nothing: 0 }
  let after: DueLine | null = null
  for (;;) {
    const today = dayAt(deps.clock.business(brandKey), brand.zone)
    const due: DueLine[] = await readDue(deps.db.of(brandKey), today, after, BATCH)
    if (due.length === 0) break
    const settled = await Promise.allSettled(due.map(({ line }) => batcher.submit(line)))
    for (const [i, result] of settled.entries()) {
      if (result.status === 'fulfilled') {
        counts[result.value]++
        continue
      }
      counts.failed++
      deps.log.error({ err: result.reason, brand: brandKey, line: due[i]?.line }, 'a line could not be swept')
    }
    // The rest of what is due was in this reading.
    if (due.length < BATCH) break
    after = due.at(-1) ?? null
  }
  return { moved: counts.moved, left: counts.left, failed: counts.failed }
}

interface Judged {
  readonly clock: LineClock
  readonly account: LineAccount
  readonly look: Look
  readonly today: number
}

async function sweepBatch(
  tx: Tx,
  deps: SweepDeps,
  brand: Brand,
  lines: readonly string[],
): Promise<Outcome[]> {
  await failpoint('sweep.begin')
  const [clocks, lineAccounts, underWay] = await Promise.all([
    lockLines(tx, lines),
    lockLineAccounts(tx, lines),
    deps.underWay(tx, lines),
  ])
  const accounts = accountsByEpoch(lineAccounts)
  const outcomes = new Map<string, Outcome>()
  const judged: Judged[] = []
  for (const clock of clocks) {
    const policy = deps.policyOf(clock.policy, clock.policyVersion)
    const today = policyDay(deps.clock, brand, policy)
    // Another process may have come first, and a policy's day may begin later than the calendar's.
    if (clock.nextDueOn === null || clock.nextDueOn > today) continue
    const account = accounts.get(`${clock.line} ${clock.epoch}`)
    assert(account, `line ${clock.line} has an account at epoch ${clock.epoch}`)
    const money = { paid: account.paidMinor, bonus: account.bonusMinor }
    const look = lookAt(policy, clock, money, today)
    const left = look.loses && underWay.has(clock.line)
    outcomes.set(clock.line, left ? 'left' : moves(clock, look) ? 'moved' : 'nothing')
    if (!left) judged.push({ clock, account, look, today })
  }
  await write(tx, deps, brand, judged)
  await failpoint('sweep.written')
  return lines.map((line) => outcomes.get(line) ?? 'nothing')
}

function moves(clock: LineClock, look: Look): boolean {
  return look.stage !== clock.stageTold || look.fees.length > 0 || look.forfeited !== null
}

async function write(tx: Tx, { clock }: SweepDeps, brand: Brand, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return
  const nowMs = clock.instant()
  const ceased = judged.filter(({ look }) => look.ceasedOn !== null)
  const { events, book } = await settleMoney(tx, judged, () => newId(nowMs))
  sendWrites(tx, book.writes(), clock.business(brand.key), nowMs)
  sendEvents(tx, [...events, ...tellings(judged, () => newId(nowMs))], nowMs)
  sendClocks(
    tx,
    judged.map(({ clock, look }) => ({ ...clock, state: look.state, nextDueOn: look.nextDueOn })),
  )
  sendTold(
    tx,
    judged.map(({ clock, look }) => ({
      ...clock,
      epoch: look.ceasedOn === null ? clock.epoch : clock.epoch + 1,
      stageTold: look.stage,
    })),
  )
  sendOwnershipEnds(
    tx,
    ceased.map(({ clock: { line, epoch }, look }) => ({ line, epoch, untilDay: look.ceasedOn as number })),
  )
  // The next holder's account is there from the start, so that a line always has one at its epoch.
  if (ceased.length > 0) {
    const opened = ceased.map(({ clock: { line, epoch } }) => ({ id: newId(nowMs), line, epoch: epoch + 1 }))
    await insertLineAccounts(tx, opened, brand.currency)
  }
}

/** The network is told after everything else of the day: the last act of an epoch is that it ended. */
function tellings(judged: readonly Judged[], makeId: () => string): LineEvent[] {
  return judged
    .filter(({ clock, look }) => look.stage !== clock.stageTold)
    .map(({ clock, look, today }) => ({
      id: makeId(),
      line: clock.line,
      epoch: clock.epoch,
      kind: 'stage-told',
      onDay: look.ceasedOn ?? today,
      detail: { from: clock.stageTold, to: look.stage },
      cause: null,
    }))
}

/** Fees and forfeits of the batch, each an event and a posting that names it. */
async function settleMoney(tx: Tx, judged: readonly Judged[], makeId: () => string) {
  const book = new Book(makeId)
  const events: LineEvent[] = []
  const moving = judged.filter(({ look }) => look.fees.length > 0 || look.forfeited !== null)
  if (moving.length === 0) return { events, book }
  const kinds = ['breakage', 'promotion-bonus', 'retention-fee-revenue'] as const
  const system = await lockAccounts(
    tx,
    kinds.map((kind) => ({ kind, subject: '' })),
  )
  const of = (kind: (typeof kinds)[number]) => {
    const account = system.find((candidate) => candidate.kind === kind)
    assert(account, `the system account ${kind} is open`)
    return account
  }
  for (const { clock, account, look, today } of moving) {
    const common = { line: clock.line, epoch: clock.epoch, cause: null }
    for (const { on, split } of look.fees) {
      const id = makeId()
      events.push({ ...common, id, kind: 'retention-fee', onDay: on, detail: {} })
      const parties = { 'line-balance': account, 'retention-fee-revenue': of('retention-fee-revenue') }
      const outcome = book.post('retention-fee', { amounts: split, parties, cause: id })
      assert(outcome.posted, 'a fee is due only while the balance covers it')
    }
    if (look.forfeited === null) continue
    const id = makeId()
    const { paid, bonus } = look.forfeited
    const detail = { paidMinor: paid.toString(), bonusMinor: bonus.toString() }
    events.push({ ...common, id, kind: 'credit-forfeited', onDay: today, detail })
    const parties = {
      'line-balance': account,
      breakage: of('breakage'),
      'promotion-bonus': of('promotion-bonus'),
    }
    const outcome = book.post('breakage', { amounts: { paid, bonus }, parties, cause: id })
    assert(outcome.posted, 'what is on the line can be forfeited')
  }
  return { events, book }
}
