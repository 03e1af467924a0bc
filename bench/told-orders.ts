import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { idToWire } from '../contract/id.ts'
import { notificationFields } from '../sandbox/alipay/notification-fields.ts'
import { newNotifyId, newTradeNo } from '../sandbox/alipay/numbers.ts'
import { signParams } from '../sandbox/alipay/signature.ts'
import { chinaTime } from '../sandbox/clock.ts'
import type { Deal } from '../sandbox/wechat/deal.ts'
import { newNotificationId, newTransactionId } from '../sandbox/wechat/numbers.ts'
import { transactionOf } from '../sandbox/wechat/resource.ts'
import { sealResource, signedHeaders } from '../sandbox/wechat/signature.ts'
import { writeJson } from '../sandbox/wechat/wire-json.ts'
import { wireTime } from '../sandbox/wechat/wire-time.ts'
import { insertAccounts } from '../server/ledger/index.ts'
import { insertAttempt } from '../server/payment/attempt-store.ts'
import type { NewMerchant } from '../server/payment/index.ts'
import { newId } from '../server/platform/id.ts'
import { sendPlacedOrder } from '../server/topup/store.ts'
import { justPlaced, type TopUp } from '../server/topup/top-up.ts'
import { benchMsisdn } from './lines.ts'
import type { Prepared } from './notify-load.ts'
import type { World } from './world.ts'

export const toldRails = ['alipay', 'wechat'] as const
type ToldRail = (typeof toldRails)[number]

const APP_ID = '2021000000000001'
const SELLER = '2088000000000001'
const MCH_ID = '1900000109'
const WECHAT_APP = 'wx8888888888888888'
const SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
const FACE_MINOR = 5000n
const PAY_WITHIN_MS = 3_600_000
const CHUNK = 500

/** What a rail signs with; the sandbox's own code does it, so that both sides are not ours. */
interface Signing {
  readonly key: KeyObject
  readonly apiV3Key: string
}

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}

