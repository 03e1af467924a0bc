import type { TransferView } from '../../contract/payment.ts'

/** Rails this room can speak. */
export type ProviderName = 'alipay' | 'wechat' | 'card' | 'unionpay' | 'bank'

/**
 * How the subscriber gets to the provider: a desktop page, a phone page, a code scanned with the wallet, a script inside the
 * rail's own app, or the wallet's code read at a counter.
 */
export type Scene = 'page' | 'wap' | 'qr' | 'jsapi' | 'payer-code'

/** A merchant with its secrets open. Keys are base64 DER without line breaks: PKCS #8 (ours) and SPKI (theirs). */
export interface OpenMerchant {
  readonly provider: ProviderName
  /** Alipay's app_id. */
  readonly id: string
  /** Alipay's seller_id. */
  readonly seller: string
  /** ISO 4217, with two decimals: the only kind that Alipay's amounts can carry. */
  readonly currency: string
  readonly gateway: string
  /** Ours, RSA of 2048 bits or more. Null: the rail signs by a shared secret. */
  readonly privateKey: string | null
  /** Newest first, two while the provider changes them; a signature by any of them is the provider's. */
  readonly providerKeys: readonly string[]
  /** Shared secrets by the names the adapter gives them. */
  readonly secrets: Readonly<Record<string, string>>
  /** What else the rail knows us by; nothing secret. */
  readonly settings: Readonly<Record<string, string>>
}

/** What only this payer and this try bring along, never kept. */
export interface Payer {
  /** The one-time code by which the rail's app says who the payer is, for a script inside it. */
  readonly authorisation?: string
  /** What the payer's wallet shows at a counter. */
  readonly payerCode?: string
  readonly ip?: string
}

/** A payment as a provider knows it: our number, and its own handle where it gave one. */
export interface Known {
  readonly number: string
  readonly reference: string | null
}

/** What a provider is told of an attempt. `number` is ours and the only key of every later call. */
export interface Charge {
  readonly number: string
  readonly scene: Scene
  readonly amountMinor: bigint
  readonly currency: string
  readonly expiresAtMs: number
  readonly payer: Payer | null
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
  /** Of the payment. */
  readonly paid: Known
  readonly transaction: string
  readonly amountMinor: bigint
  /** The whole payment of which `amountMinor` goes back. */
  readonly paidMinor: bigint
  /** When it was sent first, in milliseconds; the same in every call about it. */
  readonly sentAtMs: number
  readonly currency: string
  readonly reason: string
  /** Where the provider says what became of it, on rails whose refunds are told of by call. */
  readonly notifyUrl: string
}

