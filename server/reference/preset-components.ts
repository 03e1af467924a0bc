import type { JsonSchema } from './component.ts'

export const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'bh_{brand}_{keyId}_{secret}',
    description:
      'A program’s key, made by `baohao key create` with the scopes it needs. It belongs to one brand; a key of a dealer sells from that dealer’s float.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-portal-{brand}',
    description:
      'The cookie that `logIn`, `register` or `provePayer` sets. Roles name the least assurance: `sms`, `password`, `strong`.',
  },
} as const

export const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: `Says that a request is the same as an earlier one (draft-ietf-httpapi-idempotency-key-header): 8 to 64 letters,
digits, \`-\` or \`_\`, in quotes or bare. Make a new one for each sale and keep it before sending. With the same body the first
outcome is answered again, refusals with \`409\` and \`422\` too; with another body the request is refused. Keys are kept with the
order for good, refusals for 30 days, and belong to the caller.`,
  schema: { type: 'string', pattern: '^("[A-Za-z0-9_-]{8,64}"|[A-Za-z0-9_-]{8,64})$' },
  example: 'till-7-20261122-0031',
} as const

export const responseHeaders = {
  RequestId: {
    description: 'Finds the request in the operator’s log. Tell it when asking for help.',
    schema: { type: 'string' },
  },
  RetryAfter: {
    description: 'Seconds to wait before trying again; `retryAfterSeconds` in the body says the same.',
    schema: { type: 'integer', minimum: 1 },
  },
  IdempotencyReplayed: {
    description: '`true` where this key was answered before: nothing was done now.',
    schema: { type: 'string', enum: ['true'] },
  },
} as const

export const problemSchema: JsonSchema = {
  type: 'object',
  description:
    'Problem details (RFC 9457). Decide by `code`, which is stable; `title` is for people who read logs.',
  required: ['type', 'title', 'status', 'code', 'requestId', 'moneyMoved'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'A page that explains the code' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    requestId: { type: 'string' },
    moneyMoved: {
      description: '`false`: no money moved. `"unknown"`: ask by the same key before doing anything else.',
      enum: [false, true, 'unknown'],
    },
    retryAfterSeconds: { type: 'integer' },
  },
  additionalProperties: true,
}
