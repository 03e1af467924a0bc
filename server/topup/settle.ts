import { setTimeout as sleep } from 'node:timers/promises'
import type { Brand } from '../brand/index.ts'
import type { Catalog, PriceTable } from '../catalog/index.ts'
import { holdDealers, readDealers } from '../dealer/index.ts'
import { activeApiKeys } from '../identity/index.ts'
import { type Account, readAccounts, readLineAccounts, unlockedAccounts } from '../ledger/index.ts'
import { lockLines, resolveNumbers } from '../line/index.ts'
import type { AttemptRow, EvidenceRow, Payments, RefundRow } from '../payment/index.ts'
import { type Batcher, createBatcher } from '../platform/batcher.ts'
import type { Clock } from '../platform/clock.ts'
import { brokenConstraint, CommitUnknown, type Db, isConnectionLoss, type Tx } from '../platform/db.ts'
import { assert, Refusal } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { idAt, newId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import { dayAt, type Policy } from '../policy/index.ts'
import { readQuotes } from '../quote/index.ts'
import { asWritten, sendAll } from './batch-writes.ts'
import type {
  AgentTopUpCommand,
  Command,
  DisputeCommand,
  HoldDecisionCommand,
  Outcome,
  RecallCommand,
  RefundAgainCommand,
  RefundCommand,
} from './command.ts'
import { createBatchCounter } from './count-batch.ts'
import { decide } from './decide.ts'
import type { Dispute } from './dispute.ts'
import { readDisputes } from './dispute-store.ts'
import { knownKeys } from './known.ts'
import { lockRefundsAsked, NOTHING_ASKED, type RefundsAsked, readRefundSide } from './refund-side.ts'
import { lockOrders, type RecentRow, readRecent } from './store.ts'
import type { TopUp } from './top-up.ts'
import type { State, Writes } from './work.ts'

export interface SettleDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly catalog: Pick<Catalog, 'priceTable'>
  readonly payments: Pick<Payments, 'takeEvidence' | 'lockAttempts' | 'refundsOf' | 'write'>
  readonly policyOf: (policy: string, version: number) => Policy
  /** Called after the commit with the orders that people may be looking at; never for agents' sales, which nobody awaits. */
  readonly tellChanged?: (brand: string, orders: readonly string[]) => void
}

/** Asks for whatever evidence waits, at most `limit` rows; its outcome says how many were taken. */
interface SweepCommand {
  readonly kind: 'sweep'
  readonly limit: number
}
/** What a caller waits for the outcome of. */
export type Settled =
  | AgentTopUpCommand
  | HoldDecisionCommand
  | RecallCommand
  | RefundCommand
  | RefundAgainCommand
  | DisputeCommand
type Submitted = Settled | SweepCommand
type Answer = Outcome | { readonly outcome: 'swept'; readonly taken: readonly string[] }

const MAX_BATCH = 1000
const MAX_QUEUE = 4000
/** While one batch is written the next is locked and read; they meet at the system accounts, last and briefly. */
const LANES = 2
/** A backlog is worked off as fast as may be, in batches that keep no notification waiting for long. */
const EVIDENCE_PER_BATCH = 250
const MAX_RETRIES = 5
const DUPLICATE_WINDOW_MS = 120_000
const BACKEND_GONE_WAIT_MS = 30_000

/** System accounts that a batch may move; each provider's clearing account is added when its evidence is there. */
const SYSTEM_KINDS = [
  'breakage',
  'commission',
  'deferred-revenue',
  'discount',
  'dispute-clearing',
  'fx-margin',
  'fx-position',
  'package-revenue',
  'promotion-bonus',
  'refund-clearing',
  'retention-fee-revenue',
  'subscriber-receivable',
  'topup-suspense',
] as const
/** The settling of one brand in this process. */
export interface Settler {
  settle(command: Settled): Promise<Outcome>
  /** Applies the evidence that waits now; resolves with how many rows were taken. */
  sweep(): Promise<number>
  drained(): Promise<void>
}

