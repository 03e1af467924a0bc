import type { Brands, Switches } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Reader, Tx } from '../platform/db.ts'
import type { Http } from '../platform/http.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'
import { createAllowance } from './allowance.ts'
import type { AttemptChange, AttemptRow } from './attempt.ts'
import {
  attemptsOf,
  type Captured,
  capturedSince,
  lockAttempts,
  watch,
  writeAttempts,
} from './attempt-store.ts'
import { type Authorisations, createAuthorisations } from './authorisation.ts'
import { createBreaker } from './breaker.ts'
import { type CloseResult, closeOpen } from './close.ts'
import type { Evidence, EvidenceRow } from './evidence.ts'
import { markApplied, takeEvidence } from './evidence-store.ts'
import { createMerchants } from './merchant.ts'
import type { NewMerchant } from './merchant-secrets.ts'
import type { BillOutcome, NotTaken, ProviderName } from './port.ts'
import { type Probed, probe } from './probe.ts'
import { providers } from './providers/registry.ts'
import { queryDue } from './query.ts'
import { deafToListeners } from './query-schedule.ts'
import { createRecorder } from './record.ts'
import type { NewRefund, RefundChange, RefundRow } from './refund.ts'
import { insertRefunds, lockRefunds, refundsOf, writeRefunds } from './refund-store.ts'
import { notificationRoutes, type TakeStatement } from './routes.ts'
import { sendRefunds } from './send-refund.ts'
import {
  type OpenInput,
  type OpenOutcome,
  openAttempt,
  type StartInput,
  type StartOutcome,
  startAttempt,
} from './start.ts'
import { type WaysDeps, wayRoutes } from './ways.ts'

export type { AttemptChange, AttemptRow, Capture } from './attempt.ts'
export { checks as paymentChecks } from './checks.ts'
export type { CloseResult } from './close.ts'
export { paymentErrors } from './errors.ts'
export type { Evidence, EvidenceRow } from './evidence.ts'
export { businessFigures as paymentFigures } from './figures.ts'
export type { NewMerchant } from './merchant-secrets.ts'
export { type ListedMerchant, listMerchants } from './merchant-store.ts'
export type { BillOutcome, NotTaken, ProviderName } from './port.ts'
export {
  meantAsReference,
  referenceOf,
  referencesIn,
  signsApart,
} from './providers/bank/reference.ts'
export type { NewRefund, RefundChange, RefundRow } from './refund.ts'
export { refundStates } from './refund.ts'
export type { TakeStatement } from './routes.ts'
export { type Spoken, spokenOf } from './spoken-store.ts'
export type { OpenInput, OpenOutcome, StartInput, StartOutcome } from './start.ts'
export {
  fileEvidence,
  paymentsGivenBack,
  type TransferAccount,
  type TransferAttempt,
  type TransferRefund,
  transferAccount,
  transferRefunds,
  transfersAwaited,
  transfersByReference,
  transfersOfOrder,
} from './transfer-store.ts'

/** What settle decided, written in its transaction; every row named was locked by `lockAttempts` or `refundsOf`. */
export interface PaymentWrites {
  readonly attempts: readonly AttemptChange[]
  readonly evidenceApplied: readonly string[]
  readonly newRefunds: readonly NewRefund[]
  readonly refundChanges: readonly RefundChange[]
}

export interface PaymentsRead {
  readonly attempts: readonly AttemptRow[]
  readonly refunds: readonly RefundRow[]
}

/** The money between subscribers and providers: attempts, what providers say of them, and refunds. Knows orders by id only. */
export interface Payments {
  /** Writes an attempt (`created`) in the caller's transaction; UNIQUE (caller, key) judges. */
  open(tx: Tx, input: OpenInput): Promise<OpenOutcome>
  /** How a page inside a rail's own app learns who pays. */
  readonly authorisations: Authorisations
  /** Calls the provider, outside any transaction, and keeps its answer. */
  start(brand: string, attempt: string, input: StartInput): Promise<StartOutcome>
  /** Asks sooner: `listening` while pages wait (say it every few seconds), `returned` when the payer is back. */
  watch(brand: string, attempts: readonly string[], why: 'listening' | 'returned'): Promise<void>
  /** Closes an order's open attempts at the provider, outside any transaction. */
  closeOpen(brand: string, order: string): Promise<CloseResult>

  /** Files evidence that the caller has verified; resolves once it, or the same saying before it, is committed. */
  record(brand: string, evidence: Evidence): Promise<void>
  /** Unapplied evidence, oldest first, locked with `skip locked`. */
  takeEvidence(tx: Tx, limit: number): Promise<EvidenceRow[]>
  /** All attempts of these orders, locked by id. */
  lockAttempts(tx: Tx, orders: readonly string[]): Promise<AttemptRow[]>
  /** All refunds of these orders, locked by id. */
  refundsOf(tx: Tx, orders: readonly string[]): Promise<RefundRow[]>
  write(tx: Tx, writes: PaymentWrites, nowMs: number): Promise<void>
  /** All attempts and refunds of these orders without a lock, each in the order they were made: for whoever shows them. */
  read(db: Reader, orders: readonly string[]): Promise<PaymentsRead>
  /** Payments made since an instant, the newest first. */
  capturedSince(db: Reader, sinceMs: number, limit: number): Promise<Captured[]>
  /** Called in this process after evidence was committed. Other processes' evidence is found by sweeping. */
  onEvidence(listener: (brand: string) => void): void

