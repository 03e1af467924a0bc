import { openBook } from '../book.ts'
import { asFields, type Fields, text, textLike } from '../fields.ts'
import { type CardKnobs, quietCard, turnCardKnobs } from './knobs.ts'
import { newWebhookSecret } from './numbers.ts'

export type { CardKnobs } from './knobs.ts'

/** A merchant as the card gateway knows it. */
export interface CardMerchant {
  /** `acct_...` */
  account: string
  brand: string
  name: string
  /** `sk_test_...`: whoever brings it is the merchant. */
  secretKey: string
  /** Where events go, and what signs them. */
  webhookUrl: string
  webhookSecret: string
}

type Entry =
  | { kind: 'merchant'; merchant: CardMerchant }
  | { kind: 'knobs'; account: string; knobs: CardKnobs }
  | { kind: 'secret-rolled'; account: string; webhookSecret: string; overlap: boolean }

/** Who takes cards here, their keys, and how their knobs stand. Survives a restart; its file is never shown. */
export interface CardMerchants {
  all(): CardMerchant[]
  find(account: string): CardMerchant | undefined
  byKey(secretKey: string): CardMerchant | undefined
  register(merchant: CardMerchant): Promise<void>
  /** What signs an event now: two while one is being rolled, newest first. */
  webhookSecrets(account: string): string[]
  /** A new webhook secret; with `overlap` the old one goes on signing beside it until the next roll. */
  rollSecret(account: string, overlap: boolean): Promise<string>
  knobs(account: string): CardKnobs
  turn(account: string, change: Fields): Promise<CardKnobs>
  close(): Promise<void>
}

export async function openCardMerchants(path: string): Promise<CardMerchants> {
  const merchants = new Map<string, CardMerchant>()
  const turned = new Map<string, CardKnobs>()
  const rolled = new Map<string, string[]>()
  const book = await openBook<Entry>(path, (entry) => {
    switch (entry.kind) {
      case 'merchant':
        merchants.set(entry.merchant.account, entry.merchant)
        return
      case 'knobs':
        turned.set(entry.account, entry.knobs)
        return
      case 'secret-rolled': {
        const before = entry.overlap ? secretsOf(entry.account).slice(0, 1) : []
        rolled.set(entry.account, [entry.webhookSecret, ...before])
        return
      }
    }
  })
  function secretsOf(account: string): string[] {
    const merchant = merchants.get(account)
    return rolled.get(account) ?? (merchant ? [merchant.webhookSecret] : [])
  }
  // Knobs that are newer than the book's line take their quiet value.
  const knobsOf = (account: string) => ({ ...quietCard, ...turned.get(account) })

  return {
    all: () => [...merchants.values()],
    find: (account) => merchants.get(account),
    byKey: (secretKey) => merchants.values().find((merchant) => merchant.secretKey === secretKey),
    register: async (merchant) => {
      if (JSON.stringify(merchants.get(merchant.account)) === JSON.stringify(merchant)) return
      await book.record({ kind: 'merchant', merchant })
    },
    webhookSecrets: secretsOf,
    rollSecret: async (account, overlap) => {
      const webhookSecret = newWebhookSecret()
      await book.record({ kind: 'secret-rolled', account, webhookSecret, overlap })
      return webhookSecret
    },
    knobs: knobsOf,
    turn: async (account, change) => {
      const knobs = turnCardKnobs(knobsOf(account), change)
      await book.record({ kind: 'knobs', account, knobs })
      return knobs
    },
    close: () => book.close(),
  }
}

/** Reads a merchant from the control API or `merchants.json`. */
export function readCardMerchant(value: unknown): CardMerchant {
  const fields = asFields(value, 'A card merchant')
  return {
    account: textLike(fields, 'account', /^acct_[0-9A-Za-z]{1,40}$/, 'acct_ with letters and digits'),
    brand: text(fields, 'brand'),
    name: text(fields, 'name'),
    secretKey: textLike(
      fields,
      'secretKey',
      /^sk_test_[0-9A-Za-z]{8,200}$/,
      'sk_test_ with letters and digits',
    ),
    webhookUrl: textLike(fields, 'webhookUrl', /^https?:\/\/\S+$/, 'an http address'),
    webhookSecret: textLike(fields, 'webhookSecret', /^whsec_[!-~]{8,200}$/, 'whsec_ and what follows'),
  }
}
