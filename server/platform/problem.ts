import type { FastifyError } from 'fastify'
import { isConnectionLoss } from './db.ts'
import { defineErrors, type ErrorEntry, type ErrorKind, Refusal, type RefusalMembers } from './error.ts'
import { healthErrors } from './health.ts'

const STATUS: Readonly<Record<ErrorKind, number>> = {
  'bad-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'wrong-method': 405,
  conflict: 409,
  'too-large': 413,
  'wrong-media-type': 415,
  misdirected: 421,
  refused: 422,
  'too-many': 429,
  broken: 500,
  unavailable: 503,
}

/** Errors of HTTP itself; each room has a catalogue of its own beside this one. */
export const httpErrors = defineErrors({
  'route-not-found': ['not-found', 'There is nothing at this address'],
  'host-unknown': ['misdirected', 'This host serves no brand'],
  'body-malformed': ['bad-request', 'The body is not valid JSON'],
  'body-too-large': ['too-large', 'The body is larger than 64 KiB'],
  'media-type-unsupported': ['wrong-media-type', 'Send application/json'],
  'field-unknown': ['bad-request', 'A field is not known here', { pointer: '/ammount', in: 'body' }],
  'field-repeated': ['bad-request', 'A field is given twice', { name: 'amount', in: 'body' }],
  'field-missing': ['bad-request', 'A required field is missing', { pointer: '/msisdn', in: 'body' }],
  'field-type': ['bad-request', 'A field has the wrong type', { pointer: '/confirmDuplicate', in: 'body' }],
  'field-malformed': ['bad-request', 'A field has the wrong form', { pointer: '/msisdn', in: 'body' }],
  'amount-malformed': [
    'bad-request',
    'An amount is a string of digits in minor units, never a JSON number',
    { pointer: '/amount/amountMinor', in: 'body' },
  ],
  'origin-refused': ['forbidden', 'This request came from another site'],
  'rate-limited': ['too-many', 'Too many requests; wait before trying again', { retryAfterSeconds: 60 }],
  stopping: ['unavailable', 'This server is being stopped; try again shortly', { retryAfterSeconds: 1 }],
  internal: ['broken', 'Something broke on our side; the request id finds it in our log'],
})

/** RFC 9457 problem details with our members: `code` is stable, `moneyMoved` says what the person most needs to know. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly moneyMoved: false | true | 'unknown'
  readonly [member: string]: unknown
}

export interface ProblemReply {
  readonly problem: Problem
  readonly retryAfterSeconds: number | undefined
  /** True when a person of ours must look: goes to the log with its stack. */
  readonly fault: boolean
}

function build(entry: ErrorEntry, members: RefusalMembers, requestId: string, fault = false): ProblemReply {
  const { retryAfterSeconds, ...shown } = members
  const problem = {
    type: `/problems/${entry.code}`,
    title: entry.title,
    status: STATUS[entry.kind],
    code: entry.code,
    requestId,
    // A fault after the commit was sent may have moved money; a refusal never has, unless its members say so.
    moneyMoved: (fault ? 'unknown' : false) as Problem['moneyMoved'],
    ...shown,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
  return { problem, retryAfterSeconds: retryAfterSeconds as number | undefined, fault }
}

export function statusOf({ kind }: Pick<ErrorEntry, 'kind'>): number {
  return STATUS[kind]
}

/** The document that a refusal with every member it may have would be. */
export function exampleProblem(entry: ErrorEntry, requestId: string): Problem {
  return build(entry, entry.members, requestId, entry.kind === 'broken').problem
}

interface SchemaError {
  readonly keyword?: string
  readonly instancePath?: string
  readonly params?: {
    readonly additionalProperties?: readonly string[]
    readonly requiredProperties?: readonly string[]
  }
}

/** Money itself, or its minor units. */
const AMOUNT = /\/amount(Minor)?$/

/** The first schema error as a code of its own and the JSON pointer (RFC 6901) of the field; messages stay inside. */
function schemaRefusal(
  errors: readonly SchemaError[],
  part: string | undefined,
  requestId: string,
): ProblemReply {
  const error =
    errors.find((e) => e.keyword === 'additionalProperties' || e.keyword === 'required') ?? errors[0] ?? {}
  const path = error.instancePath ?? ''
  const member = error.params?.additionalProperties?.[0] ?? error.params?.requiredProperties?.[0]
  const pointer =
    member === undefined ? path : `${path}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const entry =
    error.keyword === 'additionalProperties'
      ? httpErrors['field-unknown']
      : error.keyword === 'required'
        ? httpErrors['field-missing']
        : AMOUNT.test(pointer)
          ? httpErrors['amount-malformed']
          : error.keyword === 'type'
            ? httpErrors['field-type']
            : httpErrors['field-malformed']
  return build(entry, { pointer, in: part ?? 'body' }, requestId)
}

const BY_FASTIFY_CODE: Readonly<Record<string, ErrorEntry>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: httpErrors['media-type-unsupported'],
  FST_ERR_CTP_BODY_TOO_LARGE: httpErrors['body-too-large'],
  FST_ERR_CTP_EMPTY_JSON_BODY: httpErrors['body-malformed'],
  FST_ERR_CTP_INVALID_JSON_BODY: httpErrors['body-malformed'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: httpErrors['body-malformed'],
  FST_ERR_NOT_FOUND: httpErrors['route-not-found'],
}

/** A server that was killed takes about so long to be there again. */
const DATABASE_BACK_SECONDS = 2

/** Any thrown thing to its problem document. */
export function toProblem(error: unknown, requestId: string): ProblemReply {
  if (error instanceof Refusal) return build(error.entry, error.members, requestId)
  // What was committed before the connection was lost stands; the same key finds out.
  if (isConnectionLoss(error)) {
    const members = { retryAfterSeconds: DATABASE_BACK_SECONDS, moneyMoved: 'unknown' }
    return build(healthErrors['database-away'], members, requestId)
  }
  const fastifyError = (error ?? {}) as Partial<FastifyError>
  if (fastifyError.validation) {
    return schemaRefusal(fastifyError.validation as SchemaError[], fastifyError.validationContext, requestId)
  }
  const known = BY_FASTIFY_CODE[fastifyError.code ?? '']
  if (known) return build(known, {}, requestId)
  if (fastifyError.statusCode === 400) return build(httpErrors['body-malformed'], {}, requestId)
  if (fastifyError.statusCode === 429) return build(httpErrors['rate-limited'], {}, requestId)
  return build(httpErrors.internal, {}, requestId, true)
}
