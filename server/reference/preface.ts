import program from '../../package.json' with { type: 'json' }

/** What every operation keeps to, told once. */
const RULES = `Top-ups, balances and number retention for the systems of dealers, networks and apps.

**Money** is \`{"amountMinor": "4980", "currency": "CNY"}\`: minor units as a string of digits, never a JSON number.
**Dates** are days in the brand’s time zone; \`until\` is exclusive, \`lastSafeDay\` is the day before. **Instants** are UTC.
**Ids** are 26 digits of Crockford base32.

**The same request again is safe.** Every request that moves money takes an \`Idempotency-Key\`. No answer means **unknown**, never
no: send the same body with the same key until an answer comes.

**A refusal** is \`application/problem+json\` with a stable \`code\`, a \`requestId\` and \`moneyMoved\`; its \`type\` is a page that says what
to do. Unknown fields are refused, not ignored: a misspelt amount must not become a default.

**Too much** is answered with \`429\` or \`503\` and \`Retry-After\`, before anything is begun. Codes by SMS are limited by address,
network and brand; API keys are not limited in number, but a full queue answers \`overloaded\`.

The brand is the host’s. Where a host names none, an API key does.`

export const info = {
  title: 'Baohao API',
  version: program.version,
  summary: 'Prepaid top-up and number retention',
  description: RULES,
  license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
} as const

/** Headings in the order in which an integrator meets them. */
export const tags = [
  {
    name: 'Agent sales',
    description: 'A dealer’s system sells from the dealer’s float: one request, one durable top-up.',
  },
  { name: 'Numbers', description: 'Numbers, their balances, and until when they are kept.' },
  { name: 'USSD', description: 'What a handset dials, passed on by the network’s gateway.' },
  { name: 'Orders', description: 'What a subscriber or a guest buys in an app or on a page.' },
  { name: 'Payments', description: 'How an order is paid, and how its money goes back.' },
  { name: 'Sessions', description: 'Codes, log-ins, registration.' },
  { name: 'Account', description: 'The account of somebody who is signed in.' },
  { name: 'Support', description: 'Questions to the brand, and their answers.' },
  { name: 'Brand', description: 'Public facts of the brand.' },
] as const