export function createSettler(deps: SettleDeps, brand: Brand): Settler {
  const shell: Shell = { ...deps, brand, postponed: new Map(), count: createBatchCounter(brand.key) }
  const batcher: Batcher<Submitted, Answer> = createBatcher({
    name: `settle ${brand.key}`,
    maxBatch: MAX_BATCH,
    lanes: LANES,
    shardOf,
    maxQueue: MAX_QUEUE,
    run: (commands) => runUntilJudged(shell, commands),
    isOutage: (error) => isConnectionLoss(error) || error instanceof CommitUnknown,
  })
  const sweep = async (limit: number): Promise<number> => {
    const answer = await batcher.submit({ kind: 'sweep', limit })
    return answer.outcome === 'swept' ? answer.taken.length : 0
  }
  return {
    settle: (command) => batcher.submit(command) as Promise<Outcome>,
    async sweep() {
      try {
        for (let taken = 0; ; ) {
          const batch = await sweep(EVIDENCE_PER_BATCH)
          taken += batch
          if (batch < EVIDENCE_PER_BATCH) return taken
        }
      } catch (error) {
        if (isConnectionLoss(error) || error instanceof Refusal) throw error
        return await sweepOneByOne(shell, () => sweep(1))
      }
    },
    drained: () => batcher.drained(),
  }
}

/** A dealer's sales wait for its float and its receipt numbers: they go by one lane as far as they can. */
function shardOf(command: Submitted): number {
  return command.kind === 'agent-top-up' ? Number.parseInt(command.dealer.slice(-4), 16) : 0
}

interface Shell extends SettleDeps {
  readonly brand: Brand
  /** Evidence that broke its batch when taken alone, until when it is left; a person finds it in the log. */
  readonly postponed: Map<string, number>
  readonly count: ReturnType<typeof createBatchCounter>
}

const POSTPONE_MS = 60_000

/** Poison among evidence: each row alone, and the one that fails is left for a minute, so that the others go on. */
async function sweepOneByOne(shell: Shell, sweepOne: () => Promise<number>): Promise<number> {
  for (let applied = 0; ; ) {
    try {
      const taken = await sweepOne()
      if (taken === 0) return applied
      applied += taken
    } catch (error) {
      const [poison] = (error as { evidence?: readonly string[] }).evidence ?? []
      if (!poison) throw error
      shell.postponed.set(poison, shell.clock.instant() + POSTPONE_MS)
      shell.log.error({ err: error, evidence: poison, brand: shell.brand.key }, 'evidence cannot be applied')
    }
  }
}

/**
 * Runs a batch until its fate is known. UNIQUE judges keys between batches, and its floor what was read of a float: who
 * comes second reads again and decides again. A commit whose answer was lost is looked up by key once its backend is gone,
 * never guessed.
 */
async function runUntilJudged(shell: Shell, submitted: readonly Submitted[]): Promise<Answer[]> {
  let alone = false
  for (let retries = 0; ; retries++) {
    try {
      return await runBatch(shell, submitted, alone)
    } catch (error) {
      if (error instanceof CommitUnknown) {
        await backendGone(shell, error.backendPid)
        continue
      }
      const broken = brokenConstraint(error)
      if ((broken !== 'top_up_key' && broken !== 'account_floor') || retries >= MAX_RETRIES) throw error
      // Other sales took what this batch had seen in a float: with its dealers to itself it sees what is left.
      alone ||= broken === 'account_floor'
    }
  }
}

/** Once the backend is gone its transaction stands or does not; running again finds committed keys and replays them. */
async function backendGone({ clock, db }: Shell, pid: number): Promise<void> {
  const until = clock.instant() + BACKEND_GONE_WAIT_MS
  for (;;) {
    const alive = await db.backendAlive(pid).catch((error: unknown) => {
      if (!isConnectionLoss(error)) throw error
      return true
    })
    if (!alive) return
    if (clock.instant() > until) throw new Error(`backend ${pid} neither answers nor ends`)
    await sleep(50)
  }
}