  /** A merchant's statement of a local day of its rail; undefined where the rail gives none. */
  fetchBill(
    brand: string,
    merchant: { readonly provider: ProviderName; readonly id: string },
    day: string,
  ): Promise<BillOutcome | undefined>
  /** Asks the provider about an attempt now, as a person wishes; null: there is none. */
  probe(brand: string, attempt: string): Promise<Probed | null>
  /** One round of the query loop, of the refund sender; both answer how many they took. */
  queryDue(brand: string): Promise<number>
  sendRefunds(brand: string): Promise<number>
  startLoops(): void
  stopLoops(): Promise<void>

  routes(http: Http): Promise<void>
  /** Notifications not taken since start, by what was wrong with them. */
  readonly refusedNotifications: Readonly<Record<NotTaken, number>>

  /** Adds or replaces a merchant. */
  addMerchant(tx: Tx, merchant: NewMerchant): Promise<void>
  /** The provider changes its key: give the new one first and the old one after it until none is left in flight. */
  setProviderKeys(tx: Tx, provider: ProviderName, merchant: string, keys: readonly string[]): Promise<void>
  /** Our public key (base64 SPKI), for the provider's console; null where the rail signs by a shared secret. */
  publicKeyOf(db: Reader, provider: ProviderName, merchant: string): Promise<string | null>
}

export interface PaymentsDeps {
  readonly db: Db
  /** Where notifications commit, so that a busy house still acknowledges them in time; the main pool when absent. */
  readonly notificationDb?: Db
  readonly brands: Brands
  readonly switches: Switches
  readonly clock: Clock
  readonly log: Log
  readonly masterKey: Buffer
  /** Origin at which providers reach a brand, e.g. `https://pay.example.cn`. */
  readonly originOf: (brand: string) => string
  /** Who reads a bank's notices of what was booked. */
  readonly takeStatement?: TakeStatement
  /** Whether orders can be quoted in a currency; the room of quotes stands beside this one. */
  readonly quotable?: WaysDeps['quotable']
  /** How often one merchant's provider is asked at most, per process; default 50. */
  readonly queriesPerSecond?: number
}

const PAUSE_MS = 500

export function createPayments(deps: PaymentsDeps): Payments {
  const { db, brands, switches, clock, log, masterKey, originOf, quotable } = deps
  const merchants = createMerchants({ db, clock, masterKey, providers })
  const recorder = createRecorder({ db: deps.notificationDb ?? db, clock })
  const refusedNotifications = { signature: 0, merchant: 0, malformed: 0, unanswered: 0 }
  const allowance = createAllowance(deps.queriesPerSecond ?? 50)
  const breaker = createBreaker()
  const calls = { db, clock, log, merchants, recorder, allowance, breaker, random: Math.random }
  let loops: Loop[] = []

  return {
    authorisations: createAuthorisations({ db, clock, masterKey, merchants }),
    open: (tx, input) => openAttempt(breaker, tx, input),
    start: (brand, attempt, input) => startAttempt({ ...calls, originOf }, brand, attempt, input),
    watch: (brand, attempts, why) => watchFor(calls, brand, attempts, why),
    closeOpen: (brand, order) => closeOpen(calls, brand, order),

    record: recorder.record,
    takeEvidence,
    lockAttempts,
    refundsOf: lockRefunds,
    async write(tx, { attempts, evidenceApplied, newRefunds, refundChanges }, nowMs) {
      await Promise.all([
        attempts.length > 0 && writeAttempts(tx, attempts),
        evidenceApplied.length > 0 && markApplied(tx, evidenceApplied, nowMs),
        newRefunds.length > 0 && insertRefunds(tx, newRefunds),
        refundChanges.length > 0 && writeRefunds(tx, refundChanges),
      ])
    },
    async read(db, orders) {
      const [attempts, refunds] = await Promise.all([attemptsOf(db, orders), refundsOf(db, orders)])
      return { attempts, refunds }
    },
    capturedSince,
    onEvidence: recorder.onEvidence,

    async fetchBill(brand, { provider, id }, day) {
      return await (await merchants.provider(brand, provider, id))?.fetchBill?.(day)
    },
    probe: (brand, attempt) => probe(calls, brand, attempt),
    queryDue: (brand) => queryDue(calls, brand),
    sendRefunds: (brand) => sendRefunds({ ...calls, originOf }, brand),
    startLoops() {
      loops = brands.all.flatMap(({ key }) => [
        startLoop(`payment.query ${key}`, PAUSE_MS, () => queryDue(calls, key), log),
        startLoop(`payment.refund ${key}`, PAUSE_MS, () => sendRefunds({ ...calls, originOf }, key), log),
      ])
    },
    async stopLoops() {
      await Promise.all(loops.map((loop) => loop.stop()))
      loops = []
      await recorder.drained()
    },

    async routes(http) {
      await notificationRoutes(http, {
        ...{ brands, log, merchants, recorder, refusedNotifications },
        takeStatement: deps.takeStatement,
      })
      await http.register(wayRoutes({ db, clock, switches, breaker, ...(quotable ? { quotable } : {}) }))
    },
    refusedNotifications,
    addMerchant: merchants.add,
    setProviderKeys: merchants.setProviderKeys,
    publicKeyOf: merchants.publicKeyOf,
  }
}

const WATCH_MS = { listening: 15_000, returned: 60_000 }
const ASK_MS = { listening: 3_000, returned: 0 }

async function watchFor(
  { db, clock }: Pick<PaymentsDeps, 'db' | 'clock'>,
  brand: string,
  attempts: readonly string[],
  why: 'listening' | 'returned',
): Promise<void> {
  const nowMs = clock.instant()
  const deaf = why === 'listening' ? deafToListeners : []
  const sooner = { untilMs: nowMs + WATCH_MS[why], askAtMs: nowMs + ASK_MS[why] }
  await db.of(brand).tx((tx) => watch(tx, attempts, deaf, sooner))
}
