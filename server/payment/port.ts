/** Rails this room can speak. */
export type ProviderName = 'alipay'

/** How the subscriber gets to the provider: a desktop page, a phone page, or a code scanned with the wallet. */
export type Scene = 'page' | 'wap' | 'qr'

/** A merchant with its secrets open. Keys are base64 DER without line breaks: PKCS #8 (ours) and SPKI (theirs). */
export interface OpenMerchant {
  readonly provider: ProviderName
  readonly id: string
  readonly seller: string
  readonly currency: string
  readonly gateway: string
  readonly privateKey: string
  /** Newest first; a signature by any of them is the provider's. */
  readonly providerKeys: readonly string[]
}

/** What a provider is told of an attempt. `number` is ours and the only key of every later call. */
export interface Charge {
  readonly number: string
  readonly scene: Scene
  readonly amountMinor: bigint
  readonly currency: string
  readonly expiresAtMs: number
}

export interface Presentation {
  /** What the payer reads at the provider. */
  readonly subject: string
  readonly notifyUrl: string
  readonly returnUrl: string
  readonly locale: 'zh-CN' | 'en'
}

export interface RefundCall {
  /** Ours, stable: a new one would refund twice. */
  readonly number: string
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly reason: string
}

/**
 * Every call ends in yes, no or unknown and never throws for what a provider or a network does. `reason` is for logs and
 * people; `unknown` means asked again with our number, never a new one.
 */
export interface Unknown {
  readonly kind: 'unknown'
  readonly reason: string
}

/** An answer as it stands: the signed bytes and what they say. */
export interface Answer {
  readonly raw: Buffer
  readonly fields: Readonly<Record<string, unknown>>
}

/** An amount under the provider's own number of the payment. */
export interface TransactionAmount {
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
}

export type CreateOutcome =
  | { readonly kind: 'started'; readonly redirectUrl: string }
  | { readonly kind: 'started'; readonly qr: string }
  | { readonly kind: 'no'; readonly reason: string }
  | Unknown

export type QueryOutcome =
  | ({ readonly kind: 'paid'; readonly status: string; readonly atMs: number | null } & TransactionAmount &
      Answer)
  /** Paid once, and all of it back with the payer since. */
  | ({
      readonly kind: 'refunded'
      readonly status: string
      readonly atMs: number | null
    } & TransactionAmount &
      Answer)
  | ({ readonly kind: 'closed'; readonly status: string } & Answer)
  | { readonly kind: 'pending' }
  /** No payment begun under this number: true of a code until it is scanned. */
  | { readonly kind: 'not-found' }
  | Unknown

export type CloseOutcome =
  | ({ readonly kind: 'closed' } & Answer)
  /** Paid or closed before: a query tells which. */
  | { readonly kind: 'over' }
  | { readonly kind: 'not-found' }
  | Unknown

export type RefundOutcome =
  | ({ readonly kind: 'done'; readonly atMs: number | null } & Answer)
  | ({ readonly kind: 'no'; readonly reason: string } & Answer)
  | Unknown

export type RefundQueryOutcome =
  | ({ readonly kind: 'done'; readonly atMs: number | null } & Answer)
  /** Our number was never refunded: it may be sent again, under the same number. */
  | { readonly kind: 'not-found' }
  | Unknown

/** Why a notification is refused: it is not the provider's, is meant for another merchant, or cannot be read one way. */
export type NotificationFault = 'signature' | 'merchant' | 'malformed'

export type NotificationOutcome =
  | ({
      readonly kind: 'final'
      readonly said: 'paid' | 'closed' | 'refunded'
      readonly id: string
      /** The number it says is ours. */
      readonly number: string
      readonly refundNumber: string | null
      readonly money: TransactionAmount | null
      readonly atMs: number | null
    } & Answer)
  /** Genuine, and nothing in it is final: acknowledged and not kept. */
  | { readonly kind: 'passing' }
  | { readonly kind: 'refused'; readonly fault: NotificationFault; readonly reason: string }

/** One merchant's rail. An adapter imports this file, platform and contract, and nothing else of ours. */
export interface PaymentProvider {
  create(charge: Charge, presentation: Presentation): Promise<CreateOutcome>
  query(number: string): Promise<QueryOutcome>
  close(number: string): Promise<CloseOutcome>
  refund(refund: RefundCall): Promise<RefundOutcome>
  queryRefund(refund: RefundCall): Promise<RefundQueryOutcome>
  verifyNotification(body: Buffer): NotificationOutcome
  /** The bytes a provider wants to hear once a notification is committed. */
  readonly acknowledgement: string
}

/** Makes a merchant's adapter. `instant` is real milliseconds: providers compare our time with theirs. */
export type OpenProvider = (merchant: OpenMerchant, instant: () => number) => Promise<PaymentProvider>
