import { idToWire } from '../../contract/id.ts'
import type { PaymentStarted } from '../../contract/top-up.ts'
import { type Clock, isoInstant } from '../platform/clock.ts'
import { brokenConstraint, type Db, type Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Log } from '../platform/log.ts'
import {
  attemptByKey,
  insertAttempt,
  type OwnAttempt,
  openTransferOf,
  readAttempt,
  type Started,
  takeStart,
  writeStarted,
} from './attempt-store.ts'
import { type Breaker, railName } from './breaker.ts'
import type { Merchants } from './merchant.ts'
import { offeredMerchant } from './merchant-store.ts'
import { notifyUrlOf } from './notify-url.ts'
import type { CreateOutcome, Payer, ProviderName, Scene } from './port.ts'
import { firstQueryMs, planQuery } from './query-plan.ts'
import { isAsked } from './query-schedule.ts'
import { timeLimit } from './time-limit.ts'

/** What `pay` was asked for; the id is made by the caller before the row is written. */
export interface OpenInput {
  readonly id: string
  readonly order: string
  readonly provider: ProviderName
  readonly scene: Scene
  readonly amountMinor: bigint
  readonly currency: string
  readonly quote?: string | null
  readonly caller: string
  readonly key: string
  readonly hash: string
  readonly expiresAtMs: number
  readonly nowMs: number
}

export type OpenOutcome =
  /** `expiresAtMs` may be later than was asked for: a transfer takes days. */
  | { readonly kind: 'opened'; readonly attempt: string; readonly expiresAtMs: number }
  /**
   * The same key for the same request, or a transfer that was begun already, whose reference stays the order's: `start` gives the kept
   * answer, or makes the call that never came to be.
   */
  | { readonly kind: 'replay'; readonly attempt: string }
  | { readonly kind: 'key-reused' }
  /** The brand has no enabled merchant of this provider in this currency. */
  | { readonly kind: 'not-offered' }
  /** The rail has not answered lately and is left alone for a moment. */
  | { readonly kind: 'not-answering' }

export interface StartInput {
  /** What the payer reads at the provider. */
  readonly subject: string
  readonly returnUrl: string
  readonly locale: 'zh-CN' | 'en'
  /** For this call alone, where the scene needs something of the payer. */
  readonly payer?: Payer
}

export type StartOutcome =
  | { readonly kind: 'started'; readonly started: PaymentStarted }
  /** A payer's code was taken: asked about at once. */
  | { readonly kind: 'taken' }
  /** Another request waits for the provider's answer at this moment. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'no'; readonly reason: string }
  /** Not answered: the attempt stays open and is asked about; the same key may be tried again. */
  | { readonly kind: 'unknown' }
  /** Paid, closed or past its time before there was an answer to give. */
  | { readonly kind: 'over' }

export interface StartDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly merchants: Merchants
  readonly breaker: Breaker
  readonly random: () => number
  /** Origin at which providers reach this brand, e.g. `https://pay.example.cn`. */
  readonly originOf: (brand: string) => string
}

/** Longer than any call out takes; a process that died in the call blocks its key no longer than this. */
const LEASE_MS = 15_000

/** Writes the attempt, before anybody is called. */
export async function openAttempt(breaker: Breaker, tx: Tx, input: OpenInput): Promise<OpenOutcome> {
  const known = await attemptByKey(tx, input.caller, input.key)
  if (known) return replayOf(known, input)
  const offered = await offeredMerchant(tx, input.provider, input.currency)
  if (offered === undefined) return { kind: 'not-offered' }
  const { id: merchant, settings } = offered
  const begun = isAsked(input.provider) ? undefined : await openTransferOf(tx, input.order, merchant)
  if (begun !== undefined) return { kind: 'replay', attempt: begun }
  const { nowMs, ...attempt } = input
  if (!breaker.mayCall(railName(tx.brand, input.provider, merchant), nowMs)) return { kind: 'not-answering' }
  const expiresAtMs = timeLimit(input.provider, settings, input)
  const row = { quote: null, ...attempt, merchant, createdAtMs: nowMs, expiresAtMs }
  if (await insertAttempt(tx, { ...row, nextQueryAtMs: firstQueryMs(row) }))
    return { kind: 'opened', attempt: input.id, expiresAtMs }
  const meanwhile = await attemptByKey(tx, input.caller, input.key)
  assert(meanwhile, 'a used key has an attempt')
  return replayOf(meanwhile, input)
}

