import type { Client } from './client.ts'
import type { WechatMerchant } from './merchant-keys.ts'

/** A merchant's way to WeChat Pay. */
export interface Rail {
  readonly merchant: WechatMerchant
  readonly client: Client
  readonly instant: () => number
}
