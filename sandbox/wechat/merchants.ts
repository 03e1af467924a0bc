import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Book, openBook } from '../book.ts'
import { asFields, BadRequest, type Fields, text, textLike } from '../fields.ts'
import { readPublicKey } from '../registry.ts'
import { quietWechat, turnWechatKnobs, type WechatKnobs } from './knobs.ts'

/** A merchant as WeChat Pay knows it. */
export interface WechatMerchant {
  mchId: string
  /** The one app bound to the merchant. */
  appId: string
  brand: string
  name: string
  /** Of the application: by it a page inside WeChat learns who opened it. */
  appSecret?: string
  /** RSA, base64 SPKI: what checks the merchant's requests, under this certificate serial number. */
  merchantPublicKey: string
  merchantSerialNo: string
  /** 32 bytes, set by the merchant: seals notifications and certificates. */
  apiV3Key: string
  /** `certificate`: WeChat Pay signs by certificates that can be fetched; `public-key`: by one key, read off its console. */
  platformKey: 'certificate' | 'public-key'
  /** Where refunds are told of when the refund itself names no address. */
  refundNotifyUrl?: string
}

type Entry =
  | { kind: 'merchant'; merchant: WechatMerchant }
  | { kind: 'knobs'; mchId: string; knobs: WechatKnobs }

/** Who is known to WeChat Pay, and how their knobs stand. Survives a restart. */
export interface WechatMerchants {
  all(): WechatMerchant[]
  find(mchId: string): WechatMerchant | undefined
  publicKey(mchId: string): KeyObject
  register(merchant: WechatMerchant): Promise<void>
  knobs(mchId: string): WechatKnobs
  turn(mchId: string, change: Fields): Promise<WechatKnobs>
  close(): Promise<void>
}

export async function openWechatMerchants(path: string): Promise<WechatMerchants> {
  const merchants = new Map<string, { merchant: WechatMerchant; key: KeyObject }>()
  const turned = new Map<string, WechatKnobs>()
  const book: Book<Entry> = await openBook<Entry>(path, (entry) => {
    if (entry.kind === 'knobs') turned.set(entry.mchId, entry.knobs)
    else merchants.set(entry.merchant.mchId, { merchant: entry.merchant, key: publicKeyIn(entry.merchant) })
  })
  // Knobs that are newer than the book's line take their quiet value.
  const knobs = (mchId: string) => ({ ...quietWechat, ...turned.get(mchId) })

  return {
    all: () => [...merchants.values()].map(({ merchant }) => merchant),
    find: (mchId) => merchants.get(mchId)?.merchant,
    publicKey: (mchId) => {
      const known = merchants.get(mchId)
      if (!known) throw new Error(`There is no merchant ${mchId}.`)
      return known.key
    },
    register: async (merchant) => {
      if (JSON.stringify(merchants.get(merchant.mchId)?.merchant) === JSON.stringify(merchant)) return
      await book.record({ kind: 'merchant', merchant })
    },
    knobs,
    turn: async (mchId, change) => {
      const next = turnWechatKnobs(knobs(mchId), change)
      await book.record({ kind: 'knobs', mchId, knobs: next })
      return next
    },
    close: () => book.close(),
  }
}

function publicKeyIn({ merchantPublicKey }: WechatMerchant): KeyObject {
  return createPublicKey({ key: Buffer.from(merchantPublicKey, 'base64'), format: 'der', type: 'spki' })
}

/** Reads a merchant from the control API or `merchants.json`. */
export function readWechatMerchant(value: unknown): WechatMerchant {
  const fields = asFields(value, 'A merchant')
  const merchant: WechatMerchant = {
    mchId: textLike(fields, 'mchId', /^\d{8,10}$/, '8 to 10 digits'),
    appId: textLike(fields, 'appId', /^wx[0-9a-f]{16}$/, 'wx and 16 hexadecimal digits'),
    brand: text(fields, 'brand'),
    name: text(fields, 'name'),
    merchantPublicKey: readPublicKey(text(fields, 'merchantPublicKey')),
    merchantSerialNo: textLike(fields, 'merchantSerialNo', /^[0-9A-F]{8,40}$/, 'hexadecimal, in capitals'),
    apiV3Key: textLike(fields, 'apiV3Key', /^[!-~]{32}$/, '32 printable characters'),
    platformKey: fields.platformKey === 'public-key' ? 'public-key' : 'certificate',
    ...(fields.appSecret === undefined ? {} : { appSecret: text(fields, 'appSecret') }),
    ...(fields.refundNotifyUrl === undefined ? {} : { refundNotifyUrl: text(fields, 'refundNotifyUrl') }),
  }
  if (!['certificate', 'public-key', undefined].includes(fields.platformKey as string | undefined)) {
    throw new BadRequest('"platformKey" must be certificate or public-key.')
  }
  return merchant
}
