import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OrderView } from '../../contract/top-up.ts'
import { createClock } from '../../server/platform/clock.ts'
import { fetchBills } from '../../server/reconciliation/index.ts'
import { keepItems } from '../../server/work-item/index.ts'
import { openAccount } from '../matrix/account.ts'
import { type Cell, play, type Stage } from '../matrix/cell.ts'
import { type Facts, factsOf } from '../matrix/facts.ts'
import { sentenceOf } from '../matrix/outcome.ts'
import { BRAND, openRailMerchant, type RailMerchant } from '../matrix/rails.ts'
import { knobs, type Rail, rails } from '../matrix/table.ts'
import { playTransfer } from '../matrix/transfer.ts'
import { wholeHouse } from '../support/house.ts'
import { person } from '../support/person.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Cells at once: enough that none waits alone, few enough that none waits long for its turn. */
const AT_ONCE = 12
const PRICE = 4980n
const FACE = 5000n

// Noon in Beijing, so that no rail's day ends meanwhile; then some hours later, and at last when every rail has made its bill.
const real = createClock().instant
const beganMs = real()
const noonMs = beganMs - (beganMs % DAY_MS) + 4 * HOUR_MS
let laterMs = 0
const now = () => noonMs + (real() - beganMs) + laterMs

const refusals = new Map<string, string[]>()
const unanswered = new Set<string>()
// The house's own log would mask merchants' numbers: they look like people's.
const log = pino({ level: 'warn' }, { write: (line: string) => listen(JSON.parse(line)) })

function listen({ msg, merchant, fault, attempt, refund }: Readonly<Record<string, string>>): void {
  if (msg === 'a notification was refused' && merchant && fault)
    refusals.set(merchant, [...(refusals.get(merchant) ?? []), fault])
  if (msg === 'a payment did not start' && attempt) unanswered.add(attempt)
  if (msg === 'a refund was not answered' && refund) unanswered.add(refund)
}

const world = await wholeHouse({ log, now })
afterAll(() => world.stop())

// Knob by knob, so that the rails, each of which begins one payment at a time, share the turns.
const live = knobs.flatMap(({ id, cells }) =>
  rails.flatMap((rail) => {
    const cell = cells[rail]
    return 'never' in cell ? [] : [{ rail, knob: id, live: cell, name: `${rail}: ${id}` }]
  }),
)
const played = new Map<string, Facts | Error>()

describe('every rail against every knob', () => {
  beforeAll(playAll, 400_000)

  test.each(live)('$name', ({ name, live: { outcome } }) => {
    const facts = played.get(name)
    if (facts instanceof Error) throw facts
    expect(facts?.outcome).toEqual(outcome)
    agrees(facts as Facts)
  })

  test('and every invariant holds', () => world.proved())
})

/** Ledger, provider, page and handset tell one story, and the bill no other. */
function agrees({ outcome, view, ...facts }: Facts): void {
  const credited = outcome.ends === 'credited'
  const back = outcome.ends === 'refunded' || outcome.ends === 'returned'
  const toldOfAmount = !credited && outcome.break === 'amount'
  expect(facts).toMatchObject({
    credits: credited ? 1 : 0,
    addedMinor: credited ? FACE : 0n,
    refunds: outcome.second || outcome.ends === 'refunded' ? 1 : 0,
    breaks: outcome.break ? [outcome.break] : [],
  })
  const captured = BigInt(view.captured.amountMinor)
  // What a provider says rightly signed of an amount is believed until its own bill says otherwise: then it is a break.
  if (!toldOfAmount) expect(facts.keptMinor).toBe((back ? 0n : captured) + facts.openMinor)
  if (credited) expect(captured).toBe(PRICE)
  expect(view.final).toBe(credited || outcome.ends === 'refunded')
  expect(BigInt(view.refunded.amountMinor)).toBe(outcome.ends === 'refunded' ? captured : 0n)
  expect(facts.messages).toEqual(
    credited
      ? ['top-up-credited', 'top-up-credited-payer']
      : outcome.ends === 'refunded'
        ? ['refund-sent']
        : [],
  )
  expect(facts.handset).toEqual(credited ? [expect.stringMatching(/^【莱卡保号】.*50/)] : [])
}

