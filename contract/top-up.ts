import { type Static, Type } from 'typebox'
import { Locale } from './brand.ts'
import { IdWire } from './id.ts'
import { Instant, LocalDate, Msisdn, NumberInput } from './line.ts'
import { MoneyWire } from './money.ts'
import { Provider, TransferView } from './payment.ts'
import { PaidInView } from './quote.ts'
import { RefundView } from './refund.ts'

/** IETF draft-ietf-httpapi-idempotency-key-header: a quoted string item, accepted bare too; the server says what is missing or wrong. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ maxLength: 80, examples: ['till-7-20261122-0031'] })),
})

/** A text in both languages. */
const words = (zhCN: string, en: string) =>
  Type.Object({ 'zh-CN': Type.String({ examples: [zhCN] }), en: Type.String({ examples: [en] }) })

const item = Type.Object(
  {
    number: NumberInput,
    offerId: IdWire,
    /** Only with a free-amount offer. */
    amount: Type.Optional(MoneyWire),
  },
  { additionalProperties: false },
)

/** `POST /v1/top-ups`: places an order; calls nobody. */
export const PlaceTopUp = Type.Object(
  {
    /** One for now: an order of several lines is credited as a whole, which settling cannot do yet. */
    items: Type.Array(item, { minItems: 1, maxItems: 1 }),
    /** What the page showed as the sum to pay; another sum by now is refused as `price-changed`. */
    expected: MoneyWire,
    locale: Locale,
    confirmDuplicate: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type PlaceTopUp = Static<typeof PlaceTopUp>

export const OrderState = Type.Union([
  Type.Literal('awaiting-payment'),
  Type.Literal('paid'),
  Type.Literal('credited'),
  Type.Literal('held'),
  Type.Literal('refunding'),
  Type.Literal('refunded'),
  Type.Literal('refund-abnormal'),
  Type.Literal('reversed'),
  Type.Literal('expired'),
])
export type OrderState = Static<typeof OrderState>

/**
 * Steps of the live timeline in the order they come true; `restored`: a barred number of the caller's own serves again; `cancelled`:
 * by its payer, where `expired` is by its time.
 */
export const TimelineStep = Type.Object(
  {
    step: Type.Union([
      Type.Literal('placed'),
      Type.Literal('paid'),
      Type.Literal('credited'),
      Type.Literal('restored'),
      Type.Literal('notified'),
      Type.Literal('held'),
      Type.Literal('expired'),
      Type.Literal('cancelled'),
      Type.Literal('refunding'),
      Type.Literal('refunded'),
      Type.Literal('reversed'),
    ]),
    at: Instant,
  },
  { additionalProperties: false },
)
export type TimelineStep = Static<typeof TimelineStep>

export const OrderItem = Type.Object(
  {
    msisdn: Type.String({
      description: 'Masked unless the number is the caller’s own, or the order can be recalled',
      examples: ['154****1234'],
    }),
    offer: Type.Object({
      kind: Type.Union([Type.Literal('package'), Type.Literal('denomination'), Type.Literal('free-amount')]),
      name: words('季度保号套餐', 'Quarterly keep-alive'),
    }),
    price: MoneyWire,
    face: MoneyWire,
    bonus: MoneyWire,
    balanceAfter: Type.Union([MoneyWire, Type.Null()], { description: 'Own number, credited' }),
    lastSafeDayBefore: Type.Union([LocalDate, Type.Null()]),
    lastSafeDay: Type.Union([LocalDate, Type.Null()], { description: 'After crediting; own number only' }),
    addedDays: Type.Union([Type.Integer(), Type.Null()]),
    settles: Type.Optional(
      Type.Object(
        { amount: MoneyWire, since: Type.Optional(Instant) },
        {
          additionalProperties: false,
          description:
            'Own number: of the credit, what pays what is owed, as it would now or, once credited, as it did; absent: nothing',
        },
      ),
    ),
    restoring: Type.Boolean({
      description:
        'Own number, credited: it was barred, and the network is about to be told that it serves again',
    }),
    /** The validity text shown when it was placed, as it was shown. */
    validityText: Type.String({ examples: ['号码保留至 2027-05-20'] }),
  },
  { additionalProperties: false },
)
export type OrderItem = Static<typeof OrderItem>

/** How long who waits for a credit waits, from payment on: whole seconds of the brand's recent orders, null when they are too few. */
export const OrderWait = Type.Object(
  {
    usualSeconds: Type.Union([Type.Integer(), Type.Null()], { description: 'Half of them took no longer' }),
    longSeconds: Type.Union([Type.Integer(), Type.Null()], { description: '95 % of them took no longer' }),
    refundAfterSeconds: Type.Integer({
      description: 'What is paid and cannot be credited by then goes back by itself',
    }),
  },
  { additionalProperties: false },
)
export type OrderWait = Static<typeof OrderWait>

/** `GET /v1/top-ups/{id}`. */
export const OrderView = Type.Object(
  {
    id: IdWire,
    state: OrderState,
    final: Type.Boolean(),
    heldReason: Type.Union([Type.String({ examples: ['line-refuses'] }), Type.Null()]),
    resolvesBy: Type.Union([Instant, Type.Null()], {
      description:
        'Paid, held, or a payment is under way: by then what was paid is credited, or on its way back',
    }),
    lookedIntoBy: Type.Union([Instant, Type.Null()], {
      description:
        'A payment is under way: where even at resolvesBy its provider has not said whether it was made, a person has looked by then',
    }),
    recallSeconds: Type.Integer({
      description:
        'Above zero: the number is new to its payer, who can take the order back for so long once it is paid; then it is credited (held, recall-window)',
    }),
    wait: Type.Union([OrderWait, Type.Null()], { description: 'While awaiting payment or paid' }),
    items: Type.Array(OrderItem),
    price: MoneyWire,
    captured: MoneyWire,
    refunded: MoneyWire,
    reversed: Type.Optional(MoneyWire),
    placedAt: Instant,
    payBy: Type.Union([Instant, Type.Null()], { description: 'While awaiting payment' }),
    provider: Type.Union([Type.String({ examples: ['alipay'] }), Type.Null()]),
    paymentState: Type.Union([
      Type.Null(),
      Type.Literal('created'),
      Type.Literal('pending'),
      Type.Literal('captured'),
      Type.Literal('closed'),
      Type.Literal('unknown'),
    ]),
    /** Where to send the transfer that was begun and has not arrived; absent: none was. */
    transfer: Type.Optional(TransferView),
    timeline: Type.Array(TimelineStep),
    /** The last refund that was asked for; absent: none was. */
    refund: Type.Optional(RefundView),
    /** What was taken, where that was in another currency than the price; absent: it was not. */
    paidIn: Type.Optional(PaidInView),
    receiptNumber: Type.Union([Type.String({ examples: ['LK-W-00000042'] }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type OrderView = Static<typeof OrderView>

/**
 * `GET /v1/top-ups/{id}/events`: events `order`, whose data is an OrderView, the first at once and each later one when it has
 * changed, and `end` when nothing more will come. The id tells a view from any other.
 */
export const LastEventHeaders = Type.Object({
  'last-event-id': Type.Optional(Type.String({ maxLength: 64 })),
})
export const OrderEvents = Type.String({ description: 'text/event-stream' })

/** What a person looks for among their orders: a state can be narrower than what they wait for. */
export const OrderGroup = Type.Union([
  Type.Literal('awaiting-payment'),
  Type.Literal('under-way'),
  Type.Literal('credited'),
  Type.Literal('refunds'),
])
export type OrderGroup = Static<typeof OrderGroup>

/** `GET /v1/top-ups`: one's own orders, newest first, a page at a time. */
export const OrdersQuery = Type.Object(
  {
    group: Type.Optional(OrderGroup),
    /** Only those for this number. */
    number: Type.Optional(NumberInput),
    /** Only those older than this one: the `next` of the page before. */
    before: Type.Optional(IdWire),
  },
  { additionalProperties: false },
)
export type OrdersQuery = Static<typeof OrdersQuery>

export const OrdersView = Type.Object(
  {
    orders: Type.Array(OrderView),
    /** Where the next page begins; absent on the last. */
    next: Type.Optional(IdWire),
  },
  { additionalProperties: false },
)
export type OrdersView = Static<typeof OrdersView>

/** `POST /v1/top-ups/{id}/payments`. */
export const StartPayment = Type.Object(
  {
    provider: Provider,
    /** `page`: desktop browser; `wap`: phone browser; `qr`: a code to scan with the wallet; `jsapi`: a script inside WeChat. */
    scene: Type.Union([Type.Literal('page'), Type.Literal('wap'), Type.Literal('qr'), Type.Literal('jsapi')]),
    /** With `jsapi`: what the rail sent the browser back with (`GET /v1/top-ups/{id}/authorisation`); the code works once. */
    authorisation: Type.Optional(
      Type.Object(
        {
          code: Type.String({ pattern: '^[\\w-]{1,512}$', examples: ['061xq8Ga1XyQ8H0uVzHa1yQ6ZV0xq8GM'] }),
          state: Type.String({ maxLength: 128 }),
        },
        { additionalProperties: false },
      ),
    ),
    locale: Locale,
    /** To pay in the currency of a quote of this order, its amount. */
    quote: Type.Optional(IdWire),
  },
  { additionalProperties: false },
)
export type StartPayment = Static<typeof StartPayment>

/** Exactly one of the ways on. */
export const PaymentStarted = Type.Object(
  {
    attemptId: IdWire,
    redirectUrl: Type.Optional(
      Type.String({ examples: ['https://openapi.alipay.com/gateway.do?method=alipay.trade.wap.pay'] }),
    ),
    qr: Type.Optional(
      Type.String({ description: 'Text to draw as a QR code', examples: ['https://qr.alipay.com/bax0428'] }),
    ),
    form: Type.Optional(
      Type.Object(
        { action: Type.String(), fields: Type.Record(Type.String(), Type.String()) },
        { additionalProperties: false, description: 'A form that the payer’s browser posts' },
      ),
    ),
    launch: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'What a script inside the provider’s own app is called with',
      }),
    ),
    transfer: Type.Optional(TransferView),
    expiresAt: Instant,
  },
  { additionalProperties: false },
)
export type PaymentStarted = Static<typeof PaymentStarted>

/** `GET /v1/top-ups/{id}/receipt`: content frozen at crediting. */
export const ReceiptView = Type.Object(
  {
    number: Type.String({ examples: ['LK-W-00000042'] }),
    orderId: IdWire,
    issuedAt: Instant,
    brandName: words('莱卡保号', 'Laika'),
    msisdn: Type.String({ examples: ['154****1000'] }),
    offerName: words('季度保号套餐', 'Quarterly keep-alive'),
    face: MoneyWire,
    bonus: MoneyWire,
    paid: MoneyWire,
    surcharge: MoneyWire,
    /** Of the credit, what paid what was owed; own number only. */
    settled: Type.Optional(MoneyWire),
    method: Type.String({ examples: ['alipay'] }),
    lastSafeDay: Type.Union([LocalDate, Type.Null()]),
    validityText: Type.String({ examples: ['号码保留至 2027-05-20'] }),
    refunded: MoneyWire,
    hotline: Type.String({ examples: ['10154'] }),
    paidIn: Type.Optional(PaidInView),
  },
  { additionalProperties: false },
)
export type ReceiptView = Static<typeof ReceiptView>

/** `POST /v1/agent/top-ups`: a dealer's system tops up from the dealer's float. */
export const AgentTopUp = Type.Object(
  {
    msisdn: Msisdn,
    amount: Type.Optional(MoneyWire),
    offerId: Type.Optional(IdWire),
    confirmDuplicate: Type.Optional(Type.Boolean()),
    reference: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'The dealer’s own number for this sale',
        examples: ['till-7-20261122-0031'],
      }),
    ),
  },
  { additionalProperties: false },
)
export type AgentTopUp = Static<typeof AgentTopUp>

export const AgentTopUpView = Type.Object(
  {
    id: IdWire,
    state: OrderState,
    msisdn: Msisdn,
    face: MoneyWire,
    bonus: MoneyWire,
    price: MoneyWire,
    commission: MoneyWire,
    balanceAfter: Type.Union([MoneyWire, Type.Null()], {
      description: 'null: a package, which gives allowances and leaves the balance as it was',
    }),
    floatAfter: MoneyWire,
    until: Type.Union([LocalDate, Type.Null()]),
    lastSafeDay: Type.Union([LocalDate, Type.Null()]),
    receiptNumber: Type.String({ examples: ['LK-A-00000042'] }),
    creditedAt: Instant,
  },
  { additionalProperties: false },
)
export type AgentTopUpView = Static<typeof AgentTopUpView>