/** A payment that the payer's bank takes back, or wants to. */
export interface DisputeSaid {
  /** The provider's own number of it. */
  readonly number: string
  /** What the provider charges for it, where it says so. */
  readonly feeMinor: bigint | null
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

/**
 * The way on: an address, a code to scan, a form the browser posts, what a script inside the rail's app is called with, or where to send a
 * bank transfer.
 */
export type WayOn =
  | { readonly redirectUrl: string }
  | { readonly qr: string }
  | { readonly form: { readonly action: string; readonly fields: Readonly<Record<string, string>> } }
  | { readonly launch: Readonly<Record<string, string>> }
  | { readonly transfer: TransferView }

export type CreateOutcome =
  /** `reference` is given back with every later call. */
  | ({ readonly kind: 'started'; readonly reference?: string } & WayOn)
  /** A payer's code: taken, and a query tells what became of it. */
  | { readonly kind: 'taken' }
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
  /** Accepted and under way: asked about again, and never sent twice. */
  | { readonly kind: 'pending' }
  | ({ readonly kind: 'done'; readonly atMs: number | null } & Answer)
  | ({ readonly kind: 'no'; readonly reason: string } & Answer)
  | Unknown

export type RefundQueryOutcome =
  | ({ readonly kind: 'done'; readonly atMs: number | null } & Answer)
  | ({ readonly kind: 'no'; readonly reason: string } & Answer)
  | { readonly kind: 'pending' }
  /** Our number was never refunded: it may be sent again, under the same number. */
  | { readonly kind: 'not-found' }
  | Unknown

/** A notification as it came. Header names are in lower case. */
export interface Notification {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What a provider wants to hear once a notification is committed. */
export interface Acknowledgement {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A day's statement of a merchant, as the provider gives it: the bytes of the file, its hash checked where one is stated. */
export type BillOutcome =
  | { readonly kind: 'bill'; readonly bytes: Buffer }
  /** Not made yet; asked again later. */
  | { readonly kind: 'not-ready' }
  | Unknown

/**
 * What evidence says. `paid`: the provider took this amount. `closed`: nobody has paid and nobody can any more. `refunded`:
 * money is back with the payer, by our refund where `refund` names it (its own row says how much), else `amountMinor` of the
 * payment, by whoever did it at the provider. `refund-refused`: our refund will not be made, for the reason in `note`.
 * `refund-failed`: as of now it is not with the payer, though it may have been said to be; only where that state was asked for.
 * `disputed`: the payer's bank has taken the payment back and has not decided. `reversed`: it has, for the payer. `reinstated`: the
 * money is with us again.
 */
export type Said =
  | 'paid'
  | 'closed'
  | 'refunded'
  | 'refund-refused'
  | 'refund-failed'
  | 'disputed'
  | 'reversed'
  | 'reinstated'

/** Why a notification is refused: it is not the provider's, is meant for another merchant, or cannot be read one way. */
export type NotificationFault = 'signature' | 'merchant' | 'malformed'

/** Why a notification is not taken: its fault, or that what it is about could not be asked just now. */
export type NotTaken = NotificationFault | 'unanswered'

export type NotificationOutcome =
  | ({
      readonly kind: 'final'
      readonly said: Said
      /** Of a dispute, which may be spoken of often: its number with what is said of it. */
      readonly id: string
      /** The number it says is ours. */
      readonly number: string
      readonly refundNumber: string | null
      readonly money: TransactionAmount | null
      readonly atMs: number | null
      /** The provider's reason, where it refused or disputes. */
      readonly note?: string
      /** Of `disputed`, `reversed` and `reinstated`. */
      readonly dispute?: DisputeSaid
    } & Answer)
  /** Genuine, and nothing in it is final: acknowledged and not kept. */
  | { readonly kind: 'passing' }
  /** A bank's notice of what was booked: genuine, and still to be read. */
  | { readonly kind: 'statement'; readonly raw: Buffer }
  /** Genuine, and the provider did not say what has become of what it is about: it must come again. */
  | { readonly kind: 'unanswered'; readonly reason: string }
  | { readonly kind: 'refused'; readonly fault: NotificationFault; readonly reason: string }

/** One merchant's rail. An adapter imports this file, platform and contract, and nothing else of ours. */
export interface PaymentProvider {
  create(charge: Charge, presentation: Presentation): Promise<CreateOutcome>
  query(payment: Known): Promise<QueryOutcome>
  close(payment: Known): Promise<CloseOutcome>
  refund(refund: RefundCall): Promise<RefundOutcome>
  queryRefund(refund: RefundCall): Promise<RefundQueryOutcome>
  verifyNotification(notification: Notification): NotificationOutcome | Promise<NotificationOutcome>
  readonly acknowledgement: Acknowledgement
  /** Undoes a payment by the payer's code whose outcome is not known; only where the rail has such codes. */
  reverse?(payment: Known): Promise<CloseOutcome>
  /** Where the browser is sent, inside the rail's app, to come back to `returnUrl` with that code and this state; only where it can be. */
  authorise?(returnUrl: string, state: string): string
  /** The statement of a local day of the rail, `YYYY-MM-DD`; only where the rail gives one. */
  fetchBill?(day: string): Promise<BillOutcome>
}

/** Makes a merchant's adapter. `instant` is real milliseconds: providers compare our time with theirs. */
export type OpenProvider = (merchant: OpenMerchant, instant: () => number) => Promise<PaymentProvider>