function replayOf(known: { readonly id: string; readonly hash: string }, input: OpenInput): OpenOutcome {
  return known.hash === input.hash ? { kind: 'replay', attempt: known.id } : { kind: 'key-reused' }
}

/** Calls the provider once and keeps what it said; called again, gives the kept answer. */
export async function startAttempt(
  deps: StartDeps,
  brand: string,
  id: string,
  input: StartInput,
): Promise<StartOutcome> {
  const { db, clock } = deps
  const nowMs = clock.instant()
  const attempt = await db.of(brand).tx((tx) => takeStart(tx, id, nowMs, nowMs + LEASE_MS))
  if (!attempt) return keptAnswer(await readAttempt(db.of(brand), id), nowMs)
  await failpoint('payment.create-calling')
  const outcome = await callCreate(deps, brand, attempt, input)
  await failpoint('payment.create-answered')
  return await keep(deps, brand, attempt, outcome)
}

function keptAnswer(attempt: OwnAttempt | undefined, nowMs: number): StartOutcome {
  assert(attempt, 'an attempt to start exists')
  if (attempt.started) return answerOf(attempt, attempt.started)
  const begun = attempt.state === 'created' || attempt.state === 'unknown'
  return begun && attempt.expiresAtMs > nowMs ? { kind: 'in-progress' } : { kind: 'over' }
}

function answerOf(attempt: OwnAttempt, started: Started): StartOutcome {
  if ('no' in started) return { kind: 'no', reason: started.no }
  if ('taken' in started) return { kind: 'taken' }
  const expiresAt = isoInstant(attempt.expiresAtMs)
  return { kind: 'started', started: { attemptId: idToWire(attempt.id), ...started, expiresAt } }
}

async function callCreate(
  deps: StartDeps,
  brand: string,
  attempt: OwnAttempt,
  { subject, returnUrl, locale, payer }: StartInput,
): Promise<CreateOutcome> {
  const provider = await deps.merchants.provider(brand, attempt.provider, attempt.merchant)
  assert(provider, 'an attempt has a merchant')
  const notifyUrl = notifyUrlOf(deps.originOf(brand), brand, attempt)
  const outcome = await provider.create(
    {
      number: idToWire(attempt.id),
      scene: attempt.scene,
      amountMinor: attempt.amountMinor,
      currency: attempt.currency,
      expiresAtMs: attempt.expiresAtMs,
      payer: payer ?? null,
    },
    { subject, notifyUrl, returnUrl, locale },
  )
  const rail = railName(brand, attempt.provider, attempt.merchant)
  if (outcome.kind === 'unknown') deps.breaker.unanswered(rail, deps.clock.instant())
  else deps.breaker.answered(rail)
  return outcome
}

async function keep(
  deps: StartDeps,
  brand: string,
  attempt: OwnAttempt,
  outcome: CreateOutcome,
): Promise<StartOutcome> {
  const { db, clock, log, random } = deps
  // After an unanswered call a no may be about that call: the attempt stays unknown until a query tells.
  const begun = outcome.kind === 'started' || outcome.kind === 'taken'
  const answered = begun || (outcome.kind === 'no' && attempt.state === 'created')
  const state = !answered ? 'unknown' : begun ? 'pending' : 'closed'
  if (outcome.kind === 'no' || outcome.kind === 'unknown') {
    log.warn(
      { brand, attempt: attempt.id, outcome: outcome.kind, reason: outcome.reason },
      'a payment did not start',
    )
  }
  const started: Started | null = !answered ? null : startedOf(outcome)
  const reference = (outcome.kind === 'started' && outcome.reference) || null
  const plan = planQuery({ ...attempt, state, rung: 0 }, answered, clock.instant(), random())
  try {
    await db.of(brand).tx((tx) => writeStarted(tx, attempt.id, started, reference, state, plan))
  } catch (error) {
    // Another attempt has this very reference: this one is given up, and the next has another.
    if (brokenConstraint(error) !== 'attempt_transfer_reference') throw error
    return await keep(deps, brand, attempt, { kind: 'no', reason: 'its reference is taken' })
  }
  await failpoint('payment.create-kept')
  return started === null ? { kind: 'unknown' } : answerOf(attempt, started)
}

function startedOf(outcome: CreateOutcome): Started {
  if (outcome.kind === 'unknown') throw new Error('an unknown answer is not kept')
  if (outcome.kind === 'no') return { no: outcome.reason }
  if (outcome.kind === 'taken') return { taken: true }
  const { kind: _, reference: _known, ...wayOn } = outcome
  return wayOn
}
