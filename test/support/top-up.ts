import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import type { OffersView } from '../../contract/offer.ts'
import type { OrderView } from '../../contract/top-up.ts'
import { createSwitches, type Switches } from '../../server/brand/index.ts'
import { type Catalog, createCatalog, priceTablePresets } from '../../server/catalog/index.ts'
import { createDealers, type Dealers } from '../../server/dealer/index.ts'
import { everyCheck, fsck, type Violation } from '../../server/fsck.ts'
import { openMerchantAccounts } from '../../server/ledger/index.ts'
import { createMessaging } from '../../server/messaging/index.ts'
import { furnishBrand } from '../../server/new-brand.ts'
import { createPayments, type NewMerchant, type Payments } from '../../server/payment/index.ts'
import { createDb, type Db } from '../../server/platform/db.ts'
import { createNotices, type Notices } from '../../server/platform/notify.ts'
import { presetOf } from '../../server/policy/index.ts'
import { createQuotes } from '../../server/quote/index.ts'
import { openDealerSeries } from '../../server/receipt/index.ts'
import { createTopUps, type TopUps } from '../../server/topup/index.ts'
import { type AlipayStandIn, rsaPair, startAlipayStandIn } from './alipay-stand-in.ts'
import { type LineHouse, lineHouse } from './line.ts'
import { APP_ID, paidNotice, SELLER } from './payment.ts'
import type { Answer, Visitor } from './visitor.ts'

const MASTER_KEY = Buffer.alloc(32, 7)
export const PAYER = '15400099999'
export const FOREIGN_APP_ID = '2021000000000009'

/** Everything up to orders over HTTP, with stand-ins at the other end of Alipay. Loops run only when a test runs a round. */
export interface TopUpHouse extends LineHouse {
  readonly switches: Switches
  readonly catalog: Catalog
  readonly dealers: Dealers
  readonly payments: Payments
  readonly topUps: TopUps
  readonly notices: Notices
  readonly alipay: AlipayStandIn
  /** Payments and top-ups as another process has them, on connections of its own; `url` may lead through a proxy. */
  anotherProcess(url?: string): {
    readonly db: Db
    readonly payments: Payments
    readonly topUps: TopUps
    readonly notices: Notices
  }
  /** A guest whose payer's phone is proved. */
  guest(payer?: string, brand?: string): Promise<Visitor>
  /** A dealer with a float and an API key of scope `topup:write`. */
  seller(
    floatMinor: bigint,
  ): Promise<{ readonly dealer: string; readonly headers: { authorization: string } }>
  offers(who: Visitor, number: string): Promise<OffersView>
  /** Places an order for the tile of this face value. */
  place(who: Visitor, number: string, faceMinor: bigint, more?: Placing): Promise<Answer>
  /** Places and begins to pay; answers the order and its attempt's number. */
  toPay(who: Visitor, number: string, faceMinor: bigint, more?: Placing): Promise<ToPay>
  /** Alipay's notification of a payment, answered with what the house says; the evidence waits for a sweep. */
  notify(attempt: string, fields?: Readonly<Record<string, string>>, brand?: string): Promise<string>
  order(who: Visitor, id: string): Promise<OrderView>
  /** A second merchant at Alipay, of another currency than the brand's; its app id is `FOREIGN_APP_ID`. */
  addForeignRail(brand: string, currency: string): Promise<void>
  /** Every invariant of every brand. */
  fsck(): Promise<Violation[]>
}

export interface Placing {
  readonly key?: string
  readonly confirmDuplicate?: boolean
  readonly expected?: string
  readonly locale?: 'zh-CN' | 'en'
}

export interface ToPay {
  readonly id: string
  readonly attempt: string
  readonly key: string
}

export const newKey = (): string => randomBytes(12).toString('hex')