async function runBatch(shell: Shell, submitted: readonly Submitted[], alone: boolean): Promise<Answer[]> {
  const { brand, clock, policyOf } = shell
  const brandDb = shell.db.of(brand.key)
  const agents = submitted.filter((command) => command.kind === 'agent-top-up')
  const nowMs = clock.instant()
  const businessMs = clock.business(brand.key)
  const today = dayAt(businessMs, brand.zone)
  // Read before anything is locked: a number is one line for ever.
  const [prices, numbers] = await Promise.all([
    pricesOf(shell, today),
    resolveNumbers(brandDb, unique(agents.map((command) => command.msisdn))),
  ])
  const known = { brand, today, nowMs, businessMs, newId: () => newId(nowMs), policyOf, numbers }
  let evidence: readonly string[] = []
  let changed: readonly string[] = []
  let count = () => {}
  const batch = brandDb.tx(async (tx) => {
    await failpoint('settle.begin')
    const paid = await lockPaid(shell, tx, submitted, nowMs)
    evidence = paid.evidence.map((row) => row.id)
    // Sweeps that find nothing have nothing to lock. Evidence that leads nowhere is poison, not nothing.
    const nothing = paid.evidence.length === 0 && submitted.every(({ kind }) => kind === 'sweep')
    if (nothing) return async () => arrange(submitted, []).answersOf([])
    if (prices instanceof Refusal) throw prices
    const moment = { ...known, priceTable: prices }
    const state = await lockState(shell, tx, moment, agents, paid, alone)
    const { commands, answersOf } = arrange(submitted, paid.evidence)
    const { outcomes, writes } = decide(state, commands)
    await failpoint('settle.decided')
    await shell.payments.write(tx, writes, nowMs)
    const written = sendAll(tx, state, writes)
    changed = changedBy(writes, state)
    count = () => shell.count(commands, outcomes, writes, state)
    await failpoint('settle.written')
    return async () => answersOf(await asWritten(outcomes, writes, state, written))
  })
  const committed = await batch.catch((error: unknown) => {
    // So that a sweep that fails alone can tell which row to leave.
    throw Object.assign(error as Error, { evidence })
  })
  count()
  if (changed.length > 0) shell.tellChanged?.(brand.key, changed)
  return await committed()
}

/** A brand may have nothing to sell yet: then it has nothing to settle either, and what looks for that must not fail. */
async function pricesOf({ catalog, brand }: Shell, today: number): Promise<PriceTable | Refusal> {
  return await catalog.priceTable(brand.key, today).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    return error
  })
}

/** Orders that were there before the batch and look different after it. */
function changedBy({ changedOrders, attempts }: Writes, state: State): string[] {
  const paidFor = attempts.flatMap(({ id }) => state.attempts.get(id)?.order ?? [])
  return unique([...changedOrders.map(({ id }) => id), ...paidFor])
}

interface Paid {
  readonly evidence: readonly EvidenceRow[]
  readonly orders: readonly TopUp[]
  readonly attempts: readonly AttemptRow[]
  readonly refunds: readonly RefundRow[]
  readonly asked: RefundsAsked
  readonly disputes: readonly Dispute[]
}

/** What speaks of payments, in lock order: evidence, orders, attempts, refunds and what was asked for. */
async function lockPaid(
  { payments, postponed }: Shell,
  tx: Tx,
  submitted: readonly Submitted[],
  nowMs: number,
): Promise<Paid> {
  const limit = Math.max(0, ...submitted.map((command) => (command.kind === 'sweep' ? command.limit : 0)))
  const taken = limit > 0 ? await payments.takeEvidence(tx, limit + postponed.size) : []
  const evidence = taken.filter((row) => (postponed.get(row.id) ?? 0) <= nowMs).slice(0, limit)
  const named = submitted.flatMap((command) => ('order' in command ? [command.order] : []))
  const orderIds = unique([...evidence.map((row) => row.order), ...named])
  if (orderIds.length === 0)
    return { evidence, orders: [], attempts: [], refunds: [], asked: NOTHING_ASKED, disputes: [] }
  const orders = await lockOrders(tx, orderIds)
  const attempts = await payments.lockAttempts(tx, orderIds)
  const refunds = await payments.refundsOf(tx, orderIds)
  const taking = submitted.flatMap((command) =>
    command.kind === 'refund' || command.kind === 'dispute' ? [command.order] : [],
  )
  const asked = await lockRefundsAsked(tx, taking)
  const disputed = evidence.flatMap(({ dispute, order }) => (dispute === null ? [] : [order]))
  const disputes = await readDisputes(tx, unique([...taking, ...disputed]))
  return { evidence, orders, attempts, refunds, asked, disputes }
}

type Moment = Pick<
  State,
  'brand' | 'today' | 'nowMs' | 'businessMs' | 'newId' | 'priceTable' | 'policyOf' | 'numbers'
>

