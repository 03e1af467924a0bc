import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { notificationFields } from '../sandbox/alipay/notification-fields.ts'
import { newNotifyId, newTradeNo } from '../sandbox/alipay/numbers.ts'
import { signParams } from '../sandbox/alipay/signature.ts'
import { eventBody, signature } from '../sandbox/card/event.ts'
import { newId, newSessionId, newWebhookSecret } from '../sandbox/card/numbers.ts'
import type { Session } from '../sandbox/card/payment.ts'
import { sessionShape } from '../sandbox/card/shapes.ts'
import { chinaTime, compactChinaTime } from '../sandbox/clock.ts'
import { openAuthority } from '../sandbox/unionpay/authority.ts'
import { noticeFields } from '../sandbox/unionpay/fields.ts'
import { signFields } from '../sandbox/unionpay/signature.ts'
import type { Deal } from '../sandbox/wechat/deal.ts'
import { newNotificationId, newTransactionId } from '../sandbox/wechat/numbers.ts'
import { transactionOf } from '../sandbox/wechat/resource.ts'
import { sealResource, signedHeaders } from '../sandbox/wechat/signature.ts'
import { writeJson } from '../sandbox/wechat/wire-json.ts'
import { wireTime } from '../sandbox/wechat/wire-time.ts'
import type { NewMerchant } from '../server/payment/index.ts'
import type { Prepared } from './notify-load.ts'

/** The rails that tell of payments themselves, in the order in which they are measured. */
export const toldRails = ['alipay', 'wechat', 'card', 'unionpay'] as const
export type ToldRail = (typeof toldRails)[number]

/** What a payment of the bench is about. */
export interface Told {
  /** The attempt's, as the provider knows it. */
  readonly number: string
  readonly amountMinor: bigint
  readonly currency: string
}

type Notice = Omit<Prepared, 'path'>