async function playAll(): Promise<void> {
  await world.control('PUT', '/control/clock', { retryScale: 0.01 })
  const guest = person(world, BRAND)
  await guest.proveAsPayer('15488000099')
  const cells = await Promise.all(live.map(furnish))
  const balances = await balancesOf(cells)
  const [minutes, hours] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const stage: Stage = {
    ...{ world, guest, offering, minutesLater: minutes.promise, hoursLater: hours.promise },
    refused: (merchant) => refusals.get(merchant) ?? [],
    unanswered: (id) => unanswered.has(id),
  }
  const views = new Map<string, OrderView>()
  const run = async (cell: NamedCell) => {
    try {
      const order = await (cell.merchant.rail === 'bank' ? playTransfer : play)(stage, cell)
      views.set(cell.name, await guest.order(order))
    } catch (error) {
      played.set(cell.name, error as Error)
    }
  }
  const prompt = cells.filter((cell) => !waitsMinutes(cell) && !waitsHours(cell))
  const inMinutes = Promise.all(cells.filter(waitsMinutes).map(run))
  const inHours = Promise.all(cells.filter(waitsHours).map(run))
  await inTurns(prompt, run)
  await world.proved()
  laterMs = 2 * MINUTE_MS
  minutes.resolve()
  await inMinutes
  laterMs = 3 * HOUR_MS
  hours.resolve()
  await inHours
  laterMs = 32 * HOUR_MS
  const { db, clock, payments } = world.house
  const deps = { db, clock, payments, log: world.database.log }
  await fetchBills(deps, BRAND)
  // What is unknown for a day is to be on a person's list, and that day has passed in a moment.
  await keepItems(deps, BRAND)
  await inTurns(cells, async (cell) => {
    const view = views.get(cell.name)
    if (view) played.set(cell.name, await factsOf(stage, cell, view, balances.get(cell.number) ?? 0n))
  })
  print()
}

/** Numbers of the demo that are in service and well kept. */
const numbers = Array.from({ length: 1_000 }, (_, i) => i)
  .filter((i) => i >= 60 && [0, 1, 2, 10, 11].includes(i % 12) && i % 40 !== 0 && i % 23 !== 0)
  .map((i) => `1540000${1000 + i}`)

type NamedCell = Cell & { readonly name: string }

/** A merchant and a number of its own. */
async function furnish({ rail, ...cell }: (typeof live)[number], nth: number): Promise<NamedCell> {
  const merchant = await (rail === 'bank' ? openAccount(world, nth) : openRailMerchant(world, rail, nth))
  return { ...cell, merchant, number: numbers[nth] as string }
}

/** WeChat Pay's certificates are looked at again after a minute; the bank's one key is that of all its cells. */
const waitsMinutes = ({ live: { play }, merchant }: Cell) =>
  play === 'rotated' && (merchant.rail === 'wechat' || merchant.rail === 'bank')
/** UnionPay's refund that fails is believed only hours later. */
const waitsHours = ({ live: { play }, merchant }: Cell) => play === 'abnormal' && merchant.rail === 'unionpay'

async function inTurns<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const take = async () => {
    for (const item of waiting) await run(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, take))
}

const queues = new Map<Rail, Promise<unknown>>()
/** New payments go to the oldest merchant of a rail that is enabled: one cell after the other has that to itself. */
async function offering<T>({ rail, id }: RailMerchant, begin: () => Promise<T>): Promise<T> {
  const enable = (merchant: string | null) =>
    world.database.owner.query(`update ${BRAND}.merchant set enabled = (id = $2) where provider = $1`, [
      rail,
      merchant ?? '',
    ])
  const turn = (queues.get(rail) ?? Promise.resolve()).then(async () => {
    await enable(id)
    try {
      return await begin()
    } finally {
      await enable(null)
    }
  })
  queues.set(
    rail,
    turn.catch(() => undefined),
  )
  return await turn
}

async function balancesOf(cells: readonly NamedCell[]): Promise<ReadonlyMap<string, bigint>> {
  const rows = await world.house.db.of(BRAND).query<{ msisdn: string; balance: bigint }>(
    `select l.msisdn, a.balance from {{brand}}.line l join {{brand}}.line_account a on a.line = l.id
      where l.msisdn = any($1::text[])`,
    [cells.map(({ number }) => `86${number}`)],
  )
  return new Map(rows.map(({ msisdn, balance }) => [msisdn.slice(2), balance]))
}

/** The matrix as it was played: a line for each knob, a cell for each rail. */
function print(): void {
  const cellOf = (rail: Rail, knob: string, cell: (typeof knobs)[number]['cells'][Rail]) => {
    if ('never' in cell) return `n/a: ${cell.never.en}`
    const facts = played.get(`${rail}: ${knob}`)
    return facts === undefined || facts instanceof Error
      ? 'did not come to rest'
      : sentenceOf(facts.outcome, 'en')
  }
  for (const { id, words, cells } of knobs) {
    process.stdout.write(`${words.en}\n`)
    for (const rail of rails) process.stdout.write(`  ${rail.padEnd(9)} ${cellOf(rail, id, cells[rail])}\n`)
  }
}
