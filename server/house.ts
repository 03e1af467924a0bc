import { join } from 'node:path'
import { createTakeNotice } from './bank-statement/index.ts'
import {
  type Brand,
  type Brands,
  brandRoutes,
  createSwitches,
  loadBrands,
  requestBrand,
} from './brand/index.ts'
import { type Catalog, catalogRoutes, createCatalog } from './catalog/index.ts'
import { createDealers, type Dealers } from './dealer/index.ts'
import { createIdentity, type Identity } from './identity/index.ts'
import { startEarning } from './ledger/index.ts'
import { bindProved, createLines, type Lines, lineEpoch, unbindLines } from './line/index.ts'
import { type Channels, createMessaging, type Messaging } from './messaging/index.ts'
import { createPayments, type Payments } from './payment/index.ts'
import type { Clock } from './platform/clock.ts'
import { readOffsets } from './platform/clock-offset.ts'
import { createDb, type Db } from './platform/db.ts'
import { healthRoutes } from './platform/health.ts'
import { startHeartbeat } from './platform/heartbeat.ts'
import { createHttp, type Http } from './platform/http.ts'
import type { Log } from './platform/log.ts'
import { type Loop, startLoop } from './platform/loop.ts'
import { createNotices } from './platform/notify.ts'
import { demandDeclared } from './platform/operation.ts'
import { pages } from './platform/pages.ts'
import { createReadiness, type Readiness } from './platform/readiness.ts'
import { dayAt, formatDay, presetOf } from './policy/index.ts'
import { createQuotes, startWatching } from './quote/index.ts'
import { openDealerSeries } from './receipt/index.ts'
import { startFetching } from './reconciliation/index.ts'
import { referenceRoutes } from './reference/index.ts'
import { createSupport, moveCases, type Support, wipeReplies } from './support/index.ts'
import { createTopUps, hasOpenOrders, moveOrders, ownOrderInBrief, type TopUps } from './topup/index.ts'
import { startKeepingItems } from './work-item/index.ts'

/** The version of the terms in force; the pages show the text of the same version (i18n `legal`). */
export const TERMS_VERSION = '2026-11'

export interface HouseDeps {
  readonly databaseUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly masterKey: Buffer
  readonly demo: boolean
  readonly secureOrigin: boolean
  readonly trustedProxies: number
  /** How each brand sends SMS and mail. */
  readonly channels: (brand: string) => Channels
  /** Origin at which people and providers reach a brand. */
  readonly originOf: (brand: string) => string
  /** Listening port to brand, in demo and test. */
  readonly portBrands: ReadonlyMap<number, string>
  /** A file of exchange rates that somebody keeps up to date; without it rates are imported by command. */
  readonly ratesFile?: string | undefined
  /** Providers' gateways that pages may be sent to. */
  readonly formTargets: readonly string[]
  /** In tests: a refusal that its operation does not declare is a fault. */
  readonly strict?: boolean
}

/** Every room, built. `close` ends what they hold, last built first. */
export interface House {
  readonly db: Db
  readonly clock: Clock
  readonly brands: Brands
  readonly messaging: Messaging
  readonly identity: Identity
  readonly catalog: Catalog
  readonly lines: Lines
  readonly dealers: Dealers
  readonly payments: Payments
  readonly topUps: TopUps
  readonly support: Support
  readonly readiness: Readiness
  /** A web server with every route; each listening address needs one of its own. */
  http(): Promise<Http>
  /** Begins the loops that send, query, sweep and expire. */
  startWork(): void
  close(): Promise<void>
}

const MAIN_CONNECTIONS = 12
const NOTIFICATION_CONNECTIONS = 3
const CLOCK_PAUSE_MS = 2_000
const TIDY_PAUSE_MS = 10 * 60_000

