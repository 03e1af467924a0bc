import { randomBytes } from 'node:crypto'
import { afterAll } from 'vitest'
import type { OffersView } from '../../contract/offer.ts'
import type { OrderView } from '../../contract/top-up.ts'
import { type Catalog, createCatalog, priceTablePresets } from '../../server/catalog/index.ts'
import { createDealers, type Dealers } from '../../server/dealer/index.ts'
import { everyCheck, fsck, type Violation } from '../../server/fsck.ts'
import { insertAccounts } from '../../server/ledger/index.ts'
import { createMessaging } from '../../server/messaging/index.ts'
import { furnishBrand } from '../../server/new-brand.ts'
import { createPayments, type Payments } from '../../server/payment/index.ts'
import { createDb, type Db } from '../../server/platform/db.ts'
import { newId } from '../../server/platform/id.ts'
import { presetOf } from '../../server/policy/index.ts'
import { openDealerSeries } from '../../server/receipt/index.ts'
import { createTopUps, type TopUps } from '../../server/topup/index.ts'
import { type AlipayStandIn, rsaPair, startAlipayStandIn } from './alipay-stand-in.ts'
import { type LineHouse, lineHouse } from './line.ts'
import { APP_ID, paidNotice, SELLER } from './payment.ts'
import type { Answer, Visitor } from './visitor.ts'

const MASTER_KEY = Buffer.alloc(32, 7)
export const PAYER = '15400099999'

/** Everything up to orders over HTTP, with stand-ins at the other end of Alipay. Loops run only when a test runs a round. */
export interface TopUpHouse extends LineHouse {
  readonly catalog: Catalog
  readonly dealers: Dealers
  readonly payments: Payments
  readonly topUps: TopUps
  readonly alipay: AlipayStandIn
  /** Payments and top-ups as another process has them, on connections of its own; `url` may lead through a proxy. */
  anotherProcess(url?: string): { readonly db: Db; readonly payments: Payments; readonly topUps: TopUps }
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
  const { db, clock, log, brands, lines, http } = house
  const ours = rsaPair()
  const alipay = await startAlipayStandIn(ours.publicKey)
  const catalog = createCatalog({ db, clock, brands })
  const dealers = createDealers({ clock, brands, openDealerSeries })
  const originOf = (brand: string) => `http://${brand}.test`
  const messaging = createMessaging({
    ...{ db, clock, log, brands, masterKey: MASTER_KEY },
    channels: () => ({ sms: null, email: null }),
  })
  const build = (over: Db) => {
    const payments = createPayments({ db: over, brands, clock, log, masterKey: MASTER_KEY, originOf })
    const topUps = createTopUps({
      ...{ db: over, clock, log, brands, payments, messaging, lines, policyOf: presetOf, originOf },
      catalog: createCatalog({ db: over, clock, brands }),
    })
    return { db: over, payments, topUps }
  }
  const { payments, topUps } = build(db)
  for (const key of ['laika', 'harbour'] as const) {
    const brand = brands.get(key)
    await furnishBrand({ db, clock, catalog }, brand, priceTablePresets[key])
    await db.of(key).tx(async (tx) => {
      await payments.addMerchant(tx, {
        ...{ provider: 'alipay', id: APP_ID, seller: SELLER, currency: brand.currency, enabled: true },
        ...{ gateway: alipay.gateway, privateKey: ours.privateKey, providerKeys: [alipay.publicKey] },
      })
      const subject = `alipay:${APP_ID}`
      const account = { id: newId(clock.instant()), kind: 'provider-clearing', subject } as const
      await insertAccounts(tx, [{ ...account, currency: brand.currency }], clock.instant())
    })
  }
  // Notifications come in where no settler listens, as in another process, so that only a test's own sweep applies them.
  await http.register(createPayments({ db, brands, clock, log, masterKey: MASTER_KEY, originOf }).routes)
  await http.register(topUps.routes)
  const others: Db[] = []
  afterAll(async () => {
    await topUps.stopLoops()
    for (const other of others) await other.close()
    await alipay.close()
  })

  const made: TopUpHouse = {
    ...house,
    ...{ catalog, dealers, payments, topUps, alipay },
    anotherProcess(url = house.appUrl) {
      const other = createDb({ url, connections: 4, log, applicationName: 'another process' })
      others.push(other)
      return build(other)
    },
    async guest(payer = PAYER, brand = 'laika') {
      const who = house.visit(brand)
      const code = await house.codeFor(who, 'payer', payer, brand)
      const answer = await who.send('POST', '/v1/codes/payer', { number: payer, code })
      if (answer.status !== 200) throw new Error(`the payer is not proved: ${JSON.stringify(answer.body)}`)
      // The next code to this phone may be sent.
      clock.advance(61_000)
      return who
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
    async offers(who, number) {
      const { status, body } = await who.get(`/v1/lines/${number}/offers`)
      if (status !== 200) throw new Error(`no offers: ${JSON.stringify(body)}`)
      return body as OffersView
    },
    async place(
      who,
      number,
      faceMinor,
      { key = newKey(), expected, locale = 'zh-CN', confirmDuplicate } = {},
    ) {
      const { denominations } = await made.offers(who, number)
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
      const placed = await made.place(who, number, faceMinor, more)
      if (placed.status !== 201) throw new Error(`not placed: ${JSON.stringify(placed.body)}`)
      const key = newKey()
      const body = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
      const path = `/v1/top-ups/${placed.body.id}/payments`
      const paying = await who.send('POST', path, body, { 'idempotency-key': key })
      if (paying.status !== 201) throw new Error(`no payment: ${JSON.stringify(paying.body)}`)
      return { id: placed.body.id, attempt: paying.body.attemptId, key }
    },
    async notify(attempt, fields = {}, brand = 'laika') {
      const notice = paidNotice(attempt, { notify_id: newKey(), trade_no: `T${attempt}`, ...fields })
      const answer = await http.inject({
        method: 'POST',
        url: `/v1/notifications/alipay/${brand}/${APP_ID}`,
        headers: { host: `${brand}.test`, 'content-type': 'application/x-www-form-urlencoded' },
        payload: alipay.notification(notice),
      })
      return answer.body
    },
    async order(who, id) {
      const { status, body } = await who.get(`/v1/top-ups/${id}`)
      if (status !== 200) throw new Error(`no order: ${JSON.stringify(body)}`)
      return body as OrderView
    },
    fsck: () => fsck(db, ['laika', 'harbour'], everyCheck({ clock, brands, policyOf: presetOf })),
  }
  return made
}
