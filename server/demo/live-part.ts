import { TERMS_VERSION } from '../house.ts'
import { addLogIns } from '../identity/index.ts'
import { type AccountKind, earnPackages, lockAccounts } from '../ledger/index.ts'
import { bindProved, openLines } from '../line/index.ts'
import { listMerchants } from '../payment/index.ts'
import { dayAt, type EpochDay, formatDay, type PolicyState, presetOf, validUntil } from '../policy/index.ts'
import { lockSeries, onlineSeries } from '../receipt/index.ts'
import { midnights } from './days.ts'
import type { Act } from './life.ts'
import { createOrdering, type Ordering } from './ordering.ts'
import type { Part, PlannedLine } from './part.ts'
import type { Past } from './past.ts'
import { DEMO_PASSWORD } from './people.ts'
import { createSelling, type Selling } from './selling.ts'

/** What a part came to; the same for the same part and day. */
export interface Lived {
  readonly lines: number
  readonly orders: number
  readonly sales: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** First thing in a day the network is told who is barred. */
const SWEEP_AT_MS = 5 * MINUTE_MS
const OPENING_AT_MS = 8 * HOUR_MS
const SALES_AT_MS = 9 * HOUR_MS
const ORDERS_AT_MS = 12 * HOUR_MS
const USES_AT_MS = 20 * HOUR_MS

/** What sales of a part will move, locked before anything else of it is, so that a sale of today waits and never clashes. */
const MOVED: readonly AccountKind[] = [
  ...(['bank', 'breakage', 'commission', 'deferred-revenue', 'discount', 'opening-balance'] as const),
  ...(['package-revenue', 'promotion-bonus', 'refund-clearing', 'retention-fee-revenue'] as const),
  'topup-suspense',
]

/**
 * Lives a part of a brand's year through the brand's own rooms, day by day from `from` up to yesterday: what is due today is
 * for the sweep of the house that lives now. `tell` hears of each day that is over.
 */
export async function livePart(
  past: Past,
  part: Part,
  { from, today }: { readonly from: EpochDay; readonly today: EpochDay },
  tell: (daysDone: number) => void,
): Promise<Lived> {
  const { tx, db, brand, clock } = past
  await lockSeries(tx, [onlineSeries(brand.receiptPrefix)])
  const merchants = await listMerchants(tx)
  await lockAccounts(tx, [
    ...MOVED.map((kind) => ({ kind, subject: '' })),
    ...merchants.map(({ provider, id }) => ({
      kind: 'provider-clearing' as const,
      subject: `${provider}:${id}`,
    })),
  ])
  const living: Living = {
    ...{ past, part, ids: new Map(), callers: new Map() },
    selling: await createSelling(past, part.dealer),
    ordering: createOrdering(past),
  }
  const begins = midnights(brand.zone, from, today)
  const offsetMs = clock.business(brand.key) - clock.instant()
  const acts = actsByDay(part.lines)
  for (let day = from; day < today; day++) {
    const midnightMs = (begins.get(day) as number) - offsetMs
    clock.goTo(midnightMs + SWEEP_AT_MS)
    await past.lines.sweepStages(brand.key)
    if (formatDay(day).endsWith('-01')) await earnPackages(db.of(brand.key), clock, day)
    await liveDay(living, day, acts.get(day) ?? [], midnightMs)
    tell(day - from + 1)
  }
  return {
    lines: part.lines.length,
    orders: living.ordering.placed(),
    sales: living.selling.sold(),
  }
}

interface Living {
  readonly past: Past
  readonly part: Part
  readonly selling: Selling
  readonly ordering: Ordering
  /** Of lines that are opened, by their place in the part. */
  readonly ids: Map<number, string>
  /** Log-ins, by their place among the part's people. */
  readonly callers: Map<number, string>
}

interface Acted {
  readonly at: number
  readonly line: PlannedLine
  readonly act: Act
}

function actsByDay(lines: readonly PlannedLine[]): Map<EpochDay, Acted[]> {
  const byDay = new Map<EpochDay, Acted[]>()
  for (const [at, line] of lines.entries())
    for (const act of line.acts) byDay.set(act.day, [...(byDay.get(act.day) ?? []), { at, line, act }])
  return byDay
}

async function liveDay(
  living: Living,
  day: EpochDay,
  acted: readonly Acted[],
  midnightMs: number,
): Promise<void> {
  const { past, selling, ordering, callers, ids } = living
  // People do not all come at the same minute of every day.
  const minutesMs = ((day * 37) % 110) * MINUTE_MS
  await openDue(living, day, midnightMs + OPENING_AT_MS)
  const of = <Kind extends Act['kind']>(kind: Kind) =>
    acted.filter((one): one is Acted & { act: Extract<Act, { kind: Kind }> } => one.act.kind === kind)
  await selling.sell(
    of('sale').map(({ line, act }) => ({ msisdn: line.msisdn, bought: act.bought })),
    midnightMs + SALES_AT_MS + minutesMs,
  )
  await ordering.order(
    of('order').map(({ line, act }) => ({
      ...{ msisdn: line.msisdn, bought: act.bought, fate: act.fate },
      logIn: line.payer === null ? null : (callers.get(line.payer) as string),
      payer: line.payer === null ? line.msisdn : (living.part.people[line.payer]?.phone as string),
    })),
    midnightMs + ORDERS_AT_MS + minutesMs,
  )
  const uses = of('use')
  if (uses.length === 0) return
  const atMs = midnightMs + USES_AT_MS
  past.clock.goTo(atMs)
  const { tx, brand } = past
  const used = uses.map(({ at }) => ({
    ...({ line: ids.get(at) as string, epoch: 1, kind: 'outgoing-use', cause: null } as const),
    atMs: past.clock.business(brand.key),
  }))
  await past.lines.recordEvents(tx, used)
}

const IN_SERVICE: Omit<PolicyState, 'service'> = {
  standing: 'in-service',
  ceasedOn: null,
  credit: null,
  number: null,
}

/** Opens the lines that come to the brand on this day, and the accounts of the people they belong to. */
async function openDue({ past, part, ids, callers }: Living, day: EpochDay, atMs: number): Promise<void> {
  const due = [...part.lines.entries()].filter(([, line]) => line.sinceDay === day)
  if (due.length === 0) return
  const { tx, brand, clock } = past
  clock.goTo(atMs)
  const policy = presetOf(brand.policy.preset, brand.policy.version)
  const opened = await openLines(
    tx,
    { clock, brand, policy, today: dayAt(clock.business(brand.key), brand.zone) },
    due.map(([, { msisdn, keptUntil, paidMinor }]) => ({
      ...{ msisdn, iccid: null, paidMinor, bonusMinor: 0n },
      state: { ...IN_SERVICE, service: validUntil(keptUntil) },
    })),
  )
  for (const [i, [at]] of due.entries()) ids.set(at, opened[i] as string)
  const come = [...part.people.entries()].filter(
    ([p, { phone }]) =>
      !callers.has(p) && (due.some(([, line]) => line.msisdn === phone) || isNobodys(part, phone)),
  )
  if (come.length === 0) return
  const logIns = await addLogIns(
    tx,
    come.map(([, person]) => ({ ...person, phoneEpoch: isNobodys(part, person.phone) ? null : 1 })),
    { password: DEMO_PASSWORD, termsVersion: TERMS_VERSION, atMs },
  )
  for (const [i, [p]] of come.entries()) callers.set(p, logIns[i] as string)
  for (const [, { payer, bound, msisdn }] of due) {
    const logIn = payer === null ? undefined : callers.get(payer)
    if (bound && logIn) await bindProved(tx, { logIn, msisdn, atMs })
  }
}

/** A phone that is no line of the brand. */
function isNobodys(part: Part, phone: string): boolean {
  return part.lines.every(({ msisdn }) => msisdn !== phone)
}