/** The composition root: builds every room once, by hand, top to bottom. */
export async function buildHouse(deps: HouseDeps): Promise<House> {
  const { databaseUrl: url, clock, log, masterKey, channels, originOf } = deps
  const db = createDb({ url, connections: MAIN_CONNECTIONS, log, applicationName: 'baohao' })
  const connections = NOTIFICATION_CONNECTIONS
  const notificationDb = createDb({ url, connections, log, applicationName: 'baohao notifications' })
  const brands = await loadBrands(db)
  const switches = createSwitches({ db, clock })
  const policyOf = presetOf
  const messaging = createMessaging({ db, clock, log, brands, masterKey, channels })
  const catalog = createCatalog({ db, clock, brands, switches })
  const identity = createIdentity({
    ...{ db, clock, log, masterKey, messaging, lineEpoch },
    bindOwnLine: async (tx, logIn, msisdn) => {
      await bindProved(tx, { logIn, msisdn, atMs: clock.instant() })
    },
    async claimGuest(tx, claim) {
      await moveCases(tx, { ...claim, orders: await moveOrders(tx, claim) })
    },
    hasOpenOrders,
    async letGo(tx, logIn) {
      await unbindLines(tx, logIn, clock.instant())
      await wipeReplies(tx, logIn)
    },
    termsVersion: TERMS_VERSION,
  })
  const lines = createLines({
    ...{ db, clock, log, brands, policyOf, identity },
    // Orders stand above lines: asked when the sweep runs, by when they are built.
    underWay: (tx, ids) => topUps.underWay(tx, ids),
  })
  const dealers = createDealers({ clock, brands, openDealerSeries })
  const takeStatement = createTakeNotice({ db: notificationDb, clock })
  const { quotable } = createQuotes({ db, clock })
  const payments = createPayments({
    ...{ db, notificationDb, brands, switches, clock, log, masterKey, originOf, takeStatement, quotable },
  })
  const notices = createNotices({ url, db, log })
  const topUps: TopUps = createTopUps({
    ...{ db, clock, log, brands, switches, catalog, payments, messaging, lines, notices, policyOf, originOf },
  })
  const support = createSupport({ db, clock, messaging, identity, orderOf: ownOrderInBrief })
  const readiness = createReadiness(db)
  const rooms = {
    readiness,
    db,
    clock,
    brands,
    messaging,
    identity,
    catalog,
    lines,
    dealers,
    payments,
    topUps,
    support,
  }
  return { ...rooms, http: () => serveRooms(deps, rooms), ...workOf(deps, rooms, [notices, notificationDb]) }
}

type Rooms = Omit<House, 'http' | 'startWork' | 'close'>

/** A web server with every room's routes: health needs no brand, all others have one before anything else is asked. */
async function serveRooms({ demo, portBrands, strict, ...deps }: HouseDeps, rooms: Rooms): Promise<Http> {
  const { brands, identity, catalog, lines, payments, topUps, support, clock } = rooms
  const todayOf = (brand: Brand) => dayAt(clock.business(brand.key), brand.zone)
  const today = (brand: Brand) => formatDay(todayOf(brand))
  const http = await createHttp(deps)
  if (strict) demandDeclared(http)
  await http.register(healthRoutes(rooms.readiness))
  await http.register(requestBrand({ brands, portBrands }))
  await http.register(identity.authHook)
  await http.register(brandRoutes({ demo, today, now: (brand) => clock.business(brand.key) }))
  await http.register(identity.routes)
  await http.register(catalogRoutes({ priceTable: catalog.priceTable, todayOf }))
  await http.register(lines.routes)
  await http.register(payments.routes)
  await http.register(topUps.routes)
  await http.register(referenceRoutes)
  await http.register(support.routes)
  const dist = join(import.meta.dirname, '../web/dist')
  await http.register(pages({ dist, languageOf: (request) => request.brand.locale }))
  return http
}

/** The rooms' loops, and the end of everything, last built first. */
function workOf(
  { log, demo, ratesFile }: HouseDeps,
  rooms: Rooms,
  links: readonly { close(): Promise<void> }[],
): Pick<House, 'startWork' | 'close'> {
  const { db, clock, brands, messaging, identity, lines, payments, topUps } = rooms
  let loops: Loop[] = []
  const todayOf = (brand: Brand) => dayAt(clock.business(brand.key), brand.zone)
  /** What may be forgotten: looked for often, hardly ever found. */
  const tidy = async () => {
    for (const brand of brands.all) {
      await topUps.forgetRefusals(brand.key)
      await identity.carryOutPhoneChanges(brand)
      await identity.tidy(brand.key)
    }
  }
  // `baohao clock advance` is another process; what it wrote is adopted within seconds.
  const followClock = () =>
    demo ? [startLoop('clock', CLOCK_PAUSE_MS, () => readOffsets(db, clock), log)] : []
  return {
    startWork() {
      messaging.start()
      payments.startLoops()
      topUps.startLoops()
      lines.startLoops()
      loops = [
        ...startEarning({ db, clock, log, brands, todayOf }),
        ...startFetching({ db, clock, log, brands, payments }),
        ...startKeepingItems({ db, clock, log, brands }),
        ...startWatching({ db, clock, log, brands, ratesFile }),
        startLoop('tidy', TIDY_PAUSE_MS, tidy, log),
        startHeartbeat(db, clock, log),
        ...followClock(),
      ]
    },
    async close() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await lines.stopLoops()
      await payments.stopLoops()
      await topUps.stopLoops()
      await messaging.stop()
      for (const link of links) await link.close()
      await db.close()
    },
  }
}