/** A brand's contract with a rail, and the rail's word that a payment was made: the sandbox's code says and signs it, so that both sides are not ours. */
export interface Teller {
  readonly merchant: NewMerchant
  notice(told: Told, atMs: number): Notice
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

interface Pair {
  readonly key: KeyObject
  /** Base64 DER. */
  readonly privateKey: string
  readonly publicKey: string
}

function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const text = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  return {
    key: createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' }),
    privateKey: text,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}

/** Tellers of every rail with keys of this run; `directory` is for what UnionPay's authority keeps. Nobody is ever called. */
export async function openTellers(
  currency: string,
  directory: string,
  now: () => number,
): Promise<Readonly<Record<ToldRail, Teller>>> {
  const [ours, theirs] = [newPair(), newPair()]
  const common = { currency, enabled: true, privateKey: ours.privateKey, gateway: 'http://127.0.0.1:1' }
  const signed = { ...common, providerKeys: [theirs.publicKey] }
  return {
    alipay: alipayTeller(signed, theirs.key),
    wechat: wechatTeller(signed, theirs.key),
    card: cardTeller({ ...common, privateKey: null, providerKeys: [] }),
    unionpay: await unionPayTeller({ ...common, providerKeys: [] }, directory, now),
  }
}

type Contract = Omit<NewMerchant, 'provider' | 'id' | 'seller'>

function alipayTeller(contract: Contract, key: KeyObject): Teller {
  const [id, seller] = ['2021000000000001', '2088000000000001']
  const merchant = { appId: id, sellerId: seller, brand: 'laika', name: '莱卡', merchantPublicKey: '' }
  return {
    merchant: { ...contract, provider: 'alipay', id, seller },
    notice({ number, amountMinor }, atMs) {
      const order = {
        ...{ appId: id, outTradeNo: number, method: 'alipay.trade.precreate' as const, expiresAt: 0 },
        ...{ subject: '莱卡保号 50 元话费 154****0000', totalMinor: `${amountMinor}` },
      }
      const trade = {
        ...{ tradeNo: newTradeNo(atMs), cashierId: '', order, status: 'TRADE_SUCCESS' as const, refunds: [] },
        ...{ totalMinor: amountMinor, createdAt: atMs, paidAt: atMs },
      }
      const fields = {
        ...notificationFields(trade, merchant, newNotifyId(atMs)),
        notify_time: chinaTime(atMs),
      }
      return { headers: FORM, body: new URLSearchParams(signParams(fields, key)).toString() }
    },
  }
}

function wechatTeller(contract: Contract, key: KeyObject): Teller {
  const [mchId, appId] = ['1900000109', 'wx8888888888888888']
  const serial = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
  const apiV3Key = randomBytes(16).toString('hex')
  const settings = { appId, serialNo: serial, providerKeySerials: serial }
  return {
    merchant: { ...contract, provider: 'wechat', id: mchId, seller: mchId, secrets: { apiV3Key }, settings },
    notice({ number, amountMinor }, atMs) {
      const order = {
        ...{ mchId, outTradeNo: number, tradeType: 'NATIVE' as const, description: '话费', openid: 'o' },
        ...{ prepayId: '', totalMinor: `${amountMinor}`, expiresAt: 0 },
      }
      const deal: Deal = {
        ...{ dealId: '', state: 'SUCCESS', totalMinor: amountMinor, createdAt: atMs, paidAt: atMs },
        ...{ refunds: [], transactionId: newTransactionId(atMs), order },
      }
      const plain = writeJson(transactionOf(deal, { mchId, appId } as never))
      const body = JSON.stringify({
        ...{ id: newNotificationId(), create_time: wireTime(atMs), resource_type: 'encrypt-resource' },
        ...{ event_type: 'TRANSACTION.SUCCESS', summary: '支付成功' },
        resource: { original_type: 'transaction', ...sealResource(plain, 'transaction', apiV3Key) },
      })
      const headers = signedHeaders(body, { serial, privateKey: key }, atMs)
      return { headers: { 'content-type': 'application/json', ...headers }, body }
    },
  }
}

function cardTeller(contract: Contract): Teller {
  const account = 'acct_1BenchBenchBench'
  const webhookSecret = newWebhookSecret()
  const secrets = { secretKey: 'sk_test_bench', webhookSecret }
  return {
    merchant: { ...contract, provider: 'card', id: account, seller: account, secrets },
    notice({ number, amountMinor, currency }, atMs) {
      const order = {
        ...{ account, amountMinor: `${amountMinor}`, currency: currency.toLowerCase(), product: '话费' },
        ...{ clientReferenceId: number, metadata: { number }, paymentMetadata: { number } },
        ...{ successUrl: '', cancelUrl: null, locale: 'zh', expiresAt: 0 },
      }
      const session: Session = { id: newSessionId(), order, status: 'complete', createdAt: atMs }
      const shape = {
        ...sessionShape(session, { state: undefined as never, checkoutAddress: () => '' }),
        ...{ payment_intent: newId('pi'), payment_status: 'paid' },
      }
      const body = eventBody(newId('evt'), 'checkout.session.completed', atMs, shape)
      const headers = { 'stripe-signature': signature(body, atMs, [webhookSecret]) }
      return { headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body }
    },
  }
}

async function unionPayTeller(contract: Contract, directory: string, now: () => number): Promise<Teller> {
  const merId = '777290058110048'
  const authority = await openAuthority(directory, now)
  await authority.ensure()
  const card = { id: 'debit', accNo: '622588******0010', payCardType: '01', payType: '0201', says: '00' }
  const settings = { certId: '68759663125', ...authority.certificates() }
  let told = 0
  return {
    merchant: { ...contract, provider: 'unionpay', id: merId, seller: merId, settings },
    notice({ number, amountMinor }, atMs) {
      const [digits, traceNo] = [compactChinaTime(atMs), `${++told}`.padStart(6, '0')]
      const fields = noticeFields({
        ...{ queryId: `44${digits.slice(2)}${traceNo.padStart(7, '0')}`, kind: '01', merId, orderId: number },
        ...{ txnTime: digits, amountMinor, traceNo, at: atMs, card, backUrl: '', respCode: '00' },
      })
      const body = new URLSearchParams(signFields(fields, authority.signer())).toString()
      return { headers: FORM, body }
    },
  }
}
