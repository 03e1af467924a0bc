import { switchErrors } from '../brand/index.ts'
import { catalogErrors } from '../catalog/index.ts'
import { identityErrors } from '../identity/index.ts'
import { entriesOf } from '../platform/error.ts'
import { defineOperations } from '../platform/operation.ts'
import { quoteErrors } from '../quote/index.ts'
import { topUpErrors } from './errors.ts'
import {
  cancelledExample,
  creditedExample,
  offersExample,
  placedExample,
  receiptExample,
} from './order-examples.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const ORDER = creditedExample.id
const byKey = entriesOf(
  topUpErrors,
  'idempotency-key-missing',
  'idempotency-key-malformed',
  'idempotency-key-reused',
)
const byNumber = entriesOf(topUpErrors, 'number-invalid', 'line-not-found', 'line-ceased', 'line-refuses')

export const orderOperations = defineOperations('Orders', {
  listOffers: {
    summary: 'What is on sale for a number today',
    description: `Packages, denominations and a free amount at today’s prices. Of one’s own number each offer says until which day it
keeps the number; of a stranger’s number only how many days it adds at least.`,
    errors: [...byNumber, ...entriesOf(catalogErrors, 'price-table-missing')],
    example: { path: { number: '15400001000' }, answer: offersExample },
  },
  placeTopUp: {
    summary: 'Place an order',
    description: `Freezes price, credit and validity; calls nobody and moves no money. A guest proves a phone first
(\`provePayer\`); a refusal for anything else comes before that one. \`expected\` is the sum that was shown: another sum by now is
\`price-changed\`. Pay it with \`startPayment\` until \`payBy\`.`,
    errors: [
      ...byKey,
      ...byNumber,
      ...entriesOf(identityErrors, 'forbidden'),
      ...entriesOf(topUpErrors, 'price-changed', 'limit-reached', 'duplicate-recent', 'verification-needed'),
      ...entriesOf(
        catalogErrors,
        ...(['offer-not-found', 'offer-not-on-sale', 'amount-missing', 'amount-not-allowed'] as const),
        ...(['currency-mismatch', 'price-table-missing'] as const),
      ),
      ...entriesOf(switchErrors, 'switched-off'),
    ],
    example: {
      body: {
        items: [{ number: '15400001000', offerId: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF' }],
        expected: cny('4980'),
        locale: 'zh-CN',
      },
      answer: placedExample,
    },
  },
  listOrders: {
    summary: 'List one’s own orders',
    description: 'Newest first, a page at a time.',
    errors: entriesOf(topUpErrors, 'number-invalid'),
    example: { answer: { orders: [creditedExample] } },
  },
  readOrder: {
    summary: 'Read one order',
    description: `Its state, and what has come true so far. \`final\` says that nothing will change any more. Numbers are masked unless
they are the caller’s own.`,
    errors: entriesOf(topUpErrors, 'order-not-found'),
    example: { path: { id: ORDER }, answer: creditedExample },
  },
  cancelOrder: {
    summary: 'Cancel an unpaid order',
    description: `Closes at the provider whatever can still be paid, then ends the order at once; of one that has ended it answers how it
ended. No key is needed: asking again changes nothing. A payment that was faster wins: \`order-paid\`, and it is credited.
\`cancel-unknown\` is neither yes nor no: the order stays as it is, ask again. A payment that arrives after all is credited, or
refunded by itself.`,
    errors: entriesOf(
      topUpErrors,
      ...(['order-not-found', 'order-paid', 'cancel-unknown', 'payment-in-progress'] as const),
    ),
    example: { path: { id: ORDER }, answer: cancelledExample },
  },
  followOrder: {
    summary: 'Follow one order',
    description: `Server-sent events: \`order\` with the order as its data, at once and whenever it has changed, then \`end\` when nothing
more will come. An event’s id names that view: whoever comes back with it as \`Last-Event-ID\` is told only what has changed since.
A comment every 15 seconds keeps the line; it ends after five minutes at the latest, to be opened again. Where it is refused, read the
order every few seconds.`,
    errors: entriesOf(topUpErrors, 'order-not-found', 'streams-of-session', 'streams-full'),
    example: { path: { id: ORDER } },
    answers: {
      type: 'text/event-stream',
      description: 'Events until the order is final and told, or five minutes are over',
      example:
        'retry: 2000\n\nevent: order\nid: 5f0c1e2d\ndata: {"id": "01KARVZQ8E6T2M4N7P9R1S3V5X", "state": "credited"}\n\nevent: end\ndata: {}\n\n',
    },
  },
  readReceipt: {
    summary: 'Read the receipt of a credited order',
    description: 'Its content is frozen at crediting; only `refunded` can grow.',
    errors: entriesOf(topUpErrors, 'order-not-found', 'receipt-not-ready'),
    example: { path: { id: ORDER }, answer: receiptExample },
  },
})

export const paymentOperations = defineOperations('Payments', {
  startPayment: {
    summary: 'Start a payment of an order',
    description: `Writes the attempt, then asks the provider for a way to pay: \`redirectUrl\` for \`page\` and \`wap\`, \`qr\` for
\`qr\`. The same key gives the same way on for as long as the order awaits payment. \`payment-unknown\` is neither yes nor no:
ask again with the same key.`,
    errors: [
      ...byKey,
      ...entriesOf(
        topUpErrors,
        ...(['order-not-found', 'order-not-payable', 'payment-not-offered'] as const),
        'payment-way-refused',
        ...(['payment-in-progress', 'payment-declined', 'payment-unknown', 'payment-way-down'] as const),
        'payment-payer-unknown',
      ),
      ...entriesOf(switchErrors, 'switched-off'),
      ...entriesOf(quoteErrors, 'quote-not-found', 'quote-expired'),
    ],
    example: {
      path: { id: ORDER },
      answer: {
        attemptId: '01KARVZT5B8D0F2H4J6K8M0N2P',
        redirectUrl: 'https://openapi.alipay.com/gateway.do?method=alipay.trade.wap.pay&charset=utf-8',
        expiresAt: '2026-11-22T06:20:00.000Z',
      },
    },
  },
  authorise: {
    summary: 'Be known to a rail inside its own app',
    description: `For a browser, not a program: it is sent to WeChat, which sends it back to the page of the order with \`code\` and
\`state\`. Both are sent on with \`POST /v1/top-ups/{id}/payments\`, scene \`jsapi\`, within ten minutes and in the same session.`,
    errors: entriesOf(topUpErrors, 'order-not-found', 'payment-not-offered'),
    example: { path: { id: ORDER } },
    answers: { type: 'text/plain', description: 'On to the rail', example: '' },
  },
  payerReturned: {
    summary: 'Say that the payer is back from the wallet',
    description: 'Nothing is believed by it: the provider is asked at short intervals from now on.',
    errors: entriesOf(topUpErrors, 'order-not-found'),
    example: { path: { id: ORDER } },
  },
})
