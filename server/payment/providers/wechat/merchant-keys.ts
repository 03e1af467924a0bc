import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { OpenMerchant } from '../../port.ts'

/** A merchant at WeChat Pay with its keys read. */
export interface WechatMerchant {
  readonly mchId: string
  readonly appId: string
  readonly gateway: string
  readonly serialNo: string
  readonly key: KeyObject
  readonly apiV3Key: string
  /** WeChat Pay's keys that were entered, by serial number or `PUB_KEY_ID_...`. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>
  /** How the application learns who opens its pages inside WeChat; absent where it cannot. */
  readonly oauth?: {
    readonly secret: string
    /** Origins of the pages a browser is sent to, and of the API that names the payer. */
    readonly pages: string
    readonly api: string
  }
}

/** Reads what the adapter needs of a merchant; throws with the name of what is missing or wrong. */
export function readMerchant({
  id,
  gateway,
  privateKey,
  providerKeys,
  secrets,
  settings,
}: OpenMerchant): WechatMerchant {
  const need = (from: Readonly<Record<string, string>>, name: string) => {
    const value = from[name]
    if (!value) throw new Error(`WeChat merchant ${id} has no ${name}`)
    return value
  }
  if (privateKey === null) throw new Error(`WeChat merchant ${id} has no privateKey`)
  const apiV3Key = need(secrets, 'apiV3Key')
  if (Buffer.byteLength(apiV3Key) !== 32)
    throw new Error(`WeChat merchant ${id} has an apiV3Key that is not 32 bytes`)
  const serials = (settings.providerKeySerials ?? '').split(',').filter((serial) => serial !== '')
  if (serials.length !== providerKeys.length) {
    throw new Error(
      `WeChat merchant ${id} has providerKeySerials for ${serials.length} of ${providerKeys.length} keys`,
    )
  }
  return {
    mchId: id,
    appId: need(settings, 'appId'),
    gateway: originOf(gateway),
    serialNo: need(settings, 'serialNo'),
    key: createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }),
    apiV3Key,
    platformKeys: new Map(
      providerKeys.map((key, i) => [
        serials[i] as string,
        createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
      ]),
    ),
    ...(secrets.appSecret && {
      oauth: {
        secret: secrets.appSecret,
        pages: originOf(settings.oauthPages ?? 'https://open.weixin.qq.com'),
        api: originOf(settings.oauthApi ?? 'https://api.weixin.qq.com'),
      },
    }),
  }
}

function originOf(address: string): string {
  return address.replace(/\/$/, '')
}