/** Locks and reads everything else the batch needs; nearly all of it travels in one round trip. */
async function lockState(
  { clock }: Shell,
  tx: Tx,
  moment: Moment,
  agents: readonly AgentTopUpCommand[],
  { orders, attempts, refunds, asked, disputes }: Paid,
  alone: boolean,
): Promise<State> {
  const corrected = asked.requests.flatMap(({ toLine }) => toLine ?? [])
  const lines = unique([...moment.numbers.values(), ...orders.map((order) => order.line), ...corrected])
  const returning = orders.flatMap(({ dealer }) => dealer ?? [])
  const dealerIds = unique([...agents.map((command) => command.dealer), ...returning])
  const asking = agents.some((command) => !command.confirmDuplicate)
  const clearing = unique(attempts.map((attempt) => `${attempt.provider}:${attempt.merchant}`))
  // What keys have led to is read under the locks of the lines, as a retry names the same line; dealers and their API keys
  // while the dealers are held.
  const [clocks, lineAccounts, known, recent, , floats, system, dealers, activeKeys] = await Promise.all([
    lockLines(tx, lines),
    readLineAccounts(tx, lines),
    knownKeys(tx, agents),
    asking ? readRecent(tx, lines, idAt(moment.nowMs - DUPLICATE_WINDOW_MS)) : ([] as RecentRow[]),
    holdDealers(tx, dealerIds, alone ? 'alone' : 'shared'),
    readAccounts(
      tx,
      dealerIds.map((subject) => ({ kind: 'dealer-float' as const, subject })),
    ),
    unlockedAccounts(tx, [
      ...SYSTEM_KINDS.map((kind) => ({ kind, subject: '' })),
      ...clearing.map((subject) => ({ kind: 'provider-clearing' as const, subject })),
      ...returning.map((subject) => ({ kind: 'dealer-receivable' as const, subject })),
    ]),
    readDealers(tx, dealerIds),
    activeApiKeys(tx, unique(agents.map((command) => command.caller))),
  ])
  const quotes = await readQuotes(
    tx,
    attempts.flatMap(({ quote }) => quote ?? []),
  )
  const refunding = await readRefundSide(tx, moment, asked, orders, clocks, clock)
  const floatOfDealer = byKey(floats, (float) => float.subject)
  return {
    ...moment,
    known,
    lines: byKey(clocks, (clock) => clock.line),
    lineAccounts: byKey(lineAccounts, (account) => `${account.line} ${account.epoch}`),
    dealers: new Map(
      [...dealers].map(([id, dealer]) => [id, { ...dealer, float: floatOf(floatOfDealer, id) }]),
    ),
    activeKeys,
    accounts: byKey(system, ({ kind, subject, currency }) => `${kind} ${subject} ${currency}`),
    recent: new Set(recent.map((row) => `${row.caller} ${row.line} ${row.load}`)),
    orders: byKey(orders, (order) => order.id),
    attempts: byKey(attempts, (attempt) => attempt.id),
    refunds: byKey(refunds, (refund) => refund.id),
    quotes: byKey(quotes, (quote) => quote.id),
    refunding,
    disputes: byKey(disputes, (dispute) => dispute.id),
  }
}

function floatOf(floats: ReadonlyMap<string, Account>, dealer: string): Account {
  const float = floats.get(dealer)
  assert(float, `dealer ${dealer} has a float`)
  return float
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function byKey<T>(rows: readonly T[], key: (row: T) => string): Map<string, T> {
  return new Map(rows.map((row) => [key(row), row]))
}

/** Puts the evidence where its sweep stands among the commands, and the outcomes back to who asked. */
function arrange(submitted: readonly Submitted[], evidence: readonly EvidenceRow[]) {
  const first = submitted.findIndex((command) => command.kind === 'sweep')
  const commands = submitted.flatMap((command, i): Command[] =>
    command.kind !== 'sweep'
      ? [command]
      : i === first
        ? evidence.map((row) => ({ kind: 'evidence', evidence: row }))
        : [],
  )
  const answersOf = (outcomes: readonly Outcome[]): Answer[] => {
    const waiting = outcomes.filter((_, i) => commands[i]?.kind !== 'evidence')
    return submitted.map((command) =>
      command.kind === 'sweep'
        ? { outcome: 'swept', taken: evidence.map((row) => row.id) }
        : (waiting.shift() as Outcome),
    )
  }
  return { commands, answersOf }
}
