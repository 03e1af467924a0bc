import {
  merchant,
  type otherMerchant,
  ours,
  type Receiver,
  startWechatWorld,
  type WechatWorld,
} from '../../../../sandbox/wechat/testing/world.ts'
import { createClock } from '../../../platform/clock.ts'
import type {
  Charge,
  Notification,
  NotificationOutcome,
  OpenMerchant,
  PaymentProvider,
  Presentation,
} from '../../port.ts'
import { openWechat } from './wechat.ts'

/** A notification that came, by the number whose address it came to, and what was made of it. */
export interface Taken {
  number: string
  notification: Notification
  outcome: NotificationOutcome
}

/** An adapter and a sandbox of WeChat Pay, with notifications taken as the route takes them. */
export interface AdapterWorld extends WechatWorld {
  adapter: PaymentProvider
  /** What notifications came to, in order of arrival. */
  taken: Taken[]
  /** Opens the adapter anew: with what WeChat Pay's keys are now, and what a test changes. */
  reopen(changed?: Partial<OpenMerchant>): Promise<void>
  charge(more?: Partial<Charge>): Charge
  /** Each payment is told of at an address of its own: a late retry of one is not mistaken for another's. */
  shown(charge: Charge): Presentation
}

export const clock = createClock()
let count = 0

export async function adapterWorld(): Promise<AdapterWorld> {
  const base = await startWechatWorld()
  const world = Object.assign(base as AdapterWorld, { taken: [] })
  world.reopen = async (changed = {}) => {
    world.adapter = await openWechat({ ...openMerchant(world), ...changed }, () => clock.instant())
  }
  world.charge = (more = {}) => {
    count += 1
    return {
      number: `01JD9Z3K6N8Q4W2V7X5Y0${`${count}`.padStart(5, '0')}`,
      scene: 'qr',
      amountMinor: 4980n,
      currency: 'CNY',
      expiresAtMs: clock.instant() + 30 * 60_000,
      payer: null,
      ...more,
    }
  }
  world.shown = ({ number }) => ({
    subject: '莱卡保号 季度套餐',
    notifyUrl: `${world.receiver.url}/${number}`,
    returnUrl: 'http://127.0.0.1:3000/orders/1?a=b',
    locale: 'zh-CN',
  })
  world.receiver.answer = takenBy(world)
  await world.reopen()
  return world
}

function takenBy(world: AdapterWorld): Receiver['answer'] {
  return async ({ path, headers, body }) => {
    const notification = { headers: headers as Notification['headers'], body: Buffer.from(body) }
    const outcome = await world.adapter.verifyNotification(notification)
    world.taken.push({ number: path.replace('/notify/', ''), notification, outcome })
    if (outcome.kind === 'refused') return outcome.fault === 'malformed' ? 400 : 401
    return world.adapter.acknowledgement.status
  }
}

/** A merchant of the sandbox as the house keeps it, with WeChat Pay's keys as they are now. */
export function openMerchant(
  world: WechatWorld,
  of: typeof merchant | typeof otherMerchant = merchant,
  keys = ours,
): OpenMerchant {
  const platformKeys = world.sandbox.wechatKeys(of.mchId)
  return {
    provider: 'wechat',
    id: of.mchId,
    seller: of.mchId,
    currency: 'CNY',
    gateway: world.sandbox.addresses.wechat,
    privateKey: keys.key.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    providerKeys: platformKeys.map(({ publicKey }) => publicKey),
    secrets: { apiV3Key: of.apiV3Key, ...('appSecret' in of && { appSecret: of.appSecret }) },
    settings: {
      appId: of.appId,
      serialNo: of.merchantSerialNo,
      providerKeySerials: platformKeys.map(({ serial }) => serial).join(','),
      oauthPages: world.sandbox.addresses.wechat,
      oauthApi: world.sandbox.addresses.wechat,
    },
  }
}
