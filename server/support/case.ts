import { randomBytes } from 'node:crypto'
import type { CaseTopic } from '../../contract/support.ts'

/** Something the brand was asked for help with. Open until it is answered; an answer is final. */
export interface Case {
  readonly id: string
  /** What people quote: `LK-261122-7Q4W2V`. */
  readonly number: string
  /** A log-in or a guest's session; null: nobody was signed in. */
  readonly caller: string | null
  readonly key: string
  readonly hash: Buffer
  readonly topic: CaseTopic
  readonly body: string
  readonly order: CaseOrder | null
  readonly replyBy: 'sms' | 'email'
  readonly replyTo: string | null
  readonly replyProved: boolean
  readonly locale: 'zh-CN' | 'en'
  readonly openedAtMs: number
  readonly answer: string | null
  readonly answeredAtMs: number | null
}

/** What the asker saw of the order it is about. */
export interface CaseOrder {
  readonly id: string
  /** Masked. */
  readonly msisdn: string
  readonly priceMinor: bigint
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Prefix, day in the brand's zone, six random digits of Crockford's base32: short enough to be read out on the phone. */
export function newCaseNumber(prefix: string, zone: string, nowMs: number): string {
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(nowMs)
  const random = [...randomBytes(6)].map((byte) => ALPHABET.charAt(byte % 32)).join('')
  return `${prefix}-${day.replaceAll('-', '').slice(2)}-${random}`
}