/** The brand's contract with each rail, and the account that holds what it owes. Nobody is ever called. */
export async function addToldMerchants({ house, brand }: World): Promise<Signing> {
  const [ours, theirs] = [pair(), pair()]
  const apiV3Key = randomBytes(16).toString('hex')
  const common = { currency: brand.currency, enabled: true, privateKey: ours.privateKey }
  const keys = { providerKeys: [theirs.publicKey], gateway: 'http://127.0.0.1:1' }
  const merchants: NewMerchant[] = [
    { ...common, ...keys, provider: 'alipay', id: APP_ID, seller: SELLER },
    {
      ...{ ...common, ...keys, provider: 'wechat', id: MCH_ID, seller: MCH_ID, secrets: { apiV3Key } },
      settings: { appId: WECHAT_APP, serialNo: SERIAL, providerKeySerials: SERIAL },
    },
  ]
  await house.db.of(brand.key).tx(async (tx) => {
    for (const merchant of merchants) {
      await house.payments.addMerchant(tx, merchant)
      const atMs = house.clock.instant()
      const account = { kind: 'provider-clearing', subject: `${merchant.provider}:${merchant.id}` } as const
      await insertAccounts(tx, [{ id: newId(atMs), ...account, currency: brand.currency }], atMs)
    }
  })
  const key = createPrivateKey({
    key: Buffer.from(theirs.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  })
  return { key, apiV3Key }
}

const merchantOf = { alipay: APP_ID, wechat: MCH_ID }

/** Orders that await payment, each of a line of its own, with an attempt that is open; answers the attempts' numbers. */
export async function placeOrders(
  world: World,
  rail: ToldRail,
  from: number,
  count: number,
): Promise<string[]> {
  const { house, brand } = world
  const { db, clock, catalog } = house
  const nowMs = clock.instant()
  const { denominations } = await catalog.priceTable(brand.key, Math.floor(nowMs / 86_400_000))
  const offer = denominations.find(({ faceMinor }) => faceMinor === FACE_MINOR)
  if (!offer) throw new Error('no offer of 50.00')
  const msisdns = Array.from({ length: count }, (_, i) => benchMsisdn(from + i))
  const rows = await db
    .of(brand.key)
    .query<{ id: string }>('select id from {{brand}}.line where msisdn = any($1::text[])', [msisdns])
  const caller = world.agents[0]?.caller ?? ''
  const numbers: string[] = []
  for (let i = 0; i < rows.length; i += CHUNK) {
    await db.of(brand.key).tx(async (tx) => {
      for (const { id: line } of rows.slice(i, i + CHUNK)) {
        const [id, attempt] = [newId(nowMs), newId(nowMs)]
        const order: TopUp = {
          ...{ ...justPlaced, id, caller, key: id, hash: 'aa'.repeat(32), line, epoch: 1, terms: offer },
          ...{ offer: offer.id, offerKind: offer.kind, priceMinor: offer.priceMinor },
          ...{ faceMinor: offer.faceMinor, bonusMinor: offer.bonusMinor, placedAtMs: nowMs },
          ...{ payByMs: nowMs + PAY_WITHIN_MS, untilBefore: null, locale: 'zh-CN', payerMsisdn: null },
          ...{ validityText: '', validityDays: null },
        }
        sendPlacedOrder(tx, order)
        await insertAttempt(tx, {
          ...{
            id: attempt,
            order: id,
            provider: rail,
            merchant: merchantOf[rail],
            scene: 'qr',
            caller,
            key: id,
          },
          ...{ amountMinor: offer.priceMinor, currency: brand.currency, hash: 'aa', createdAtMs: nowMs },
          ...{ expiresAtMs: nowMs + PAY_WITHIN_MS, nextQueryAtMs: null, quote: null },
        })
        numbers.push(idToWire(attempt))
      }
    })
  }
  return numbers
}

/** The notification that each of these payments was made, signed now. */
export function signed(
  rail: ToldRail,
  { key, apiV3Key }: Signing,
  numbers: readonly string[],
  atMs: number,
): Prepared[] {
  const path = `/v1/notifications/${rail}/laika/${merchantOf[rail]}`
  return numbers.map((number) => {
    if (rail === 'alipay') return { path, ...alipayNotice(number, key, atMs) }
    return { path, ...wechatNotice(number, { key, apiV3Key }, atMs) }
  })
}

const PRICE_MINOR = 4980n

function alipayNotice(number: string, key: KeyObject, atMs: number): Omit<Prepared, 'path'> {
  const order = {
    ...{ appId: APP_ID, outTradeNo: number, method: 'alipay.trade.precreate' as const, expiresAt: 0 },
    ...{ subject: '莱卡保号 50 元话费 154****0000', totalMinor: `${PRICE_MINOR}` },
  }
  const trade = {
    ...{ tradeNo: newTradeNo(atMs), cashierId: '', order, status: 'TRADE_SUCCESS' as const, refunds: [] },
    ...{ totalMinor: PRICE_MINOR, createdAt: atMs, paidAt: atMs },
  }
  const merchant = { appId: APP_ID, sellerId: SELLER, brand: 'laika', name: '莱卡', merchantPublicKey: '' }
  const fields = { ...notificationFields(trade, merchant, newNotifyId(atMs)), notify_time: chinaTime(atMs) }
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(signParams(fields, key)).toString(),
  }
}

function wechatNotice(number: string, { key, apiV3Key }: Signing, atMs: number): Omit<Prepared, 'path'> {
  const deal: Deal = {
    ...{ dealId: '', state: 'SUCCESS', totalMinor: PRICE_MINOR, createdAt: atMs, paidAt: atMs, refunds: [] },
    transactionId: newTransactionId(atMs),
    order: {
      ...{
        mchId: MCH_ID,
        outTradeNo: number,
        tradeType: 'NATIVE',
        description: '话费',
        openid: 'o',
        prepayId: '',
      },
      ...{ totalMinor: `${PRICE_MINOR}`, expiresAt: 0 },
    },
  }
  const plain = writeJson(transactionOf(deal, { mchId: MCH_ID, appId: WECHAT_APP } as never))
  const body = JSON.stringify({
    ...{ id: newNotificationId(), create_time: wireTime(atMs), resource_type: 'encrypt-resource' },
    ...{ event_type: 'TRANSACTION.SUCCESS', summary: '支付成功' },
    resource: { original_type: 'transaction', ...sealResource(plain, 'transaction', apiV3Key) },
  })
  const headers = signedHeaders(body, { serial: SERIAL, privateKey: key }, atMs)
  return { headers: { 'content-type': 'application/json', ...headers }, body }
}
