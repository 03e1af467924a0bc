import { type Brand, type Brands, createSwitches } from '../brand/index.ts'
import { type Catalog, createCatalog } from '../catalog/index.ts'
import { createDealers, type Dealers } from '../dealer/index.ts'
import { createLines, type Lines } from '../line/index.ts'
import { keepDelivered, type MessageIntent, type Messaging } from '../messaging/index.ts'
import { createPayments, type Payments } from '../payment/index.ts'
import { type Clock, createClock } from '../platform/clock.ts'
import type { BrandDb, Db, Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import type { Log } from '../platform/log.ts'
import { presetOf } from '../policy/index.ts'
import { openDealerSeries } from '../receipt/index.ts'
import { createTopUps, type TopUps } from '../topup/index.ts'

/** A clock of the seed's own: it stands in the past and goes where it is sent, forward only. */
export interface PastClock extends Clock {
  goTo(instantMs: number): void
}

/** `offsetMs`: how far the brand's business clock is ahead of the instant, in its past as now. */
export function createPastClock(fromMs: number, brand: string, offsetMs: number): PastClock {
  let nowMs = fromMs
  const clock = createClock(() => nowMs)
  clock.setOffset(brand, offsetMs)
  return {
    ...clock,
    goTo(instantMs) {
      assert(instantMs >= nowMs, 'the past is lived forward')
      nowMs = instantMs
    },
  }
}

/** The rooms of one brand as they were at the past clock, all in one transaction: nothing of it stands before it commits. */
export interface Past {
  readonly tx: Tx
  readonly db: Db
  readonly brand: Brand
  readonly clock: PastClock
  /** Whatever was made since is somebody's own and is left to the house that lives now. */
  readonly endsAtMs: number
  /** The orders it has placed: evidence of any other is somebody's own as well. */
  readonly orders: Set<string>
  readonly catalog: Pick<Catalog, 'priceTable'>
  readonly lines: Lines
  readonly dealers: Dealers
  readonly payments: Payments
  readonly topUps: TopUps
  readonly policyOf: typeof presetOf
}

export interface PastDeps {
  readonly brands: Brands
  readonly brand: Brand
  readonly clock: PastClock
  readonly log: Log
  readonly endsAtMs: number
}

const DELIVERED_AFTER_MS = 3_000

/** Builds the rooms over a transaction. They call nobody: the past has its evidence already and its messages have arrived. */
export function roomsOfThePast(tx: Tx, { brands, brand, clock, log, endsAtMs }: PastDeps): Past {
  const db = within(tx)
  const policyOf = presetOf
  const switches = createSwitches({ db, clock })
  const catalog = rememberedCatalog(createCatalog({ db, clock, brands, switches }))
  const lines = createLines({
    ...{ db, clock, log, brands, policyOf },
    identity: { spendCode: () => outOfReach('a code') },
    underWay: (inTx, ids) => topUps.underWay(inTx, ids),
  })
  const dealers = createDealers({ clock, brands, openDealerSeries })
  const payments = createPayments({
    ...{ db, brands, switches, clock, log, masterKey: Buffer.alloc(0) },
    originOf: () => outOfReach('an origin'),
  })
  const orders = new Set<string>()
  const topUps: TopUps = createTopUps({
    ...{ db, clock, log, brands, switches, catalog, lines, policyOf },
    payments: {
      ...payments,
      // Settled when the past says so: two batches in one transaction would not see each other's writes.
      onEvidence: () => {},
      takeEvidence: async (inTx, limit) =>
        (await payments.takeEvidence(inTx, limit)).filter(({ order }) => orders.has(order)),
    },
    messaging: pastMessaging(brand, clock),
    originOf: () => outOfReach('an origin'),
  })
  return { tx, db, brand, clock, endsAtMs, orders, catalog, lines, dealers, payments, topUps, policyOf }
}

/** Prices of the past do not change any more: each day's table is read once. */
function rememberedCatalog(catalog: Catalog): Pick<Catalog, 'priceTable'> {
  const tables = new Map<number, ReturnType<Catalog['priceTable']>>()
  return {
    priceTable(brand, day) {
      const table = tables.get(day) ?? catalog.priceTable(brand, day)
      tables.set(day, table)
      return table
    },
  }
}

/** What is written to people of the past has reached them; nothing of it is ever sent. */
function pastMessaging(brand: Brand, clock: PastClock): Pick<Messaging, 'enqueue' | 'statusOf'> {
  return {
    enqueue(tx, intents: readonly MessageIntent[]) {
      const sentAtMs = clock.instant()
      keepDelivered(tx, brand, intents, { sentAtMs, deliveredAtMs: sentAtMs + DELIVERED_AFTER_MS })
    },
    statusOf: async () => new Map(),
  }
}

/** A database whose every transaction is a part of this one. */
function within(tx: Tx): Db {
  const brandDb: BrandDb = {
    brand: tx.brand,
    query: (text, values) => tx.query(text, values),
    tx: (work) => work(tx),
  }
  return {
    of(brand) {
      assert(brand === tx.brand, 'a transaction is of one brand')
      return brandDb
    },
    get platform() {
      return outOfReach('the platform')
    },
    backendAlive: () => outOfReach('another backend'),
    close: async () => {},
  }
}

function outOfReach(what: string): never {
  throw new Error(`${what} is out of the past's reach`)
}