export async function topUpHouse(): Promise<TopUpHouse> {
  const house = await lineHouse()
  const { db, clock, log, brands, http } = house
  const ours = rsaPair()
  const alipay = await startAlipayStandIn(ours.publicKey)
  const switches = createSwitches({ db, clock })
  const catalog = createCatalog({ db, clock, brands, switches })
  const dealers = createDealers({ clock, brands, openDealerSeries })
  const { payments, topUps, notices } = processOver(house, db)
  const railOf = (currency: string, id = APP_ID): NewMerchant => ({
    ...{ provider: 'alipay', id, seller: SELLER, currency, enabled: true },
    ...{ gateway: alipay.gateway, privateKey: ours.privateKey, providerKeys: [alipay.publicKey] },
  })
  const addRail = (brand: string, rail: NewMerchant) =>
    db.of(brand).tx(async (tx) => {
      await payments.addMerchant(tx, rail)
      await openMerchantAccounts(tx, clock, { ...rail, merchant: rail.id })
    })
  for (const key of ['laika', 'harbour'] as const) {
    const brand = brands.get(key)
    await furnishBrand({ db, clock, catalog }, brand, priceTablePresets[key])
    await addRail(key, railOf(brand.currency))
  }
  // Notifications come in where no settler listens, as in another process, so that only a test's own sweep applies them.
  await http.register(
    createPayments({
      ...{ db, brands, switches, clock, log, masterKey: MASTER_KEY, originOf },
      quotable: createQuotes({ db, clock }).quotable,
    }).routes,
  )
  await http.register(topUps.routes)
  const others: { close(): Promise<void> }[] = [notices]
  afterAll(async () => {
    await topUps.stopLoops()
    for (const other of others) await other.close()
    await alipay.close()
  })
  return {
    ...house,
    ...{ switches, catalog, dealers, payments, topUps, notices, alipay },
    ...peopleOf(house),
    anotherProcess(url = house.appUrl) {
      const other = createDb({ url, connections: 4, log, applicationName: 'another process' })
      const process = processOver(house, other)
      others.push(process.notices, other)
      return process
    },
    async seller(floatMinor) {
      const dealer = await db.of('laika').tx(async (tx) => {
        const { id } = await dealers.createDealer(tx, { name: '顺达通讯', commissionBp: 0 })
        if (floatMinor > 0n)
          await dealers.loadFloat(tx, { dealer: id, amountMinor: floatMinor, from: 'bank' })
        return id
      })
      return { dealer, headers: await house.key(['topup:write'], 'laika', dealer) }
    },
    addForeignRail: (brand, currency) => addRail(brand, railOf(currency, FOREIGN_APP_ID)),
    async notify(attempt, fields = {}, brand = 'laika') {
      const notice = paidNotice(attempt, { notify_id: newKey(), trade_no: `T${attempt}`, ...fields })
      const answer = await http.inject({
        method: 'POST',
        url: `/v1/notifications/alipay/${brand}/${notice.app_id}`,
        headers: { host: `${brand}.test`, 'content-type': 'application/x-www-form-urlencoded' },
        payload: alipay.notification(notice),
      })
      return answer.body
    },
    fsck: () => fsck(db, ['laika', 'harbour'], everyCheck({ clock, brands, policyOf: presetOf })),
  }
}

const originOf = (brand: string) => `http://${brand}.test`

/** The rooms of payments and orders as one process has them. */
function processOver({ clock, log, brands, lines, appUrl }: LineHouse, db: Db) {
  const notices = createNotices({ url: appUrl, db, log })
  const common = {
    db,
    clock,
    log,
    brands,
    switches: createSwitches({ db, clock }),
    masterKey: MASTER_KEY,
    originOf,
  }
  const payments = createPayments(common)
  const messaging = createMessaging({ ...common, channels: () => ({ sms: null, email: null }) })
  const catalog = createCatalog(common)
  const topUps = createTopUps({
    ...{ ...common, payments, messaging, catalog, lines, notices, policyOf: presetOf },
  })
  return { db, payments, topUps, notices }
}

/** What people do, over HTTP. */
function peopleOf(house: LineHouse): Pick<TopUpHouse, 'guest' | 'offers' | 'place' | 'toPay' | 'order'> {
  const people: ReturnType<typeof peopleOf> = {
    async guest(payer = PAYER, brand = 'laika') {
      const who = house.visit(brand)
      const code = await house.codeFor(who, 'payer', payer, brand)
      demand(await who.send('POST', '/v1/codes/payer', { number: payer, code }), 200)
      // The next code to this phone may be sent.
      house.clock.advance(61_000)
      return who
    },
    offers: async (who, number) => demand(await who.get(`/v1/lines/${number}/offers`), 200),
    async place(
      who,
      number,
      faceMinor,
      { key = newKey(), expected, locale = 'zh-CN', confirmDuplicate } = {},
    ) {
      const { denominations } = await people.offers(who, number)
      const offer = denominations.find(({ face }) => face.amountMinor === faceMinor.toString())
      if (!offer) throw new Error(`no tile of ${faceMinor}`)
      const body = {
        items: [{ number, offerId: offer.id }],
        expected: { ...offer.price, ...(expected === undefined ? {} : { amountMinor: expected }) },
        locale,
        ...(confirmDuplicate === undefined ? {} : { confirmDuplicate }),
      }
      return await who.send('POST', '/v1/top-ups', body, { 'idempotency-key': key })
    },
    async toPay(who, number, faceMinor, more = {}) {
      const { id } = demand(await people.place(who, number, faceMinor, more), 201)
      const key = newKey()
      const body = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
      const answer = await who.send('POST', `/v1/top-ups/${id}/payments`, body, { 'idempotency-key': key })
      return { id, attempt: demand(answer, 201).attemptId, key }
    },
    order: async (who, id) => demand(await who.get(`/v1/top-ups/${id}`), 200),
  }
  return people
}

/** The body of an answer that a test's own preparation cannot do without. */
function demand({ status, body }: Answer, expected: number): Answer['body'] {
  if (status !== expected) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body
}
